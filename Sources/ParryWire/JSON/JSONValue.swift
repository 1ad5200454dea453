/// A view of one value in a document: cheap to copy, decoded on reading.
public struct JSONValue: Sendable {
    /// The six kinds of value JSON knows.
    public enum Kind: UInt8, Sendable {
        /// Members by name.
        case object
        /// Elements in order.
        case array
        /// Text.
        case string
        /// An integer or a decimal.
        case number
        /// True or false.
        case boolean
        /// The explicit absence of a value.
        case null
    }

    let tape: JSONTape
    let index: Int

    var node: JSONNode { tape.nodes[index] }

    /// What kind of value this is.
    public var kind: Kind { node.kind }

    /// The text with its escapes decoded, or nil when this is not a string.
    public var string: String? {
        let node = node
        guard node.kind == .string else { return nil }
        return tape.bytes.withUnsafeBufferPointer { JSONText.decode($0, node) }
    }

    /// The exact number, or nil when this is not an integer literal: `1.0` and `1e3` are not.
    public var integer: Int64? {
        let node = node
        guard node.kind == .number, node.flags.contains(.integer) else { return nil }
        return tape.bytes.withUnsafeBufferPointer { JSONText.integer($0, node) }
    }

    /// The truth value, or nil when this is not a boolean.
    public var boolean: Bool? {
        let node = node
        guard node.kind == .boolean else { return nil }
        return tape.bytes[Int(node.start)] == UInt8(ascii: "t")
    }

    /// Whether this is the literal `null`.
    public var isNull: Bool { kind == .null }

    /// The number of members or elements; 0 of a scalar.
    public var count: Int { node.count }

    /// The bytes of this value exactly as received, a string with its quotes.
    public var raw: ArraySlice<UInt8> {
        let node = node
        return tape.bytes[Int(node.start)..<node.end]
    }

    /// The member called `name`, of several the first; nil when this is no object or has none.
    ///
    /// Walks the members, so a loop over an object should use ``members``.
    public subscript(name: String) -> JSONValue? {
        guard kind == .object else { return nil }
        let found = tape.bytes.withUnsafeBufferPointer { bytes in
            var name = name
            return name.withUTF8 { find($0, in: bytes) }
        }
        return found.map { JSONValue(tape: tape, index: $0) }
    }

    private func find(
        _ name: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>
    ) -> Int? {
        var cursor = index + 1
        let end = Int(node.next)
        while cursor < end {
            if JSONText.matches(bytes, tape.nodes[cursor], name) { return cursor + 1 }
            cursor = Int(tape.nodes[cursor + 1].next)
        }
        return nil
    }
}
