import HTTPTypes
import ParryDatabase
import ParryDomain
import ParryService
import ParryStore
import ParryTestSupport
import ParryWire

/// Compares what became of alerts with what was told about them, to the partner and to the network.
struct AlertBooks {
    let world: TestWorld
    private(set) var faults: [String] = []

    init(_ world: TestWorld) { self.world = world }

    /// Looks at every alert; what is wrong is in ``faults``.
    mutating func close() async throws {
        let page = try await world.send(.get, "/v1/alerts?limit=1000").json
        for alert in page["items"]?.elements.map(\.self) ?? [] {
            let id = alert["id"]?.string ?? ""
            try await compare(alert, id)
        }
    }

    private mutating func compare(_ alert: JSONValue, _ id: String) async throws {
        if alert["status"]?.string == "ACTION_REQUIRED" { faults.append("\(id) is open still") }
        let events = try await events(of: id)
        follow(events, to: alert, id)
        let requests = try await world.database.read {
            try NetworkRequestStore.list(about: id, $0)
        }
        let outcomes = requests.compactMap { NetworkOutcome(stored: $0.payload) }
        guard alert["enrolment_type"]?.string == "ETHOCA_ALERT" else {
            if !outcomes.isEmpty { faults.append("\(id) is a case, and an outcome was told") }
            return
        }
        if outcomes.count != 1 { faults.append("\(id) was told \(outcomes.count) times") }
        let isRefunded = outcomes.first.map { [.refunded, .alreadyRefunded].contains($0.reason) }
        if alert["status"]?.string == "RESOLVED",
            isRefunded != (alert["transaction_refund_outcome"]?.string == "REFUNDED")
        {
            faults.append("\(id) was told \(String(describing: outcomes.first?.reason))")
        }
    }

    private func events(of id: String) async throws -> [JSONValue] {
        try await world.database.read { tx in
            try tx.rows(
                """
                SELECT body FROM event WHERE object_id = \(id)
                AND type IN ('alert.created', 'alert.updated') ORDER BY id
                """
            ) { try $0.text() }
        }.map { try JSONDocument.parse(Array($0.utf8)).root }
    }

    /// From the first event each next one must begin where the one before it ended, and the last one must end at what the
    /// alert is. Of two at the same time either may be first.
    private mutating func follow(_ events: [JSONValue], to alert: JSONValue, _ id: String) {
        let created = events.filter { $0["type"]?.string == "alert.created" }
        guard created.count == 1, var state = created[0]["data"]?["object"].map(Self.members) else {
            return faults.append("\(id) was created \(created.count) times")
        }
        var left = events.filter { $0["type"]?.string == "alert.updated" }
        while let index = left.firstIndex(where: { Self.follows($0, state) }) {
            let next = left.remove(at: index)["data"]?["object"].map(Self.members) ?? [:]
            if Self.isFinal(state), Self.outcome(next) != Self.outcome(state) {
                faults.append("\(id) ended \(Self.outcome(state)), then \(Self.outcome(next))")
            }
            state = next
        }
        if !left.isEmpty { faults.append("\(id) has \(left.count) events that follow none") }
        let current = Self.members(alert).filter { $0.key != "links" }
        if state != current {
            let differing = current.keys.filter { state[$0] != current[$0] }.sorted()
            faults.append("\(id) differs from its last event in \(differing)")
        }
    }

    /// What the network decided can change; what it was told cannot.
    private static func isFinal(_ state: [String: String]) -> Bool {
        state["status"] == #""RESOLVED""# && state["enrolment_type"] == #""ETHOCA_ALERT""#
    }

    private static func outcome(_ state: [String: String]) -> String {
        (state["status"] ?? "") + " " + (state["transaction_refund_outcome"] ?? "")
    }

    private static func follows(_ event: JSONValue, _ state: [String: String]) -> Bool {
        guard let object = event["data"]?["object"].map(members),
            let previous = event["data"]?["previous_attributes"].map(members), !previous.isEmpty
        else { return false }
        return previous.allSatisfy { state[$0.key] == $0.value }
            && object.allSatisfy { previous[$0.key] != nil || state[$0.key] == $0.value }
    }

    /// What events tell of: the rest goes without saying.
    private static func members(_ value: JSONValue) -> [String: String] {
        var found: [String: String] = [:]
        for member in value.members where !["updated_at", "attention"].contains(member.name) {
            found[member.name] = String(decoding: member.value.raw, as: UTF8.self)
        }
        return found
    }
}
