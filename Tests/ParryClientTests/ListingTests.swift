import ParryWire
import Synchronization
import Testing

@testable import ParryClient

/// Lists that change while they are read.
@Suite("Lists page by page")
struct ListingTests {
    /// Alerts of a platform, by `limit` and `offset`.
    private static func page(_ alerts: [String], _ request: HostileServer.Request) -> String {
        let first = min(request.parameter("offset") ?? 0, alerts.count)
        let items = alerts.dropFirst(first).prefix(request.parameter("limit") ?? 100)
        let list = items.map { Sample.alert($0) }.joined(separator: ",")
        return #"{"items":[\#(list)],"count":\#(alerts.count)}"#
    }

    private static func ids(_ numbers: some Sequence<Int>) -> [String] {
        numbers.map { "netalrt_\($0)" }
    }

    /// What is read, two a page, when so many newer alerts come in before each page but the first.
    private static func read(arriving count: Int) async throws -> [String] {
        let server = try HostileServer { request, number in
            // The newest first; no more come when all could have been read.
            let newest = 5 + min(number, 4) * count
            return .answer(200, page(ids(stride(from: newest, through: 1, by: -1)), request))
        }
        var read: [String] = []
        try await Trial.run(server) { trial in
            for try await alert in trial.parry.alerts.list(pageSize: 2) {
                read.append(alert.id.text)
            }
        }
        return read
    }

    @Test("Each item comes once, also when newer ones move it on", arguments: 0...7)
    func moved(_ count: Int) async throws {
        let read = try await Self.read(arriving: count)
        #expect(Set(read).count == read.count, "\(read)")
        #expect(Set(read).isSuperset(of: Self.ids(1...5)))
    }

    @Test("None is left out when those that were read leave the list")
    func leaving() async throws {
        let open = Mutex(Self.ids(1...7))
        let server = try HostileServer { request, _ in
            guard request.method == "PATCH" else {
                return .answer(200, Self.page(open.withLock { $0 }, request))
            }
            let id = String(request.path.split(separator: "/").last ?? "")
            open.withLock { $0.removeAll { $0 == id } }
            return .answer(200, Sample.alert(id, status: "RESOLVED", outcome: "NOT_REFUNDED"))
        }
        try await Trial.run(server) { trial in
            for try await alert in trial.parry.alerts.list(status: .actionRequired, pageSize: 2) {
                try await trial.parry.alerts.act(.acceptDispute, on: alert.id)
            }
        }
        #expect(open.withLock { $0 }.isEmpty)
    }

    @Test("Pages are read as they are needed, with the filters of the list")
    func asNeeded() async throws {
        let server = try HostileServer { request, _ in
            .answer(200, Self.page(Self.ids(1...5), request))
        }
        try await Trial.run(server) { trial in
            let list = trial.parry.alerts.list(
                status: .actionRequired, needsAttention: true,
                receivedFrom: Timestamp(iso8601: "2026-02-17T09:59:05Z"), sort: .soonestDeadline,
                pageSize: 2)
            var iterator = list.makeAsyncIterator()
            let first = [try await iterator.next(), try await iterator.next()]
            #expect(first.map { $0?.id.text } == ["netalrt_1", "netalrt_2"])
            #expect(trial.server.requests.count == 1)
            let third = try await iterator.next()
            #expect(third?.id.text == "netalrt_3")
            let filters =
                "status=ACTION_REQUIRED&needs_attention=true"
                + "&alert_received_at_gte=2026-02-17T09%3A59%3A05Z&sort=action_required_deadline"
            #expect(
                trial.server.requests.map(\.target) == [
                    "/v1/alerts?\(filters)&limit=2&offset=0",
                    "/v1/alerts?\(filters)&limit=2&offset=2",
                ])
            let (count, newest) = (try await list.count(), try await list.first())
            #expect(count == 5 && newest?.id.text == "netalrt_1")
            let page = try await list.page(limit: 3, offset: 4)
            #expect(page.items.map(\.id.text) == ["netalrt_5"])
        }
    }

    @Test("An empty list has nothing, and a refusal ends it")
    func ends() async throws {
        let server = try HostileServer { request, _ in .answer(200, Self.page([], request)) }
        try await Trial.run(server) { trial in
            var iterator = trial.parry.alerts.list().makeAsyncIterator()
            let items = [
                try await iterator.next(), try await iterator.next(),
                try await trial.parry.alerts.list().first(),
            ]
            #expect(items == [nil, nil, nil])
        }
        try await Trial.run([.answer(403, Sample.refusal("FORBIDDEN"))]) { trial in
            let error = try await #require(throws: ClientError.self) {
                for try await _ in trial.parry.alerts.list() {}
            }
            #expect(error.code == .forbidden)
        }
    }

    private static func events(_ numbers: [Int], next: String, hasMore: Bool) -> HostileServer.Reply
    {
        let items = numbers.map {
            #"{"id":"evt_\#($0)","type":"webhook_endpoint.test","api_version":"v1","#
                + #""created_at":"2026-02-17T09:59:05Z","data":{"object":{}}}"#
        }.joined(separator: ",")
        return .answer(
            200, #"{"items":[\#(items)],"next_cursor":"\#(next)","has_more":\#(hasMore)}"#)
    }

    @Test("The feed goes on at each page's cursor until there is no more")
    func feed() async throws {
        try await Trial.run([
            Self.events([1, 2], next: "cur_a", hasMore: true),
            Self.events([], next: "cur_b", hasMore: true),
            Self.events([3], next: "cur_c", hasMore: false),
        ]) { trial in
            var read: [String] = []
            for try await event in trial.parry.events.feed(pageSize: 2) {
                read.append(event.id.text)
            }
            #expect(read == ["evt_1", "evt_2", "evt_3"])
            #expect(
                trial.server.requests.map(\.target)
                    == ["oldest", "cur_a", "cur_b"].map { "/v1/events?after=\($0)&limit=2" })
        }
    }

    @Test("A feed whose cursor stays where it is ends", .timeLimit(.minutes(1)))
    func feedInPlace() async throws {
        try await Trial.run([Self.events([1], next: "cur_a", hasMore: true)]) { trial in
            var read = 0
            for try await _ in trial.parry.events.feed(after: EventCursor("cur_a")) { read += 1 }
            #expect(read == 1)
        }
    }

    @Test("A list that never ends is left when the reader leaves it")
    func endless() async throws {
        let server = try HostileServer { request, number in
            let ids = Self.ids((number * 2)..<(number * 2 + 2))
            let list = ids.map { Sample.alert($0) }.joined(separator: ",")
            return .answer(200, #"{"items":[\#(list)],"count":9000000000000000000}"#)
        }
        try await Trial.run(server) { trial in
            var read = 0
            for try await _ in trial.parry.alerts.list(pageSize: 2) {
                read += 1
                if read == 7 { break }
            }
            #expect(trial.server.requests.count == 4)
        }
    }
}
