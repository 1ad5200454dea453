package import ParryDatabase
import ParryStore

/// Whether this process can do its work.
package struct HealthService: Sendable {
    private let database: any Database

    package init(database: any Database) {
        self.database = database
    }

    /// Whether the database answers and its schema is the one that this program knows, or a newer one:
    /// during an upgrade the release before goes on working.
    package func isReady() async -> Bool {
        let known = Migration.all.last?.version ?? 0
        guard let found = try? await database.read({ try Migrator.version($0) }) else {
            return false
        }
        return found >= known
    }
}
