import ParryWire

/// A control request that cannot be done, with every reason.
struct ControlRefusal: Error {
    var status = 400
    let reasons: [String]
}

/// The bodies of `/control`, read strictly.
enum ControlRequests {
    /// Reads a body and throws what is wrong with it.
    static func read<Value>(
        _ body: [UInt8], members: [String],
        _ read: (MessagePart, inout MessageReader) -> Value?
    ) throws(ControlRefusal) -> Value {
        var reader = MessageReader()
        let value = reader.root(body, members: members).flatMap { read($0, &reader) }
        guard let value, reader.faults.isEmpty else { throw ControlRefusal(reasons: reader.faults) }
        return value
    }

    /// `{"alerts": [...], "repush": true}`: raw alerts, right or wrong.
    static func push(_ body: [UInt8]) throws(ControlRefusal) -> [PlatformMessage] {
        try read(body, members: ["alerts", "repush"]) { root, reader in
            let isRepeated = reader.flag(root, "repush", else: true)
            return reader.list(root, "alerts", count: 1...SimulatorLimits.alertsPerPushMax)
                .compactMap { RawMessage.alert($0.value, isRepeated: isRepeated) }
        }
    }

    /// A raw notice, right or wrong.
    static func notice(_ body: [UInt8]) throws(ControlRefusal) -> PlatformMessage {
        guard let root = (try? JSONDocument.parse(body))?.root, root.kind == .object else {
            throw ControlRefusal(reasons: ["the body is no JSON object"])
        }
        return RawMessage.notice(root)
    }

    /// A raw decision request.
    static func decision(_ body: [UInt8]) throws(ControlRefusal) -> [UInt8] {
        guard let root = (try? JSONDocument.parse(body))?.root, root.kind == .object else {
            throw ControlRefusal(reasons: ["the body is no JSON object"])
        }
        return body
    }

    /// ``Misbehaviour`` as a whole: what is not given is off.
    static func misbehaviour(_ body: [UInt8]) throws(ControlRefusal) -> Misbehaviour {
        let members = [
            "outcomes", "failEnrolments", "duplicatePushes", "unavailable", "slowSeconds",
            "outOfOrder",
        ]
        return try read(body, members: members) { root, reader in
            var wanted = Misbehaviour()
            if let outcomes = root.value["outcomes"] {
                let part = MessagePart(value: outcomes, path: "outcomes")
                reader.only(part, members: ["recoverable", "final"])
                wanted.recoverableOutcomes = reader.count(part, "recoverable")
                wanted.finalOutcomes = reader.count(part, "final")
            }
            wanted.failedEnrolments = reader.count(root, "failEnrolments")
            wanted.duplicatePushes = reader.count(root, "duplicatePushes")
            wanted.unavailable = reader.count(root, "unavailable")
            wanted.slowSeconds = reader.integer(root, "slowSeconds", in: 0...600, else: 0)
            wanted.isOutOfOrder = reader.flag(root, "outOfOrder", else: false)
            return wanted
        }
    }

    /// `{"path": "alerts.jsonl", "rate": 100, "batch": 25}`.
    static func feed(
        _ body: [UInt8]
    ) throws(ControlRefusal) -> (path: String, rate: Int, batch: Int) {
        try read(body, members: ["path", "rate", "batch"]) { root, reader in
            guard let path = reader.text(root, "path", 1...4_096) else { return nil }
            let rate = reader.integer(root, "rate", in: 0...1_000_000, else: 0)
            let most = SimulatorLimits.alertsPerPushMax
            return (path, rate, reader.integer(root, "batch", in: 1...most, else: 25))
        }
    }
}

/// Members that a control request may leave out.
extension MessageReader {
    mutating func integer(
        _ part: MessagePart, _ name: String, in range: ClosedRange<Int>, else standard: Int
    ) -> Int {
        guard let value = part.value[name], !value.isNull else { return standard }
        if let number = value.integer.flatMap({ Int(exactly: $0) }), range.contains(number) {
            return number
        }
        fault(part, name, "has to be an integer from \(range.lowerBound) to \(range.upperBound)")
        return standard
    }

    mutating func count(_ part: MessagePart, _ name: String) -> Int {
        integer(part, name, in: 0...1_000_000_000, else: 0)
    }

    mutating func flag(_ part: MessagePart, _ name: String, else standard: Bool) -> Bool {
        guard let value = part.value[name], !value.isNull else { return standard }
        if let flag = value.boolean { return flag }
        fault(part, name, "has to be true or false")
        return standard
    }
}
