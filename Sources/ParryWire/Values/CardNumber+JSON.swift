extension CardNumber {
    /// Whether any name, text or number in a document is or holds a full card number, also one that is written with escapes.
    ///
    /// The parser bounds how deep this goes.
    public static func appears(in value: JSONValue) -> Bool {
        switch value.kind {
        case .object: value.members.contains { appears(in: $0.name) || appears(in: $0.value) }
        case .array: value.elements.contains { appears(in: $0) }
        case .string: value.string.map { appears(in: $0) } ?? false
        case .number: appears(in: String(decoding: value.raw, as: UTF8.self))
        case .boolean, .null: false
        }
    }
}
