extension SQL {
    /// Refuses statements that would begin or end a transaction. A closure that ended the transaction
    /// itself would commit or undo its neighbours' work.
    ///
    /// - Throws: `internalFailure`.
    static func refuseTransactionControl(_ statement: some StringProtocol) throws {
        let word = statement.utf8.drop { $0 <= 0x20 }.prefix { $0 > 0x40 }
        let isControl = transactionControlWords.contains { control in
            control.utf8.elementsEqual(word) { $0 == $1 | 0x20 }
        }
        if isControl {
            throw DatabaseError(.internalFailure, "a closure cannot begin or end transactions")
        }
    }

    private static let transactionControlWords = [
        "begin", "commit", "end", "rollback", "savepoint", "release", "abort", "start",
    ]
}
