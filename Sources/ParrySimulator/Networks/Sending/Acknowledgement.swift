import ParryWire

/// What an answer of the platform means for the messages that it answers (NETWORKS.md).
package struct Acknowledgement: Sendable, Equatable {
    /// Why each message is not acknowledged; a message that is not in here is.
    package private(set) var refused: [String: String] = [:]
    /// Where the answer itself breaks NETWORKS.md.
    package private(set) var faults: [String] = []

    /// Judges an answer.
    package init(of exchange: PlatformExchange, _ reply: PlatformReply) {
        let subjects = exchange.messages.map(\.subject)
        if let reason = Self.failure(of: exchange, reply) {
            refuse(subjects, reason)
            return
        }
        switch exchange.topic {
        case .alerts: readAlerts(subjects, reply.body)
        case .notifications: readNotification(subjects, reply.body)
        case .ethocaResults, .verifiResults: break
        }
    }

    /// Why the answer acknowledges nothing at all; nil when its body has to be read.
    private static func failure(of exchange: PlatformExchange, _ reply: PlatformReply) -> String? {
        guard let status = reply.status else { return reply.failure ?? "no answer" }
        guard status == 200 else { return "status \(status)" }
        return exchange.isTooSlow ? "acknowledged too late" : nil
    }

    private mutating func refuse(_ subjects: [String], _ reason: String) {
        for subject in subjects { refused[subject] = reason }
    }

    private mutating func readNotification(_ subjects: [String], _ body: [UInt8]) {
        var reader = MessageReader()
        let root = reader.root(body, members: ["status"])
        let status: Success? = root.flatMap { reader.word($0, "status") }
        faults = reader.faults
        if status == nil { refuse(subjects, "no success in the answer") }
    }

    private enum Success: String, CaseIterable { case success }

    private enum Status: String, CaseIterable {
        case success = "SUCCESS"
        case failure = "FAILURE"
    }

    private mutating func readAlerts(_ subjects: [String], _ body: [UInt8]) {
        refuse(subjects, "missing in the acknowledgements")
        var reader = MessageReader()
        if let root = reader.root(body, members: ["status", "acknowledgements"]) {
            let _: Success? = reader.word(root, "status")
            let items = reader.list(root, "acknowledgements", count: 0...subjects.count)
            let known = Set(subjects)
            for item in items { read(item, known, &reader) }
        }
        faults = reader.faults
    }

    private mutating func read(
        _ item: MessagePart, _ known: Set<String>, _ reader: inout MessageReader
    ) {
        reader.only(item, members: ["alertId", "status", "error"])
        let id = reader.text(item, "alertId", 0...SimulatorLimits.descriptorMax)
        let status: Status? = reader.word(item, "status")
        guard let id, let status else { return }
        guard known.contains(id) else {
            return reader.fault(item, "alertId", "is none of the alerts of this push")
        }
        switch status {
        case .success: refused[id] = nil
        case .failure: refused[id] = Self.reason(item.value["error"])
        }
    }

    private static func reason(_ error: JSONValue?) -> String {
        guard let error, !error.isNull else { return "FAILURE" }
        return "FAILURE: \(error.string ?? String(decoding: error.raw, as: UTF8.self))"
    }
}
