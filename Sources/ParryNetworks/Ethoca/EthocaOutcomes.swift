package import ParryDomain
import ParryWire

/// Outcomes in Ethoca's words (CONTRACT.md 9.5), and its answers to them.
package enum EthocaOutcomes {
    /// The body of `POST /outcomes`.
    package static func body(_ outcomes: [NetworkOutcome]) -> [UInt8] {
        var json = JSONWriter(capacity: 256 * outcomes.count)
        json.beginObject()
        json.key("outcomes")
        json.beginArray()
        for outcome in outcomes { write(outcome, to: &json) }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    private static func write(_ outcome: NetworkOutcome, to json: inout JSONWriter) {
        let currency = Currency(code: outcome.currency)
        json.beginObject()
        json.field("alertId", outcome.networkID)
        json.field("outcome", word(outcome.reason, outcome.category))
        json.field("refundStatus", outcome.reason.isRefunded ? "REFUNDED" : "NOT_REFUNDED")
        json.field("amount", currency.map { $0.decimal(outcome.amount) })
        json.field("currency", outcome.currency)
        json.field("timestamp", outcome.decidedAt)
        json.field("comments", outcome.comments)
        json.endObject()
    }

    /// Ethoca has words of its own for fraud and for disputes.
    package static func word(_ reason: OutcomeReason, _ category: DisputeCategory) -> String {
        switch (reason, category) {
        case (.refunded, .fraud): "STOPPED"
        case (.refunded, .dispute): "RESOLVED"
        case (.cancelled, .fraud): "ACCOUNT_SUSPENDED"
        case (.cancelled, .dispute): "OTHER"
        case (.notRefunded, .fraud), (.alreadyDisputed, .fraud): "MISSED"
        case (.notRefunded, .dispute), (.alreadyDisputed, .dispute): "UNRESOLVED_DISPUTE"
        case (.alreadyRefunded, .fraud): "PREVIOUSLY_CANCELLED"
        case (.alreadyRefunded, .dispute): "RESOLVED_PREVIOUSLY_REFUNDED"
        case (.notFound, _): "NOT_FOUND"
        }
    }

    /// What became of each of these alerts by Ethoca's answer. One that is not mentioned is sent again.
    package static func answers(
        _ reply: NetworkReply, for alertIDs: [String]
    ) -> [NetworkAnswer] {
        let nothing = NetworkAnswer.recoverable("the answer does not mention the alert")
        guard reply.status == 200 else {
            return alertIDs.map { _ in reply.answerOfFailure }
        }
        guard let root = try? JSONDocument.parse(reply.body).root else {
            return alertIDs.map { _ in .recoverable("the answer is not JSON") }
        }
        var found: [String: NetworkAnswer] = [:]
        for item in items(root) {
            guard let id = item["alertId"]?.string else { continue }
            found[id] = answer(item)
        }
        return alertIDs.map { found[$0] ?? nothing }
    }

    /// The list is called `outcomes`, `results` or `acknowledgements`: NETWORKS.md leaves its name open.
    private static func items(_ root: JSONValue) -> [JSONValue] {
        let list =
            root.kind == .array ? root : root.members.map(\.value).first { $0.kind == .array }
        return list.map { Array($0.elements) } ?? []
    }

    private static func answer(_ item: JSONValue) -> NetworkAnswer {
        if item["status"]?.string == "SUCCESS" { return .taken(networkID: nil) }
        let code = item["error"]?["code"]?.string ?? "FAILURE"
        return item["error"]?["recoverable"]?.boolean == true ? .recoverable(code) : .final(code)
    }
}
