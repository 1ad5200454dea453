import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import ParryWire
import Synchronization

/// Sends one try of a request and reads what comes back.
struct Transport: Sendable {
    /// What a try gave.
    struct Answer: Sendable {
        let status: Int
        let requestID: String?
        /// Of a refusal: how long to wait, in seconds.
        let retryAfterSeconds: Int64?
        /// Of a refusal by the rate limit: how many requests a window has.
        let limit: Int?
        let body: [UInt8]
    }

    let clockOffset = ClockOffset()
    private let base: String
    private let authorisation: String
    private let http: HTTPClient
    private let timeoutSeconds: Int64
    private let answerBytesMax: Int

    init(_ configuration: ClientConfiguration, http: HTTPClient) throws(ClientError) {
        let url = configuration.baseURL
        let base = String(url.reversed().drop { $0 == "/" }.reversed())
        guard let scheme = ["https://", "http://"].first(where: base.hasPrefix),
            base.utf8.count > scheme.utf8.count, !base.contains(where: { $0.isWhitespace }),
            !base.dropFirst(scheme.count).hasPrefix("/")
        else { throw .misused("The base URL must be like https://api.example.com.") }
        guard !configuration.key.isEmpty, configuration.key.utf8.allSatisfy({ 33...126 ~= $0 })
        else { throw .misused("The API key must be cbs_ and more, without spaces or line ends.") }
        self.base = base
        authorisation = "Bearer " + configuration.key
        self.http = http
        timeoutSeconds = max(1, configuration.timeoutSeconds)
        answerBytesMax = configuration.answerBytesMax
    }

    /// - Throws: What the HTTP client throws: no answer, or none in time. The time is the whole answer's.
    func send(_ call: Call) async throws -> Answer {
        if let key = call.idempotencyKey, !key.isValid {
            throw ClientError.misused(
                "An idempotency key has 1 to 255 visible ASCII characters, without spaces.")
        }
        return try await withThrowingTaskGroup(of: Answer?.self) { group in
            group.addTask { try await exchange(call) }
            group.addTask {
                try await ContinuousClock().sleep(for: .seconds(timeoutSeconds))
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let answer = first else {
                throw TimeIsUp(seconds: timeoutSeconds)
            }
            return answer
        }
    }

    /// The whole answer was not there in time.
    struct TimeIsUp: Error, CustomStringConvertible {
        let seconds: Int64
        var description: String { "no whole answer within \(seconds) s" }
    }

    private func exchange(_ call: Call) async throws -> Answer {
        let response = try await http.execute(request(call), timeout: .seconds(timeoutSeconds))
        let headers = response.headers
        let body: ByteBuffer
        do {
            body = try await response.body.collect(upTo: answerBytesMax)
        } catch is NIOTooManyBytesError {
            throw ClientError.unreadable(
                UnreadableAnswer(
                    what: "answer",
                    reason: "it has more than \(answerBytesMax) bytes; ask for smaller pages",
                    requestID: headers.first(name: "x-request-id")))
        }
        clockOffset.note(date: headers.first(name: "date"))
        return Answer(
            status: Int(response.status.code), requestID: headers.first(name: "x-request-id"),
            retryAfterSeconds: headers.first(name: "retry-after").flatMap(RetryAfter.seconds),
            limit: headers.first(name: "ratelimit-policy").flatMap(RetryAfter.limit),
            body: Array(buffer: body))
    }

    private func request(_ call: Call) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: base + call.path.path + call.query.text)
        request.method = HTTPMethod(rawValue: call.method.rawValue)
        request.headers.add(name: "authorization", value: authorisation)
        request.headers.add(name: "accept", value: "application/json")
        request.headers.add(name: "user-agent", value: "ParryClient")
        if let key = call.idempotencyKey {
            request.headers.add(name: "idempotency-key", value: key.text)
        }
        if let body = call.body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(body)
        }
        return request
    }
}

extension HTTPClient {
    /// For clients that bring none: it follows no redirects, which would turn a POST into a GET.
    static let withoutRedirects: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(10)
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()
}

/// How far the platform's clock is from ours, as its answers' `Date` tells.
final class ClockOffset: Sendable {
    private let last = Mutex<Int64?>(nil)

    var seconds: Int64? { last.withLock { $0 } }

    /// Keeps what a header tells; one that is no date changes nothing.
    func note(date: String?) {
        guard let date, let sent = HTTPDate.seconds(date) else { return }
        let offset = sent - WallClock.milliseconds() / 1_000
        last.withLock { $0 = offset }
    }
}
