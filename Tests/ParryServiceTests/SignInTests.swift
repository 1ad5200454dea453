import Crypto
import ParryDatabase
import ParryDomain
import ParryService
import ParryStore
import ParryTestSupport
import ParryWire
import Testing

/// People and sessions on one database.
private struct House: Sendable {
    static let password = "correct horse battery"

    let database: any Database
    let people: PersonService
    let signIn: SignInService
    let seats: SeatService
    let secrets = SecretBox(key: .init(size: .bits256))
    let sample: Sample

    init(_ database: any Database) async throws {
        self.database = AuditedDatabase(database)
        let hasher = PasswordHasher(isLight: true)
        people = PersonService(database: self.database, hasher: hasher)
        signIn = SignInService(database: self.database, secrets: secrets, hasher: hasher)
        seats = SeatService(database: self.database)
        sample = Sample()
        try await sample.insert(into: database)
    }

    let origin = SignInOrigin(client: "192.0.2.1", agent: "Test")

    func enter(
        _ email: String, _ password: String = Self.password, now: Timestamp = Sample.start
    ) async throws -> Visitor {
        try await signIn.signIn(email: email, password: password, from: origin, now: now)
    }

    /// A member of an organisation with the invitation to sign in.
    func member(
        _ email: String, of organisation: OrganisationID, role: MembershipRole = .standard,
        by principal: Principal
    ) async throws -> PersonService.Invitation {
        let membership = try await MembershipService(database: database).create(
            .init(
                organisationID: organisation.text, firstName: "Max", lastName: "Member",
                email: email, settings: .init(role: role)), by: principal, now: Sample.start)
        return try await people.invite(member: membership.id, by: principal, now: Sample.start)
    }
}

@Suite("Signing in")
struct SignInTests {
    private static func run(
        _ engine: Engine, _ test: @escaping @Sendable (House) async throws -> Void
    ) async throws {
        try await engine.run { try await test(try await House($0)) }
    }

