import ParryDomain

/// Every window, tolerance and weight of matching, each with its reason (CONTRACT.md 12).
///
/// The chance figures assume an organisation with 100,000 sales in 120 days (NETWORKS.md).
package enum MatchingRules {
    static let hour: Int64 = 3_600_000
    static let day: Int64 = 24 * hour

    // Windows in milliseconds between the alert's transaction time and `authorised_at`.

    /// Steps by authorisation code: a code is unique for days, not for ever (CONTRACT.md 12, step 2).
    static let codeWindow = 2 * day
    /// Steps by BIN, last 4 and amount: authorisation against settlement, a weekend between (step 3).
    static let cardWindow = 3 * day
    /// The step by last 4 and amount, which chance satisfies in every other alert without it (step 4).
    static let last4Window = 1 * day
    /// Times separate two candidates only by more than this: time zones of a shop and clocks of a
    /// terminal differ by hours (CONTRACT.md 12).
    static let separation = 6 * hour
    /// A candidate this far off cannot match by its time, but shows a person what was nearly meant.
    static let explained = 7 * day

    /// Sales older than this are matched and flagged: beyond the networks' usual time limit (CONTRACT.md 12).
    static let oldAfter = 120 * day
    /// Where the alert gives no time, sales up to this old can be meant: disputes of some reasons are
    /// possible for 18 months.
    static let untimedReach = 540 * day
    /// How far a sale may lie behind the alert that is about it, where the alert gives no other time: clocks
    /// and time zones.
    static let aheadOfAlert = 1 * day

    /// A converted amount may be off by this many hundredths: the issuer's rate and fee are not the
    /// table's (CONTRACT.md 12, step 5).
    static let convertedPercentMax: Int64 = 2

    /// An ARN has 23 digits (NETWORKS.md); only two such can contradict each other.
    static let arnDigits = 23
    /// Fewer digits than this identify nothing: what was sent is a filler or a fragment.
    static let arnDigitsMin = MatchKey.arnDigitsMin
    /// Digits of a BIN that always are compared, and those that are when both sides have them.
    static let binDigits = MatchKey.binDigits
    static let longBINDigits = MatchKey.longBINDigits
    /// Codes have 6 characters; numbers lose their leading zeros in spreadsheets.
    static let codeCharacters = MatchKey.codeCharacters

    /// Letters and digits that a descriptor must have to say anything.
    static let descriptorMin = 4
    /// A descriptor that starts like this many characters of the other is the other cut off, or the other
    /// with a city or telephone number behind it.
    static let descriptorCutMin = 6
    /// A run of characters that two descriptors of one merchant share at least.
    static let descriptorSharedMin = 4
    /// The share of common pairs of letters, in hundredths, from which on descriptors are alike.
    static let descriptorPairsPercentMin = 40
    /// Characters of a descriptor that are looked at: the networks send at most 25, orders up to 255.
    static let descriptorMax = 64

    /// Candidates that a verdict shows.
    package static let rankedMax = 20
    /// Rows that the store reads in one of the ranges of ``CandidateSearch``: a card's sales are a few, a
    /// test card's are many, and judging this many takes some milliseconds.
    package static let rowsPerRangeMax = 500

    /// The weight of a field's evidence in a candidate's score: ten times the logarithm of how much rarer
    /// chance brings it about than the truth does; so 10 points are a factor of ten.
    ///
    /// The score ranks candidates and measures margins. It never makes a match: rules do.
    static func weight(_ field: MatchField, _ evidence: Evidence) -> Int {
        let weights = weights(field)
        switch evidence {
        case .equal: return weights.equal
        case .near: return weights.near
        case .absent: return 0
        case .contradicts: return weights.contradicts
        }
    }

    private static func weights(_ field: MatchField) -> (equal: Int, near: Int, contradicts: Int) {
        switch field {
        // One in 10^11 sequences of an acquirer; clearing a sale in parts gives it several.
        case .acquirerReferenceNumber: (100, 0, -40)
        // One in 10^6; seldom mistaken.
        case .authorisationCode: (60, 0, -40)
        // The larger issuers have one card in twenty; changes with a new card.
        case .cardBIN: (15, 0, -30)
        // One in 10^4; changes with a new card and in wallets.
        case .cardLast4: (40, 0, -40)
        case .cardScheme: (3, 0, -30)
        // Price lists are short: one sale in thirty has the same amount.
        case .amount: (15, 5, -20)
        case .currency: (2, 1, -2)
        // Six hours of 120 days; three days of them.
        case .time: (25, 12, -25)
        // Most sales of an organisation share it.
        case .descriptor: (6, 3, -30)
        // What did not take place cannot be disputed.
        case .status: (0, 0, -500)
        }
    }
}
