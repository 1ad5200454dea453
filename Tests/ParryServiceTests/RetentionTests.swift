import ParryDatabase
import ParryDomain
import ParryService
import ParryStore
import ParryTestSupport
import ParryWire
import Testing

@Suite("Retention of the audit log")
struct RetentionTests {
    private static let day: Int64 = 86_400
    private let now = Sample.start

    @Test(
        "Lines of the audit log go after two years, or after the days that were set",
        arguments: Engine.allCases)
    func audit(_ engine: Engine) async throws {
        try await engine.run { database in
            let retention = RetentionService(database: database)
            let ages: [Int64] = [800, 731, 729, 31, 29, 0]
            let entries = ages.map { entry(agedDays: $0) }
            try await database.write { tx in
                for entry in entries { try AuditStore.append(entry, tx) }
            }
            var removed = try await retention.step(now: now)
            #expect(removed.audit == 2)
            #expect(try await left(database) == [729, 31, 29, 0])
            let policy = try await retention.set([.audit: 30])
            #expect(policy.days(of: .audit) == 30)
            removed = try await retention.step(now: now)
            #expect(removed.audit == 2 && removed.isSome)
            #expect(try await left(database) == [29, 0])
            #expect(try await !retention.step(now: now).isSome)
        }
    }

    @Test("Old lines of the audit log go some at a time")
    func batches() async throws {
        try await Engine.memory.run { database in
            let entries = (0...Limits.removedAtOnceMax).map { _ in entry(agedDays: 731) }
            try await database.write { tx in
                for entry in entries { try AuditStore.append(entry, tx) }
            }
            let retention = RetentionService(database: database)
            let first = try await retention.step(now: now)
            let second = try await retention.step(now: now)
            #expect(first.audit == Limits.removedAtOnceMax && second.audit == 1)
        }
    }

    private func entry(agedDays days: Int64) -> AuditEntry {
        let time = now.adding(seconds: -days * Self.day)
        return AuditEntry(
            id: .make(at: time, slot: Int.random(in: 0...7)), actor: "command", partnerID: nil,
            organisationID: nil, action: "partner.create", subjectID: nil, detail: "",
            createdAt: time)
    }

    /// How many days old the lines are that are still there, the oldest first.
    private func left(_ database: any Database) async throws -> [Int64] {
        let times = try await database.read {
            try $0.rows("SELECT created_at FROM audit ORDER BY id") { try $0.integer() }
        }
        return times.map { (now.milliseconds - $0) / 1_000 / Self.day }
    }
}
