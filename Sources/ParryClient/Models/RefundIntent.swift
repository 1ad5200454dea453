public import ParryWire

/// A refund that somebody is about to make, whose amount is reserved so long.
public struct RefundIntent: Codable, Sendable, Hashable, Identifiable {
    public let id: RefundIntentID
    public let organisationID: OrganisationID
    public let integrationID: IntegrationID
    public let transactionReferenceID: String
    public let amountInCents: Int64
    public let currency: String
    public let status: Word<RefundIntentStatus>
    /// The refund's own reference, once it was made.
    public let refundReferenceID: String?
    /// When the reservation ends by itself.
    public let expiresAt: Timestamp?
    public let createdAt: Timestamp?
    public let updatedAt: Timestamp?

    enum CodingKeys: String, CodingKey {
        case id, currency, status
        case organisationID = "organisation_id"
        case integrationID = "integration_id"
        case transactionReferenceID = "transaction_reference_id"
        case amountInCents = "amount_in_cents"
        case refundReferenceID = "refund_reference_id"
        case expiresAt = "expires_at"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

/// The question whether a refund is safe.
public struct NewRefundIntent: Encodable, Sendable, Hashable {
    public var organisationID: OrganisationID
    public var integrationID: IntegrationID
    /// The `reference_id` of a transaction of an order.
    public var transactionReferenceID: String
    /// At least 1.
    public var amountInCents: Int64
    /// The transaction's.
    public var currency: String
    /// 1 to 604,800; 900 unless told.
    public var expiresInSeconds: Int64?

    /// Reserves the amount for 15 minutes unless told.
    public init(
        organisationID: OrganisationID, integrationID: IntegrationID,
        transactionReferenceID: String, amountInCents: Int64, currency: String,
        expiresInSeconds: Int64? = nil
    ) {
        self.organisationID = organisationID
        self.integrationID = integrationID
        self.transactionReferenceID = transactionReferenceID
        self.amountInCents = amountInCents
        self.currency = currency
        self.expiresInSeconds = expiresInSeconds
    }

    enum CodingKeys: String, CodingKey {
        case currency
        case organisationID = "organisation_id"
        case integrationID = "integration_id"
        case transactionReferenceID = "transaction_reference_id"
        case amountInCents = "amount_in_cents"
        case expiresInSeconds = "expires_in_seconds"
    }
}

/// Whether a refund is safe, and what is known of others. The amounts are as they were before the question.
public struct RefundIntentAnswer: Codable, Sendable, Hashable {
    /// Refund only if this is `SAFE`.
    public let outcome: Word<RefundIntentOutcome>
    /// The reservation; of `SAFE` only.
    public let refundIntent: RefundIntent?
    public let currency: String?
    public let transactionAmountInCents: Int64?
    public let refundedInCents: Int64?
    /// Reservations that are open, and refunds of the order that are `PENDING`.
    public let inFlightInCents: Int64?
    public let remainingInCents: Int64?
    /// Each as often as it was told.
    public let refunds: [KnownRefund]?

    enum CodingKeys: String, CodingKey {
        case outcome, currency, refunds
        case refundIntent = "refund_intent"
        case transactionAmountInCents = "transaction_amount_in_cents"
        case refundedInCents = "refunded_in_cents"
        case inFlightInCents = "in_flight_in_cents"
        case remainingInCents = "remaining_in_cents"
    }
}

/// A refund that somebody told of.
public struct KnownRefund: Codable, Sendable, Hashable {
    public let source: Word<RefundSource>
    public let refundReferenceID: String?
    /// Of the alert that tells of it.
    public let alertID: AlertID?
    /// nil for a refund in another currency than the transaction's.
    public let amountInCents: Int64?
    /// nil where nobody said.
    public let refundedAt: Timestamp?

    enum CodingKeys: String, CodingKey {
        case source
        case refundReferenceID = "refund_reference_id"
        case alertID = "alert_id"
        case amountInCents = "amount_in_cents"
        case refundedAt = "refunded_at"
    }
}
