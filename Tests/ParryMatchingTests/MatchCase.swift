import ParryMatching
import Testing

/// A row of a table: what it shows, the alert, its candidates and what has to come of them.
struct MatchCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let subject: MatchSubject
    let candidates: [MatchCandidate]
    let outcome: MatchOutcome
    let strict: MatchOutcome
    /// The winner's reference.
    let winner: String?
    let rule: MatchRule?
    let flags: [MatchFlag]?

    /// - Parameter strict: The outcome in strict mode, where it is another one.
    init(
        _ description: String, _ subject: MatchSubject, _ candidates: [MatchCandidate],
        _ outcome: MatchOutcome, strict: MatchOutcome? = nil, winner: String? = nil,
        rule: MatchRule? = nil, flags: [MatchFlag]? = nil
    ) {
        testDescription = description
        self.subject = subject
        self.candidates = candidates
        self.outcome = outcome
        self.strict = strict ?? outcome
        if case .matched = outcome {
            self.winner = winner ?? candidates.first?.referenceID
        } else {
            self.winner = nil
        }
        self.rule = rule
        self.flags = flags
    }
}
