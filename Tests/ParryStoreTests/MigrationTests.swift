import ParryDatabase
import ParryStore
import ParryTestSupport
import ParryWire
import Testing

@Suite("Migrations")
struct MigrationTests {
    @Test("Running them again changes nothing", arguments: Engine.allCases)
    func again(_ engine: Engine) async throws {
        try await engine.run { database in
            try await Migrator.run(on: database, now: Timestamp(milliseconds: 1))
            let rows = try await database.read {
                try $0.rows("SELECT version, applied_at FROM schema_migration") {
                    (try $0.integer(), try $0.integer())
                }
            }
            #expect(rows.map(\.0) == Migration.all.map(\.version))
            #expect(rows.allSatisfy { $0.1 == 0 })
        }
    }

    @Test(
        "A newer schema is refused with a sentence that says what to do", arguments: Engine.allCases
    )
    func newer(_ engine: Engine) async throws {
        try await engine.run { database in
            try await database.write {
                try $0.execute(
                    "INSERT INTO schema_migration (version, name, applied_at) VALUES (999, 'x', 0)")
            }
            let error = await #expect(throws: Migrator.SchemaTooNew.self) {
                try await Migrator.run(on: database, now: Timestamp(milliseconds: 1))
            }
            #expect(error?.description.contains("schema version 999") == true)
        }
    }
}
