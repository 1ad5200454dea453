import ParryDomain
import ParryWire
import Testing

@testable import ParryDashboard

@Suite("The sentence of a ruleset")
struct RuleSentenceTests {
    private static let amount = RuleCondition.amount(.greaterThan, cents: 10_000)

    private static func descriptors(_ all: (DescriptorMatchType, String)...) -> RuleCondition {
        .descriptor(all.map { RuleDescriptor(value: $0.1, matchType: $0.0) })
    }

    private static let sentences: [(RuleSentence, String)] = [
        (
            RuleSentence(.acceptDispute, .or, [amount, descriptors((.startsWith, "ACME"))]),
            "Accept the dispute when the amount is greater than 100.00 USD or the descriptor "
                + "starts with “ACME”."
        ),
        (
            RuleSentence(.refund, .and, [descriptors((.exactMatch, "ACME GYM"))]),
            "Refund when the descriptor is exactly “ACME GYM”."
        ),
        (
            RuleSentence(
                .refundAndCancel, .and,
                [amount, descriptors((.startsWith, "A"), (.startsWith, "B"))]),
            "Refund and cancel when the amount is greater than 100.00 USD and the "
                + "descriptor either starts with “A” or “B”."
        ),
        (
            RuleSentence(
                .cancel, .or,
                [descriptors((.startsWith, "A"), (.exactMatch, "C"), (.startsWith, "B"))]),
            "Cancel the subscription when the descriptor starts with “A” or “B”, "
                + "or is exactly “C”."
        ),
        (
            RuleSentence(
                .refund, .or,
                [descriptors((.exactMatch, "A"), (.exactMatch, "B"), (.exactMatch, "C"))]),
            "Refund when the descriptor is exactly “A”, “B” or “C”."
        ),
        (RuleSentence(.refund, .or, []), "Decides nothing: it has no rules."),
    ]

    @Test("Rules are joined as they are evaluated", arguments: sentences)
    func whole(_ sentence: RuleSentence, _ text: String) {
        #expect(sentence.text == text)
    }

    private static let comparisons: [(AmountOperator, String)] = [
        (.greaterThan, "is greater than"), (.greaterThanOrEqual, "is at least"),
        (.lessThan, "is less than"), (.lessThanOrEqual, "is at most"), (.equal, "is exactly"),
        (.notEqual, "is not"),
    ]

    @Test("Every comparison has its words", arguments: comparisons)
    func comparison(_ comparison: AmountOperator, _ words: String) {
        let clause = RuleSentence.clause(.amount(comparison, cents: 123_450))
        #expect(clause == "the amount \(words) 1,234.50 USD")
    }

    @Test("A short sentence counts the descriptors that it does not name")
    func short() {
        let many = RuleCondition.descriptor(
            (1...5).map { RuleDescriptor(value: "D\($0)", matchType: .startsWith) })
        let sentence = RuleSentence(.refund, .and, [many])
        #expect(
            sentence.short
                == "Refund when the descriptor starts with “D1”, “D2” or “D3”, or one of 2 more.")
    }
}
