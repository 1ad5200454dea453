import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// A server on this machine that answers as one in trouble does: what no healthy platform can be made to say.
enum TroubleServer {
    /// Lets the body use the server, whose URL it gets.
    static func during<Result: Sendable>(
        _ body: @escaping @Sendable (String) async throws -> Result
    ) async throws -> Result {
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        var logger = Logger(label: "parry-partner.trouble")
        logger.logLevel = .error
        let application = Application(
            router: router(),
            configuration: ApplicationConfiguration(
                address: .hostname("127.0.0.1", port: 0), serverName: nil),
            onServerRunning: { continuation.yield($0.localAddress?.port ?? 0) }, logger: logger)
        return try await TemporaryServices.run([application], logger: logger) {
            var iterator = ports.makeAsyncIterator()
            return try await body("http://127.0.0.1:\(await iterator.next() ?? 0)")
        }
    }

    private static func router() -> Router<BasicRequestContext> {
        let counts = Counts()
        let router = Router()
        router.get("/v1/organisations/org_403") { _, _ in
            answer(.forbidden, #"{"code": "FORBIDDEN", "message": "played"}"#)
        }
        router.get("/v1/organisations/org_429") { _, _ in
            guard counts.next("429") > 1 else {
                return answer(
                    .tooManyRequests, #"{"code": "RATE_LIMITED", "message": "played"}"#,
                    [.retryAfter: "1"])
            }
            return organisation("org_429")
        }
        router.get("/v1/organisations/org_503") { _, _ in
            guard counts.next("503") > 2 else {
                return answer(.serviceUnavailable, #"{"code": "UNAVAILABLE", "message": "played"}"#)
            }
            return organisation("org_503")
        }
        return router
    }

    private static func organisation(_ id: String) -> Response {
        answer(.ok, #"{"id": "\#(id)", "name": "played", "mode": "TEST"}"#)
    }

    private static func answer(
        _ status: HTTPResponse.Status, _ body: String, _ headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(
            status: status, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
    }

    private final class Counts: Sendable {
        private let counts = Mutex<[String: Int]>([:])

        func next(_ name: String) -> Int {
            counts.withLock {
                $0[name, default: 0] += 1
                return $0[name, default: 0]
            }
        }
    }
}
