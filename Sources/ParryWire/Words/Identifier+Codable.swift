extension Identifier: Codable {
    /// Reads an id that a platform gave. Only its prefix is looked at: what stands behind it is the platform's affair.
    ///
    /// - Throws: `DecodingError` where it is another resource's.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = Self.given(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "no id with \(Resource.idPrefix)")
        }
        self = id
    }

    /// An id that some platform gave; nil where the prefix is another resource's.
    public static func given(_ text: String) -> Self? {
        guard text.hasPrefix(Resource.idPrefix), text.utf8.count > Resource.idPrefix.utf8.count,
            text.utf8.count <= 255
        else { return nil }
        return Self(stored: text)
    }

    /// Writes ``text``.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
