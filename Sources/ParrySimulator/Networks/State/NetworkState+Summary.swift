import ParryWire

/// What the ledger says in short.
extension NetworkState {
    /// The answer to `GET /ledger/summary`. Lists are cut at ``SimulatorLimits/summaryListMax``;
    /// counts are exact.
    package var summary: NetworkAnswer {
        .object { json in
            json.field("entries", ledger.last)
            json.field("oldestInMemory", ledger.entries.first?.sequence)
            writeCounts(into: &json)
            writeAlerts(into: &json)
            writeDecisions(into: &json)
            writeNotifications(into: &json)
            writeEnrolments(into: &json)
            writeFaults(into: &json)
            json.key("pushes")
            json.beginObject()
            json.field("inFlight", queue.inFlight)
            json.field("waiting", queue.waiting.count)
            json.endObject()
            json.key("feeds")
            json.beginArray()
            for feed in feeds { feed.write(into: &json) }
            json.endArray()
            json.key("misbehaviour")
            misbehaviour.write(into: &json)
        }
    }

    private func writeCounts(into json: inout JSONWriter) {
        json.key("counts")
        json.beginObject()
        for kind in LedgerEntry.Kind.allCases {
            guard let count = ledger.counts[kind] else { continue }
            json.key(kind.rawValue)
            json.integer(Int64(count))
        }
        json.endObject()
    }

    private func writeAlerts(into json: inout JSONWriter) {
        let alerts = ethoca.alerts
        let withOutcome = alerts.outcomes.values.reduce(0, +)
        json.key("alerts")
        json.beginObject()
        json.field("pushed", alerts.records.count)
        json.field("acknowledged", alerts.records.count - alerts.unacknowledged.count)
        json.field("neverAcknowledged", alerts.unacknowledged.count)
        json.field("withOutcome", withOutcome)
        json.field("withoutOutcome", alerts.records.count - withOutcome)
        json.field("withConflictingOutcomes", alerts.conflicting.count)
        json.field("withRepeatedOutcomes", alerts.repeated.count)
        Self.write("outcomes", alerts.outcomes, into: &json)
        Self.write("refusals", alerts.refusals, into: &json)
        json.field("neverAcknowledgedIds", Self.list(alerts.unacknowledged))
        json.field("conflictingIds", Self.list(alerts.conflicting))
        json.field("repeatedIds", Self.list(alerts.repeated))
        json.endObject()
    }

    private func writeDecisions(into json: inout JSONWriter) {
        json.key("decisions")
        json.beginObject()
        json.field("cases", verifi.cases.decisions.count)
        json.field("slowestMilliseconds", verifi.cases.slowestMilliseconds)
        Self.write("answers", verifi.cases.answers, into: &json)
        json.endObject()
    }

    private func writeNotifications(into json: inout JSONWriter) {
        json.key("notifications")
        json.beginObject()
        json.field("neverAcknowledged", verifi.cases.unacknowledged.count)
        json.field("neverAcknowledgedIds", Self.list(verifi.cases.unacknowledged))
        json.endObject()
    }

    private func writeEnrolments(into json: inout JSONWriter) {
        json.key("enrolments")
        json.beginArray()
        for (id, enrolment) in ethoca.enrolments.all.sorted(by: { $0.key < $1.key }).prefix(
            SimulatorLimits.summaryListMax)
        {
            json.beginObject()
            json.field("network", LedgerEntry.Network.ethoca)
            json.field("enrolmentId", id)
            json.field("statuses", enrolment.descriptors.map(\.status.rawValue))
            json.field("removed", enrolment.isRemoved)
            json.endObject()
        }
        for (id, enrolment) in verifi.enrolments.all.sorted(by: { $0.key < $1.key }).prefix(
            SimulatorLimits.summaryListMax)
        {
            json.beginObject()
            json.field("network", LedgerEntry.Network.verifi)
            json.field("enrolmentId", id)
            json.field("statuses", [enrolment.status.rawValue])
            json.field("removed", enrolment.isRemoved)
            json.field("rulesetVersion", enrolment.ruleset?.version)
            json.endObject()
        }
        json.endArray()
    }

    private func writeFaults(into json: inout JSONWriter) {
        json.field("protocolFaults", ledger.counts[.protocolFault] ?? 0)
        json.key("faults")
        json.beginArray()
        for fault in ledger.faults { fault.write(into: &json) }
        json.endArray()
    }

    private static func list(_ ids: Set<String>) -> [String] {
        Array(ids.sorted().prefix(SimulatorLimits.summaryListMax))
    }

    private static func write(
        _ name: StaticString, _ counts: [String: Int], into json: inout JSONWriter
    ) {
        json.key(name)
        json.beginObject()
        for (word, count) in counts.sorted(by: { $0.key < $1.key }) {
            json.key(word)
            json.integer(Int64(count))
        }
        json.endObject()
    }

    /// The answer to `GET /ledger/alerts/{id}`; 404 for an alert that was never pushed.
    package func fate(ofAlert id: String) -> NetworkAnswer {
        guard let record = ethoca.alerts.records[id] else {
            return .errors(["there is no such alert"], status: 404)
        }
        var query = LedgerQuery()
        query.subject = id
        query.limit = SimulatorLimits.ledgerPageMax
        let entries = ledger.page(query).entries
        return .object { json in
            json.field("alertId", id)
            json.field("pushes", record.pushes)
            json.field("acknowledgements", record.acknowledgements)
            json.field("givenUp", record.isGivenUp)
            json.field("firstSentAt", record.firstSentAt)
            json.field("closesAt", record.closesAt)
            json.field("outcomesReceived", record.outcomesReceived)
            json.field("conflicting", record.hasConflict)
            Self.write(record, into: &json)
            json.key("entries")
            json.beginArray()
            for entry in entries { entry.write(into: &json) }
            json.endArray()
        }
    }

    private static func write(_ record: EthocaAlertRecord, into json: inout JSONWriter) {
        json.key("outcome")
        guard let outcome = record.outcome else { return json.null() }
        json.beginObject()
        json.field("outcome", outcome.word)
        json.field("refundStatus", outcome.refundStatus)
        json.field("amount", outcome.amount)
        json.field("currency", outcome.currency)
        json.field("receivedAt", record.outcomeAt)
        json.endObject()
    }
}
