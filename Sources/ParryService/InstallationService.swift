package import ParryDatabase
package import ParryDomain
import ParryStore
package import ParryWire

/// The operator's questions about the whole installation, and limits of single accounts.
package struct InstallationService: Sendable {
    private let database: any Database

    package init(database: any Database) {
        self.database = database
    }

    /// What `parry database status` tells besides what the engine says.
    package struct Status: Sendable {
        package let schemaVersion: Int64
        package let knownSchemaVersion: Int64
        /// Webhooks that wait; nil unless the schema is the one that is known.
        package let queue: WebhookQueueStatus?
        package let isDistributed: Bool
    }

    /// What `parry database verify` found.
    package struct Report: Sendable {
        package let counts: [(table: String, rows: Int64)]
        package let faults: [(fault: String, rows: Int64)]
        /// What the engine finds wrong with its own files.
        package let damage: [String]

        /// Whether nothing is wrong.
        package var isSound: Bool { damage.isEmpty && faults.allSatisfy { $0.rows == 0 } }
    }

    /// The state of the schema and the queue; works on a database of any version.
    package func status(now: Timestamp) async throws -> Status {
        let version = try await schemaVersion()
        let isPostgreSQL = database.dialect == .postgreSQL
        let known = Self.knownSchemaVersion
        return try await database.read { tx in
            Status(
                schemaVersion: version, knownSchemaVersion: known,
                queue: version == known ? try InstallationStore.queue(now: now, tx) : nil,
                isDistributed: isPostgreSQL && version > 0 ? try Distribution.isDone(tx) : false)
        }
    }

    /// The newest version of the schema that this program knows.
    package static var knownSchemaVersion: Int64 { Migration.all.last?.version ?? 0 }

    /// What the database is kept in.
    package var dialect: Dialect { database.dialect }

    /// Whether the tables are spread over the nodes of Citus.
    package func isDistributed() async throws -> Bool {
        guard database.dialect == .postgreSQL else { return false }
        return try await database.read { try Distribution.isDone($0) }
    }

    /// How much of the webhook queue waits for what.
    package func queueDepth(now: Timestamp) async throws -> WebhookQueueDepth {
        try await database.read { try InstallationStore.queueDepth(now: now, $0) }
    }

    /// What each network is still to be asked and told, in the order of ``CardNetwork``.
    package func networkDepths(now: Timestamp) async throws -> [NetworkQueueDepth] {
        try await database.read { try NetworkRequestStore.depths(now: now, $0) }
    }

    /// The version of the schema; 0 before the first migration.
    package func schemaVersion() async throws -> Int64 {
        do {
            return try await database.read { try Migrator.version($0) }
        } catch let error as DatabaseError where error.code == .internalFailure {
            return 0
        }
    }

    /// Counts rows and looks for those that should not be.
    ///
    /// - Parameter damage: What the engine found wrong with its own files.
    package func verify(damage: [String]) async throws -> Report {
        try await database.read { tx in
            Report(
                counts: try InstallationStore.counts(tx), faults: try InstallationStore.faults(tx),
                damage: damage)
        }
    }

    /// Spreads an empty database over the nodes of Citus.
    ///
    /// - Throws: ``Distribution/Refusal``.
    package func distribute() async throws {
        guard database.dialect == .postgreSQL else { throw Distribution.Refusal.notPostgreSQL }
        try await database.write { try Distribution.run($0) }
    }
}
