import Foundation
import ParryDatabase

/// The server that tests use: a temporary one, named by `PARRY_TEST_POSTGRES`. `scripts/with-postgres`
/// starts one for a command.
package enum PostgreSQLServer {
    /// Where it is; nil without one.
    package static var url: String? {
        ProcessInfo.processInfo.environment["PARRY_TEST_POSTGRES"]
    }

    /// Lends the URL of an empty schema of its own, and drops the schema afterwards.
    package static func withSchema(_ test: (String) async throws -> Void) async throws {
        guard let url else { throw Missing() }
        let schema = "test_" + UUID().uuidString.lowercased().replacing("-", with: "")
        try await administer("CREATE SCHEMA \(schema)", url)
        do {
            let mark = url.contains("?") ? "&" : "?"
            try await test("\(url)\(mark)options=-csearch_path%3D\(schema)")
        } catch {
            try await administer("DROP SCHEMA \(schema) CASCADE", url)
            throw error
        }
        try await administer("DROP SCHEMA \(schema) CASCADE", url)
    }

    private struct Missing: Error {}

    private static func administer(_ script: String, _ url: String) async throws {
        var configuration = PostgreSQLConfiguration()
        configuration.connectionCountMax = 1
        let database = try await PostgreSQLDatabase.open(url, configuration: configuration)
        try await database.write { try $0.executeScript(script) }
        try await database.close()
    }
}
