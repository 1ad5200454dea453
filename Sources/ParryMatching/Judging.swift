import ParryDomain
import ParryWire

/// Compares every candidate with the alert, and those that carry its code with each other.
struct Judging {
    /// Each candidate once, in the order given.
    let judged: [JudgedCandidate]

    init(_ subject: MatchSubject, _ candidates: [MatchCandidate], rates: ExchangeRates) {
        let keys = SubjectKeys(subject)
        var seen: Set<MatchCandidate.Key> = []
        let distinct = candidates.filter { seen.insert($0.key).inserted }
        var descriptors: [String: Evidence] = [:]
        let comparisons = distinct.map { candidate in
            Comparison(
                keys, candidate, rates: rates,
                descriptor: Self.descriptor(keys, candidate.descriptor, known: &descriptors))
        }
        let isAlone = comparisons.count(where: Self.carriesCode) == 1
        judged = zip(distinct, comparisons).map { candidate, comparison in
            Self.judge(keys, candidate, comparison, isAlone: isAlone)
        }
    }

    /// The sales of an organisation have few descriptors: each is compared once.
    private static func descriptor(
        _ keys: SubjectKeys, _ text: String?, known: inout [String: Evidence]
    ) -> Evidence {
        guard let mine = keys.descriptor, let text else { return .absent }
        if let evidence = known[text] { return evidence }
        let evidence = DescriptorLikeness.compare(mine, DescriptorLikeness(text))
        known[text] = evidence
        return evidence
    }

    private static func carriesCode(_ comparison: Comparison) -> Bool {
        comparison.evidence.authorisationCode == .equal
            && comparison.evidence.status != .contradicts
            && comparison.distance.map { $0 <= MatchingRules.codeWindow } ?? true
    }

    private static func judge(
        _ keys: SubjectKeys, _ candidate: MatchCandidate, _ comparison: Comparison, isAlone: Bool
    ) -> JudgedCandidate {
        let evidence = comparison.evidence
        let facts = MatchRule.Facts(
            evidence: evidence, amount: comparison.amount, isToken: comparison.isToken,
            distance: comparison.distance, isInReach: Self.isInReach(keys.subject, candidate),
            isAloneWithCode: isAlone)
        return JudgedCandidate(
            candidate: candidate, evidence: evidence,
            score: evidence.score,
            rule: MatchRule.strongest(facts), timeDistance: comparison.distance,
            separation: keys.separation(to: candidate), hasDateOnly: keys.hasDateOnly,
            flags: flags(keys.subject, candidate, comparison))
    }

    private static func isInReach(_ subject: MatchSubject, _ candidate: MatchCandidate) -> Bool {
        guard subject.transactionAt == nil, let time = candidate.authorisedAt else { return true }
        return subject.untimedReach.contains(time)
    }

    private static func flags(
        _ subject: MatchSubject, _ candidate: MatchCandidate, _ comparison: Comparison
    ) -> [MatchFlag] {
        var flags: [MatchFlag] = []
        if let sale = candidate.authorisedAt, sale < subject.networkAlertedAt,
            SubjectKeys.distance(subject.networkAlertedAt, sale) > MatchingRules.oldAfter
        {
            flags.append(.olderThan120Days)
        }
        if comparison.amount.isConverted { flags.append(.convertedByRate) }
        if comparison.amount.isPart { flags.append(.partialAmount) }
        if comparison.isToken { flags.append(.walletToken) }
        if let distance = comparison.distance, distance > MatchingRules.separation {
            flags.append(.distantTime)
        }
        return flags
    }
}
