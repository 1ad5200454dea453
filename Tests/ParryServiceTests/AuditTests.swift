import ParryDatabase
import ParryDomain
import ParryStore
import ParryTestSupport
import ParryWire
import Testing

@testable import ParryService

@Suite("The audit log")
struct AuditTests {
    private static let actor = Actor.key(.make(at: Sample.start, slot: 0))

    private static func noted<Value: Sendable>(
        _ action: String, _ sample: Sample, _ work: () async throws -> Value
    ) async throws -> Value {
        let note = AuditNote(
            action, by: actor, in: sample.owner, to: nil,
            clock: { Sample.start })
        note.describe("{}")
        return try await AuditNote.$current.withValue(note) { try await work() }
    }

    @Test("A change and its line are committed together", arguments: Engine.allCases)
    func together(_ engine: Engine) async throws {
        try await engine.run { base in
            let sample = Sample()
            try await sample.insert(into: base)
            let database = AuditedDatabase(base)
            let organisations = OrganisationService(database: database)
            let renamed = try await Self.noted("organisation.update", sample) {
                try await organisations.rename(
                    sample.organisation.id, to: "Other", by: sample.principal, now: Sample.start)
            }
            let log = try await AuditService(database: database).list(
                .init(), page: .init(limit: 10, offset: 0), by: sample.principal)
            let entry = try #require(log.items.first?.entry)
            #expect(log.count == 1)
            #expect(entry.subjectID == renamed.id.text)
            #expect(entry.organisationID == renamed.id)
            #expect(entry.partnerID == sample.partner.id)
            #expect(entry.actor == Self.actor.id)
        }
    }

    @Test("What changes nothing, or fails, leaves no line", arguments: Engine.allCases)
    func nothing(_ engine: Engine) async throws {
        try await engine.run { base in
            let sample = Sample()
            try await sample.insert(into: base)
            let database = AuditedDatabase(base)
            let organisations = OrganisationService(database: database)
            _ = try await Self.noted("organisation.update", sample) {
                try await organisations.rename(
                    sample.organisation.id, to: sample.organisation.name, by: sample.principal,
                    now: Sample.start)
            }
            await #expect(throws: OrganisationError.hasMerchants) {
                try await Self.noted("organisation.delete", sample) {
                    try await organisations.delete(
                        sample.organisation.id, by: sample.principal, now: Sample.start)
                }
            }
            let log = try await AuditService(database: database).list(
                .init(), page: .init(limit: 10, offset: 0), by: sample.principal)
            #expect(log.count == 0)
        }
    }

    @Test(
        "Nothing is kept of what holds a full card number, however it is written",
        arguments: [
            #"{"name":"4111111111111111"}"#, #"{"unknown":{"deep":["4111 1111 1111 1111"]}}"#,
            #"{"number":4111111111111111}"#, #"{"4111111111111111":null}"#,
            #"{"name":"\u0034111111111111111"}"#, #"{"name":"4111\n1111\n1111\n1111"}"#,
            #"no JSON, but \u0034111111111111111"#,
            #"{"note":"\#(String(repeating: "x", count: 3_000)) 4111111111111111"}"#,
        ])
    func cardNumbers(_ body: String) async throws {
        try await Engine.memory.run { base in
            let sample = Sample()
            try await sample.insert(into: base)
            let database = AuditedDatabase(base)
            _ = try await Self.noted("organisation.update", sample) {
                AuditNote.current?.describe(body)
                return try await OrganisationService(database: database).rename(
                    sample.organisation.id, to: "Other", by: sample.principal, now: Sample.start)
            }
            let log = try await AuditService(database: database).list(
                .init(), page: .init(limit: 10, offset: 0), by: sample.principal)
            #expect(log.items.map(\.entry.detail) == [AuditedText.leftOut])
        }
    }

    @Test(
        "What is kept is kept as it came, without what PostgreSQL cannot store",
        arguments: [
            (#"{"name":"A\u00e9 \"b\""}"#, #"{"name":"A\u00e9 \"b\""}"#),
            ("a\0b", "ab"),
            (#"{"arn":"74027012345678901234567"}"#, #"{"arn":"74027012345678901234567"}"#),
            (String(repeating: "x", count: 3_000), String(repeating: "x", count: 2_000)),
        ])
    func kept(_ text: String, _ kept: String) {
        #expect(AuditedText.kept(of: text) == kept)
    }

    @Test(
        "A log that is read behind its lines comes whole, also where they were written at once",
        arguments: Engine.allCases)
    func behind(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            let entries = (0..<7).map { number in
                AuditEntry(
                    id: .make(at: Sample.start, slot: 0), actor: "command",
                    partnerID: sample.partner.id, organisationID: nil, action: "x",
                    subjectID: nil, detail: "{}",
                    createdAt: Sample.start.adding(seconds: Int64(number / 3)))
            }
            try await database.write { tx in
                for entry in entries { try AuditStore.append(entry, tx) }
            }
            let audit = AuditService(database: database)
            let page = Page(limit: 2, offset: 0)
            var filter = AuditStore.Filter()
            var read: [AuditID] = []
            repeat {
                let found = try await audit.list(filter, page: page, by: sample.principal)
                read += found.items.map(\.entry.id)
                filter.behind = found.items.last?.entry
            } while filter.behind != nil && read.count < 20
            let whole = try await audit.list(
                .init(), page: .init(limit: 10, offset: 0), by: sample.principal)
            #expect(read == whole.items.map(\.entry.id))
            #expect(read.count == 7)
        }
    }

    @Test("Nobody sees another partner's lines")
    func scoped() async throws {
        try await Engine.memory.run { base in
            let (sample, other) = (Sample(), Sample())
            try await sample.insert(into: base)
            try await other.insert(into: base)
            let database = AuditedDatabase(base)
            _ = try await Self.noted("organisation.update", sample) {
                try await OrganisationService(database: database).rename(
                    sample.organisation.id, to: "Other", by: sample.principal, now: Sample.start)
            }
            let audit = AuditService(database: database)
            let page = Page(limit: 10, offset: 0)
            #expect(try await audit.list(.init(), page: page, by: other.principal).count == 0)
            let own = Principal(
                actor: .command,
                owner: .organisation(sample.organisation.id, partner: sample.partner.id),
                mode: .test, abilities: [])
            #expect(try await audit.list(.init(), page: page, by: own).count == 1)
        }
    }
}
