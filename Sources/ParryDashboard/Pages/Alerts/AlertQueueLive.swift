import HTTPTypes
import Hummingbird
import NIOCore
import ParryDomain
import ParryService

/// The stream by which an open queue hears that it is no longer what it shows (server-sent events).
enum AlertQueueLive {
    /// Milliseconds after which a browser that lost the connection comes back.
    private static let retryMilliseconds = 3_000

    static func listen(_ visit: SeatVisit) async throws -> Response {
        let session = visit.visitor.session.id
        guard visit.base.site.live.hasRoom(for: session) else { throw tooMany }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .noBuffering: "no"],
            body: ResponseBody { writer in
                try await send(to: &writer, visit)
                try await writer.finish(nil)
            })
    }

    private static func send(
        to writer: inout any ResponseBodyWriter, _ visit: SeatVisit
    ) async throws {
        let live = visit.base.site.live
        let since = visit.query["since"].flatMap { Int64($0) }
        guard let listener = live.listen(visit.seat.owner, visit.visitor.session.id, since: since)
        else { return }
        defer { live.leave(listener) }
        // Without a socket there is no other end that could go.
        guard !visit.base.context.client.isEmpty else {
            return try await send(listener, to: &writer, visit)
        }
        try await visit.base.request.body.consumeWithInboundCloseHandler { _ in
            try await send(listener, to: &writer, visit)
        } onInboundClosed: {
            listener.end()
        }
    }

    private static func send(
        _ listener: LiveListener, to writer: inout any ResponseBodyWriter, _ visit: SeatVisit
    ) async throws {
        try await write("retry: \(retryMilliseconds)\n\n", to: &writer)
        for await _ in listener.rings {
            let told = listener.take()
            // News are for who may still see them, and now and then a page without news is looked at, too.
            let isDue = !told.signals.isDisjoint(with: [.news, .check])
            if isDue, try await !isStillAllowed(visit) {
                return try await write("event: end\ndata: \n\n", to: &writer)
            }
            if told.signals.contains(.news) {
                try await write("event: alerts\ndata: \(told.position)\n\n", to: &writer)
            } else if told.signals.contains(.beat) {
                try await write(":\n\n", to: &writer)
            }
        }
    }

    private static func write(
        _ text: String, to writer: inout any ResponseBodyWriter
    ) async throws {
        try await writer.write(ByteBuffer(string: text))
    }

    /// Whether session, role and account are still what let the page in. To look is no sign of life of the person.
    private static func isStillAllowed(_ visit: SeatVisit) async throws -> Bool {
        let (services, visitor) = (visit.base.site.services, visit.visitor)
        guard
            let now = try await services.signIn.look(for: visitor.token, now: visit.now),
            let seat = try? await services.seats.find(visit.seat.id, for: now)
        else { return false }
        return seat.owner == visit.seat.owner && seat.allows(.view)
    }

    private static let tooMany = Refusal(
        .serviceUnavailable, "TOO_MANY_PAGES",
        "Too many pages wait for news. Close some, or reload this one now and then.")
}

extension HTTPField.Name {
    /// Asks proxies not to hold back what comes bit by bit.
    fileprivate static let noBuffering = HTTPField.Name("X-Accel-Buffering") ?? .origin
}
