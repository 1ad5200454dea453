import ParryWire

/// All alerts of a world, kept until every sale has been held against them.
///
/// It is the one part of a world that grows in memory: about two kilobytes an alert.
struct AlertBook {
    private struct Entry {
        var cast: AlertCast.Cast
        /// How the true sale fits; nil when there is none, or when it does not fit at all.
        let own: Fit?
        var isDecidable: Bool
    }

    private let rates: WorldRates
    private var entries: [Entry] = []
    /// Entries by organisation and last 4, and by organisation and code: a sale that agrees in
    /// neither cannot rival anything, because ARNs of a world are never given twice.
    private var byLast4: [UInt64: [Int]] = [:]
    private var byCode: [UInt64: [Int]] = [:]

    init(rates: WorldRates) {
        self.rates = rates
    }

    /// Keeps an alert and holds it against its own sale.
    mutating func add(_ cast: AlertCast.Cast, sale: SoldTransaction) {
        let isKnown = cast.truth.transactionReferenceID != nil
        let own = isKnown ? cast.evidence.fit(sale, rates: rates) : nil
        let isDecidable = !isKnown || (own?.identity ?? 0) >= Fit.identityMin
        byLast4[Self.key(cast.organisation, cast.evidence.card.last4), default: []]
            .append(entries.count)
        if let code = cast.evidence.code {
            byCode[Self.key(cast.organisation, code), default: []].append(entries.count)
        }
        entries.append(Entry(cast: cast, own: own, isDecidable: isDecidable))
    }

    /// Holds one uploaded sale against every alert that it could be taken for.
    mutating func compare(_ item: WorldSale) {
        judge(item.sale, byLast4[Self.key(item.organisation, item.sale.card.last4)])
        if let code = item.sale.authorisationCode {
            judge(item.sale, byCode[Self.key(item.organisation, code)])
        }
    }

    private mutating func judge(_ sale: SoldTransaction, _ places: [Int]?) {
        for place in places ?? [] where entries[place].isDecidable {
            let entry = entries[place]
            guard entry.cast.truth.transactionReferenceID != sale.referenceID,
                let fit = entry.cast.evidence.fit(sale, rates: rates)
            else { continue }
            let isRival = entry.own.map(fit.rivals) ?? (fit.identity >= Fit.identityMin)
            if isRival { entries[place].isDecidable = false }
        }
    }

    /// The organisation, and the text's last six bytes.
    private static func key(_ organisation: Int, _ text: String) -> UInt64 {
        text.utf8.reduce(UInt64(0)) { ($0 << 8 | UInt64($1)) & 0xFFFF_FFFF_FFFF }
            | UInt64(organisation) << 48
    }

    /// The truths by the time of their alerts, the ids deciding between equal times.
    var truths: [AlertTruth] {
        entries.sorted { Self.isEarlier($0.cast, $1.cast) }.map { entry in
            var truth = entry.cast.truth
            truth.isDecidable = entry.isDecidable
            return truth
        }
    }

    /// The lines of `alerts.jsonl` by the time of sending.
    var lines: [[UInt8]] {
        let all = entries.flatMap { entry in
            entry.cast.messages.map { (id: entry.cast.truth.alertID, message: $0) }
        }
        let sorted = all.sorted {
            ($0.message.time, $0.id) < ($1.message.time, $1.id)
        }
        return sorted.map { Self.line($0.message.network, $0.message.json) }
    }

    private static func isEarlier(_ left: AlertCast.Cast, _ right: AlertCast.Cast) -> Bool {
        (left.messages[0].time, left.truth.alertID) < (right.messages[0].time, right.truth.alertID)
    }

    private static func line(_ network: StaticString, _ message: [UInt8]) -> [UInt8] {
        var writer = JSONWriter(capacity: message.count + 48)
        writer.beginObject()
        writer.field("network", "\(network)")
        writer.key("message")
        writer.raw(message)
        writer.endObject()
        return writer.bytes
    }
}
