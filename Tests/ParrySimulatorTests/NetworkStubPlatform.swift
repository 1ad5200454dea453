import AsyncHTTPClient
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import ParrySimulator
import ParryWire
import ServiceLifecycle
import Synchronization

/// A platform that notes what it is sent and answers as it is told.
final class StubPlatform: Sendable {
    /// One request that came.
    struct Received: Sendable {
        let path: String
        let authorisation: String?
        let body: JSONValue
    }

    private let all = Mutex<[Received]>([])
    private let decide: @Sendable (Received, [Received]) -> String
    private let stream: AsyncStream<Received>
    private let continuation: AsyncStream<Received>.Continuation

    /// - Parameter decide: The answer to a request, given those before it.
    init(_ decide: @escaping @Sendable (Received, [Received]) -> String) {
        self.decide = decide
        (stream, continuation) = AsyncStream.makeStream()
    }

    var received: [Received] { all.withLock { $0 } }

    /// Waits for so many requests to a path, and returns all that came there.
    func wait(_ count: Int, to path: String) async -> [Received] {
        for await _ in stream {
            let there = received.filter { $0.path == path }
            if there.count >= count { return there }
        }
        return []
    }

    func application(_ onListening: @escaping @Sendable (Int) -> Void) -> some ApplicationProtocol {
        let router = Router()
        router.post("/networks/**") { request, _ in
            let body = try await request.body.collect(upTo: 1_000_000)
            let received = Received(
                path: request.uri.path, authorisation: request.headers[.authorization],
                body: try JSONDocument.parse(Array(body.readableBytesView)).root)
            let answer = self.decide(received, self.received)
            self.all.withLock { $0.append(received) }
            self.continuation.yield(received)
            return Response(
                status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: answer)))
        }
        return Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { onListening($0.localAddress?.port ?? 0) }, logger: .quiet)
    }
}

extension Logger {
    static var quiet: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }
}

/// The caller of a test: asks the simulated networks over HTTP.
struct NetworkCaller: Sendable {
    /// The methods that tests need.
    enum Method: String {
        case get = "GET"
        case post = "POST"
        case patch = "PATCH"
    }

    let base: String

    /// The answer's status and its JSON; null where it has none.
    func ask(
        _ method: Method, _ path: String, _ body: String? = nil, token: String? = "secret"
    ) async throws -> (status: Int, body: JSONValue) {
        var request = HTTPClientRequest(url: base + path)
        request.method = HTTPMethod(rawValue: method.rawValue)
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        let bytes = Array(try await response.body.collect(upTo: 10_000_000).readableBytesView)
        let json = try JSONDocument.parse(bytes.isEmpty ? Array("null".utf8) : bytes).root
        return (Int(response.status.code), json)
    }

    /// Asks again until the answer is as wished; the networks conclude a push after the platform
    /// has answered it.
    func read(
        _ path: String, until isWished: (JSONValue) -> Bool
    ) async throws -> JSONValue {
        for _ in 0..<2_000 {
            let answer = try await ask(.get, path).body
            if isWished(answer) { return answer }
        }
        return try await ask(.get, path).body
    }
}

/// Runs the networks against a platform, both on free ports, for as long as the test needs them.
func withNetworks(
    _ platform: StubPlatform, _ change: (inout NetworkSettings) -> Void = { _ in },
    _ test: @Sendable @escaping (NetworkCaller) async throws -> Void
) async throws {
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    let stub = ServiceGroup(
        configuration: .init(
            services: [platform.application { continuation.yield($0) }], logger: .quiet))
    var ready = ports.makeAsyncIterator()
    var settings = NetworkSettings()
    settings.port = 0
    settings.ethocaToken = "of-ethoca"
    settings.verifiToken = "of-verifi"
    settings.platformToken = "secret"
    settings.enrolmentDelay = .milliseconds(20)
    settings.repush.first = .milliseconds(5)
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await stub.run() }
        settings.platformURL = "http://127.0.0.1:\(await ready.next() ?? 0)"
        change(&settings)
        let networks = try SimulatedNetworks(
            settings, logger: .quiet, clock: { SampleNetworks.start },
            onListening: { continuation.yield($0) })
        let running = ServiceGroup(
            configuration: .init(services: networks.services, logger: .quiet))
        group.addTask { try await running.run() }
        let caller = NetworkCaller(base: "http://127.0.0.1:\(await ready.next() ?? 0)")
        try await test(caller)
        await running.triggerGracefulShutdown()
        await stub.triggerGracefulShutdown()
        try await group.waitForAll()
    }
}
