import Foundation
package import ParryDatabase
import ParryStore
import ParryWire

/// The engines that every repository is tested on.
package enum Engine: String, Sendable, CaseIterable {
    case memory
    case file
    case postgreSQL

    /// PostgreSQL is among them when there is a server to test on; `make test` starts one.
    package static var allCases: [Engine] {
        PostgreSQLServer.url == nil ? [.memory, .file] : [.memory, .file, .postgreSQL]
    }

    /// Runs a test on a fresh, migrated database and removes it afterwards.
    package func run(_ test: (any Database) async throws -> Void) async throws {
        try await runUnmigrated { database in
            try await Migrator.run(on: database, now: Timestamp(milliseconds: 0))
            try await test(database)
        }
    }

    /// Runs a test on an empty database and removes it afterwards.
    package func runUnmigrated(_ test: (any Database) async throws -> Void) async throws {
        try await withURL { url in
            let database: any Database
            switch self {
            case .memory: database = try await SQLiteDatabase.open(.memory)
            case .file: database = try await SQLiteDatabase.open(.file(url))
            case .postgreSQL: database = try await PostgreSQLDatabase.open(url)
            }
            try await test(database)
            try await database.close()
        }
    }

    /// Lends the place of an empty database: a path for a file, a URL for PostgreSQL.
    package func withURL(_ test: (String) async throws -> Void) async throws {
        guard self == .postgreSQL else {
            let folder = FileManager.default.temporaryDirectory.appending(
                path: "parry-test-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: folder) }
            return try await test(folder.appending(path: "parry.db").path)
        }
        try await PostgreSQLServer.withSchema(test)
    }
}
