/// Bodies of `/v1/refund-intents` (amendment 8).
public enum RefundIntentRequest {
    public static let organisationID = Field.identifier(
        "organisation_id", RequestLimits.reference, .required)
    public static let integrationID = Field.identifier(
        "integration_id", RequestLimits.reference, .required)
    public static let transactionReferenceID = Field.identifier(
        "transaction_reference_id", RequestLimits.reference, .required)
    public static let amount = Field.integer(
        "amount_in_cents", 1...RequestLimits.amount.upperBound, .required)
    public static let currency = Field.currency("currency", .required)
    /// Up to a week: as long as the slowest refund may be on its way.
    public static let expiresIn = Field.integer("expires_in_seconds", 1...604_800)
    public static let create = ObjectSchema(
        "RefundIntentCreate",
        [
            organisationID.declaration, integrationID.declaration,
            transactionReferenceID.declaration, amount.declaration, currency.declaration,
            expiresIn.declaration,
        ])

    /// The partner's own name of the refund, which its order says as well.
    public static let refundReferenceID = Field.identifier(
        "refund_reference_id", RequestLimits.reference, .required)
    public static let commit = ObjectSchema("RefundIntentCommit", [refundReferenceID.declaration])
}
