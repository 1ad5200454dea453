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

    /// Whether an identifier is written as only card numbers are: in groups of digits that stand alone.
    ///
    /// Digits that letters join, as in a UUID or in `CASE-4111…`, are those of an identifier.
    static func isGroupedCardNumber(_ text: String) -> Bool {
        guard CardNumber.appears(in: text) else { return false }
        let words = text.split { !isDigitOrSeparator($0) && !$0.isWhitespace }
        return words.contains { isGrouped($0, in: text) && CardNumber.appears(in: String($0)) }
    }

    /// Whether these digits are of several groups, with nothing but spaces or an end of the text beside them.
    private static func isGrouped(_ digits: Substring, in text: String) -> Bool {
        let begins = digits.startIndex == text.startIndex || digits.first?.isWhitespace == true
        let ends = digits.endIndex == text.endIndex || digits.last?.isWhitespace == true
        return begins && ends && digits.split { !$0.isNumber }.count > 1
    }

    private static func isDigitOrSeparator(_ character: Character) -> Bool {
        character.isNumber || character.unicodeScalars.allSatisfy { $0.properties.isDash }
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
