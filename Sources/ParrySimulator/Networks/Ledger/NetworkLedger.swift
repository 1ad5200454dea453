/// Everything that was sent and received, in order: it is only ever appended to.
///
/// Memory is bounded: the oldest entries leave it (``SimulatorLimits``), while counts and faults
/// stay. A ledger file keeps all.
package struct NetworkLedger: Sendable {
    /// The entries still in memory, oldest first.
    package private(set) var entries: ArraySlice<LedgerEntry> = []
    /// How often each kind happened, forgotten entries included.
    package private(set) var counts: [LedgerEntry.Kind: Int] = [:]
    /// The first faults, up to ``SimulatorLimits/faultsKeptMax``; the count of all is in
    /// ``counts``.
    package private(set) var faults: [LedgerEntry] = []
    /// The sequence number of the last entry; 0 before the first.
    package private(set) var last: Int64 = 0
    private var lastExchange: Int64 = 0
    private var bodyBytes = 0
    private let entriesMax: Int
    private let bodyBytesMax: Int

    /// An empty ledger.
    ///
    /// - Parameters:
    ///   - entriesMax: Entries kept in memory.
    ///   - bodyBytesMax: Bytes of messages kept with them.
    package init(
        entriesMax: Int = SimulatorLimits.ledgerEntriesMax,
        bodyBytesMax: Int = SimulatorLimits.ledgerBodyBytesMax
    ) {
        self.entriesMax = entriesMax
        self.bodyBytesMax = bodyBytesMax
    }

    /// Takes an entry, gives it the next number and returns it as it is kept.
    @discardableResult
    package mutating func append(_ entry: LedgerEntry) -> LedgerEntry {
        var entry = entry
        entry.sequence = last + 1
        keep(entry)
        return entry
    }

    /// Takes an entry that was read back, with its own number.
    ///
    /// - Returns: False for a number that is not behind the last one: such an entry is not taken.
    package mutating func restore(_ entry: LedgerEntry) -> Bool {
        guard entry.sequence > last else { return false }
        keep(entry)
        return true
    }

    /// The number of the next request to the platform.
    package mutating func nextExchange() -> Int64 {
        lastExchange += 1
        return lastExchange
    }

    private mutating func keep(_ entry: LedgerEntry) {
        last = entry.sequence
        lastExchange = max(lastExchange, entry.exchange ?? 0)
        counts[entry.kind, default: 0] += 1
        if entry.kind == .protocolFault, faults.count < SimulatorLimits.faultsKeptMax {
            faults.append(entry)
        }
        entries.append(entry)
        bodyBytes += entry.body?.count ?? 0
        if entries.count > entriesMax || bodyBytes > bodyBytesMax { forget() }
    }

    /// A tenth leaves at a time, so that appending stays cheap.
    private mutating func forget() {
        let leaving = max(1, entries.count / 10)
        for entry in entries.prefix(leaving) { bodyBytes -= entry.body?.count ?? 0 }
        entries = ArraySlice(Array(entries.dropFirst(leaving)))
    }
}

/// Which entries somebody wants to see.
package struct LedgerQuery: Sendable, Equatable {
    package var kind: LedgerEntry.Kind?
    package var network: LedgerEntry.Network?
    package var subject: String?
    /// Entries behind this number.
    package var after: Int64 = 0
    package var limit = 100

    /// Everything, a page at a time.
    package init() {}
}

extension NetworkLedger {
    /// One page, oldest first.
    ///
    /// - Returns: The entries, and the number to ask on from; nil when this was the last page.
    package func page(_ query: LedgerQuery) -> (entries: [LedgerEntry], next: Int64?) {
        var found: [LedgerEntry] = []
        for entry in entries[firstIndex(after: query.after)...] where Self.matches(entry, query) {
            guard found.count < query.limit else { return (found, found.last?.sequence) }
            found.append(entry)
        }
        return (found, nil)
    }

    /// By halves, since numbers only grow.
    private func firstIndex(after sequence: Int64) -> Int {
        var low = entries.startIndex
        var high = entries.endIndex
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].sequence <= sequence { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func matches(_ entry: LedgerEntry, _ query: LedgerQuery) -> Bool {
        if let kind = query.kind, kind != entry.kind { return false }
        if let network = query.network, network != entry.network { return false }
        if let subject = query.subject, subject != entry.subject { return false }
        return true
    }
}
