import ParryWire

/// Every decision that was asked for and every notice that was sent; it changes by entries of the
/// ledger alone.
package struct VerifiCases: Sendable {
    /// What is known of one decision.
    package struct Decision: Sendable, Equatable {
        package fileprivate(set) var asked = 0
        /// The platform's first answer in time; a later one must not differ (NETWORKS.md).
        package fileprivate(set) var answered: RDRDecision?
        /// What holds at the network: the first answer or fallback.
        package fileprivate(set) var effective: RDRDecision?
    }

    /// By decision id.
    package private(set) var decisions: [String: Decision] = [:]
    /// How often the platform answered what, and how often the network fell back.
    package private(set) var answers: [String: Int] = [:]
    /// The longest that an answer in time took.
    package private(set) var slowestMilliseconds: Int64 = 0
    /// Notices that nobody has acknowledged and that were not given up, by case and status.
    package private(set) var untold: [String: PlatformMessage] = [:]
    /// Notices that nobody has ever acknowledged, given up or not.
    package private(set) var unacknowledged: Set<String> = []

    /// One case has several notices, so its status is part of the key.
    private static func key(_ entry: LedgerEntry) -> String {
        "\(entry.subject)/\(entry.word ?? "")"
    }

    mutating func apply(_ entry: LedgerEntry) {
        let id = entry.subject
        let decision = entry.word.flatMap(RDRDecision.init(rawValue:))
        switch entry.kind {
        case .decisionAsked: decisions[id, default: Decision()].asked += 1
        case .decisionAnswered:
            answers[entry.word ?? "", default: 0] += 1
            slowestMilliseconds = max(slowestMilliseconds, entry.milliseconds ?? 0)
            decide(id, decision, isAnswer: true)
        case .decisionFellBack:
            answers["FALLBACK", default: 0] += 1
            decide(id, decision, isAnswer: false)
        case .notificationSent: sent(entry)
        case .notificationAcknowledged:
            untold[Self.key(entry)] = nil
            unacknowledged.remove(Self.key(entry))
        case .notificationGivenUp: untold[Self.key(entry)] = nil
        default: break
        }
    }

    /// What came first stays.
    private mutating func decide(_ id: String, _ decision: RDRDecision?, isAnswer: Bool) {
        var known = decisions[id] ?? Decision()
        known.effective = known.effective ?? decision
        if isAnswer { known.answered = known.answered ?? decision }
        decisions[id] = known
    }

    private mutating func sent(_ entry: LedgerEntry) {
        let key = Self.key(entry)
        unacknowledged.insert(key)
        if let body = entry.body {
            untold[key] = PlatformMessage(subject: entry.subject, body: body, word: entry.word)
        }
        untold[key]?.attempt = entry.attempt ?? 1
    }
}
