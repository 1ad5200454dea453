/// Bodies of `/v1/rulesets` and of their rules (CONTRACT.md 10).
public enum RulesetRequest {
    public static let organisationID = Field.identifier(
        "organisation_id", RequestLimits.reference, .required)
    public static let enrolmentIDs = Field.identifiers(
        "enrolment_ids", RequestLimits.rulesetEnrolments, .required)
    public static let outcome = Field.word("outcome", words(AlertAction.self), .required)
    public static let joinOperator = Field.word(
        "join_operator", words(JoinOperator.self), .required)
    public static let isEnabled = Field.boolean("is_enabled")
    public static let rules = Field.list("rules", rule, RequestLimits.rules, key: nil)

    public static let create = ObjectSchema(
        "RulesetCreate",
        [
            organisationID.declaration, enrolmentIDs.declaration, outcome.declaration,
            joinOperator.declaration, isEnabled.declaration, rules.declaration,
        ])

    /// The same members where a PATCH may leave them out.
    public static let newEnrolmentIDs = Field.identifiers(
        "enrolment_ids", RequestLimits.rulesetEnrolments)
    public static let newOutcome = Field.word("outcome", words(AlertAction.self))
    public static let newJoinOperator = Field.word("join_operator", words(JoinOperator.self))
    public static let update = ObjectSchema(
        "RulesetUpdate",
        [
            newEnrolmentIDs.declaration, newOutcome.declaration, newJoinOperator.declaration,
            isEnabled.declaration,
        ])

    /// Free here, because another type is the business error `UNSUPPORTED_RULE_TYPE`.
    public static let type = Field.identifier("type", RequestLimits.reference, .required)
    public static let parameters = Field.object("parameters", parametersSchema, .required)
    public static let rule = ObjectSchema("RuleCreate", [type.declaration, parameters.declaration])

    /// The type where a PATCH may leave it out.
    public static let newType = Field.identifier("type", RequestLimits.reference)
    public static let ruleUpdate = ObjectSchema(
        "RuleUpdate", [newType.declaration, parameters.declaration])

    // What a type needs of these is a business rule: `INVALID_RULE_PARAMETERS`.
    public static let amountOperator = Field.identifier("operator", RequestLimits.reference)
    public static let currencyCode = Field.identifier("currency_code", RequestLimits.reference)
    public static let amount = Field.integer("amount_in_cents", RequestLimits.amount)
    public static let descriptors = Field.list(
        "descriptors", descriptorSchema, 0...RequestLimits.descriptors.upperBound, key: nil)
    public static let value = Field.text("value", 1...250, .required)
    public static let matchType = Field.identifier("match_type", 0...250, .required)

    static let descriptorSchema = ObjectSchema(
        "RuleDescriptor", [value.declaration, matchType.declaration])
    static let parametersSchema = ObjectSchema(
        "RuleParameters",
        [
            amountOperator.declaration, currencyCode.declaration, amount.declaration,
            descriptors.declaration,
        ])
}
