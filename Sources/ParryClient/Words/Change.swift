/// What a change does to a member that can be empty.
public enum Change<Value: Encodable & Sendable>: Sendable {
    /// It stays as it is.
    case keep
    /// It becomes this.
    case set(Value)
    /// It becomes null.
    case clear
}

extension KeyedEncodingContainer {
    /// Writes a change: nothing to keep, `null` to clear.
    mutating func encode<Value>(_ change: Change<Value>, forKey key: Key) throws {
        switch change {
        case .keep: return
        case .set(let value): try encode(value, forKey: key)
        case .clear: try encodeNil(forKey: key)
        }
    }
}

extension Change: Encodable {
    /// Alone a change is its value; in an object ``keep`` leaves the member out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if case .set(let value) = self {
            try container.encode(value)
        } else {
            try container.encodeNil()
        }
    }
}
