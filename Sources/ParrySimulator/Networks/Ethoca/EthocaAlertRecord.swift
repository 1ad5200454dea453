package import ParryWire

/// The fate of one alert at the network.
package struct EthocaAlertRecord: Sendable, Equatable {
    /// When it was pushed first.
    package let firstSentAt: Timestamp
    /// Outcomes that come later are too late.
    package let closesAt: Timestamp
    /// nil when the alert's type is none of NETWORKS.md, and any outcome will do.
    package let type: EthocaAlertMessage.AlertType?
    package fileprivate(set) var pushes = 0
    package fileprivate(set) var acknowledgements = 0
    /// Whether the network has stopped to push it, unacknowledged.
    package fileprivate(set) var isGivenUp = false
    /// The first final outcome: the one that counts (NETWORKS.md).
    package fileprivate(set) var outcome: EthocaOutcome?
    package fileprivate(set) var outcomeAt: Timestamp?
    /// Outcomes that came for it, refused and repeated ones included.
    package fileprivate(set) var outcomesReceived = 0
    /// Whether it was told something else after the outcome that counts.
    package fileprivate(set) var hasConflict = false
    /// The alert while nobody has acknowledged it, so that it can be pushed again after a restart.
    fileprivate(set) var waiting: PlatformMessage?

    init(firstSentAt: Timestamp, body: [UInt8]?, windowSeconds: Int64) {
        self.firstSentAt = firstSentAt
        let root = body.flatMap { try? JSONDocument.parse($0) }?.root
        let raised = root?["alertTimestamp"]?.string.flatMap { Timestamp(iso8601: $0) }
        closesAt = min(raised ?? firstSentAt, firstSentAt).adding(seconds: windowSeconds)
        type = root?["alertType"]?.string.flatMap(EthocaAlertMessage.AlertType.init(rawValue:))
    }
}

/// Every alert that was pushed, by its id; it changes by entries of the ledger alone.
package struct EthocaAlerts: Sendable {
    /// By alert id.
    package private(set) var records: [String: EthocaAlertRecord] = [:]
    /// Pushed and never acknowledged, given up or not.
    package private(set) var unacknowledged: Set<String> = []
    /// Told something else after the outcome that counts.
    package private(set) var conflicting: Set<String> = []
    /// Told the same outcome more than once.
    package private(set) var repeated: Set<String> = []
    /// How many alerts have each outcome, such as `RESOLVED/REFUNDED`.
    package private(set) var outcomes: [String: Int] = [:]
    /// Why outcomes were refused, by error code.
    package private(set) var refusals: [String: Int] = [:]
    private let windowSeconds: Int64

    init(windowSeconds: Int64) {
        self.windowSeconds = windowSeconds
    }

    mutating func apply(_ entry: LedgerEntry) {
        switch entry.kind {
        case .alertSent: sent(entry)
        case .alertAcknowledged: acknowledged(entry)
        case .alertGivenUp:
            records[entry.subject]?.isGivenUp = true
            records[entry.subject]?.waiting = nil
        case .outcomeReceived: told(entry)
        default: break
        }
    }

    private mutating func sent(_ entry: LedgerEntry) {
        let id = entry.subject
        var record =
            records.removeValue(forKey: id)
            ?? EthocaAlertRecord(
                firstSentAt: entry.at, body: entry.body, windowSeconds: windowSeconds)
        record.pushes += 1
        if record.acknowledgements == 0 {
            unacknowledged.insert(id)
            record.isGivenUp = false
            if let body = entry.body, entry.word != PlatformMessage.once {
                record.waiting = PlatformMessage(subject: id, body: body)
            }
            record.waiting?.attempt = entry.attempt ?? 1
        }
        records[id] = record
    }

    private mutating func acknowledged(_ entry: LedgerEntry) {
        records[entry.subject]?.acknowledgements += 1
        records[entry.subject]?.waiting = nil
        unacknowledged.remove(entry.subject)
    }

    private mutating func told(_ entry: LedgerEntry) {
        let id = entry.subject
        if let code = entry.note { refusals[code, default: 0] += 1 }
        records[id]?.outcomesReceived += 1
        switch entry.word.flatMap(EthocaVerdict.Word.init(rawValue:)) {
        case .counted: count(entry)
        case .repeated: repeated.insert(id)
        case .refused where entry.note == EthocaVerdict.alreadyFinal:
            conflicting.insert(id)
            records[id]?.hasConflict = true
        case .refused, .spoilt, nil: break
        }
    }

    private mutating func count(_ entry: LedgerEntry) {
        guard let outcome = entry.body.flatMap({ EthocaOutcome(stored: $0) }) else { return }
        records[entry.subject]?.outcome = outcome
        records[entry.subject]?.outcomeAt = entry.at
        outcomes["\(outcome.word.rawValue)/\(outcome.refundStatus.rawValue)", default: 0] += 1
    }
}
