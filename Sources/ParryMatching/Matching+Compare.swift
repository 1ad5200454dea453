package import ParryDomain

extension Matching {
    /// What every field says about one sale, whether or not it could be matched, for people who look at both.
    package static func compare(
        _ subject: MatchSubject, with sale: MatchCandidate, rates: ExchangeRates
    ) -> MatchEvidence {
        Judging(subject, [sale], rates: rates).judged.first?.evidence ?? MatchEvidence()
    }
}
