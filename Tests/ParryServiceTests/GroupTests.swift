import ParryDatabase
import ParryDomain
import ParryService
import ParryStore
import ParryTestSupport
import ParryWire
import Testing

/// An admin group whose members take each other out.
@Suite("The members of a group")
struct GroupTests {
    private let now = Sample.start

    @Test(
        "Of two last administrators who take each other, or themselves, out at once one stays",
        arguments: Engine.allCases)
    func lastTwo(_ engine: Engine) async throws {
        try await engine.run { database in
            for round in 0..<12 {
                let group = try await adminGroup(database)
                let groups = GroupService(database: database)
                let (ada, grace) = try await (
                    member("ada\(round)", of: group.id, database),
                    member("grace\(round)", of: group.id, database)
                )
                let isMutual = round.isMultiple(of: 2)
                async let first = isDone {
                    try await groups.remove(
                        isMutual ? grace : ada, from: group.id, by: seat(of: ada, group))
                }
                async let second = isDone {
                    try await groups.remove(
                        isMutual ? ada : grace, from: group.id, by: seat(of: grace, group))
                }
                let done = await (first, second)
                #expect(done.0 != done.1)
                let left = try await database.read { try PersonStore.members(of: group.id, $0) }
                #expect(left.count == 1)
            }
        }
    }

    @Test("An operator may take out the last administrator, who cannot leave alone")
    func operators() async throws {
        try await Engine.memory.run { database in
            let group = try await adminGroup(database)
            let groups = GroupService(database: database)
            let ada = try await member("ada", of: group.id, database)
            await #expect(throws: GroupError.lastAdministrator) {
                try await groups.remove(ada, from: group.id, by: seat(of: ada, group))
            }
            let olga = try await person("olga", database)
            await #expect(throws: GroupError.lastAdministrator) {
                try await groups.remove(ada, from: group.id, by: seat(of: olga, group))
            }
            try await database.write { try PersonStore.setOperator(true, of: olga, $0) }
            _ = try await groups.remove(ada, from: group.id, by: seat(of: olga, group))
            #expect(try await database.read { try PersonStore.members(of: group.id, $0) }.isEmpty)
        }
    }

    private func adminGroup(_ database: any Database) async throws -> PartnerGroup {
        try await AccountService(database: database).createPartner(
            name: "Pay", mode: .test, now: now
        ).adminGroup
    }

    private func person(_ name: String, _ database: any Database) async throws -> PersonID {
        let person = Person(
            id: .make(at: now, slot: 0), email: "\(name)@example.com", name: name,
            isOperator: false, hasPassword: false, createdAt: now)
        return try await database.write { try PersonStore.findOrInsert(person, $0).id }
    }

    private func member(
        _ name: String, of group: PartnerGroupID, _ database: any Database
    ) async throws -> PersonID {
        let id = try await person(name, database)
        try await database.write { try GroupStore.add(id, to: group, now: now, $0) }
        return id
    }

    private func seat(of person: PersonID, _ group: PartnerGroup) -> Principal {
        Principal(
            actor: .person(person),
            owner: .adminGroup(group.id, partner: group.partnerID), mode: .test, abilities: [])
    }

    private func isDone(_ call: () async throws -> some Sendable) async -> Bool {
        do {
            _ = try await call()
            return true
        } catch {
            return false
        }
    }
}
