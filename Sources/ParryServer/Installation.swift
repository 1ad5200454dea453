package import ParryDatabase
package import ParryService
import ParryStore
package import ParryWire

/// A database that is opened as it is, for the operator's `parry database` commands: without a migration
/// and without the master key.
package struct Installation: Sendable {
    /// The engine behind the port.
    package enum Engine: Sendable {
        case sqlite(SQLiteDatabase)
        case postgreSQL(PostgreSQLDatabase)

        package var database: any Database {
            switch self {
            case .sqlite(let database): database
            case .postgreSQL(let database): database
            }
        }
    }

    package let engine: Engine
    package let service: InstallationService

    /// - Throws: ``Settings/Invalid``, `DatabaseError`.
    package static func open(
        _ settings: Settings, createsDatabase: Bool = false
    ) async throws -> Installation {
        let url = try DatabaseURL(
            settings.string("database", isSecret: true) ?? DatabaseURL.standard)
        let engine = try await Platform.connect(url, settings, createsDatabase: createsDatabase)
        return Installation(
            engine: engine, service: InstallationService(database: engine.database))
    }

    /// What an engine says of itself.
    package struct EngineFacts: Sendable {
        package let name: String
        package let version: String
        package let sizeInBytes: Int64
    }

    /// What became of a wish for a backup.
    package enum Backup: Sendable {
        /// Bytes of the file that was made.
        case made(Int64)
        /// What to run instead.
        case command(String)
    }

    /// What the engine says of itself.
    package func engineFacts() async throws -> EngineFacts {
        switch engine {
        case .sqlite(let database):
            EngineFacts(
                name: "sqlite", version: try await database.version(),
                sizeInBytes: try await database.sizeInBytes())
        case .postgreSQL(let database):
            EngineFacts(
                name: "postgresql", version: try await database.settings().serverVersion,
                sizeInBytes: try await database.sizeInBytes())
        }
    }

    /// Copies an SQLite database; PostgreSQL has a program of its own for that.
    package func backUp(to path: String) async throws -> Backup {
        switch engine {
        case .sqlite(let database): .made(try await database.backUp(to: path))
        case .postgreSQL(let database): .command(database.backupCommand(to: path))
        }
    }

    /// Checks the files as far as the engine can by itself (PostgreSQL's check is `pg_amcheck`), and what
    /// is in them.
    package func verify() async throws -> InstallationService.Report {
        switch engine {
        case .sqlite(let database):
            try await service.verify(damage: try await database.integrityFaults())
        case .postgreSQL: try await service.verify(damage: [])
        }
    }

    /// Brings the schema up to date.
    package func migrate(now: Timestamp) async throws {
        try await Migrator.run(on: engine.database, now: now)
    }

    /// Waits for what is being written and closes the database.
    package func close() async throws {
        try await engine.database.close()
    }
}