    @Test(
        "An invitation sets a password once, and the password signs in", arguments: Engine.allCases)
    func invitation(_ engine: Engine) async throws {
        try await Self.run(engine) { house in
            let invitation = try await house.people.inviteOperator(
                email: "Ada@Example.com", name: "Ada", now: Sample.start)
            try await house.people.setPassword(
                House.password, by: invitation.token, now: Sample.start)
            await #expect(throws: SignInError.unknownLink) {
                try await house.people.setPassword(
                    House.password, by: invitation.token, now: Sample.start)
            }
            let visitor = try await house.enter("ada@example.COM")
            #expect(visitor.person.isOperator)
            let again = try await house.enter("ada@example.com")
            #expect(again.token != visitor.token)
            #expect(try await house.signIn.visitor(visitor.token, now: Sample.start) != nil)
            try await house.signIn.end(
                visitor.session.id, of: visitor.person.id, now: Sample.start)
            #expect(try await house.signIn.visitor(visitor.token, now: Sample.start) == nil)
            #expect(try await house.signIn.visitor(again.token, now: Sample.start) != nil)
        }
    }

    @Test("A session ends when it rests for half a day, and after a week whatever it is used for")
    func ends() async throws {
        try await Self.run(.memory) { house in
            let invitation = try await house.people.inviteOperator(
                email: "a@example.com", name: "A", now: Sample.start)
            try await house.people.setPassword(
                House.password, by: invitation.token, now: Sample.start)
            let visitor = try await house.enter("a@example.com")
            var now = Sample.start
            for _ in 0..<14 {
                now = now.adding(seconds: Limits.sessionIdleSecondsMax - 1)
                let isOver = now >= Sample.start.adding(seconds: Limits.sessionSecondsMax)
                #expect((try await house.signIn.visitor(visitor.token, now: now) == nil) == isOver)
            }
            let other = try await house.enter("a@example.com", now: now)
            let late = now.adding(seconds: Limits.sessionIdleSecondsMax)
            #expect(try await house.signIn.visitor(other.token, now: late) == nil)
        }
    }

    @Test("Guesses are slowed down, also for addresses that nobody has", arguments: Engine.allCases)
    func guesses(_ engine: Engine) async throws {
        try await Self.run(engine) { house in
            let invitation = try await house.people.inviteOperator(
                email: "a@example.com", name: "A", now: Sample.start)
            try await house.people.setPassword(
                House.password, by: invitation.token, now: Sample.start)
            for email in ["a@example.com", "nobody@example.com"] {
                for _ in 0..<Limits.signInFailuresFree {
                    await #expect(throws: SignInError.wrongCredentials) {
                        try await house.enter(email, "wrong password")
                    }
                }
                await #expect(throws: SignInError.tooManyTries(seconds: 2)) {
                    try await house.enter(email)
                }
            }
            let later = Sample.start.adding(seconds: 2)
            _ = try await house.enter("a@example.com", now: later)
            await #expect(throws: SignInError.wrongCredentials) {
                try await house.enter("a@example.com", "wrong password", now: later)
            }
        }
    }

    @Test("Whoever invites an address first gets nothing of accounts that invite it later")
    func hijack() async throws {
        try await Self.run(.memory) { house in
            // Somebody else's partner, whose administrator invites the address and keeps the link.
            let other = Sample()
            try await other.insert(into: house.database)
            let stolen = try await house.member(
                "victim@example.com", of: other.organisation.id, by: other.principal)
            try await house.people.setPassword(
                House.password, by: stolen.token, now: Sample.start)
            let thief = try await house.enter("victim@example.com")
            // Now the real account invites the address.
            let real = try await house.member(
                "victim@example.com", of: house.sample.organisation.id,
                by: house.sample.principal)
            #expect(
                try await house.seats.list(for: thief).map(\.id) == [other.organisation.id.text])
            await #expect(throws: NotFound.self) {
                try await house.seats.find(house.sample.organisation.id.text, for: thief)
            }
            // The link sets no password of who has one.
            await #expect(throws: SignInError.linkOfAnother) {
                try await house.people.setPassword(
                    "another long password", by: real.token, now: Sample.start)
            }
            _ = try await house.people.accept(real.token, by: thief, now: Sample.start)
            #expect(try await house.seats.list(for: thief).count == 2)
        }
    }

    @Test("A membership that ends closes the account at once", arguments: Engine.allCases)
    func membershipEnds(_ engine: Engine) async throws {
        try await Self.run(engine) { house in
            let invitation = try await house.member(
                "max@example.com", of: house.sample.organisation.id, role: .admin,
                by: house.sample.principal)
            try await house.people.setPassword(
                House.password, by: invitation.token, now: Sample.start)
            let visitor = try await house.enter("max@example.com")
            let seat = try await house.seats.find(
                house.sample.organisation.id.text, for: visitor)
            #expect(seat.role == .organisationAdmin)
            #expect(seat.allows(.keys) && !seat.allows(.setUp))
            let service = MembershipService(database: house.database)
            let members = try await service.list(
                of: house.sample.organisation.id, page: .init(limit: 10, offset: 0),
                by: house.sample.principal)
            let member = try #require(members.items.first)
            try await service.delete(member.id, by: house.sample.principal)
            await #expect(throws: NotFound.self) {
                try await house.seats.find(house.sample.organisation.id.text, for: visitor)
            }
        }
    }

    @Test("Who is taken out can do nothing any more, and has nothing when they are invited again")
    func ended() async throws {
        try await Self.run(.memory) { house in
            let invitation = try await house.people.inviteOperator(
                email: "a@example.com", name: "A", now: Sample.start)
            try await house.people.setPassword(
                House.password, by: invitation.token, now: Sample.start)
            let visitor = try await house.enter("a@example.com")
            _ = try await house.people.end(email: "a@example.com", now: Sample.start)
            #expect(try await house.signIn.visitor(visitor.token, now: Sample.start) == nil)
            await #expect(throws: SignInError.wrongCredentials) {
                try await house.enter("a@example.com")
            }
            let again = try await house.member(
                "a@example.com", of: house.sample.organisation.id, by: house.sample.principal)
            try await house.people.setPassword(
                House.password, by: again.token, now: Sample.start)
            let back = try await house.enter("a@example.com")
            #expect(!back.person.isOperator)
            #expect(try await house.seats.list(for: back).count == 1)
        }
    }

    @Test(
        "Passwords that are easily guessed are refused",
        arguments: [
            ("short", PasswordRule.Weakness.tooShort), ("aaaaaaaaaaaaaaa", .repetitive),
            ("adalovelace-1815!", .containsEmail),
            (String(repeating: "xy1!z", count: 200), .tooLong),
        ])
    func weak(_ password: String, _ expected: PasswordRule.Weakness) {
        #expect(PasswordRule.weakness(of: password, email: "adalovelace@example.com") == expected)
    }
}
