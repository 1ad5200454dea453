package import ParryDomain
import ParryWire

/// Decides which sale an alert is about (CONTRACT.md 12).
///
/// Who acts: the service loads the candidates that ``CandidateSearch`` names and asks; nothing is read or
/// written here. How: every candidate is compared field by field; the strongest rule that its evidence
/// satisfies is found; the candidates of the strongest rule of all compete; amount, descriptor and time may
/// separate them. What nothing separates is ambiguous, and so is a winner with something against it while
/// another candidate has nothing. A wrong match loses money; an ambiguous one costs a person a look.
package enum Matching {
    /// Judges the candidates of one alert; their order makes no difference, and one that is given twice
    /// counts once.
    ///
    /// - Parameters:
    ///   - mode: Without ``MatchingMode/soft`` nothing matches LOW.
    ///   - isComplete: False when a range of the search met its bound. Then only ARN, or code with last 4,
    ///     can match: whatever was left out could be the twin of another match.
    package static func judge(
        _ subject: MatchSubject, _ candidates: [MatchCandidate], mode: MatchingMode,
        rates: ExchangeRates, isComplete: Bool = true
    ) -> MatchVerdict {
        let judged = Judging(subject, candidates, rates: rates).judged
        let contest = Contest(judged, mode: mode, isComplete: isComplete)
        return verdict(judged, contest.decide(), isComplete: isComplete)
    }

    private static func verdict(
        _ judged: [JudgedCandidate], _ decision: Contest.Decision, isComplete: Bool
    ) -> MatchVerdict {
        let places = places(judged, winner: decision.winner?.candidate.key)
        let shown = places.prefix(MatchingRules.rankedMax).map { judged[$0.index] }
        let others = places.dropFirst().map(\.score).max()
        var flags = Set(decision.winner?.flags ?? []).union(decision.flags)
        if !isComplete { flags.insert(.searchIncomplete) }
        return MatchVerdict(
            outcome: decision.outcome, winner: decision.winner, ranked: shown,
            judgedCount: judged.count,
            margin: others.flatMap { other in shown.first.map { $0.score - other } },
            flags: MatchFlag.allCases.filter(flags.contains))
    }

    /// The winner, then strongest rule, highest score, nearest time; ids only make the order the same every
    /// time.
    private static func places(
        _ judged: [JudgedCandidate], winner: MatchCandidate.Key?
    ) -> [Place] {
        judged.indices.map { index in
            Place(judged[index], index: index, isWinner: judged[index].candidate.key == winner)
        }.sorted(by: <)
    }
}

/// Where a candidate stands, small enough to be moved about by sorting.
private struct Place {
    let index: Int
    let score: Int
    private let order: (Int, Int, Int64)
    private let key: MatchCandidate.Key

    init(_ judged: JudgedCandidate, index: Int, isWinner: Bool) {
        self.index = index
        score = judged.score
        let strength = judged.rule.flatMap(MatchRule.strongestFirst.firstIndex) ?? .max
        order = (isWinner ? -1 : strength, -score, judged.timeDistance ?? .max)
        key = judged.candidate.key
    }

    static func < (left: Place, right: Place) -> Bool {
        if left.order != right.order { return left.order < right.order }
        return (left.key.integration, left.key.reference)
            < (right.key.integration, right.key.reference)
    }
}

extension MatchCandidate {
    /// What a candidate is told from others by.
    struct Key: Hashable {
        let integration: String
        let reference: String
    }

    var key: Key { Key(integration: integrationID.text, reference: referenceID) }
}
