/// The elements of an array in order.
public struct JSONElements: Sequence, IteratorProtocol, Sendable {
    private let tape: JSONTape
    private var cursor: Int
    private let end: Int

    init(_ value: JSONValue) {
        tape = value.tape
        cursor = value.index + 1
        end = value.kind == .array ? Int(value.node.next) : cursor
    }

    /// The next element, or nil behind the last.
    public mutating func next() -> JSONValue? {
        guard cursor < end else { return nil }
        let value = JSONValue(tape: tape, index: cursor)
        cursor = Int(value.node.next)
        return value
    }
}

/// The members of an object in the order received, repeated names included.
public struct JSONMembers: Sequence, IteratorProtocol, Sendable {
    private let tape: JSONTape
    private var cursor: Int
    private let end: Int

    init(_ value: JSONValue) {
        tape = value.tape
        cursor = value.index + 1
        end = value.kind == .object ? Int(value.node.next) : cursor
    }

    /// The next member, or nil behind the last.
    public mutating func next() -> (name: String, value: JSONValue)? {
        guard cursor < end else { return nil }
        let name = JSONValue(tape: tape, index: cursor).string ?? ""
        let value = JSONValue(tape: tape, index: cursor + 1)
        cursor = Int(value.node.next)
        return (name, value)
    }
}

extension JSONValue {
    /// The elements of an array; empty for any other kind.
    public var elements: JSONElements { JSONElements(self) }

    /// The members of an object as received; empty for any other kind.
    public var members: JSONMembers { JSONMembers(self) }
}
