package import ParryWire

/// A dispute that a network tells of before it becomes a chargeback (CONTRACT.md 9).
package struct Alert: Sendable, Hashable {
    package let id: AlertID
    /// The alert's id at the network; `SIM…` when simulated.
    package let networkID: String
    package let organisationID: OrganisationID
    /// The matched sale's where that is known, else one of the enrolment's.
    package var merchantID: MerchantID
    package let enrolmentID: EnrolmentID
    package let enrolmentType: EnrolmentType
    package var transaction: AlertTransaction
    package let actionRequiredDeadline: Timestamp?
    package let receivedAt: Timestamp
    package let createdAt: Timestamp
    package var state: State
    /// Why somebody has to look at it; nil for most.
    package var attention: AlertAttention?
    package var updatedAt: Timestamp
    package let version: Int64

    /// What changes in an alert's life.
    package struct State: Sendable, Hashable {
        package var status: AlertStatus
        package var refundOutcome: RefundOutcome?
        package var cancelOutcome: SubscriptionCancelOutcome?
        package var note: String?
        /// Set when matched.
        package var integrationID: IntegrationID?
        package var integrationTransactionID: String?

        package init(
            status: AlertStatus, refundOutcome: RefundOutcome?,
            cancelOutcome: SubscriptionCancelOutcome? = nil, note: String? = nil,
            integrationID: IntegrationID? = nil, integrationTransactionID: String? = nil
        ) {
            self.status = status
            self.refundOutcome = refundOutcome
            self.cancelOutcome = cancelOutcome
            self.note = note
            self.integrationID = integrationID
            self.integrationTransactionID = integrationTransactionID
        }
    }

    package init(
        id: AlertID, networkID: String, enrolment: AlertSource, transaction: AlertTransaction,
        actionRequiredDeadline: Timestamp?, receivedAt: Timestamp, createdAt: Timestamp,
        state: State, updatedAt: Timestamp, version: Int64
    ) {
        self.id = id
        self.networkID = networkID
        organisationID = enrolment.organisationID
        merchantID = enrolment.merchantID
        enrolmentID = enrolment.id
        enrolmentType = enrolment.type
        self.transaction = transaction
        self.actionRequiredDeadline = actionRequiredDeadline
        self.receivedAt = receivedAt
        self.createdAt = createdAt
        self.state = state
        self.updatedAt = updatedAt
        self.version = version
    }
}

/// The enrolment that an alert came through; an alert always has exactly one.
package struct AlertSource: Sendable, Hashable {
    package let id: EnrolmentID
    package let organisationID: OrganisationID
    package let merchantID: MerchantID
    package let type: EnrolmentType

    package init(
        id: EnrolmentID, organisationID: OrganisationID, merchantID: MerchantID, type: EnrolmentType
    ) {
        self.id = id
        self.organisationID = organisationID
        self.merchantID = merchantID
        self.type = type
    }
}

/// The disputed transaction as the network describes it.
package struct AlertTransaction: Sendable, Hashable {
    package var amount: Int64
    package var currency: String
    package var authorisedAt: Timestamp
    package var authorisationCode: String?
    package var acquirerReferenceNumber: String?
    package var statementDescriptor: String?
    package var cardBIN: String?
    package var cardLast4: String?
    package var cardScheme: String?
    package var cardIssuer: String?

    package init(
        amount: Int64, currency: String, authorisedAt: Timestamp, authorisationCode: String?,
        acquirerReferenceNumber: String?, statementDescriptor: String?, cardBIN: String?,
        cardLast4: String?, cardScheme: String?, cardIssuer: String?
    ) {
        self.amount = amount
        self.currency = currency
        self.authorisedAt = authorisedAt
        self.authorisationCode = authorisationCode
        self.acquirerReferenceNumber = acquirerReferenceNumber
        self.statementDescriptor = statementDescriptor
        self.cardBIN = cardBIN
        self.cardLast4 = cardLast4
        self.cardScheme = cardScheme
        self.cardIssuer = cardIssuer
    }
}

/// Why an alert's change is refused (CONTRACT.md 9.4).
package enum AlertError: Error, Equatable {
    /// The alert is not `ACTION_REQUIRED`, or it is an RDR alert, which the network decided.
    case notActionable
    case deadlinePassed
    case unknownAction
    /// No processor or subscription context: the platform cannot cancel anything.
    case actionNotSupported
    /// The network refunded the transaction already (Verifi RDR).
    case alreadyRefunded
}
