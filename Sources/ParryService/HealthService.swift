package import ParryDatabase
import ParryStore

/// Whether this process can do its work.
package struct HealthService: Sendable {
    private let database: any Database

    package init(database: any Database) {
        self.database = database
    }

    /// Whether the database answers and its schema is the one that this program knows, or a newer one:
    /// a release before that goes on working beside it is not taken out of service.
    package func isReady() async -> Bool {
        let known = Migration.all.last?.version ?? 0
        guard let found = try? await database.read({ try Migrator.version($0) }) else {
            return false
        }
        return found >= known
    }
}
