extension MatchRule {
    /// What a rule is decided by.
    struct Facts {
        let evidence: MatchEvidence
        let amount: AmountFit
        let isToken: Bool
        let distance: Int64?
        /// False for a sale that the alert, which gives no time, cannot mean any more, or not yet.
        let isInReach: Bool
        /// No other candidate that took place carries the alert's code within the window.
        let isAloneWithCode: Bool

        func isWithin(_ window: Int64) -> Bool { distance.map { $0 <= window } ?? false }

        /// Whether the times fit, or at least are not known not to.
        func mayBeWithin(_ window: Int64) -> Bool { distance.map { $0 <= window } ?? isInReach }

        func contradicts(_ fields: MatchField...) -> Bool {
            fields.contains { evidence[$0] == .contradicts }
        }
    }

    /// The strongest rule that a candidate satisfies; nil when there is none.
    static func strongest(_ facts: Facts) -> MatchRule? {
        guard facts.evidence.status != .contradicts else { return nil }
        return strongestFirst.first { $0.isSatisfied(by: facts) }
    }

    private func isSatisfied(by facts: Facts) -> Bool {
        switch self {
        case .arn: Self.arn(facts)
        case .arnOfToken: Self.arnOfToken(facts)
        case .codeAndLast4: Self.codeAndLast4(facts)
        case .codeOfOtherClearing: Self.codeOfOtherClearing(facts)
        case .codeAlone: Self.codeAlone(facts)
        case .codeAndBIN: Self.codeAndBIN(facts)
        case .codeAndAmount: Self.codeAndAmount(facts)
        case .card:
            Self.card(facts) && facts.amount == .equal && facts.isWithin(MatchingRules.cardWindow)
        case .cardWithoutTime:
            Self.card(facts) && facts.amount == .equal && facts.distance == nil && facts.isInReach
        case .convertedCard:
            Self.card(facts) && facts.amount == .converted
                && facts.isWithin(MatchingRules.cardWindow)
        case .last4: Self.last4(facts)
        }
    }

    /// Where the last 4 is not known on both sides, nothing else of the card may differ: that would be a
    /// recycled ARN.
    private static func arn(_ facts: Facts) -> Bool {
        guard facts.evidence.acquirerReferenceNumber == .equal else { return false }
        if facts.evidence.cardLast4 == .equal { return true }
        return !facts.isToken && !facts.contradicts(.cardLast4, .cardBIN, .cardScheme)
    }

    private static func arnOfToken(_ facts: Facts) -> Bool {
        facts.evidence.acquirerReferenceNumber == .equal
            && !facts.contradicts(.cardLast4, .cardBIN, .cardScheme)
            && facts.evidence.amount.rank <= Evidence.near.rank
    }

    /// Chance brings code and last 4 together once in 10^10; but the codes of test cards are reused, hence not
    /// against two other fields.
    private static func codeAndLast4(_ facts: Facts) -> Bool {
        hasCodeAndLast4(facts) && !facts.contradicts(.acquirerReferenceNumber)
            && facts.evidence.contradictions(in: [.cardBIN, .cardScheme, .amount, .descriptor]) <= 1
    }

    private static func codeOfOtherClearing(_ facts: Facts) -> Bool {
        hasCodeAndLast4(facts)
            && !facts.contradicts(.cardBIN, .cardScheme, .amount, .descriptor)
    }

    private static func hasCodeAndLast4(_ facts: Facts) -> Bool {
        facts.evidence.authorisationCode == .equal && facts.evidence.cardLast4 == .equal
            && facts.mayBeWithin(MatchingRules.codeWindow)
    }

    private static func codeAlone(_ facts: Facts) -> Bool {
        hasLoneCode(facts) && facts.isWithin(MatchingRules.codeWindow)
            && facts.amount == .equal && isDescriptorAlike(facts)
    }

    private static func codeAndBIN(_ facts: Facts) -> Bool {
        hasLoneCode(facts) && facts.isWithin(MatchingRules.codeWindow)
            && facts.evidence.cardBIN == .equal && !facts.contradicts(.cardLast4)
            && facts.evidence.amount.rank <= Evidence.near.rank && isDescriptorAlike(facts)
    }

    private static func codeAndAmount(_ facts: Facts) -> Bool {
        hasLoneCode(facts) && facts.mayBeWithin(MatchingRules.codeWindow)
            && facts.amount == .equal && !facts.contradicts(.cardBIN, .cardLast4, .descriptor)
    }

    private static func hasLoneCode(_ facts: Facts) -> Bool {
        facts.evidence.authorisationCode == .equal && facts.isAloneWithCode
            && !facts.contradicts(.acquirerReferenceNumber, .cardScheme)
    }

    private static func isDescriptorAlike(_ facts: Facts) -> Bool {
        facts.evidence.descriptor.rank <= Evidence.near.rank
    }

    /// The BIN names the brand, so that an unknown one does no harm. An identifier that contradicts tells this
    /// sale from one like it: a renewal, a second attempt, a second purchase.
    private static func card(_ facts: Facts) -> Bool {
        facts.evidence.cardBIN == .equal && facts.evidence.cardLast4 == .equal
            && !facts.contradicts(
                .acquirerReferenceNumber, .authorisationCode, .cardScheme, .descriptor)
    }

    /// Under another code only the whole card at a merchant that is known to be the same makes it worth a
    /// look: cardholders pay the same amount elsewhere as well.
    private static func last4(_ facts: Facts) -> Bool {
        facts.evidence.cardLast4 == .equal && facts.evidence.cardScheme == .equal
            && facts.amount == .equal && facts.isWithin(MatchingRules.last4Window)
            && !facts.contradicts(.acquirerReferenceNumber, .cardBIN, .descriptor)
            && (!facts.contradicts(.authorisationCode)
                || facts.evidence.cardBIN == .equal && isDescriptorAlike(facts))
    }
}
