import ParryDomain

/// Chooses among candidates that satisfy rules, or finds that nobody may choose.
struct Contest {
    /// The outcome with the one that won, if any, and what has to be said about it.
    struct Decision {
        let outcome: MatchOutcome
        let winner: JudgedCandidate?
        let flags: Set<MatchFlag>

        static let none = Decision(outcome: .none, winner: nil, flags: [])

        static func ambiguous(_ flags: Set<MatchFlag> = []) -> Decision {
            Decision(outcome: .ambiguous, winner: nil, flags: flags)
        }
    }

    private let judged: [JudgedCandidate]
    private let mode: MatchingMode
    private let isComplete: Bool

    init(_ judged: [JudgedCandidate], mode: MatchingMode, isComplete: Bool) {
        self.judged = judged
        self.mode = mode
        self.isComplete = isComplete
    }

    /// The candidates of the strongest rule compete; a weaker rule is not asked when they tie, because what
    /// it could bring has less on its side than each of them.
    func decide() -> Decision {
        let rule = MatchRule.strongestFirst.first { rule in judged.contains { $0.rule == rule } }
        guard let rule, isUsable(rule.confidence) else { return .none }
        var round = Round(judged.filter { $0.rule == rule })
        round.play()
        guard let winner = round.winner else { return .ambiguous() }
        if rule.isByCard, hasHiddenTwin(winner) { round.doubts.insert(.rivalUnknown) }
        if !isComplete, rule != .arn, rule != .codeAndLast4 { return .ambiguous() }
        if isDoubtful(winner, by: rule) { return .ambiguous([.rivalByOtherRule]) }
        guard !round.doubts.isEmpty else {
            return Decision(outcome: .matched(rule.confidence), winner: winner, flags: [])
        }
        guard isUsable(.low) else { return .ambiguous(round.doubts) }
        return Decision(outcome: .matched(.low), winner: winner, flags: round.doubts)
    }

    private func isUsable(_ confidence: MatchConfidence) -> Bool {
        confidence != .low || mode == .soft
    }

    /// Something speaks against the winner, and nothing against another candidate that satisfies a rule. An
    /// ARN outweighs one such field, not two.
    private func isDoubtful(_ winner: JudgedCandidate, by rule: MatchRule) -> Bool {
        let against = winner.evidence.contradictions(in: Self.telling)
        guard against > (rule == .arn ? 1 : 0) else { return false }
        return judged.contains { other in
            other.candidate.key != winner.candidate.key && (other.rule != nil || fits(other))
                && other.evidence.contradictions(in: Self.telling) == 0
        }
    }

    /// Another sale of the same last 4 and amount that satisfies no such rule only because something of it is
    /// not known, and that time does not put behind.
    private func hasHiddenTwin(_ winner: JudgedCandidate) -> Bool {
        judged.contains { other in
            other.candidate.key != winner.candidate.key && other.rule != winner.rule && fits(other)
                && !winner.isSurelyNearer(than: other)
        }
    }

    private func fits(_ other: JudgedCandidate) -> Bool {
        other.evidence.cardLast4 == .equal && other.evidence.amount == .equal
            && other.evidence.time != .contradicts && other.evidence.status != .contradicts
            && other.evidence.contradictions(in: Self.telling) == 0
    }

    /// Without currency, which the amount speaks for, and time, which the rules bound.
    private static let telling: [MatchField] = [
        .acquirerReferenceNumber, .authorisationCode, .cardBIN, .cardLast4, .cardScheme, .amount,
        .descriptor,
    ]
}

extension MatchRule {
    /// Whether only the card, amount and time speak for a match, which a second purchase shares.
    fileprivate var isByCard: Bool {
        switch self {
        case .card, .last4, .cardWithoutTime, .convertedCard: true
        case .arn, .codeAndLast4, .arnOfToken, .codeAlone, .codeAndBIN, .codeOfOtherClearing,
            .codeAndAmount:
            false
        }
    }
}

extension JudgedCandidate {
    /// Whether its time is the alert's and the other's is not, by more than times may differ.
    fileprivate func isSurelyNearer(than other: JudgedCandidate) -> Bool {
        guard let mine = separation, let theirs = other.separation else { return false }
        return isTimeSure && theirs - mine > MatchingRules.separation
    }

    /// Whether its time can be the alert's authorisation: not a day off, and not only a date.
    fileprivate var isTimeSure: Bool {
        separation.map { $0 <= MatchingRules.separation && !hasDateOnly } ?? false
    }
}

/// Candidates of one rule: equal amount, then same descriptor, then nearest time separate them
/// (CONTRACT.md 12).
///
/// What is not known about a candidate does not put it behind for certain, nor does a day or two where the
/// alert's time may be the settlement's: such a win is LOW.
private struct Round {
    private var remaining: [JudgedCandidate]
    var doubts: Set<MatchFlag> = []

    init(_ candidates: [JudgedCandidate]) { remaining = candidates }

    var winner: JudgedCandidate? { remaining.count == 1 ? remaining.first : nil }

    mutating func play() {
        prefer { $0.amount }
        prefer { $0.descriptor }
        preferNearest()
    }

    private mutating func prefer(_ field: (MatchEvidence) -> Evidence) {
        let equal = remaining.filter { field($0.evidence) == .equal }
        guard !equal.isEmpty, equal.count < remaining.count else { return }
        if remaining.contains(where: { field($0.evidence) == .absent }) {
            doubts.insert(.rivalUnknown)
        }
        remaining = equal
    }

    private mutating func preferNearest() {
        guard remaining.count > 1, let nearest = remaining.compactMap(\.separation).min() else {
            return
        }
        let isNear: (JudgedCandidate) -> Bool = {
            $0.separation.map { $0 - nearest <= MatchingRules.separation } ?? true
        }
        let near = remaining.filter(isNear)
        guard near.count == 1 else { return }
        if !near[0].isTimeSure { doubts.insert(.rivalFarther) }
        remaining = near
    }
}
