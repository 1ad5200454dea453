import HTTPTypes
import ParryAPI
import ParryDatabase
import ParryDomain
import ParryServer
import ParryService
import ParryTestSupport
import ParryWire
import Testing

@Suite("The feed of events")
struct EventFeedTests {
    private func raise(_ count: Int, _ world: TestWorld, _ customer: Customer) async throws {
        for _ in 0..<count {
            _ = try await world.make(
                "/v1/simulate/lookups", #"{"organisation_id":"\#(customer.organisation)"}"#)
        }
    }

    private func ids(_ reply: TestWorld.Reply) throws -> [String] {
        try reply.json["items"]?.elements.compactMap { $0["id"]?.string } ?? []
    }

    /// Everything from a place on, page by page, and the cursor at its end.
    private func drain(
        _ world: TestWorld, from start: String, limit: Int = 2, key: String? = nil,
        query: String = ""
    ) async throws -> (ids: [String], cursor: String) {
        while try await world.services.events.number() {}
        var cursor = start
        var all: [String] = []
        while true {
            let path = "/v1/events?after=\(cursor)&limit=\(limit)\(query)"
            let reply = try await world.send(.get, path, key: key)
            #expect(reply.status == 200, "\(reply.text)")
            all += try ids(reply)
            cursor = try #require(try reply.string("next_cursor"))
            if try reply.json["has_more"]?.raw.elementsEqual(Array("true".utf8)) != true {
                return (all, cursor)
            }
        }
    }

    /// Two events of a new customer, and the places before and behind them.
    private func raiseTwo(
        _ world: TestWorld
    ) async throws -> (customer: Customer, start: String, ids: [String], end: String) {
        let customer = try await world.customer()
        let start = try await drain(world, from: "latest").cursor
        try await raise(2, world, customer)
        let (ids, end) = try await drain(world, from: start)
        return (customer, start, ids, end)
    }

    @Test(
        "It has every event once, in one order for good, byte for byte as it is sent",
        arguments: Engine.allCases)
    func complete(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let (before, start) = try await drain(world, from: "oldest")
            try await raise(5, world, acme)
            let (new, end) = try await drain(world, from: start)
            #expect(new.count == 5)
            #expect(Set(new).count == 5)
            let (all, last) = try await drain(world, from: "oldest", limit: 1_000)
            #expect(all == before + new)
            #expect(last == end)
            #expect(try await drain(world, from: "latest").cursor == end)
            let event = try await world.send(.get, "/v1/events/\(new[0])")
            let page = try await world.send(.get, "/v1/events?after=\(start)&limit=1")
            #expect(page.text.hasPrefix(#"{"items":["# + event.text))
        }
    }

    @Test(
        "An event is in it with its commit where one transaction writes at a time, else once it is numbered",
        arguments: Engine.allCases)
    func numbering(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let cursor = try await drain(world, from: "latest").cursor
            try await raise(1, world, acme)
            let early = try await world.send(.get, "/v1/events?after=\(cursor)")
            let isNumbered = engine != .postgreSQL
            #expect(try ids(early).count == (isNumbered ? 1 : 0))
            #expect(try (early.string("next_cursor") == cursor) == !isNumbered)
            #expect(try await drain(world, from: cursor).ids.count == 1)
        }
    }

    @Test("What an older version left without a number gets one", arguments: Engine.allCases)
    func unnumbered(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let (acme, cursor, ids, _) = try await raiseTwo(world)
            try await world.platform.database.write { tx in
                try tx.execute("UPDATE event SET position = NULL WHERE id = \(ids[0])")
            }
            try await raise(1, world, acme)
            let (since, end) = try await drain(world, from: cursor)
            #expect(since.count == 3)
            #expect(Array(since.prefix(2)) == [ids[1], ids[0]])
            #expect(try await drain(world, from: end).ids.isEmpty)
        }
    }

    @Test(
        "Writers and numberers side by side: a reader that goes on skips nothing",
        arguments: Engine.allCases)
    func concurrent(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let acme = try await world.customer()
            let start = try await drain(world, from: "latest").cursor
            let seen = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await raise(10, world, acme)
                        return []
                    }
                }
                group.addTask {
                    var cursor = start
                    var all: [String] = []
                    while all.count < 40 {
                        let (ids, next) = try await drain(world, from: cursor)
                        all += ids
                        cursor = next
                    }
                    return all
                }
                group.addTask {
                    for _ in 0..<50 { _ = try await world.services.events.number() }
                    return []
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(Set(seen).count == 40)
            #expect(try await drain(world, from: start, limit: 1_000).ids == seen)
        }
    }

    @Test("Keys see what they see elsewhere, and filters go with it", arguments: Engine.allCases)
    func scope(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let (acme, other) = (try await world.customer(), try await world.customer("Other"))
            let id = try #require(OrganisationID(acme.organisation))
            let key = try await world.key(for: .organisation(id)).secret
            let start = try await drain(world, from: "latest").cursor
            try await raise(2, world, acme)
            try await raise(3, world, other)
            #expect(try await drain(world, from: start).ids.count == 5)
            #expect(try await drain(world, from: start, key: key).ids.count == 2)
            let filter = "&organisation_id=\(other.organisation)"
            #expect(try await drain(world, from: start, query: filter).ids.count == 3)
            let none = try await drain(world, from: start, query: "&type=alert.created")
            #expect(none.ids.isEmpty)
            #expect(none.cursor != start)
        }
    }

    @Test("A cursor that was never given is 422, and so is an offset")
    func badCursors() async throws {
        try await TestWorld.run { world in
            let other = FeedCursor(position: 0, of: .make(at: Platform.now(), slot: 0)).text
            let far = FeedCursor(position: 99, of: world.partnerID).text
            for after in ["", "x", "newest", other, far, "cur_1111111111111111111111"] {
                let reply = try await world.send(.get, "/v1/events?after=\(after)")
                #expect(reply.status == 422, "\(after)")
                #expect(try reply.string("code") == "VALIDATION_ERROR")
            }
            let reply = try await world.send(.get, "/v1/events?after=oldest&offset=1")
            #expect(reply.status == 422)
        }
    }

    @Test("Behind what retention removed a cursor is told so", arguments: Engine.allCases)
    func expired(_ engine: Engine) async throws {
        try await TestWorld.run(on: engine) { world in
            let (acme, old, ids, end) = try await raiseTwo(world)
            let later = Platform.now().adding(seconds: 91 * 86_400)
            let removed = try await world.platform.retention.step(now: later)
            #expect(removed.events >= 2)
            #expect(removed.orders == 0)
            let reply = try await world.send(.get, "/v1/events?after=\(old)")
            #expect(reply.status == 422)
            #expect(try reply.string("code") == "CURSOR_EXPIRED")
            #expect(try reply.string("message")?.contains("90 days") == true)
            #expect(try await drain(world, from: "oldest").cursor == end)
            #expect(try await world.send(.get, "/v1/events/\(ids[0])").status == 404)
            try await raise(1, world, acme)
            #expect(try await drain(world, from: end).ids.count == 1)
        }
    }
}
