import Foundation
import ParryDatabase
import ParryDomain
import ParryTestSupport
import ParryWire
import Testing

@testable import ParryStore

@Suite("The operator's view of an installation")
struct InstallationStoreTests {
    private let now = Sample.start

    @Test(
        "A sound database has no faults; a lost delivery and an orphan are found",
        arguments: Engine.allCases)
    func faults(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            let endpoint = WebhookEndpoint(
                id: .make(at: now, slot: 0), partnerID: sample.partner.id, organisationID: nil,
                details: .init(url: "https://localhost/x", eventTypes: [.alertCreated]),
                createdAt: now.adding(seconds: -1), updatedAt: now, version: 1)
            let event = Event(
                id: .make(at: now, slot: sample.organisation.id.slot),
                organisationID: sample.organisation.id, partnerID: sample.partner.id,
                type: .alertCreated, objectID: "x", body: Array("{}".utf8), createdAt: now)
            try await database.write { tx in
                try WebhookEndpointStore.insert(endpoint, encryptedSecret: "sealed", tx)
                try EventStore.append(event, tx)
            }
            #expect(try await found(database) == [])
            let queue = try await database.read { tx in
                try InstallationStore.queue(now: now.adding(seconds: 1), tx)
            }
            #expect(queue == WebhookQueueStatus(pending: 1, due: 1, oldestDue: now))
            try await database.write { tx in
                try tx.execute("DELETE FROM delivery")
                try tx.execute(
                    """
                    INSERT INTO delivery_attempt
                        (delivery_id, slot, lease, number, started_at, duration_in_ms)
                    VALUES ('del_x', 1, 1, 1, 0, 0)
                    """)
            }
            #expect(
                try await found(database)
                    == ["attempts_without_delivery", "events_without_deliveries"])
            let rows = try await database.read { try InstallationStore.counts($0) }
            #expect(rows.first { $0.table == "event" }?.rows == 1)
            #expect(rows.first { $0.table == "order" }?.rows == 0)
        }
    }

    private func found(_ database: any Database) async throws -> [String] {
        try await database.read { try InstallationStore.faults($0) }
            .filter { $0.rows > 0 }.map(\.fault)
    }

    @Test(
        "Without Citus distributing is refused and nothing changes",
        .enabled(if: PostgreSQLServer.url != nil))
    func withoutCitus() async throws {
        try await Engine.postgreSQL.run { database in
            let error = await #expect(throws: Distribution.Refusal.self) {
                try await database.write { try Distribution.run($0) }
            }
            #expect(error?.description.contains("CREATE EXTENSION citus") == true)
        }
    }

    /// Citus is not in Debian: its two functions are played here by ones that write down their calls.
    @Test(
        "Distributing names every table once and leaves every foreign key as it was",
        .enabled(if: PostgreSQLServer.url != nil))
    func distribution() async throws {
        try await Engine.postgreSQL.run { database in
            try await database.write { try $0.executeScript(Self.playedCitus) }
            let before = try await foreignKeys(database)
            try await database.write { try Distribution.spread($0) }
            #expect(try await foreignKeys(database) == before)
            #expect(before.count > 20)
            let calls = try await database.read {
                try $0.rows("SELECT name FROM played ORDER BY number") { try $0.text() }
            }
            #expect(calls == Distribution.referenceTables + Distribution.distributedTables)
            let local = ["schema_migration", "setting", "rate", "server_incarnation", "played"]
            let tables = try await database.read {
                try $0.rows(
                    "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()"
                ) { try $0.text() }
            }
            #expect(Set(tables) == Set(calls + local))
        }
    }

    @Test(
        "Every key of a distributed table, and every foreign key between two, has the slot",
        .enabled(if: PostgreSQLServer.url != nil))
    func slots() async throws {
        try await Engine.postgreSQL.run { database in
            let keys = try await database.read {
                try $0.rows(
                    """
                    SELECT conrelid::regclass::text, contype::text,
                        coalesce(confrelid::regclass::text, ''), pg_get_constraintdef(oid)
                    FROM pg_constraint WHERE contype IN ('p', 'u', 'f')
                    AND connamespace = (SELECT oid FROM pg_namespace
                        WHERE nspname = current_schema())
                    """
                ) { (try $0.text(), try $0.text(), try $0.text(), try $0.text()) }
            }
            let distributed = Set(Distribution.distributedTables)
            for (table, kind, owner, definition) in keys
            where distributed.contains(table.replacing("\"", with: "")) {
                let isBetween = distributed.contains(owner.replacing("\"", with: ""))
                #expect(definition.contains("slot") || (kind == "f" && !isBetween), "\(definition)")
            }
        }
    }

    private func foreignKeys(_ database: any Database) async throws -> [String] {
        try await database.read {
            try $0.rows(
                """
                SELECT conname || ' ' || conrelid::regclass::text || ' ' || pg_get_constraintdef(oid)
                FROM pg_constraint WHERE contype = 'f' AND connamespace =
                    (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
                ORDER BY 1
                """
            ) { try $0.text() }
        }
    }

    private static let playedCitus = """
        CREATE TABLE played (number BIGINT GENERATED ALWAYS AS IDENTITY, name TEXT NOT NULL);
        CREATE FUNCTION create_reference_table(t regclass) RETURNS void LANGUAGE sql
            AS 'INSERT INTO played (name) VALUES (trim(both ''"'' from t::text))';
        CREATE FUNCTION create_distributed_table(t regclass, c text, colocate_with text) RETURNS void
            LANGUAGE sql AS 'INSERT INTO played (name) VALUES (trim(both ''"'' from t::text))';
        """
}

@Suite("Backups")
struct BackupTests {
    @Test("A backup taken beside writes is whole, and an existing file is left alone")
    func backup() async throws {
        try await Engine.file.withURL { path in
            let database = try await SQLiteDatabase.open(.file(path))
            try await Migrator.run(on: database, now: Sample.start)
            let sample = Sample()
            try await sample.insert(into: database)
            async let noise: Void = write(50, database)
            let copy = path + ".backup"
            let size = try await database.backUp(to: copy)
            try await noise
            #expect(size > 0)
            let error = await #expect(throws: DatabaseError.self) {
                try await database.backUp(to: copy)
            }
            #expect(error?.code == .unavailable)
            try await database.close()
            let again = try await SQLiteDatabase.open(.file(copy))
            #expect(try await again.integrityFaults() == [])
            let faults = try await again.read { try InstallationStore.faults($0) }
            #expect(faults.allSatisfy { $0.rows == 0 })
            let found = try await again.read { try AccountStore.partner(sample.partner.id, $0) }
            #expect(found != nil)
            try await again.close()
        }
    }

    private func write(_ count: Int, _ database: SQLiteDatabase) async throws {
        for number in 0..<count {
            try await database.write { try SettingStore.set("k\(number)", to: "v", $0) }
        }
    }
}
