/// Statements that read, inside one transaction.
///
/// Not `Sendable`: a transaction cannot leave the closure that it was lent to. A statement that
/// fails throws a `DatabaseError` and ends the transaction: every later statement throws the same
/// error again, on both engines, even when the closure swallowed the first one.
package protocol ReadTransaction {
    /// The engine, for the fragments that differ.
    var dialect: Dialect { get }

    /// Every row of a query, in the query's order, each read by the closure.
    ///
    /// The closure must not use the transaction: it throws `internalFailure`. The closure's own
    /// error passes through unchanged. A statement with `RETURNING` may be used in a write.
    func rows<T>(_ sql: SQL, _ read: (inout RowReader) throws -> T) throws -> [T]

    /// The first row of a query, read by the closure, or nil when there is none.
    ///
    /// A statement that writes (`RETURNING`) is carried out to its end all the same.
    func row<T>(_ sql: SQL, _ read: (inout RowReader) throws -> T) throws -> T?
}

/// Statements that read and write, inside one transaction.
///
/// No statement may begin or end a transaction or a savepoint; it throws `internalFailure`.
package protocol WriteTransaction: ReadTransaction {
    /// Runs a statement; returns how many rows it inserted, updated or deleted itself.
    @discardableResult
    func execute(_ sql: SQL) throws -> Int

    /// Inserts rows in order; all of them or, with an error, none.
    ///
    /// Each row has a value for each column, of its kind (`unexpectedValue` otherwise). No rows is no
    /// work.
    func insert(_ rows: [[SQLValue]], by insertion: Insertion) throws

    /// Runs the statements of a migration, separated by semicolons, without arguments.
    func executeScript(_ script: String) throws
}

/// A relational database behind the port; the drivers are SQLite and PostgreSQL.
package protocol Database: Sendable {
    /// The engine, for the fragments that differ.
    var dialect: Dialect { get }

    /// Runs a closure in a read transaction: one snapshot, which has everything that was committed
    /// before the call.
    ///
    /// Errors: the closure's own unchanged, `DatabaseError`, and `CancellationError` when the
    /// calling task was cancelled before the call; a read that began is carried out.
    func read<T: Sendable>(
        _ body: @escaping @Sendable (any ReadTransaction) throws -> T
    ) async throws -> T

    /// As ``read(_:)``, for a look-up of a few rows by their keys. It may run on the caller's own
    /// thread, which saves more time than the look-up takes; what scans or counts belongs into
    /// ``read(_:)``, or it would hold up every other task. On PostgreSQL each statement of a look-up
    /// sees what was committed before it; there is no snapshot over several.
    func lookUp<T: Sendable>(
        _ body: @escaping @Sendable (any ReadTransaction) throws -> T
    ) async throws -> T

    /// Runs a closure in a write transaction and returns only after its COMMIT is durable.
    ///
    /// A closure that throws leaves nothing behind, and its error comes back unchanged. The closure
    /// may run more than once, so it has no side effects. Cancelling the calling task does not
    /// abort the write: what returns is committed, what throws is not, except `unknownOutcome`. A full
    /// queue throws `overloaded` at once.
    @discardableResult
    func write<T: Sendable>(
        _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) async throws -> T

    /// Runs a closure each of whose statements is right by itself, and right when it runs again. On PostgreSQL
    /// each is a transaction of its own, which saves the round trips of a common one: when a later one fails,
    /// the earlier ones stand, and all run again when a connection breaks. Elsewhere it is a ``write(_:)``.
    func writeSingly<T: Sendable>(
        _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) async throws -> T

    /// Refuses new reads and writes (`closed`), waits for all that were accepted, and closes.
    ///
    /// Calling it again waits for the same end and does nothing more.
    func close() async throws
}
