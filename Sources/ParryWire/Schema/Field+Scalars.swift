/// Fields read as an integer, with a value for certain.
extension Field where Value == Int64 {
    /// An integer literal in the range, bounds included.
    public static func integer(
        _ name: String, _ range: ClosedRange<Int64>, _ presence: Required
    ) -> Field { Field(name, .integer(range), presence) }
}

/// Fields read as an integer, without a value where none was sent.
extension Field where Value == Int64? {
    /// An integer literal in the range, bounds included.
    public static func integer(
        _ name: String, _ range: ClosedRange<Int64>, _ presence: Voluntary = .optional
    ) -> Field { Field(name, .integer(range), presence) }
}

/// Fields read as a truth value, with a value for certain.
extension Field where Value == Bool {
    /// `true` or `false`.
    public static func boolean(
        _ name: String, _ presence: Required
    ) -> Field { Field(name, .boolean, presence) }
}

/// Fields read as a truth value, without a value where none was sent.
extension Field where Value == Bool? {
    /// `true` or `false`.
    public static func boolean(
        _ name: String, _ presence: Voluntary = .optional
    ) -> Field { Field(name, .boolean, presence) }
}

/// Fields read as an instant, with a value for certain.
extension Field where Value == Timestamp {
    /// An RFC 3339 date-time with a time zone.
    public static func timestamp(
        _ name: String, _ presence: Required
    ) -> Field { Field(name, .timestamp, presence) }
}

/// Fields read as an instant, without a value where none was sent.
extension Field where Value == Timestamp? {
    /// An RFC 3339 date-time with a time zone.
    public static func timestamp(
        _ name: String, _ presence: Voluntary = .optional
    ) -> Field { Field(name, .timestamp, presence) }
}
