/// Both networks and their ledger as one value: every method changes it at once and says what has
/// to be done.
///
/// Who holds it (``NetworkDesk``) does that outside of any lock. Given the same seed and the same
/// calls at the same times, it does the same.
package struct NetworkState: Sendable {
    package internal(set) var ledger: NetworkLedger
    package internal(set) var ethoca: SimulatedEthoca
    package internal(set) var verifi: SimulatedVerifi
    package var misbehaviour = Misbehaviour()
    package internal(set) var queue = SendQueue()
    package internal(set) var plays = WaitingPlays()
    package internal(set) var feeds: [AlertFeed] = []
    /// Entries that the ledger file does not have yet.
    private var unwritten: [LedgerEntry] = []
    package let settings: NetworkSettings

    /// Networks that have seen nothing yet.
    package init(_ settings: NetworkSettings, ledger: NetworkLedger = NetworkLedger()) {
        self.settings = settings
        self.ledger = ledger
        ethoca = SimulatedEthoca(settings)
        verifi = SimulatedVerifi(settings)
    }

    /// Takes an entry that a network has already followed.
    mutating func keep(_ entry: LedgerEntry) {
        let kept = ledger.append(entry)
        if settings.ledgerFile != nil { unwritten.append(kept) }
    }

    /// Takes an entry, and lets both networks follow it.
    mutating func note(_ entry: LedgerEntry) {
        ethoca.apply(entry)
        verifi.apply(entry)
        keep(entry)
    }

    /// Hands over what has to be written to the ledger file.
    package mutating func takeUnwritten() -> [LedgerEntry] {
        defer { unwritten = [] }
        return unwritten
    }

    /// Takes an entry of an earlier run.
    package mutating func restore(_ entry: LedgerEntry) {
        guard ledger.restore(entry) else { return }
        ethoca.apply(entry)
        verifi.apply(entry)
    }

    /// What an earlier run left to do: pushes that nobody acknowledged, and results that nobody was
    /// told.
    package func resume() -> [NetworkAction] {
        repushes(.alerts, ethoca.alerts.records.values.compactMap(\.waiting), together: 25)
            + repushes(.ethocaResults, Array(ethoca.enrolments.untold.values))
            + repushes(.verifiResults, Array(verifi.enrolments.untold.values))
            + repushes(.notifications, Array(verifi.cases.untold.values))
            + ethoca.enrolments.undecided.sorted().map { result(.ethoca, $0) }
            + verifi.enrolments.undecided.sorted().map { result(.verifi, $0) }
    }

    private func result(_ network: LedgerEntry.Network, _ id: String) -> NetworkAction {
        .wait(settings.enrolmentDelay, then: .results(network, enrolmentID: id, [.final]))
    }

    private func repushes(
        _ topic: PlatformTopic, _ messages: [PlatformMessage], together: Int = 1
    ) -> [NetworkAction] {
        let sorted = messages.sorted { ($0.subject, $0.word ?? "") < ($1.subject, $1.word ?? "") }
        return stride(from: 0, to: sorted.count, by: together).map { start in
            let batch = sorted[start..<min(start + together, sorted.count)].map { message in
                var next = message
                next.attempt += 1
                return next
            }
            return .wait(.zero, then: .repush(topic, batch))
        }
    }
}
