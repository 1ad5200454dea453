import Crypto
import ParryDatabase
import ParryDomain
import ParryService
import ParryStore
import ParryTestSupport
import ParryWire
import Testing

/// People who can ask for links, and where these go.
private struct Forgetful: Sendable {
    static let password = "correct horse battery"

    let database: any Database
    let people: PersonService
    let signIn: SignInService
    let service: ForgottenPasswordService
    let outbox: Outbox

    init(_ base: any Database, failures: Int = 0) {
        database = AuditedDatabase(base)
        let hasher = PasswordHasher(isLight: true)
        people = PersonService(database: database, hasher: hasher)
        signIn = SignInService(
            database: database, secrets: SecretBox(key: .init(size: .bits256)), hasher: hasher)
        outbox = Outbox(failures: failures)
        service = ForgottenPasswordService(database: database, people: people, sender: outbox)
    }

    /// Somebody with a password.
    func add(_ email: String) async throws {
        let invitation = try await people.inviteOperator(
            email: email, name: "A", now: Sample.start)
        try await people.setPassword(Self.password, by: invitation.token, now: Sample.start)
    }

    func ask(_ email: String, now: Timestamp = Sample.start) async throws {
        try await service.ask(email: email, client: "192.0.2.1", now: now)
    }

    func enter(_ email: String, _ password: String = Self.password) async throws -> Visitor {
        try await signIn.signIn(
            email: email, password: password, from: .init(client: "192.0.2.1", agent: "Test"),
            now: Sample.start)
    }

    /// Actors and actions of the audit log.
    func lines() async throws -> [String] {
        try await database.read { tx in
            try tx.rows("SELECT actor || ' ' || action FROM audit ORDER BY created_at, id") {
                try $0.text()
            }
        }
    }
}

@Suite("A forgotten password")
struct ForgottenPasswordTests {
    private let now = Sample.start

    @Test(
        "A link is mailed to who has a password, and nobody else is told anything",
        arguments: Engine.allCases)
    func mailed(_ engine: Engine) async throws {
        try await engine.run { database in
            let world = Forgetful(database)
            try await world.add("Ada@example.com")
            try await world.add("gone@example.com")
            _ = try await world.people.end(email: "gone@example.com", now: now)
            _ = try await world.people.inviteOperator(
                email: "invited@example.com", name: "I", now: now)
            for name in ["nobody", "ada", "gone", "invited"] {
                try await world.ask("\(name)@example.com")
            }
            #expect(world.outbox.links.isEmpty)
            #expect(try await !world.service.step(now: now))
            #expect(world.outbox.links.map(\.recipient) == ["Ada@example.com"])
            #expect(try await world.lines() == ["visitor person.forgot_password"])
            _ = try await world.service.step(now: now)
            #expect(world.outbox.links.count == 1)
        }
    }

    @Test("The link sets a password once, and every session ends", arguments: Engine.allCases)
    func used(_ engine: Engine) async throws {
        try await engine.run { database in
            let world = Forgetful(database)
            try await world.add("ada@example.com")
            let visitor = try await world.enter("ada@example.com")
            try await world.ask("ada@example.com")
            _ = try await world.service.step(now: now)
            let link = try #require(world.outbox.links.first)
            // Until it is used, all is as it was.
            #expect(try await world.signIn.visitor(visitor.token, now: now) != nil)
            let other = "another long password"
            try await world.people.setPassword(other, by: link.token, now: now)
            await #expect(throws: SignInError.unknownLink) {
                try await world.people.setPassword(other, by: link.token, now: now)
            }
            #expect(try await world.signIn.visitor(visitor.token, now: now) == nil)
            await #expect(throws: SignInError.wrongCredentials) {
                try await world.enter("ada@example.com")
            }
            _ = try await world.enter("ada@example.com", other)
        }
    }

    @Test("The link ends after an hour, with the next one, and with a password that is changed")
    func ends() async throws {
        try await Engine.memory.run { database in
            let world = Forgetful(database)
            try await world.add("ada@example.com")
            for _ in 0..<2 {
                try await world.ask("ada@example.com")
                _ = try await world.service.step(now: now)
            }
            let links = world.outbox.links
            let (first, second) = try (#require(links.first), #require(links.last))
            await #expect(throws: SignInError.unknownLink) {
                try await world.people.linked(first.token, now: now)
            }
            let end = now.adding(seconds: Limits.passwordResetSeconds)
            #expect(second.expiresAt == end)
            _ = try await world.people.linked(second.token, now: end.adding(milliseconds: -1))
            await #expect(throws: SignInError.unknownLink) {
                try await world.people.linked(second.token, now: end)
            }
            let visitor = try await world.enter("ada@example.com")
            try await world.people.changePassword(
                of: visitor, to: "another long password", now: now)
            await #expect(throws: SignInError.unknownLink) {
                try await world.people.linked(second.token, now: now)
            }
        }
    }

    @Test(
        "Asking is slowed down, also for addresses that nobody has, and signing in is not",
        arguments: Engine.allCases)
    func slowed(_ engine: Engine) async throws {
        try await engine.run { database in
            let world = Forgetful(database)
            try await world.add("ada@example.com")
            for email in ["ada@example.com", "nobody@example.com"] {
                for _ in 0..<Limits.linksFree { try await world.ask(email) }
                await #expect(throws: SignInError.tooManyTries(seconds: 60)) {
                    try await world.ask(email)
                }
                let later = now.adding(seconds: 60)
                try await world.ask(email, now: later)
                await #expect(throws: SignInError.tooManyTries(seconds: 120)) {
                    try await world.ask(email, now: later)
                }
            }
            for _ in 0..<Limits.signInFailuresFree {
                await #expect(throws: SignInError.wrongCredentials) {
                    try await world.enter("ada@example.com", "wrong password")
                }
            }
            try await world.ask("ada@example.com", now: now.adding(seconds: 600))
        }
    }

    @Test("A mail that fails is tried again with the same link, and given up in the end")
    func retried() async throws {
        try await Engine.memory.run { database in
            let world = Forgetful(database, failures: 1 + Limits.linkTriesMax)
            try await world.add("ada@example.com")
            try await world.ask("ada@example.com")
            for _ in 0..<Limits.linkTriesMax {
                await #expect(throws: Outbox.Later.self) {
                    try await world.service.step(now: now)
                }
            }
            _ = try await world.service.step(now: now)
            #expect(world.outbox.links.isEmpty)
            try await world.ask("ada@example.com")
            await #expect(throws: Outbox.Later.self) { try await world.service.step(now: now) }
            _ = try await world.service.step(now: now)
            let link = try #require(world.outbox.links.first)
            _ = try await world.people.linked(link.token, now: now)
            #expect(try await world.lines().count == 2)
        }
    }

    @Test("No more wait for their link than one process remembers")
    func bounded() async throws {
        try await Engine.memory.run { database in
            let world = Forgetful(database)
            for number in 0..<Limits.linksWaitingMax {
                try await world.ask("a\(number)@example.com")
            }
            await #expect(throws: SignInError.busy) { try await world.ask("b@example.com") }
            _ = try await world.service.step(now: now)
            try await world.ask("b@example.com")
        }
    }
}
