import ParryWire

/// What is kept of a network's message.
enum RawMessage {
    /// Members whose values are identifiers: one in ten passes for a card number (amendment 5).
    private static let identifiers: Set = [
        "alertId", "acquirerReferenceNumber", "arn", "decisionId", "caseId", "transactionId",
        "requestId", "enrolmentId", "cardAcceptorId", "merchantId",
    ]

    /// The message exactly as it came; only members with a full card number lose their value, because none is ever
    /// stored.
    static func kept(_ value: JSONValue) -> [UInt8] {
        let raw = Array(value.raw)
        guard value.kind == .object, CardNumber.appears(in: String(decoding: raw, as: UTF8.self))
        else { return raw }
        var json = JSONWriter(capacity: raw.count)
        json.beginObject()
        for member in value.members {
            json.key(member.name)
            if holdsCardNumber(member.name, member.value) {
                json.string("[card number removed]")
            } else {
                json.raw(member.value.raw)
            }
        }
        json.endObject()
        return json.bytes
    }

    /// The same for a body that was read already.
    static func kept(_ body: [UInt8]) -> [UInt8] {
        (try? JSONDocument.parse(body).root).map(kept) ?? []
    }

    /// Whether an identifier is written as only card numbers are.
    static func isGroupedCardNumber(_ text: String) -> Bool {
        text.contains { $0 == " " || $0 == "-" } && CardNumber.appears(in: text)
    }

    private static func holdsCardNumber(_ name: String, _ value: JSONValue) -> Bool {
        if identifiers.contains(name), value.kind == .string {
            // Of an identifier that is a card number's length, nothing tells whether it is one: only what
            // is grouped like a card is.
            return value.string.map(isGroupedCardNumber) ?? false
        }
        return CardNumber.appears(in: String(decoding: value.raw, as: UTF8.self))
    }
}
