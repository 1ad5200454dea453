import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ParryClient
import ParryDatabase
import ParryWire

/// Takes webhooks in: verify, store, answer. What they mean is looked at later.
struct WebhookReceiver: Sendable {
    let store: PartnerDatabase
    let verifier: WebhookVerifier
    let logger: Logger
    /// Tells the inbox that something came.
    let wake: @Sendable () -> Void

    /// The most that is read of a webhook: an order's document has at most 128 KiB, and events are smaller.
    private static let bodyBytesMax = 1_048_576
    /// The most that is read of a body that is refused: who has sent all of it reads the answer, which a
    /// connection that is closed in the middle of sending may lose.
    private static let refusedBytesMax = 16 * bodyBytesMax

    /// The receiver's routes: webhooks at the path, and `/health` for whoever watches it.
    func router(_ path: String) -> Router<BasicRequestContext> {
        let router = Router()
        router.post(RouterPath(path)) { request, _ in try await take(request) }
        router.get("/health") { _, _ in Response(status: .noContent) }
        return router
    }

    private func take(_ request: Request) async throws -> Response {
        let (body, length) = try await Self.read(request.body)
        guard length <= Self.bodyBytesMax else { return Self.tooLarge(length) }
        do {
            try verifier.verify(
                body: body, signature: Self.header(WebhookSignature.headerName, request))
        } catch {
            logger.warning("a webhook was refused", metadata: ["reason": "\(error)"])
            return Self.answer(.unauthorized, "SIGNATURE_REFUSED", "\(error)")
        }
        guard
            let event = Self.event(
                body, Self.header(WebhookSignature.idempotencyHeaderName, request))
        else {
            return Self.answer(
                .badRequest, "NO_EVENT", "The body is no event with id, type and data.")
        }
        let now = Timestamp.now()
        let isNew = try await store.database.write { try InboxStore.take(event, at: now, $0) }
        if isNew { wake() }
        return Response(status: .noContent)
    }

    private static func event(_ body: [UInt8], _ delivery: String?) -> InboxStore.Received? {
        guard let root = try? JSONDocument.parse(body).root,
            let id = root["id"]?.string, isName(id), let type = root["type"]?.string,
            type.isEmpty || isName(type),
            let object = root["data"]?["object"]
        else { return nil }
        let objectID = object["id"]?.string.flatMap { isName($0) ? $0 : nil }
        let created = root["created_at"]?.string.flatMap { Timestamp(iso8601: $0) }
        return InboxStore.Received(
            id: id, type: type, createdAt: created ?? .now(),
            apiVersion: root["api_version"]?.string, objectID: objectID ?? id,
            deliveryID: delivery, body: body)
    }

    /// What can name something: short, and without control characters.
    private static func isName(_ text: String) -> Bool {
        1...255 ~= text.utf8.count && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }

    /// The body as far as it is kept, and how many bytes of it were read.
    private static func read(
        _ body: RequestBody
    ) async throws -> (bytes: [UInt8], length: Int) {
        var bytes: [UInt8] = []
        var length = 0
        for try await piece in body {
            length += piece.readableBytes
            if length <= bodyBytesMax { bytes += piece.readableBytesView }
            if length > refusedBytesMax { break }
        }
        return (bytes, length)
    }

    /// A body without end is broken off behind the answer: the connection is closed.
    private static func tooLarge(_ length: Int) -> Response {
        let refusal = answer(.contentTooLarge, "TOO_LARGE", "A webhook has at most 1 MiB.")
        guard length > refusedBytesMax else { return refusal }
        return Response(
            status: refusal.status,
            headers: [.connection: "close", .contentType: "application/json"],
            body: ResponseBody { writer in
                try await refusal.body.write(writer)
                throw CancellationError()
            })
    }

    private static func header(_ name: String, _ request: Request) -> String? {
        HTTPField.Name(name).flatMap { request.headers[$0] }
    }

    private static func answer(
        _ status: HTTPResponse.Status, _ code: String, _ message: String
    ) -> Response {
        var json = JSONWriter()
        json.beginObject()
        json.key("code")
        json.string(code)
        json.key("message")
        json.string(message)
        json.endObject()
        return Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.bytes)))
    }
}
