/// The PostgreSQL driver: any number of processes on one server, or on one of several.
///
/// A write that returned was committed by the server under its own durability settings
/// (``PostgreSQLSettings/isDurable``). Transactions are never merged. Those that read in ``read(_:)``
/// see one snapshot; those that write see at each statement what was committed before it, and lock what
/// they are going to change.
package final class PostgreSQLDatabase: Database {
    package let dialect = Dialect.postgreSQL
    /// Who is reached, for messages; without the password.
    package let place: String
    let address: PostgreSQLAddress
    private let pool: PostgreSQLPool
    private let gate = AccessGate()

    private init(_ address: PostgreSQLAddress, _ configuration: PostgreSQLConfiguration) {
        self.address = address
        place = address.description
        pool = PostgreSQLPool(address, configuration)
    }

    /// Opens a database by its URL, as libpq understands it: `postgres://user:password@host:port/name`,
    /// with several hosts, `sslmode`, `target_session_attrs` and whatever else libpq knows.
    ///
    /// - Throws: `DatabaseError` for a URL that is none, and when no server takes us in.
    package static func open(
        _ url: String, configuration: PostgreSQLConfiguration = PostgreSQLConfiguration()
    ) async throws -> PostgreSQLDatabase {
        let database = PostgreSQLDatabase(try PostgreSQLAddress(url: url), configuration)
        do {
            _ = try await database.lookUp { try $0.row("SELECT 1") { try $0.integer() } }
            return database
        } catch {
            try? await database.close()
            throw error
        }
    }

    /// Reads in one snapshot.
    package func read<T: Sendable>(
        _ body: @escaping @Sendable (any ReadTransaction) throws -> T
    ) async throws -> T {
        try await perform(.read, body)
    }

    /// Reads statement by statement, which saves two round trips.
    package func lookUp<T: Sendable>(
        _ body: @escaping @Sendable (any ReadTransaction) throws -> T
    ) async throws -> T {
        try await perform(.singly, body)
    }

    /// Runs a closure in a transaction; returns once the server has committed it.
    @discardableResult
    package func write<T: Sendable>(
        _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) async throws -> T {
        try gate.enter()
        defer { gate.leave() }
        return try await pool.perform(.write) { try body($0) }
    }

    /// Writes statement by statement.
    package func writeSingly<T: Sendable>(
        _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) async throws -> T {
        try gate.enter()
        defer { gate.leave() }
        return try await pool.perform(.singly) { try body($0) }
    }

    /// Waits for all that were accepted and closes the connections.
    package func close() async throws {
        guard await gate.shut() else { return }
        defer { gate.finish() }
        await pool.close()
    }

    /// Runs a statement of its own that nobody waits for and whose failure does not matter.
    func runInBackground(_ sql: SQL) {
        pool.start(.singly) { tx in _ = try tx.rows(sql) { _ in } }
    }

    /// What the server says of itself.
    package func settings() async throws -> PostgreSQLSettings {
        try await read { tx in
            let found = try tx.row(
                """
                SELECT current_setting('server_version'),
                    current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on'
                    AND current_setting('synchronous_commit') <> 'off',
                    (SELECT extversion::text FROM pg_extension WHERE extname = 'citus')
                """
            ) { row in
                PostgreSQLSettings(
                    serverVersion: try row.text(), isDurable: try row.boolean(),
                    citusVersion: try row.textOrNull())
            }
            guard let found else {
                throw DatabaseError(.internalFailure, "the server does not say its settings")
            }
            return found
        }
    }

    private func perform<T: Sendable>(
        _ kind: PostgreSQLTransaction.Kind,
        _ body: @escaping @Sendable (any ReadTransaction) throws -> T
    ) async throws -> T {
        try gate.enter()
        defer { gate.leave() }
        try Task.checkCancellation()
        return try await pool.perform(kind) { try body($0) }
    }
}
