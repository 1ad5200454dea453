/// Which engine a statement is for, where the two must be told apart.
///
/// SQL is written once in the subset both speak. Each fragment that has to differ is a property
/// here, and its comment begins "Differs by necessity:".
package enum Dialect: Sendable, Hashable {
    case sqlite
    case postgreSQL

    /// The suffix of a SELECT that locks its rows until the transaction ends.
    ///
    /// Differs by necessity: SQLite has one writer at a time, so rows need no lock and the fragment
    /// is empty. On PostgreSQL no row's key ever changes, so a lock lets pass who only refers to the row.
    package func suffix(_ lock: RowLock) -> SQL {
        switch (self, lock) {
        case (.sqlite, _), (_, .none): .empty
        case (.postgreSQL, .share): "FOR SHARE"
        case (.postgreSQL, .update): "FOR NO KEY UPDATE"
        }
    }

    /// The suffix of a SELECT that locks its rows and leaves out those that others have locked.
    ///
    /// Differs by necessity: SQLite has one writer at a time.
    package var forUpdateSkipLocked: SQL {
        switch self {
        case .sqlite: .empty
        case .postgreSQL: "FOR NO KEY UPDATE SKIP LOCKED"
        }
    }

    /// The operator that compares a text with a pattern whatever the case of its ASCII letters.
    ///
    /// Differs by necessity: SQLite's LIKE does so, PostgreSQL's does not.
    package var likeAnyCase: SQL {
        switch self {
        case .sqlite: "LIKE"
        case .postgreSQL: "ILIKE"
        }
    }

    /// Behind the ids of rows that are wanted: in which slots these are.
    ///
    /// Differs by necessity: Citus asks only those shards. SQLite would look for each id in each slot, and an id
    /// alone leads it to its row.
    package func inSlots(_ slots: @autoclosure () -> [Int64], _ column: SQL = "slot") -> SQL {
        switch self {
        case .sqlite: .empty
        case .postgreSQL: "AND \(column) IN \(anyOf: slots())"
        }
    }

    /// Whether a writing transaction is alone, so that it commits before the next one begins.
    ///
    /// Differs by necessity: SQLite has one writer at a time.
    package var hasOneWriter: Bool { self == .sqlite }

    /// A statement that waits until no other transaction has said the same, or nil where a writing
    /// transaction is alone anyway.
    ///
    /// Differs by necessity: SQLite has one writer at a time.
    func waitAlone(_ reason: Int64) -> SQL? {
        switch self {
        case .sqlite: nil
        case .postgreSQL: "SELECT 1 FROM (SELECT pg_advisory_xact_lock(\(reason))) AS waited"
        }
    }

    /// Behind a table's name: by which index its rows are to be found.
    ///
    /// Differs by necessity: SQLite's planner has no statistics and would sometimes sort half a table rather
    /// than walk the index that has its order. PostgreSQL's knows better.
    package func indexed(by index: SQL?) -> SQL {
        switch (self, index) {
        case (.sqlite, let index?): "INDEXED BY \(index)"
        default: .empty
        }
    }

    /// Several queries of the same columns as one in one order, of which a page is wanted.
    ///
    /// Differs by necessity: SQLite merges sorted parts by itself, and may not be told to cut them; PostgreSQL
    /// would sort them all, unless each is cut.
    package func merged(
        _ parts: [SQL], order: SQL, limit: Int, offset: Int64
    ) -> SQL {
        switch self {
        case .sqlite:
            return """
                SELECT * FROM (\(SQL.joined(parts, separator: " UNION ALL ")) ORDER BY \(order)
                LIMIT \(limit) OFFSET \(offset)) AS page
                """
        case .postgreSQL:
            let end = Int64(limit) + min(offset, Int64.max - Int64(limit))
            let cut = parts.map { part -> SQL in
                "SELECT * FROM (\(part) ORDER BY \(order) LIMIT \(end)) AS part"
            }
            return """
                SELECT * FROM (\(SQL.joined(cut, separator: " UNION ALL "))) AS whole
                ORDER BY \(order) LIMIT \(limit) OFFSET \(offset)
                """
        }
    }

    /// The declarations of a migration as this engine takes them.
    ///
    /// Differs by necessity: null comes first in an index of SQLite and can only be said so on PostgreSQL. SQLite
    /// compares texts byte by byte; PostgreSQL does so only for columns that say so, and sorts by the rules of
    /// some language otherwise. A `SCRATCH` table may be empty after a crash: on PostgreSQL writing to it costs no
    /// log. The rows of a `CLUSTERED` table lie in its key, where SQLite can do so, instead of beside it. What is
    /// `COVERING` stands in the index of PostgreSQL alone: SQLite finds rows fast, and would store a quarter fewer.
    package func declarations(_ script: String) -> String {
        switch self {
        case .sqlite:
            script.replacing("CREATE SCRATCH TABLE", with: "CREATE TABLE")
                .replacing(" NULLS FIRST", with: "")
                .replacing(") CLUSTERED;", with: ") WITHOUT ROWID;")
                .replacing(/\s+COVERING \([^)]*\)/, with: "")
        case .postgreSQL:
            script.replacing(" TEXT", with: #" TEXT COLLATE "C""#)
                .replacing("CREATE SCRATCH TABLE", with: "CREATE UNLOGGED TABLE")
                .replacing(") CLUSTERED;", with: ");")
                .replacing(" COVERING (", with: " INCLUDE (")
        }
    }
}

/// How a row that is read is kept from others until the transaction ends.
package enum RowLock: Sendable {
    case none
    /// It stays as it is; others may say the same. For what a new row depends on.
    case share
    /// It is going to be changed by this transaction alone.
    case update
}

extension WriteTransaction {
    /// Waits until this is the only open transaction that asked to be alone for this reason.
    package func waitAlone(_ reason: Int64) throws {
        guard let wait = dialect.waitAlone(reason) else { return }
        _ = try row(wait) { try $0.integer() }
    }
}
