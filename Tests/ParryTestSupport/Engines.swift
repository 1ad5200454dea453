import Foundation
package import ParryDatabase
import ParryStore
import ParryWire

/// The engines that every repository is tested on.
package enum Engine: String, Sendable, CaseIterable {
    case memory
    case file

    /// Runs a test on a fresh, migrated database and removes it afterwards.
    package func run(_ test: (any Database) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "parry-test-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let location: SQLiteLocation =
            self == .memory ? .memory : .file(folder.appending(path: "parry.db").path)
        let database = try await SQLiteDatabase.open(location)
        try await Migrator.run(on: database, now: Timestamp(milliseconds: 0))
        try await test(database)
        try await database.close()
    }
}
