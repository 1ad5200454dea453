import Crypto
import ParryDatabase
import ParryDomain
import ParryService
import ParryStore
import ParryTestSupport
import ParryWire
import Testing

@Suite("Keys and secrets")
struct KeyTests {
    private let now = Sample.start

    @Test(
        "A key works until it is revoked or ends, and its text is stored nowhere",
        arguments: Engine.allCases)
    func life(_ engine: Engine) async throws {
        try await engine.run { database in
            let accounts = AccountService(database: database)
            let made = try await accounts.createPartner(name: "P", mode: .live, now: now)
            let keys = KeyService(database: database)
            let (key, secret) = try await keys.create(
                for: .group(made.adminGroup.id), abilities: [.ordersRead],
                expiresAt: now.adding(seconds: 100), now: now)
            let principal = try #require(try await keys.authenticate(secret, now: now))
            #expect(principal.mode == .live)
            #expect(
                principal.abilities == [.ordersRead, .integrationsRead, .integrationsWrite])
            #expect(try await keys.authenticate(secret, now: now.adding(seconds: 100)) == nil)
            try await keys.revoke(key.id, now: now)
            let afterCache = now.adding(milliseconds: Limits.keyCacheMilliseconds)
            #expect(try await keys.authenticate(secret, now: afterCache) == nil)
            let stored = try await database.read {
                try $0.rows("SELECT hash || abilities || id FROM api_key") { try $0.text() }
            }
            #expect(!stored.joined().contains(secret.dropFirst(4)))
        }
    }

    @Test(
        "A deleted organisation's key opens nothing, and is shown so in every list",
        arguments: Engine.allCases)
    func ownerDeleted(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            let keys = KeyService(database: database)
            let organisations = OrganisationService(database: database)
            let own = try await organisations.create(name: "New", by: sample.principal, now: now)
            let (gone, secret) = try await keys.create(
                for: .organisation(own.id), abilities: [.ordersRead], expiresAt: nil, now: now)
            let (kept, _) = try await keys.create(
                for: .organisation(sample.organisation.id), abilities: [.ordersRead],
                expiresAt: nil, now: now)
            try await organisations.delete(own.id, by: sample.principal, now: now)
            #expect(try await keys.authenticate(secret, now: now) == nil)
            #expect(
                try await keys.find(gone.id, by: sample.principal).state(at: now)
                    == .organisationDeleted)
            for (state, expected) in [
                (APIKeyState.active, [kept.id]), (.organisationDeleted, [gone.id]),
                (.revoked, []), (.expired, []),
            ] {
                let found = try await keys.list(
                    .init(state: state), page: .init(limit: 10, offset: 0), by: sample.principal,
                    now: now)
                #expect(found.items.map(\.key.id) == expected, "\(state)")
                #expect(found.items.allSatisfy { $0.state(at: now) == state })
            }
        }
    }

    @Test("A mistyped key is refused without a look-up")
    func checksum() async throws {
        let database = try await SQLiteDatabase.open(.memory)
        let keys = KeyService(database: database)
        // The database has no tables: a look-up would throw.
        for text in ["", "cbs_", "cbs_REPLACE", "sk_live", String(repeating: "cbs_a", count: 9)] {
            #expect(try await keys.authenticate(text, now: now) == nil)
        }
        try await database.close()
    }

    @Test("A sealed secret opens with its key for its owner only")
    func box() throws {
        let box = SecretBox(key: SymmetricKey(size: .bits256))
        let sealed = try box.seal("whsec_x", for: "whe_1")
        #expect(try box.open(sealed, for: "whe_1") == "whsec_x")
        #expect(try box.seal("whsec_x", for: "whe_1") != sealed)
        #expect(throws: SecretBox.Unreadable.self) { try box.open(sealed, for: "whe_2") }
        let other = SecretBox(key: SymmetricKey(size: .bits256))
        #expect(throws: SecretBox.Unreadable.self) { try other.open(sealed, for: "whe_1") }
        #expect(throws: SecretBox.Unreadable.self) { try box.open("x", for: "whe_1") }
    }

    @Test(
        "Another master key is refused; with the previous one beside it secrets move over",
        arguments: Engine.allCases)
    func rotation(_ engine: Engine) async throws {
        try await engine.run { database in
            let old = SecretBox(key: SymmetricKey(size: .bits256))
            let new = SecretBox(key: SymmetricKey(size: .bits256))
            let service = MasterKeyService(database: database)
            try await service.bind(old, previous: nil)
            let partner = try await AccountService(database: database)
                .createPartner(name: "P", mode: .test, now: now).partner
            let made = try await WebhookService(database: database, secrets: old).create(
                for: .partner(partner.id), url: "https://x.example/", eventTypes: [.alertCreated],
                now: now)
            await #expect(throws: MasterKeyService.WrongKey.self) {
                try await service.bind(new, previous: nil)
            }
            try await service.bind(new, previous: old)
            let revealed = try await WebhookService(database: database, secrets: new)
                .reveal(made.endpoint.id)
            #expect(revealed == made.secret)
            await #expect(throws: MasterKeyService.WrongKey.self) {
                try await service.bind(old, previous: nil)
            }
        }
    }
}
