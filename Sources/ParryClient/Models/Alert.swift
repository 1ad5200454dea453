public import ParryWire

/// A dispute that a card network tells of before it becomes a chargeback.
public struct Alert: Codable, Sendable, Hashable, Identifiable {
    public let id: AlertID
    /// The network's own name for it.
    public let alertNetworkID: String?
    public let organisationID: OrganisationID
    public let merchantID: MerchantID?
    public let enrolmentID: EnrolmentID?
    public let enrolmentType: Word<EnrolmentType>
    public let status: Word<AlertStatus>
    public let transactionAmountInCents: Int64?
    public let transactionCurrencyCode: String?
    public let transactionAuthorisedAt: Timestamp?
    /// Until when an action is taken; nil for alerts that take none.
    public let actionRequiredDeadline: Timestamp?
    public let transactionAuthorisationCode: String?
    public let transactionAcquirerReferenceNumber: String?
    public let transactionStatementDescriptor: String?
    public let transactionCardBIN: String?
    public let transactionCardLast4: String?
    public let transactionCardScheme: String?
    public let transactionCardIssuer: String?
    /// What the network was told; nil until the alert is resolved.
    public let transactionRefundOutcome: Word<RefundOutcome>?
    public let subscriptionCancelOutcome: Word<SubscriptionCancelOutcome>?
    public let note: String?
    /// Of the order that the alert is about; nil where none was found.
    public let integrationID: IntegrationID?
    /// The `reference_id` of the order's transaction.
    public let integrationTransactionID: String?
    public let alertReceivedAt: Timestamp?
    public let createdAt: Timestamp?
    public let updatedAt: Timestamp?
    /// Why somebody has to look at it; most alerts have none.
    public let attention: AlertAttention?

    enum CodingKeys: String, CodingKey {
        case id, status, note, attention
        case alertNetworkID = "alert_network_id"
        case organisationID = "organisation_id"
        case merchantID = "merchant_id"
        case enrolmentID = "enrolment_id"
        case enrolmentType = "enrolment_type"
        case transactionAmountInCents = "transaction_amount_in_cents"
        case transactionCurrencyCode = "transaction_currency_code"
        case transactionAuthorisedAt = "transaction_authorised_at"
        case actionRequiredDeadline = "action_required_deadline"
        case transactionAuthorisationCode = "transaction_authorisation_code"
        case transactionAcquirerReferenceNumber = "transaction_acquirer_reference_number"
        case transactionStatementDescriptor = "transaction_statement_descriptor"
        case transactionCardBIN = "transaction_card_bin"
        case transactionCardLast4 = "transaction_card_last4"
        case transactionCardScheme = "transaction_card_scheme"
        case transactionCardIssuer = "transaction_card_issuer"
        case transactionRefundOutcome = "transaction_refund_outcome"
        case subscriptionCancelOutcome = "subscription_cancel_outcome"
        case integrationID = "integration_id"
        case integrationTransactionID = "integration_transaction_id"
        case alertReceivedAt = "alert_received_at"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

/// Why a person has to look at an alert: what was decided and what happened do not agree.
public struct AlertAttention: Codable, Sendable, Hashable {
    public let reason: Word<AttentionReason>
    public let since: Timestamp?
}
