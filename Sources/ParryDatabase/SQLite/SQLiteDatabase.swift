internal import Dispatch
internal import GRDB

/// The SQLite driver: one file or memory, many readers, one group-committing writer.
///
/// A file is in WAL mode with `synchronous = FULL`, so reads never wait for writes and a write that
/// returned survives a power failure. Several instances, also of other processes, may share a file.
package final class SQLiteDatabase: Database {
    package let dialect = Dialect.sqlite
    let connections: any DatabaseWriter
    private let writer: GroupWriter
    /// nil in memory, where there is one connection for everything.
    private let lookUps: LookUpConnections?
    private let checkpointer: Checkpointer?
    let gate = AccessGate()

    private init(
        _ connections: any DatabaseWriter, _ lookUps: LookUpConnections?,
        _ checkpointer: Checkpointer?, _ configuration: SQLiteConfiguration
    ) {
        self.connections = connections
        self.lookUps = lookUps
        self.checkpointer = checkpointer
        self.writer = GroupWriter(connections, configuration)
    }

    /// Opens a database, creating file (mode 0600) and directory (0700) where they are missing.
    ///
    /// Throws one `DatabaseError` that names the path: `unavailable`, `corrupt`, `busy` and so on;
    /// also when SQLite does not confirm `synchronous = FULL`, WAL and foreign keys.
    package static func open(
        _ location: SQLiteLocation, configuration: SQLiteConfiguration = SQLiteConfiguration()
    ) async throws -> SQLiteDatabase {
        let checkpointer = SQLiteOpening.checkpointer(location, configuration)
        let connections = try await onBlockingThread {
            try SQLiteOpening.open(location, checkpointer, configuration)
        }
        return SQLiteDatabase(
            connections, SQLiteOpening.lookUps(location, configuration), checkpointer,
            configuration)
    }

    /// Reads on one of the reader connections; sees everything committed before it started.
    package func read<T: Sendable>(
        _ body: @escaping @Sendable (any ReadTransaction) throws -> T
    ) async throws -> T {
        try gate.enter()
        defer { gate.leave() }
        try Task.checkCancellation()
        // Not GRDB's `read`, whose hops between actors cost up to twice as much as this one.
        return try await withCheckedThrowingContinuation { continuation in
            connections.asyncRead { connection in
                let result = Result { try body(SQLiteTransaction(connection.get())) }
                continuation.resume(with: result.mapError(DatabaseError.mapped))
            }
        }
    }

    /// Reads on the calling thread: two switches of threads cost more than such a look-up.
    package func lookUp<T: Sendable>(
        _ body: @escaping @Sendable (any ReadTransaction) throws -> T
    ) async throws -> T {
        try gate.enter()
        defer { gate.leave() }
        try Task.checkCancellation()
        do {
            if let found = try lookUps?.lookUp(body) { return found }
        } catch {
            throw DatabaseError.mapped(error)
        }
        return try await read(body)
    }

    /// Joins the next group commit; returns once that commit is durable.
    @discardableResult
    package func write<T: Sendable>(
        _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) async throws -> T {
        try gate.enter()
        defer { gate.leave() }
        return try await writer.write(body)
    }

    /// Writes as ``write(_:)`` does.
    package func writeSingly<T: Sendable>(
        _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) async throws -> T {
        try await write(body)
    }

    /// Answers every write that waits, copies the log into the file and closes.
    package func close() async throws {
        guard await gate.shut() else { return }
        defer { gate.finish() }
        try await Self.onBlockingThread { [connections, lookUps, checkpointer] in
            // The last connection to close removes the log, if it may write; the pool closes readers last.
            checkpointer?.openToCloseLast()
            let closings = [
                Result { try lookUps?.close() }, Result { try connections.close() },
                Result { try checkpointer?.close() },
            ]
            for closing in closings { try closing.mapError(DatabaseError.mapped).get() }
        }
    }

    /// The settings as the writing connection reports them now.
    package func settings() async throws -> SQLiteSettings {
        try await onWriter { try SQLiteOpening.settings(of: $0) }
    }

    /// Commits, writes and refusals since the opening, and how many writes wait now.
    package var statistics: SQLiteStatistics { writer.statistics }

    /// Writes a copy into an empty file and brings it to the disk.
    func copy(to path: String) async throws {
        try gate.enter()
        defer { gate.leave() }
        try await Self.onBlockingThread { [connections] in
            var configuration = Configuration()
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            let target = try DatabaseQueue(path: path, configuration: configuration)
            try connections.backup(to: target)
            try target.close()
        }
    }

    private func onWriter<T: Sendable>(
        _ body: @escaping @Sendable (GRDB.Database) throws -> T
    ) async throws -> T {
        try gate.enter()
        defer { gate.leave() }
        do {
            return try await connections.writeWithoutTransaction(body)
        } catch {
            throw DatabaseError.mapped(error)
        }
    }

    /// Keeps calls that block off the threads of Swift's concurrency.
    private static func onBlockingThread<T: Sendable>(
        _ body: @escaping @Sendable () throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try body() })
            }
        }
    }
}
