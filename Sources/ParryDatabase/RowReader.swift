/// The row under a driver's cursor, column by column.
///
/// What a driver supplies to `RowReader`; callers of the port never see it.
package protocol RowSource {
    /// How many columns the SELECT list has.
    var columnCount: Int { get }
    /// The value of a column; throws `unexpectedValue` for a kind that `SQLValue` does not have.
    func value(at index: Int) throws -> SQLValue
}

/// Reads one row's columns in the order of the SELECT list, each call the next one.
///
/// A value of the wrong kind, an unexpected NULL and a column too many throw `unexpectedValue`; the
/// message names the column's number and the two kinds, never the value. A reader cannot be kept
/// beyond the closure that it was lent to.
package struct RowReader: ~Copyable {
    private let source: any RowSource
    private var index = 0

    /// Lends a row out for reading, from its first column.
    package init(_ source: any RowSource) {
        self.source = source
    }

    /// The next column, which must be text.
    package mutating func text() throws -> String {
        let value = try next()
        guard case .text(let text) = value else { throw mismatch(value, "text") }
        return text
    }

    /// The next column: text, or nil for NULL.
    package mutating func textOrNull() throws -> String? {
        let value = try next()
        if case .null = value { return nil }
        guard case .text(let text) = value else { throw mismatch(value, "text or null") }
        return text
    }

    /// The next column, which must be an integer.
    package mutating func integer() throws -> Int64 {
        let value = try next()
        guard case .integer(let integer) = value else { throw mismatch(value, "an integer") }
        return integer
    }

    /// The next column: an integer, or nil for NULL.
    package mutating func integerOrNull() throws -> Int64? {
        let value = try next()
        if case .null = value { return nil }
        guard case .integer(let integer) = value else {
            throw mismatch(value, "an integer or null")
        }
        return integer
    }

    /// The next column, which must be the integer 0 or 1.
    package mutating func boolean() throws -> Bool {
        let value = try next()
        switch value {
        case .integer(0): return false
        case .integer(1): return true
        default: throw mismatch(value, "0 or 1")
        }
    }

    /// The next column, which must be a blob.
    package mutating func blob() throws -> [UInt8] {
        let value = try next()
        guard case .blob(let bytes) = value else { throw mismatch(value, "a blob") }
        return bytes
    }

    /// The next column: a blob, or nil for NULL.
    package mutating func blobOrNull() throws -> [UInt8]? {
        let value = try next()
        if case .null = value { return nil }
        guard case .blob(let bytes) = value else { throw mismatch(value, "a blob or null") }
        return bytes
    }

    /// The next column, whatever its kind.
    package mutating func value() throws -> SQLValue {
        try next()
    }

    private mutating func next() throws -> SQLValue {
        guard index < source.columnCount else {
            throw DatabaseError(.unexpectedValue, "the row has only \(source.columnCount) columns")
        }
        defer { index += 1 }
        return try source.value(at: index)
    }

    private func mismatch(_ value: SQLValue, _ expected: String) -> DatabaseError {
        DatabaseError(
            .unexpectedValue,
            "column \(index) holds \(value.kindName) where \(expected) was expected")
    }
}
