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
    package var forUpdate: SQL {
        switch self {
        case .sqlite: .empty
        case .postgreSQL: "FOR NO KEY UPDATE"
        }
    }

    /// The suffix of a SELECT whose rows have to stay as they are until the transaction ends, while
    /// others may say the same.
    ///
    /// Differs by necessity: as ``forUpdate``.
    package var forShare: SQL {
        switch self {
        case .sqlite: .empty
        case .postgreSQL: "FOR SHARE"
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

    /// The declarations of a migration as this engine takes them.
    ///
    /// Differs by necessity: SQLite compares texts byte by byte; PostgreSQL does so only for columns that
    /// say so, and sorts by the rules of some language otherwise.
    package func declarations(_ script: String) -> String {
        switch self {
        case .sqlite: script
        case .postgreSQL: script.replacing(" TEXT", with: #" TEXT COLLATE "C""#)
        }
    }
}

extension WriteTransaction {
    /// Waits until this is the only open transaction that asked to be alone for this reason.
    package func waitAlone(_ reason: Int64) throws {
        guard let wait = dialect.waitAlone(reason) else { return }
        _ = try row(wait) { try $0.integer() }
    }
}
