import ParryDatabase
import ParryDomain
import ParryMatching
import ParryStore
import ParryWire

/// Queues what a network is told of its alerts, in the commit of what it tells of. The first outcome of an alert
/// is final, there and here.
struct OutcomeQueue {
    let mode: AccountMode
    let now: Timestamp

    /// Tells how an alert ended. One that is open, was simulated or came from RDR has nothing to be told; a duplicate is
    /// told what its original is, once that has ended.
    func tell(
        _ alert: Alert, _ record: AlertCaseStore.Case, _ tx: any WriteTransaction
    ) throws {
        guard alert.enrolmentType == .ethocaAlert, !record.isSimulated else { return }
        guard let reason = try reason(alert, record, tx) else { return }
        try tell(outcome(reason, of: alert, record), about: alert.id.text, slot: alert.id.slot, tx)
        try tellDuplicates(of: alert, reason, tx)
    }

    /// Tells the end of an alert whose case is not at hand.
    func tell(_ alert: Alert, _ tx: any WriteTransaction) throws {
        guard alert.state.status != .actionRequired,
            let record = try AlertCaseStore.find(alert.id, tx)
        else { return }
        try tell(alert, record, tx)
    }

    /// Tells the ends of many alerts.
    func tell(_ alerts: [Alert], _ tx: any WriteTransaction) throws {
        let ids = alerts.map(\.id)
        let records = try AlertCaseStore.find(ids, tx)
        let originals = try AlertCaseStore.originals(among: ids, tx)
        var news: [NetworkRequestStore.New] = []
        for alert in alerts {
            guard let record = records[alert.id], !record.isSimulated,
                alert.enrolmentType == .ethocaAlert
            else { continue }
            if originals.contains(alert.id) {
                try tell(alert, record, tx)
            } else if let reason = alert.outcomeReason {
                news.append(
                    new(outcome(reason, of: alert, record), alert.id.text, slot: alert.id.slot))
            }
        }
        try NetworkRequestStore.insert(news, mode: mode, now: now, tx)
    }

    private func new(
        _ outcome: NetworkOutcome, _ subject: String, slot: Int
    ) -> NetworkRequestStore.New {
        NetworkRequestStore.New(
            network: .ethoca, kind: .outcome, subjectID: subject, slot: slot,
            payload: outcome.stored)
    }

    /// Tells an outcome.
    func tell(
        _ outcome: NetworkOutcome, about subject: String, slot: Int, _ tx: any WriteTransaction
    ) throws {
        try NetworkRequestStore.insert(
            [new(outcome, subject, slot: slot)], mode: mode, now: now, tx)
    }

    /// How an alert ended; a duplicate ends as its original does, which may have become one itself.
    private func reason(
        _ alert: Alert, _ record: AlertCaseStore.Case, depth: Int = Limits.duplicateDepthMax,
        _ tx: any ReadTransaction
    ) throws -> OutcomeReason? {
        if let reason = alert.outcomeReason { return reason }
        switch record.invalidReason.flatMap(InvalidReason.init) {
        case nil: return nil
        case .alreadyRefunded: return .alreadyRefunded
        case .alreadyDisputed: return .alreadyDisputed
        case .wrongMerchant, .notFound: return .notFound
        case .duplicate:
            guard let original = try record.originalID.flatMap({ try AlertStore.named($0, tx) }),
                let itsRecord = try AlertCaseStore.find(original.id, tx), depth > 0
            else { return nil }
            return try reason(original, itsRecord, depth: depth - 1, tx)
        }
    }

    private func tellDuplicates(
        of alert: Alert, _ reason: OutcomeReason, depth: Int = Limits.duplicateDepthMax,
        _ tx: any WriteTransaction
    ) throws {
        guard depth > 0 else { return }
        for record in try AlertCaseStore.duplicates(
            of: alert.id, isSimulated: false, tx)
        {
            guard let duplicate = try AlertStore.named(record.alertID, tx) else { continue }
            try tell(
                outcome(reason, of: duplicate, record), about: duplicate.id.text,
                slot: duplicate.id.slot, tx)
            try tellDuplicates(of: duplicate, reason, depth: depth - 1, tx)
        }
    }

    /// Tells that a duplicate was not refunded, because its deadline comes before its original has ended.
    func tellLate(
        _ alert: Alert, _ record: AlertCaseStore.Case, _ tx: any WriteTransaction
    ) throws {
        guard alert.enrolmentType == .ethocaAlert, !record.isSimulated else { return }
        try tell(
            outcome(.notRefunded, of: alert, record), about: alert.id.text, slot: alert.id.slot, tx)
    }

    private func outcome(
        _ reason: OutcomeReason, of alert: Alert, _ record: AlertCaseStore.Case
    ) -> NetworkOutcome {
        NetworkOutcome(
            networkID: alert.networkID, category: record.category, reason: reason,
            amount: alert.transaction.amount, currency: alert.transaction.currency,
            decidedAt: now, comments: alert.state.note)
    }
}

extension NetworkOutcome {
    /// As a request's payload.
    var stored: String {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.field("alert_network_id", networkID)
        json.field("category", category)
        json.field("reason", reason)
        json.field("amount_in_cents", amount)
        json.field("currency", currency)
        json.field("decided_at", decidedAt)
        json.field("comments", comments)
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// Reads a payload; nil when it is none.
    package init?(stored text: String) {
        guard let root = try? JSONDocument.parse(Array(text.utf8)).root,
            let id = root["alert_network_id"]?.string,
            let category = root["category"]?.string.flatMap(DisputeCategory.init),
            let reason = root["reason"]?.string.flatMap(OutcomeReason.init),
            let amount = root["amount_in_cents"]?.integer,
            let currency = root["currency"]?.string,
            let time = root["decided_at"]?.string.flatMap({ Timestamp(iso8601: $0) })
        else { return nil }
        self.init(
            networkID: id, category: category, reason: reason, amount: amount,
            currency: currency, decidedAt: time, comments: root["comments"]?.string)
    }
}
