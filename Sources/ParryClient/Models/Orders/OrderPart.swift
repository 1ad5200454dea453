/// A nested object of an order, of which an order can have several.
public protocol OrderPart: Codable, Sendable {}

extension KeyedEncodingContainer {
    /// Writes the parts that there are, and no empty list: an order that says nothing of refunds is then the same,
    /// whoever sends it.
    mutating func encode<Part: OrderPart>(_ parts: [Part], forKey key: Key) throws {
        guard !parts.isEmpty else { return }
        try encodeIfPresent(parts, forKey: key)
    }
}
