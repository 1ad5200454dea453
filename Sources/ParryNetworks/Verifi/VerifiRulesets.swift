import NIOHTTP1
import ParryDomain
import ParryWire

/// Rules as Verifi takes them: `PUT {verifi}/rulesets/{enrolmentId}` (NETWORKS.md), whose body is ours to choose.
enum VerifiRulesets {
    /// Sends the rules of one enrolment.
    static func send(
        _ request: ClaimedNetworkRequest, at base: String, token: String?,
        over client: NetworkClient
    ) async -> NetworkAnswer {
        guard let payload = try? JSONDocument.parse(Array(request.payload.utf8)).root,
            let id = payload["enrolment_network_id"]?.string,
            let version = payload["version"]?.integer
        else { return .final("the request's payload cannot be read") }
        let reply = await client.send(
            .PUT, base + "/rulesets/" + id, token: token,
            body: body(payload["ruleset"], version: version))
        let isTaken = reply.status.map { (200..<300).contains($0) } ?? false
        return isTaken ? .taken(networkID: nil) : reply.answerOfFailure
    }

    /// At the network ACCEPT is to refund. What no rule decides is refunded there, so that without a ruleset, or with a
    /// disabled one, there are no rules.
    static func body(_ ruleset: JSONValue?, version: Int64) -> [UInt8] {
        let isEnabled = ruleset?["is_enabled"]?.boolean == true
        let rules = isEnabled ? ruleset?["rules"]?.elements.map(\.self) ?? [] : []
        var json = JSONWriter(capacity: 1_024)
        json.beginObject()
        json.field("version", version)
        json.field("defaultDecision", CaseDecision.accept)
        json.field("decision", decision(ruleset?["outcome"]?.string))
        json.field("joinOperator", ruleset?["join_operator"]?.string)
        json.key("rules")
        json.beginArray()
        for rule in rules {
            json.beginObject()
            json.field("type", rule["type"]?.string)
            json.key("parameters")
            if let parameters = rule["parameters"] { json.raw(parameters.raw) } else { json.null() }
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    private static func decision(_ outcome: String?) -> CaseDecision? {
        outcome.flatMap(AlertAction.init).map { CaseDecision($0) }
    }
}
