import ParryWire
import Testing

@testable import ParryDomain

@Suite("Rulesets saved whole")
struct RulesetReplaceTests {
    private static let now = Moment(Timestamp(milliseconds: 1_771_322_400_000))
    private static let amount = RuleCondition.amount(.lessThan, cents: 5_000)
    private static let descriptor = RuleCondition.descriptor([
        RuleDescriptor(value: "ACME", matchType: .startsWith)
    ])

    private static func ruleset(_ conditions: [RuleCondition]) throws -> Ruleset {
        try Ruleset.create(
            .init(enrolmentIDs: [], outcome: .refund, joinOperator: .and, isEnabled: true),
            conditions: conditions, of: [], organisationID: .make(at: now, slot: 7), now: now)
    }

    @Test("A rule keeps its id as long as there is one of its type")
    func ids() throws {
        let old = try Self.ruleset([Self.amount, Self.descriptor])
        var new = old
        let other = RuleCondition.amount(.equal, cents: 1)
        let hasChanged = try new.replace(
            old.details, conditions: [other], of: [], now: Self.now)
        #expect(hasChanged)
        #expect(new.rules.map(\.id) == [old.rules[0].id])
        #expect(new.rules.map(\.condition) == [other])
    }

    @Test("The same again changes nothing")
    func same() throws {
        let old = try Self.ruleset([Self.amount])
        var new = old
        let hasChanged = try new.replace(
            old.details, conditions: [Self.amount], of: [], now: Self.now)
        #expect(!hasChanged)
        #expect(new == old)
    }

    @Test("Two rules of a type are refused, and nothing of the rest is taken")
    func duplicate() throws {
        let old = try Self.ruleset([Self.amount])
        var new = old
        var details = old.details
        details.outcome = .acceptDispute
        #expect(throws: RulesetError.duplicateRuleType) {
            _ = try new.replace(
                details, conditions: [Self.descriptor, Self.descriptor], of: [], now: Self.now)
        }
        #expect(new == old)
    }
}
