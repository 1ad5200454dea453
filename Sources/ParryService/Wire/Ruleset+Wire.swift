package import ParryDomain
import ParryStore
package import ParryWire

extension Ruleset: ShapedObject {
    /// The shape of the guide (CONTRACT.md 10), with `is_enabled` (21, row 38).
    package static let shape = Shape<Ruleset>(
        "Ruleset", in: "/v1/rulesets", id: { $0.id.text },
        [
            .id("id") { $0.id }, .id("organisation_id") { $0.organisationID },
            .ids("enrolment_ids") { $0.details.enrolmentIDs },
            .word("outcome") { $0.details.outcome },
            .word("join_operator") { $0.details.joinOperator },
            .boolean("is_enabled") { $0.details.isEnabled },
            .list("rules", ResolutionRule.shape) { $0.rules },
            .integer("version") { $0.version },
            .integer("published_version") { $0.publication?.publishedVersion },
            .word("publication_status") { $0.publication?.status },
            .time("created_at") { $0.createdAt }, .time("updated_at") { $0.updatedAt },
        ])
}

extension ResolutionRule: ShapedObject {
    /// A rule has no `links` of its own.
    package static let shape = Shape<ResolutionRule>(
        "Rule",
        [
            .id("id") { $0.id }, .word("type") { $0.condition.type },
            ShapeMember("parameters", .either([RuleCondition.amount, RuleCondition.descriptor])) {
                $0.condition.write(to: &$1)
            },
            .time("created_at") { $0.createdAt }, .time("updated_at") { $0.updatedAt },
        ])
}

/// What `RuleCondition.write` writes, which is also what the store keeps.
extension RuleCondition {
    fileprivate static let amount = AnswerSchema(
        "AmountParameters",
        [
            AnswerMember("operator", .word(AmountOperator.allCases.map(\.rawValue))),
            AnswerMember("currency_code", .word(["USD"])),
            AnswerMember("amount_in_cents", .integer),
        ])

    fileprivate static let descriptor = AnswerSchema(
        "DescriptorParameters",
        [
            AnswerMember(
                "descriptors",
                .list(
                    .object(
                        AnswerSchema(
                            "DescriptorParameter",
                            [
                                AnswerMember("value", .text),
                                AnswerMember(
                                    "match_type",
                                    .word(DescriptorMatchType.allCases.map(\.rawValue))),
                            ]))))
        ])
}
