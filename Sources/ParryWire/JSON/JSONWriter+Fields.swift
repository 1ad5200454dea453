/// A member name and its value in one call; nil writes `null`.
extension JSONWriter {
    /// Writes a member with a string or null.
    public mutating func field(_ name: StaticString, _ value: String?) {
        key(name)
        if let value { string(value) } else { null() }
    }

    /// Writes a member with an integer or null.
    public mutating func field(_ name: StaticString, _ value: Int64?) {
        key(name)
        if let value { integer(value) } else { null() }
    }

    /// Writes a member with an integer or null.
    public mutating func field(_ name: StaticString, _ value: Int?) {
        field(name, value.map(Int64.init))
    }

    /// Writes a member with a boolean or null.
    public mutating func field(_ name: StaticString, _ value: Bool?) {
        key(name)
        if let value { boolean(value) } else { null() }
    }

    /// Writes a member with an instant in UTC or null.
    public mutating func field(_ name: StaticString, _ value: Timestamp?) {
        key(name)
        if let value { timestamp(value) } else { null() }
    }

    /// Writes a member with an array of strings or null.
    public mutating func field(_ name: StaticString, _ values: [String]?) {
        key(name)
        guard let values else { return null() }
        beginArray()
        for value in values { string(value) }
        endArray()
    }

    /// Writes a member with the word of a closed set, or null.
    public mutating func field<Word: RawRepresentable<String>>(
        _ name: StaticString, _ value: Word?
    ) {
        field(name, value?.rawValue)
    }
}
