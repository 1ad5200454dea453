import ParryWire

/// One line of a feed: a line of a world's `alerts.jsonl`, which is `{"network", "message"}`, or a
/// raw alert alone.
enum FeedLine: Sendable, Equatable {
    case alert(PlatformMessage)
    case decision(id: String, body: [UInt8])
    case notice(decisionID: String, PlatformMessage)

    /// Reads a line; nil when it is none.
    init?(_ line: [UInt8]) {
        guard let root = (try? JSONDocument.parse(line))?.root, root.kind == .object else {
            return nil
        }
        guard let network = root["network"]?.string else {
            guard let alert = RawMessage.alert(root) else { return nil }
            self = .alert(alert)
            return
        }
        guard let message = root["message"], message.kind == .object else { return nil }
        switch network {
        case "ethoca": self.init(ethoca: message)
        case "verifi", "verifi-decision", "verifi-notification": self.init(verifi: message)
        default: return nil
        }
    }

    private init?(ethoca message: JSONValue) {
        guard let alert = RawMessage.alert(message) else { return nil }
        self = .alert(alert)
    }

    /// Only a notice names a case.
    private init(verifi message: JSONValue) {
        let id = message["decisionId"]?.string ?? ""
        if message["caseId"] == nil {
            self = .decision(id: id, body: Array(message.raw))
        } else {
            self = .notice(decisionID: id, RawMessage.notice(message))
        }
    }
}

/// Messages as somebody gives them: they are sent as they are, well formed or not.
enum RawMessage {
    /// One alert; nil when it is no object. One without an id is pushed once, since nothing can
    /// acknowledge it.
    static func alert(_ value: JSONValue, isRepeated: Bool = true) -> PlatformMessage? {
        guard value.kind == .object else { return nil }
        let id = value["alertId"]?.string ?? ""
        return PlatformMessage(
            subject: id, body: Array(value.raw), isRepeated: isRepeated && !id.isEmpty)
    }

    /// One notice; the ledger knows it by its case and status.
    static func notice(_ value: JSONValue) -> PlatformMessage {
        PlatformMessage(
            subject: value["caseId"]?.string ?? "", body: Array(value.raw),
            word: value["status"]?.string ?? "")
    }
}
