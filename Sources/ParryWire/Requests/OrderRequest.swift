/// Bodies of `/v1/orders` (CONTRACT.md 8.2). One declaration serves POST, PATCH and the stored document;
/// `expected` members are those whose absence is `MISSING_FIELD` for that order alone (amendment 9).
public enum OrderRequest {
    public static let type = Field.word("type", words(OrderType.self), .required)
    public static let organisationID = Field.identifier(
        "organisation_id", RequestLimits.reference, .expected)
    public static let integrationID = Field.identifier(
        "integration_id", RequestLimits.reference, .expected)
    public static let referenceID = Field.identifier(
        "reference_id", RequestLimits.reference, .expected)
    public static let orderDatetime = Field.timestamp("order_datetime", .expected)
    public static let orderNumber = Field.identifier(
        "order_number", RequestLimits.reference, .expected)
    public static let orderStatus = Field.word("order_status", words(OrderStatus.self), .expected)
    public static let transactions = Field.list(
        "transactions", TransactionRequest.schema, RequestLimits.nested, key: "reference_id")
    public static let refunds = Field.list(
        "refunds", RefundRequest.schema, RequestLimits.nested, key: "reference_id")
    public static let disputes = Field.list(
        "disputes", OrderDetailRequest.dispute, RequestLimits.nested, key: "reference_id")
    public static let items = Field.list(
        "items", OrderDetailRequest.item, RequestLimits.nested, key: "reference_id")
    public static let deliveries = Field.list(
        "deliveries", OrderDetailRequest.delivery, RequestLimits.nested, key: "reference_id")
    public static let subscriptions = Field.list(
        "subscriptions", OrderDetailRequest.subscription, RequestLimits.nested, key: "reference_id")

    /// What names the order; a PATCH may repeat these but not change them.
    private static let identity = [
        organisationID.declaration, integrationID.declaration, referenceID.declaration,
    ]

    private static let lifecycle = [
        orderDatetime.declaration, orderNumber.declaration,
        Field.integer("order_subtotal_amount_in_cents", RequestLimits.amount, .expected)
            .declaration,
        Field.currency("order_currency", .expected).declaration,
        Field.integer("order_total_amount_in_cents", RequestLimits.amount, .expected).declaration,
        orderStatus.declaration,
    ]

    private static let customer = [
        Field.identifier("customer_id", RequestLimits.reference).declaration,
        Field.email("customer_email").declaration,
        Field.identifier("customer_phone", 0...64).declaration,
        Field.text("customer_first_name", 0...255).declaration,
        Field.text("customer_last_name", 0...255).declaration,
        Field.ipAddress("customer_ip_address").declaration,
        Field.identifier("customer_device_id", 0...512).declaration,
        Field.identifier("customer_device_fingerprint", 0...512).declaration,
        Field.timestamp("customer_account_created_at").declaration,
        Field.object("billing_address", OrderDetailRequest.address).declaration,
        Field.object("shipping_address", OrderDetailRequest.address).declaration,
    ]

    private static let nested = [
        transactions.declaration, refunds.declaration, disputes.declaration, items.declaration,
        deliveries.declaration, subscriptions.declaration,
        Field.list(
            "communications", OrderDetailRequest.communication, RequestLimits.nested, key: nil
        ).declaration,
    ]

    /// An order of `POST /v1/orders`, and the document as stored.
    public static let create = ObjectSchema(
        "OrderCreate", [type.declaration] + identity + lifecycle + customer + nested)

    /// `type` where a PATCH may leave it out.
    public static let unchangedType = Field.word("type", words(OrderType.self))

    /// The one object of `PATCH /v1/orders/{order_id}` (CONTRACT.md 8.8).
    public static let update = ObjectSchema(
        "OrderUpdate", [unchangedType.declaration] + identity + lifecycle + customer + nested)
}

/// `transactions[]` of an order (CONTRACT.md 8.3).
public enum TransactionRequest {
    public static let referenceID = Field.identifier(
        "reference_id", RequestLimits.reference, .expected)
    public static let amount = Field.integer("amount_in_cents", RequestLimits.amount, .expected)
    public static let currency = Field.currency("currency", .expected)
    public static let paymentMethodType = Field.word(
        "payment_method_type",
        ["CARD", "DIGITAL_WALLET", "BANK_TRANSFER", "BUY_NOW_PAY_LATER", "OTHER"], .expected)
    public static let authorisationStatus = Field.word(
        "authorisation_status",
        ["PENDING", "AUTHORISED", "SETTLED", "DECLINED", "VOIDED", "FAILED"], .expected)
    public static let paymentMethodReferenceID = Field.identifier(
        "payment_method_reference_id", RequestLimits.reference, .expected)
    public static let authorisedAt = Field.timestamp("authorised_at", .expected)
    public static let descriptor = Field.text("descriptor", 0...255)
    public static let cardBrand = Field.word("payment_method_card_brand", words(CardBrand.self))
    public static let cardLast4 = Field.pattern("payment_method_card_last_4", .digits(4...4))
    public static let cardBIN = Field.pattern("payment_method_card_bin", .digits(6...8))
    public static let authorisationCode = Field.text("authorisation_code", 1...64)
    public static let acquirerReferenceNumber = Field.text("acquirer_reference_number", 1...64)

    public static let schema = ObjectSchema(
        "TransactionInput",
        [
            referenceID.declaration, amount.declaration, currency.declaration,
            paymentMethodType.declaration, authorisationStatus.declaration,
            paymentMethodReferenceID.declaration, authorisedAt.declaration, descriptor.declaration,
            cardBrand.declaration, cardLast4.declaration, cardBIN.declaration,
            authorisationCode.declaration, acquirerReferenceNumber.declaration,
        ])

    /// What a transaction is known by in its integration: its reference, or, in a PARTIAL order, the
    /// processor's.
    package static func name(of transaction: RequestObject) -> String? {
        transaction[referenceID] ?? transaction[paymentMethodReferenceID]
    }
}

/// `refunds[]` of an order (CONTRACT.md 8.4).
public enum RefundRequest {
    public static let referenceID = Field.identifier(
        "reference_id", RequestLimits.reference, .expected)
    public static let originalTransactionReferenceID = Field.identifier(
        "original_transaction_reference_id", RequestLimits.reference)
    public static let schema = ObjectSchema(
        "RefundInput",
        [
            referenceID.declaration,
            Field.integer("amount_in_cents", RequestLimits.amount, .expected).declaration,
            Field.currency("currency", .expected).declaration,
            Field.word("status", ["PENDING", "SUCCEEDED", "FAILED", "CANCELLED"], .expected)
                .declaration,
            originalTransactionReferenceID.declaration,
            Field.timestamp("refund_datetime").declaration,
        ])
}
