import ParryDatabase
import ParryWire

extension RowReader {
    /// A word of an enumeration.
    mutating func word<Word: RawRepresentable<String>>() throws -> Word {
        let text = try text()
        guard let word = Word(rawValue: text) else { throw unknownWord(Word.self) }
        return word
    }

    /// A word of an enumeration, or null.
    mutating func wordOrNull<Word: RawRepresentable<String>>() throws -> Word? {
        guard let text = try textOrNull() else { return nil }
        guard let word = Word(rawValue: text) else { throw unknownWord(Word.self) }
        return word
    }

    /// A time.
    mutating func timestamp() throws -> Timestamp {
        Timestamp(milliseconds: try integer())
    }

    /// A time, or null.
    mutating func timestampOrNull() throws -> Timestamp? {
        try integerOrNull().map(Timestamp.init(milliseconds:))
    }

    private func unknownWord(_ type: Any.Type) -> DatabaseError {
        DatabaseError(.unexpectedValue, "a stored word is not one of \(type)")
    }
}

extension WriteTransaction {
    /// Runs an UPDATE that names the version it read.
    ///
    /// - Throws: A retryable error when no row has that version any more.
    func executeVersioned(_ sql: SQL) throws {
        guard try execute(sql) == 1 else {
            throw DatabaseError(.busy, "the row was changed by another request")
        }
    }
}
