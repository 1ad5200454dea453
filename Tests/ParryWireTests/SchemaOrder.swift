import ParryWire

/// A schema as large as an order's, for the tests of this folder.
enum OrderFixture {
    static let orderNumber = Field.text("order_number", 1...255, .expected)
    static let merchantID = Field.identifier("merchant_id", 1...250, .required)
    static let type = Field.word("type", ["COMPLETE", "PARTIAL"], .required)
    static let amount = Field.integer("amount_in_cents", 0...9_007_199_254_740_991, .required)
    static let currency = Field.currency("currency", .required)
    static let authorisedAt = Field.timestamp("authorised_at", .expected)
    static let isEnabled = Field.boolean("is_enabled")
    static let email = Field.email("customer_email")
    static let address = Field.ipAddress("customer_ip")
    static let country = Field.country("country")
    static let website = Field.url("website")
    static let bin = Field.pattern("bin", .digits(6...8))
    static let note = Field.text("note", 0...1024)
    static let tags = Field.identifiers("tags", 0...10)
    static let alert = Field.object("ethoca_alert", alertSchema)
    static let transactions = Field.list(
        "transactions", transactionSchema, 0...500, key: "reference_id")
    static let items = Field.list("items", itemSchema, 0...500)

    static let schema = ObjectSchema(
        "Order",
        [
            orderNumber.declaration, merchantID.declaration, type.declaration,
            amount.declaration, currency.declaration, authorisedAt.declaration,
            isEnabled.declaration, email.declaration, address.declaration, country.declaration,
            website.declaration, bin.declaration, note.declaration, tags.declaration,
            alert.declaration, transactions.declaration, items.declaration,
        ] + spare(8))

    static let patchSchema = ObjectSchema(
        "OrderPatch",
        schema.fields.map {
            FieldDeclaration(name: $0.name, rule: $0.rule, presence: .optional)
        })

    static let alertID = Field.identifier("alert_id", 1...64, .required)
    static let descriptors = Field.list("descriptors", descriptorSchema, 0...10)
    static let alertSchema = ObjectSchema(
        "Alert",
        [
            alertID.declaration, descriptors.declaration,
            Field.text("reason", 0...64).declaration,
        ])

    static let matchType = Field.word("match_type", ["EXACT", "PREFIX"], .required)
    static let descriptorSchema = ObjectSchema(
        "Descriptor", [matchType.declaration, Field.text("text", 1...64).declaration])

    static let itemSchema = ObjectSchema(
        "Item",
        [
            Field.text("name", 1...64).declaration,
            Field.integer("quantity", 1...99).declaration,
        ])

    static let referenceID = Field.identifier("reference_id", 1...64, .required)
    static let transactionCurrency = Field.currency("currency", .expected)
    static let transactionSchema = ObjectSchema(
        "Transaction",
        [
            referenceID.declaration, Field.integer("amount_in_cents", 0...1_000_000).declaration,
            transactionCurrency.declaration, Field.timestamp("at").declaration,
            Field.text("text", 0...255).declaration,
            Field.pattern("arn", .digits(23...23)).declaration,
        ] + spare(8))

    static func spare(_ count: Int) -> [FieldDeclaration] {
        (1...count).map { Field.text("spare_\($0)", 0...255).declaration }
    }

    static let document = """
        {"order_number":"2026-000123-A","merchant_id":"mrc_01HZX3Q8J5","type":"COMPLETE",\
        "amount_in_cents":129900,"currency":"EUR","authorised_at":"2026-02-17T09:59:05Z",\
        "is_enabled":true,"customer_email":"jane.doe@example.com","customer_ip":"203.0.113.7",\
        "country":"DE","website":"https://shop.example.com/orders","bin":"411111",\
        "note":"Gift wrapped, leave at the door","transactions":[{"reference_id":"txn_0001",\
        "amount_in_cents":129900,"currency":"EUR","at":"2026-02-17T09:59:07.250Z",\
        "text":"Authorisation and capture","arn":"74027012345678901234567",\
        "spare_1":"approved","spare_2":"3DS 2.2","spare_3":"MASTERCARD"}],\
        "spare_1":"web","spare_2":"returning customer"}
        """

    static var bytes: [UInt8] { Array(document.utf8) }
}
