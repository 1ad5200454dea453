package import ParryDatabase
package import ParryWire

/// One step of the schema. Steps are numbered, run once, and are never changed after a release.
package struct Migration: Sendable {
    package let version: Int64
    package let name: String
    package let script: String
    /// What the script cannot say, done after it.
    let finish: @Sendable (any WriteTransaction) throws -> Void

    init(
        version: Int64, name: String, script: String,
        finish: @escaping @Sendable (any WriteTransaction) throws -> Void = { _ in }
    ) {
        self.version = version
        self.name = name
        self.script = script
        self.finish = finish
    }

    /// Every step, oldest first.
    package static let all: [Migration] = [
        .foundation, .limits, .contract, .lists, .webhookManagement, .webhookTurns,
        .networks, .decisions, .consequences, .people,
        .candidates, .audience,
    ]
}

/// Brings a database to the schema that this program knows.
package enum Migrator {
    /// Why the schema cannot be used.
    package struct SchemaTooNew: Error, CustomStringConvertible {
        package let found: Int64
        package let known: Int64
        package var description: String {
            "the database has schema version \(found), this program knows \(known): "
                + "run the newer program, or restore a backup made before the upgrade"
        }
    }

    /// New tables cannot be added to a distributed database yet.
    package struct MigrationNotDistributed: Error, CustomStringConvertible {
        package let description =
            "the database is distributed by Citus, and this release cannot bring such a schema up to "
            + "date yet: go on with the release that distributed it"
    }

    /// Runs the missing steps, all in one transaction.
    ///
    /// - Throws: ``SchemaTooNew`` for a database that a newer program has migrated.
    package static func run(on database: any Database, now: Timestamp) async throws {
        // A command beside a busy server must not queue for the writer when there is nothing to do.
        let known = Migration.all.last?.version ?? 0
        if (try? await database.lookUp { try version($0) }) == known { return }
        for _ in 1..<lockAttemptsMax {
            do {
                return try await migrate(database, now: now)
            } catch let error as DatabaseError where error.code == .busy {
                // Another process is migrating, and takes longer than one lock's timeout.
            }
        }
        try await migrate(database, now: now)
    }

    private static func migrate(_ database: any Database, now: Timestamp) async throws {
        try await database.write { tx in
            // Of several processes that start at once, one migrates and the others find it done.
            try tx.waitAlone(lock)
            try tx.executeScript(
                tx.dialect.declarations(
                    """
                    CREATE TABLE IF NOT EXISTS schema_migration (
                        version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL,
                        applied_at BIGINT NOT NULL);
                    """))
            let current = try version(tx)
            let known = Migration.all.last?.version ?? 0
            guard current <= known else { throw SchemaTooNew(found: current, known: known) }
            if current < known, current > 0, try Distribution.isDone(on: tx) {
                throw MigrationNotDistributed()
            }
            for migration in Migration.all where migration.version > current {
                try tx.executeScript(tx.dialect.declarations(migration.script))
                try migration.finish(tx)
                try tx.execute(
                    """
                    INSERT INTO schema_migration (version, name, applied_at)
                    VALUES (\(migration.version), \(migration.name), \(now.milliseconds))
                    """)
            }
        }
    }

    /// How many lock timeouts a start waits for another process's migration.
    private static let lockAttemptsMax = 120

    /// "PRRY": the lock under which the schema changes.
    private static let lock: Int64 = 0x5052_5259

    /// The version of the newest step that ran; 0 for an empty database.
    package static func version(_ tx: any ReadTransaction) throws -> Int64 {
        try tx.row("SELECT coalesce(max(version), 0) FROM schema_migration") { try $0.integer() }
            ?? 0
    }
}
