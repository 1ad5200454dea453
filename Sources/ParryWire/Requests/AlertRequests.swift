/// The body of `PATCH /v1/alerts/{alert_id}` (CONTRACT.md 9.4).
public enum AlertRequest {
    /// Free here, because an unknown word is the business error `INVALID_ACTION`.
    public static let action = Field.known("action", words(AlertAction.self))
    public static let note = Field.text("note", RequestLimits.note)
    /// Beyond the original: refund although the network has.
    public static let force = Field.boolean("force", .nonNull)
    /// Beyond the original; `false` takes the alert off the list.
    public static let needsAttention = Field.boolean("needs_attention", .nonNull)
    public static let update = ObjectSchema(
        "AlertUpdate",
        [action.declaration, note.declaration, force.declaration, needsAttention.declaration],
        needsOneOf: [action.name, note.name, needsAttention.name])
}

/// The body of `PUT /v1/alerts/{alert_id}/match` (beyond the original).
public enum AlertMatchRequest {
    public static let integrationID = Field.identifier("integration_id", RequestLimits.reference)
    /// Null: the alert is about none of the known transactions.
    public static let transactionID = Field.identifier(
        "integration_transaction_id", RequestLimits.reference)
    public static let set = ObjectSchema(
        "AlertMatchSet", [integrationID.declaration, transactionID.declaration],
        needsOneOf: [integrationID.name, transactionID.name])
}

/// The body of `POST /v1/simulate/clock` (amendment 8).
public enum TestClockRequest {
    public static let organisationID = Field.identifier(
        "organisation_id", RequestLimits.reference, .required)
    /// Ten years, as far as a clock may be ahead at all.
    public static let advance = Field.integer(
        "advance_seconds", 0...316_224_000, .nonNull)
    public static let setTo = Field.timestamp("set_to", .nonNull)
    public static let set = ObjectSchema(
        "TestClockSet",
        [organisationID.declaration, advance.declaration, setTo.declaration],
        needsOneOf: [advance.name, setTo.name])
}

/// Bodies of `/v1/simulate` (CONTRACT.md 14).
public enum SimulationRequest {
    public static let enrolmentStatus = Field.word(
        "status",
        [EnrolmentStatus.enabled.rawValue, EnrolmentStatus.unenrolled.rawValue],
        .required)
    public static let enrolment = ObjectSchema(
        "EnrolmentSimulation", [enrolmentStatus.declaration])

    public static let organisationID = Field.identifier(
        "organisation_id", RequestLimits.reference, .required)
    public static let enrolmentID = Field.identifier(
        "enrolment_id", RequestLimits.reference, .required)
    public static let status = Field.word("status", words(AlertStatus.self))
    public static let cardScheme = Field.word("card_scheme", words(CardBrand.self))
    public static let amount = Field.integer("amount_in_cents", RequestLimits.amount)
    public static let currency = Field.currency("currency_code")
    public static let acquirerReferenceNumber = Field.text(
        "transaction_acquirer_reference_number", 1...64)
    public static let authorisationCode = Field.text("transaction_authorisation_code", 1...64)
    public static let match = Field.boolean("match")
    public static let cardBIN = Field.pattern("transaction_card_bin", .digits(6...8))
    public static let cardLast4 = Field.pattern("transaction_card_last4", .digits(4...4))
    public static let authorisedAt = Field.timestamp("transaction_authorised_at")
    public static let statementDescriptor = Field.text(
        "transaction_statement_descriptor", 1...250)
    /// What each simulation can say of its transaction.
    static let transaction = [
        amount.declaration, currency.declaration, acquirerReferenceNumber.declaration,
        authorisationCode.declaration,
    ]
    public static let alert = ObjectSchema(
        "AlertSimulation",
        [
            organisationID.declaration, enrolmentID.declaration, status.declaration,
            cardScheme.declaration, match.declaration, cardBIN.declaration,
            cardLast4.declaration, authorisedAt.declaration, statementDescriptor.declaration,
        ] + transaction)
}
