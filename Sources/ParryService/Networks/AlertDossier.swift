package import ParryDomain
package import ParryStore
package import ParryWire

/// Everything that is known of one alert, for who works on it: read in one snapshot.
package struct AlertDossier: Sendable {
    package let alert: Alert
    /// This moment in the alert's organisation.
    package let now: Moment
    /// Whether `CANCEL` and `REFUND_AND_CANCEL` may be declared.
    package let allowsCancel: Bool
    package let organisationName: String
    /// nil where the merchant has been deleted.
    package let merchantName: String?
    /// As the API answers `GET /v1/alerts/{alert_id}/match`.
    package let match: AlertMatch
    /// How it was matched and judged; nil for a simulated alert that nothing was looked for.
    package let judgement: Judgement?
    /// What it was matched to.
    package let sale: Sale?
    package let refunds: Refunds
    package let life: Life

    /// How an alert was matched and judged.
    package struct Judgement: Sendable {
        package let outcome: MatchOutcomeWord
        /// A word of CONTRACT.md 12.
        package let confidence: String?
        package let flags: [String]
        package let candidateCount: Int64
        package let candidates: [Candidate]
        package let isSetByHand: Bool
        package let isSimulated: Bool
        /// When the network raised it.
        package let alertedAt: Timestamp
        package let category: DisputeCategory
        package let reasonCode: String?
        package let judgedAt: Timestamp
        /// A word of CONTRACT.md 13; nil for a valid alert.
        package let invalidReason: String?
        /// Whose duplicate it is.
        package let originalID: AlertID?
        package let decision: RulesetDecision?
    }

    /// A sale that the alert could have been about.
    package struct Candidate: Sendable {
        package let sale: RefundedSale
        package let orderID: OrderID
        package let amount: Int64?
        package let currency: String?
        package let authorisedAt: Timestamp?
        /// The rule that would match it; nil for a near miss.
        package let rule: String?
        package let evidence: Evidence
    }

    /// What each field of the alert says about a sale, by the API's words for the fields.
    package typealias Evidence = [String: FieldEvidence]

    /// What one field says.
    package enum FieldEvidence: String, Sendable, CaseIterable {
        case equal = "EQUAL"
        /// Both could mean the same.
        case near = "NEAR"
        /// One of the two is not known, or cannot be compared.
        case absent = "ABSENT"
        case contradicts = "CONTRADICTS"
    }

    /// The transaction that the alert was matched to, as it is now.
    package struct Sale: Sendable {
        package let name: RefundedSale
        /// nil where its order is not kept any more.
        package let transaction: OrderTransaction?
        package let order: OrderStore.Stored?
        package let authorisationStatus: String?
        package let paymentMethodType: String?
        package let evidence: Evidence
        package let refunds: [Reversal]
        package let disputes: [Reversal]
    }

    /// A refund or dispute of the transaction, as its order tells.
    package struct Reversal: Sendable {
        package let reference: String?
        package let amount: Int64?
        package let currency: String?
        package let status: String?
        package let at: Timestamp?
    }

    /// What speaks for and against giving the money back.
    package struct Refunds: Sendable {
        /// nil where nothing can be counted: there is no sale, or nobody said its amount.
        package let ledger: RefundLedger?
        package let intents: [RefundIntentService.IntentView]
        /// Other alerts about the sale, the first received first.
        package let others: [Alert]
    }

    /// What was written down of its life.
    package struct Life: Sendable {
        /// Oldest first.
        package let events: [Event]
        package let deliveries: [Delivery]
        /// The addresses of the deliveries' endpoints.
        package let addresses: [WebhookEndpointID: String]
        /// Oldest first.
        package let doings: [AuditService.Named]
        /// What its network is told, oldest first.
        package let told: [Told]
    }

    /// A request that tells the alert's network its outcome.
    package struct Told: Sendable {
        package let state: NetworkRequestState
        package let reason: OutcomeReason?
        package let attemptCount: Int64
        package let dueAt: Timestamp
        package let createdAt: Timestamp
        package let endedAt: Timestamp?

        package init(
            state: NetworkRequestState, reason: OutcomeReason?, attemptCount: Int64,
            dueAt: Timestamp, createdAt: Timestamp, endedAt: Timestamp?
        ) {
            self.state = state
            self.reason = reason
            self.attemptCount = attemptCount
            self.dueAt = dueAt
            self.createdAt = createdAt
            self.endedAt = endedAt
        }
    }
}
