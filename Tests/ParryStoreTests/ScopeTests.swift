import ParryDatabase
import ParryDomain
import ParryStore
import ParryTestSupport
import ParryWire
import Testing

@Suite("Scopes: what each owner sees")
struct ScopeTests {
    @Test("An owner sees its own rows and nobody else's", arguments: Engine.allCases)
    func owners(_ engine: Engine) async throws {
        try await engine.run { database in
            let mine = Sample()
            let other = Sample()
            for sample in [mine, other] { try await sample.insert(into: database) }
            let restricted = PartnerGroup(
                id: .make(at: Sample.start, slot: 0), partnerID: mine.partner.id, name: "R",
                isAdmin: false, createdAt: Sample.start)
            let empty = PartnerGroup(
                id: .make(at: Sample.start, slot: 0), partnerID: mine.partner.id, name: "E",
                isAdmin: false, createdAt: Sample.start)
            try await database.write { tx in
                try AccountStore.insert(restricted, organisations: [mine.organisation.id], tx)
                try AccountStore.insert(empty, organisations: [], tx)
            }
            let seeing: [Owner] = [
                mine.owner, .restrictedGroup(restricted.id, partner: mine.partner.id),
                .organisation(mine.organisation.id, partner: mine.partner.id),
            ]
            let blind: [Owner] = [
                other.owner, .restrictedGroup(empty.id, partner: mine.partner.id),
                .organisation(other.organisation.id, partner: other.partner.id),
            ]
            for owner in seeing {
                let found = try await database.read { try sees(mine, owner, $0) }
                #expect(found == [true, true, true])
            }
            for owner in blind {
                let found = try await database.read { try sees(mine, owner, $0) }
                #expect(found == [false, false, false])
            }
        }
    }

    @Test("A deleted organisation hides everything in it", arguments: Engine.allCases)
    func deleted(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            try await database.write { tx in
                try OrganisationStore.markDeleted(sample.organisation, now: Sample.start, tx)
            }
            try await database.read { tx in
                #expect(try sees(sample, sample.owner, tx) == [false, false, false])
                let page = Page(limit: 10, offset: 0)
                #expect(try OrganisationStore.list(for: sample.owner, page: page, tx).count == 0)
                let merchants = try MerchantStore.list(
                    .init(), for: sample.owner, page: page, tx)
                #expect(merchants.count == 0)
            }
        }
    }

    @Test("A save of an outdated version is refused", arguments: Engine.allCases)
    func versions(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            try await database.write { try OrganisationStore.save(sample.organisation, $0) }
            let error = await #expect(throws: DatabaseError.self) {
                try await database.write { try OrganisationStore.save(sample.organisation, $0) }
            }
            #expect(error?.isRetryable == true)
        }
    }
}

/// Whether the owner finds organisation, merchant and integration.
private func sees(
    _ sample: Sample, _ owner: Owner, _ tx: any ReadTransaction
) throws -> [Bool] {
    [
        try OrganisationStore.find(sample.organisation.id, for: owner, tx) == sample.organisation,
        try MerchantStore.find(sample.merchant.id, for: owner, tx) == sample.merchant,
        try IntegrationStore.find(sample.integration.id, for: owner, tx) == sample.integration,
    ]
}
