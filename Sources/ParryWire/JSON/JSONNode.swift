/// One value or member name on the tape: 16 bytes, so that an order's tape stays in cache.
struct JSONNode: Sendable {
    struct Flags: OptionSet, Sendable {
        let rawValue: UInt8

        static let escaped = Flags(rawValue: 1 << 0)
        static let nonASCII = Flags(rawValue: 1 << 1)
        static let holdsNul = Flags(rawValue: 1 << 2)
        static let integer = Flags(rawValue: 1 << 3)
    }

    /// Offset of the first byte: of a string its opening quote.
    let start: UInt32
    /// Length in bytes: of a string with both quotes.
    var length: UInt32
    /// Index of the first node behind this one's subtree.
    var next: UInt32
    /// Bits 0-3 kind, 4-7 flags, 8-31 the members or elements of a container.
    private var packed: UInt32

    init(kind: JSONValue.Kind, flags: Flags = [], start: Int, length: Int, next: Int) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.length = UInt32(truncatingIfNeeded: length)
        self.next = UInt32(truncatingIfNeeded: next)
        packed = UInt32(kind.rawValue) | UInt32(flags.rawValue) << 4
    }

    var kind: JSONValue.Kind { JSONValue.Kind(rawValue: UInt8(packed & 0xF)) ?? .null }
    var flags: Flags { Flags(rawValue: UInt8(truncatingIfNeeded: packed >> 4) & 0xF) }
    var count: Int { Int(packed >> 8) }
    var end: Int { Int(start) + Int(length) }

    mutating func close(end: Int, next: Int, count: Int) {
        length = UInt32(truncatingIfNeeded: end - Int(start))
        self.next = UInt32(truncatingIfNeeded: next)
        packed |= UInt32(truncatingIfNeeded: count) << 8
    }
}

/// The parsed document that all its views share.
final class JSONTape: Sendable {
    let bytes: [UInt8]
    let nodes: [JSONNode]

    init(bytes: [UInt8], nodes: [JSONNode]) {
        self.bytes = bytes
        self.nodes = nodes
    }

    /// The document `{}`: what stands in where a value has to exist but none was sent.
    static let emptyObject = JSONTape(
        bytes: [UInt8(ascii: "{"), UInt8(ascii: "}")],
        nodes: [JSONNode(kind: .object, start: 0, length: 2, next: 1)]
    )
}
