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

    /// The time of the alerts that a ruleset is tried on; both ends are included.
    public static let from = Field.timestamp("from", .required)
    public static let to = Field.timestamp("to", .required)
    public static let backtest = ObjectSchema(
        "RulesetBacktest", [from.declaration, to.declaration])
    /// The same with a ruleset that is not stored.
    public static let draftBacktest = ObjectSchema(
        "RulesetDraftBacktest", backtest.fields + create.fields)

    /// The same members where a PATCH may leave them out.
    public static let newEnrolmentIDs = Field.identifiers(
        "enrolment_ids", RequestLimits.rulesetEnrolments, .nonNull)
    public static let newOutcome = Field.word("outcome", words(AlertAction.self), .nonNull)
    public static let newJoinOperator = Field.word(
        "join_operator", words(JoinOperator.self), .nonNull)
    public static let newIsEnabled = Field.boolean("is_enabled", .nonNull)
    public static let update = ObjectSchema(
        "RulesetUpdate",
        [
            newEnrolmentIDs.declaration, newOutcome.declaration, newJoinOperator.declaration,
            newIsEnabled.declaration,
        ])

    /// Free here, because another type is the business error `UNSUPPORTED_RULE_TYPE`.
    public static let type = Field.known("type", words(RuleType.self), .required)
    public static let parameters = Field.object("parameters", parametersSchema, .required)
    public static let rule = ObjectSchema("RuleCreate", [type.declaration, parameters.declaration])

    /// The type where a PATCH may leave it out.
    public static let newType = Field.known("type", words(RuleType.self))
    public static let ruleUpdate = ObjectSchema(
        "RuleUpdate", [newType.declaration, parameters.declaration])

    // What a type needs of these, and their words, is a business rule: `INVALID_RULE_PARAMETERS`. What the
    // other type has is ignored.
    public static let amountOperator = Field.identifier("operator", RequestLimits.word)
    public static let currencyCode = Field.identifier("currency_code", RequestLimits.word)
    public static let amount = Field.integer("amount_in_cents", RequestLimits.amount)
    public static let descriptors = Field.list(
        "descriptors", descriptorSchema, 0...RequestLimits.descriptors.upperBound, key: nil)
    public static let value = Field.text("value", 1...250, .required)
    public static let matchType = Field.identifier("match_type", RequestLimits.word, .required)

    static let descriptorSchema = ObjectSchema(
        "RuleDescriptor", [value.declaration, matchType.declaration])
    static let parametersSchema = ObjectSchema(
        "RuleParameters",
        [
            amountOperator.declaration, currencyCode.declaration, amount.declaration,
            descriptors.declaration,
        ])
}
