import HTTPTypes
import ParryAPI
import ParryDomain
import ParryServer
import ParryService
import ParryTestSupport
import ParryWire
import Synchronization

/// A small world with something to see on every page. Its clock stands still but for the steps of its story, so that each run
/// shows the same times and everything has its own. What was made is called by a name: `{acme}` in paths and bodies is its id.
final class Showcase: Sendable {
    /// Who looks.
    enum Viewer: String, CaseIterable {
        case nobody, `operator`, administrator, member, admin, standard
    }

    let world: TestWorld
    let clock: HandClock
    private let names = Mutex<[String: String]>([:])
    private let people = Mutex<[Viewer: (browser: Browser, account: String)]>([:])

    init(_ world: TestWorld, _ clock: HandClock) {
        self.world = world
        self.clock = clock
    }

    /// Tells the story and runs a test at its end.
    static func run(
        on engine: Engine, _ test: @escaping @Sendable (Showcase) async throws -> Void
    ) async throws {
        let clock = HandClock(time("2026-11-20T08:00:00Z"))
        let now: @Sendable () -> Timestamp = { clock.now }
        try await TestWorld.run(on: engine, clock: now) { world in
            let showcase = Showcase(world, clock)
            showcase.name("partner", world.partnerID.text)
            showcase.name("admins", world.adminGroupID.text)
            try await showcase.openOrganisations()
            try await showcase.sell()
            try await showcase.raiseAlerts()
            try await showcase.workOnAlerts()
            try await showcase.inviteEverybody()
            try await showcase.furnishAccounts()
            try await showcase.sendWebhooks()
            while try await world.services.events.number() {}
            clock.set(time("2026-11-22T12:00:00Z"))
            try await test(showcase)
        }
    }

    static func time(_ text: String) -> Timestamp {
        Timestamp(iso8601: text) ?? Timestamp(milliseconds: 0)
    }

    // MARK: What was made

    func name(_ name: String, _ id: String) {
        names.withLock { $0[name] = id }
    }

    /// The id of what was made under a name.
    func id(_ name: String) -> String { names.withLock { $0[name] } ?? "no-\(name)" }

    /// A text with ids in the places of names.
    func fill(_ text: String) -> String {
        names.withLock { $0 }.reduce(text) { $0.replacing("{\($1.key)}", with: $1.value) }
    }

    // MARK: By the API

    /// Some seconds later asks the API for something, which it must do.
    @discardableResult
    func ask(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil
    ) async throws -> JSONValue {
        clock.advance(seconds: 10)
        let answer = try await world.send(method, fill(path), body.map(fill))
        guard 200...299 ~= answer.status else {
            throw StoryFailure("\(method) \(path): \(answer.status) \(answer.text)")
        }
        return try answer.json
    }

    /// Makes something and gives it a name.
    func make(_ name: String, _ path: String, _ body: String) async throws {
        let made = try await ask(.post, path, body)
        self.name(name, made["id"]?.string ?? "")
    }

    // MARK: By the pages

    /// Has somebody sign in, whose account is called `~` in paths.
    func seat(_ viewer: Viewer, _ browser: Browser, in account: String) {
        people.withLock { $0[viewer] = (browser, account) }
    }

    func browser(_ viewer: Viewer) -> Browser {
        people.withLock { $0[viewer]?.browser } ?? world.browser()
    }

    /// A path with ids, and with the account of who looks.
    func path(_ text: String, of viewer: Viewer) -> String {
        let account = people.withLock { $0[viewer]?.account } ?? ""
        return fill(text).replacing("~", with: "/dashboard/\(account)")
    }

    /// A second later fills and sends a form, which must lead on. What it made is given a name.
    @discardableResult
    func submit(
        _ action: String, on page: String, by viewer: Viewer = .administrator,
        _ values: [(String, String)] = [], named name: String? = nil
    ) async throws -> Browser.Page {
        clock.advance(seconds: 1)
        let sent = try await browser(viewer).submit(
            path(action, of: viewer), on: path(page, of: viewer),
            values.map { ($0.0, fill($0.1)) })
        guard sent.status == 303 || sent.status == 201 else {
            throw StoryFailure("\(action): \(sent.status) \(sent.html)")
        }
        if let name, let location = sent.location {
            let last = location.prefix { $0 != "?" }.split(separator: "/").last ?? ""
            self.name(name, String(last))
        }
        return sent
    }
}

/// Why the story could not be told.
struct StoryFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
