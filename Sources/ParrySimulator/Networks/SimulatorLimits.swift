/// The bounds of the simulated networks, each with its reason. What the networks promise the
/// platform is in ``NetworkSettings``.
package enum SimulatorLimits {
    /// Ledger entries kept in memory; older ones are in the ledger file alone. A day of a hundred
    /// alerts a second needs more, a test run does not.
    package static let ledgerEntriesMax = 1_000_000
    /// Bytes of messages kept in memory with them, so that a million entries cannot take a small
    /// machine's memory.
    package static let ledgerBodyBytesMax = 256 * 1_024 * 1_024
    /// Entries in one answer.
    package static let ledgerPageMax = 1_000
    /// Ids that a summary lists of each kind; the counts beside them are exact.
    package static let summaryListMax = 1_000
    /// Protocol faults that a summary quotes.
    package static let faultsKeptMax = 1_000
    /// Faults that one refusal names.
    package static let faultsNamedMax = 50
    /// Bytes of an unreadable body that the ledger keeps.
    package static let unreadableBytesKept = 4_096

    /// Outcomes in one request (NETWORKS.md, CONTRACT.md 9.5).
    package static let outcomesMax = 25
    /// Descriptors in one enrolment (CONTRACT.md 7.5: bulk limit 250 names).
    package static let descriptorsMax = 250
    /// ARNs in one enrolment; one or two suffice (CONTRACT.md 7.5).
    package static let arnsMax = 100
    /// Characters of a comment (CONTRACT.md 9.5).
    package static let commentMax = 1_024
    /// Characters of a descriptor on a statement (NETWORKS.md) with room for what the platform's
    /// callers send.
    package static let descriptorMax = 255
    /// Bytes of a request from the platform: 25 outcomes or a ruleset are far smaller.
    package static let requestBytesMax = 1_024 * 1_024
    /// Bytes of a control request: a push of the most alerts is about 600 KB.
    package static let controlBytesMax = 16 * 1_024 * 1_024
    /// Bytes of the platform's answer that are read.
    package static let answerBytesMax = 4 * 1_024 * 1_024

    /// Alerts in one push.
    package static let alertsPerPushMax = 1_000
    /// Pushes in flight that nobody waits for.
    package static let pushesInFlightMax = 32
    /// Pushes that may wait behind them before a feed pauses.
    package static let pushesWaitingMax = 64
    /// Alerts whose fate is remembered: about 400 bytes each.
    package static let alertsKnownMax = 2_000_000
    /// Plays that wait for their caller; the oldest is forgotten.
    package static let playsWaitingMax = 1_000
    /// Plays in one mixture.
    package static let mixtureMax = 10_000
    /// Feeds at a time.
    package static let feedsMax = 16
    /// Bytes of one line of a feed.
    package static let feedLineBytesMax = 64 * 1_024
    /// How long past its budget a decision is waited for, so that the ledger can say how late it
    /// was.
    package static let lateDecisionSeconds: Int64 = 5
}
