// How the outcome of a COMMIT is found whose answer was lost.
//
// Every transaction that writes asks for its number at its beginning, and `pg_xact_status` tells what
// became of a number: still running (a standby may not have confirmed yet), aborted, or committed. A number
// that the server has not given out yet was lost in a crash. Both that and "aborted" are certain on one
// server: what was committed keeps its number and its status for good.
//
// "Committed" is certain only if the server did not crash and no standby took over since. A crash may
// lose transactions that were not committed together with their numbers, which are then given to others.
// An unlogged table tells: recovery empties it, so a token that is still there was there before the
// transaction, without a crash in between. Whenever that is not so, a row that the transaction inserted is
// looked for, by an id that nobody else can have made; also after "aborted", because under Citus a worker
// may have committed before the coordinator, whose number it is, broke off. Without such a row "committed"
// stays open, and under Citus "aborted" too: nobody can say.

/// What it takes to find out whether a transaction was committed.
struct PostgreSQLOutcome {
    /// What another session can say.
    enum Verdict {
        case committed
        case rolledBack
        case running
        case undecidable
    }

    /// The server's number of the transaction.
    let number: Int64
    /// A query that finds a row if and only if the transaction was committed.
    let evidence: SQL?
    /// The token of the server's incarnation when the transaction's connection was made.
    let incarnation: String?

    /// Asks the server.
    func verdict(over connection: PostgreSQLConnection) throws -> Verdict {
        let lookUp = PostgreSQLTransaction(connection, .singly)
        let status: String?
        do {
            status =
                try lookUp.row("SELECT pg_xact_status(\(String(number))::xid8)") {
                    try $0.textOrNull()
                } ?? nil
        } catch let error as DatabaseError where error.sqlState?.isNumberInFuture == true {
            status = "aborted"
        }
        switch status {
        case "in progress": return .running
        case "committed" where isSameRun(as: connection): return .committed
        case "aborted" where evidence == nil:
            return try connection.isDistributed() ? .undecidable : .rolledBack
        default: return try look(over: connection)
        }
    }

    /// What to tell when nobody can say.
    static func unknown(_ cause: DatabaseError) -> DatabaseError {
        DatabaseError(
            .unknownOutcome,
            "the connection was lost during COMMIT, and nobody can say its outcome",
            cause: cause.description)
    }

    /// Whether the server certainly did not crash, and is no other, since the transaction began.
    private func isSameRun(as connection: PostgreSQLConnection) -> Bool {
        incarnation != nil && connection.incarnation == incarnation
    }

    private func look(over connection: PostgreSQLConnection) throws -> Verdict {
        guard let evidence else { return .undecidable }
        let found = try PostgreSQLTransaction(connection, .singly).row(evidence) {
            try $0.integer()
        }
        return found == nil ? .rolledBack : .committed
    }
}

extension PostgreSQLConnection {
    /// Whether a transaction may be committed on another server than the one that has its number.
    fileprivate func isDistributed() throws -> Bool {
        let look: SQL = "SELECT 1 FROM pg_extension WHERE extname = 'citus'"
        return try PostgreSQLTransaction(self, .singly).row(look) { try $0.integer() } != nil
    }

    /// The token that the server keeps until it crashes; made if it has none. nil before the schema has
    /// the table, and on a server that only reads.
    func askIncarnation() -> String? {
        let look: SQL = "SELECT token FROM server_incarnation"
        do {
            if let token = try PostgreSQLTransaction(self, .singly).row(look, { try $0.text() }) {
                return token
            }
            let token = String(UInt64.random(in: 1...UInt64.max), radix: 36)
            _ = try PostgreSQLTransaction(self, .singly).execute(
                """
                INSERT INTO server_incarnation (id, token) VALUES (1, \(token))
                ON CONFLICT DO NOTHING
                """)
            return try PostgreSQLTransaction(self, .singly).row(look) { try $0.text() }
        } catch {
            return nil
        }
    }
}
