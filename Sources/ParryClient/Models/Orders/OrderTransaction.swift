public import ParryWire

/// A payment of an order. Its ARN, authorisation code and BIN are what alerts are matched by.
public struct OrderTransaction: OrderPart, Hashable {
    /// The name that no other transaction of the integration has; of a `PARTIAL` order it can be nil.
    public var referenceID: String?
    public var amountInCents: Int64?
    public var currency: String?
    /// `CARD`, `DIGITAL_WALLET`, `BANK_TRANSFER`, `BUY_NOW_PAY_LATER` or `OTHER`.
    public var paymentMethodType: String?
    /// `PENDING`, `AUTHORISED`, `SETTLED`, `DECLINED`, `VOIDED` or `FAILED`.
    public var authorisationStatus: String?
    public var paymentMethodReferenceID: String?
    public var authorisedAt: Timestamp?
    /// What the cardholder's statement shows.
    public var descriptor: String?
    public var paymentMethodCardBrand: Word<CardBrand>?
    /// 4 digits.
    public var paymentMethodCardLast4: String?
    /// 6 to 8 digits.
    public var paymentMethodCardBIN: String?
    public var authorisationCode: String?
    public var acquirerReferenceNumber: String?

    /// A transaction of which nothing more is said yet.
    public init(referenceID: String? = nil) {
        self.referenceID = referenceID
    }

    enum CodingKeys: String, CodingKey {
        case currency, descriptor
        case referenceID = "reference_id"
        case amountInCents = "amount_in_cents"
        case paymentMethodType = "payment_method_type"
        case authorisationStatus = "authorisation_status"
        case paymentMethodReferenceID = "payment_method_reference_id"
        case authorisedAt = "authorised_at"
        case paymentMethodCardBrand = "payment_method_card_brand"
        case paymentMethodCardLast4 = "payment_method_card_last_4"
        case paymentMethodCardBIN = "payment_method_card_bin"
        case authorisationCode = "authorisation_code"
        case acquirerReferenceNumber = "acquirer_reference_number"
    }
}
