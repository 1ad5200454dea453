public import ParryWire

/// A refund of an order.
public struct OrderRefund: OrderPart, Hashable {
    public var referenceID: String
    public var amountInCents: Int64?
    public var currency: String?
    /// `PENDING`, `SUCCEEDED`, `FAILED` or `CANCELLED`.
    public var status: String?
    /// The transaction's `reference_id`.
    public var originalTransactionReferenceID: String?
    public var refundDatetime: Timestamp?

    /// A refund of which nothing more is said yet.
    public init(referenceID: String) {
        self.referenceID = referenceID
    }

    enum CodingKeys: String, CodingKey {
        case currency, status
        case referenceID = "reference_id"
        case amountInCents = "amount_in_cents"
        case originalTransactionReferenceID = "original_transaction_reference_id"
        case refundDatetime = "refund_datetime"
    }
}

/// A dispute of an order.
public struct OrderDispute: OrderPart, Hashable {
    public var referenceID: String
    /// The transaction's `reference_id`.
    public var originalTransactionReferenceID: String?
    public var amountInCents: Int64?
    public var currency: String?
    /// `OPEN`, `WON`, `LOST` or `CLOSED`.
    public var status: String?
    public var reasonCode: String?
    public var disputeDatetime: Timestamp?

    /// A dispute of which nothing more is said yet.
    public init(referenceID: String) {
        self.referenceID = referenceID
    }

    enum CodingKeys: String, CodingKey {
        case currency, status
        case referenceID = "reference_id"
        case originalTransactionReferenceID = "original_transaction_reference_id"
        case amountInCents = "amount_in_cents"
        case reasonCode = "reason_code"
        case disputeDatetime = "dispute_datetime"
    }
}
