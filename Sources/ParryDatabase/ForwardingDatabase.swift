/// A database that does something of its own in writes, and hands on everything else to the one behind.
package protocol ForwardingDatabase: Database {
    /// The one behind.
    var base: any Database { get }
}

extension ForwardingDatabase {
    package var dialect: Dialect { base.dialect }

    /// Reads in one snapshot.
    package func read<T: Sendable>(
        _ body: @escaping @Sendable (any ReadTransaction) throws -> T
    ) async throws -> T {
        try await base.read(body)
    }

    /// Looks up a few rows.
    package func lookUp<T: Sendable>(
        _ body: @escaping @Sendable (any ReadTransaction) throws -> T
    ) async throws -> T {
        try await base.lookUp(body)
    }

    /// Writes statement by statement.
    package func writeSingly<T: Sendable>(
        _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) async throws -> T {
        try await base.writeSingly(body)
    }

    /// Closes the database behind.
    package func close() async throws {
        try await base.close()
    }
}
