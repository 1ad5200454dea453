/// How sure a match is (CONTRACT.md 12); internal, no alert shows it.
package enum MatchConfidence: String, Sendable, CaseIterable {
    case exact = "EXACT"
    case high = "HIGH"
    /// Best case of soft mode: worth a person's look before money moves.
    case low = "LOW"
}

/// What became of the search for an alert's transaction.
package enum MatchOutcome: Sendable, Hashable {
    case matched(MatchConfidence)
    /// Several fit and nothing separates them: none of them may be acted on.
    case ambiguous
    case none
}

/// What a person should know besides the fields.
package enum MatchFlag: String, Sendable, CaseIterable {
    /// The sale lies more than 120 days before the alert.
    case olderThan120Days = "OLDER_THAN_120_DAYS"
    /// The amounts are in different currencies and were compared by the rate table.
    case convertedByRate = "CONVERTED_BY_RATE"
    /// The alert is about a part of the sale.
    case partialAmount = "PARTIAL_AMOUNT"
    /// The sale was paid through a wallet and its card digits differ: they may be a token's.
    case walletToken = "WALLET_TOKEN"
    /// The times differ by more than 6 hours: the alert's may be the settlement's.
    case distantTime = "DISTANT_TIME"
    /// The search met its bound, so that further candidates may exist.
    case searchIncomplete = "SEARCH_INCOMPLETE"
    /// Another candidate was put behind only because something of it is not known.
    case rivalUnknown = "RIVAL_UNKNOWN"
    /// Another candidate was put behind only because it is farther off in time, while the winner's own time
    /// is not the alert's either.
    case rivalFarther = "RIVAL_FARTHER"
    /// Another candidate fits about as well by another rule.
    case rivalByOtherRule = "RIVAL_BY_OTHER_RULE"
}

/// A candidate with everything that speaks for and against it.
package struct JudgedCandidate: Sendable, Hashable {
    package let candidate: MatchCandidate
    package let evidence: MatchEvidence
    /// See ``MatchingRules``: ten points are a factor of ten.
    package let score: Int
    /// The strongest rule that it satisfies.
    package let rule: MatchRule?
    /// Milliseconds between the alert's transaction time and the sale's; nil when either is unknown.
    package let timeDistance: Int64?
    /// As ``timeDistance``, but a date without an hour is as far from all hours of its day.
    let separation: Int64?
    /// Whether the alert's transaction time is only a date.
    let hasDateOnly: Bool
    /// In the order of ``MatchFlag``.
    package let flags: [MatchFlag]
}

/// What ``Matching`` found out, with all that a person needs to understand it.
package struct MatchVerdict: Sendable, Hashable {
    package let outcome: MatchOutcome
    /// The matched one; nil unless ``outcome`` is matched.
    package let winner: JudgedCandidate?
    /// The best ones first, at most ``MatchingRules/rankedMax``; a winner is the first.
    package let ranked: [JudgedCandidate]
    /// How many candidates were judged.
    package let judgedCount: Int
    /// The first one's score less the best one of the others; nil when there are no others. Negative where
    /// a rule prefers what the sum does not.
    package let margin: Int?
    /// The winner's flags and those of the verdict itself, in the order of ``MatchFlag``.
    package let flags: [MatchFlag]

    /// The confidence of a match.
    package var confidence: MatchConfidence? {
        if case .matched(let confidence) = outcome { confidence } else { nil }
    }
}
