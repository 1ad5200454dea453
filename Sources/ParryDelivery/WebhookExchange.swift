import AsyncHTTPClient
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import ParryDomain
import ParryService
import ParryWire

/// One request under way, and what becomes of it.
struct WebhookExchange: Sendable {
    private let task: HTTPClient.Task<Void>
    private let answer = WebhookAnswer()
    private let startedAt: Timestamp
    private let started: NIODeadline
    private let address: String?
    private let isProxied: Bool

    /// Sends a request. There is one deadline over connect, TLS, headers and body, which the look-up before it uses up too.
    ///
    /// - Parameters:
    ///   - client: The one that connects to the checked address.
    ///   - address: That address; nil where a proxy looks it up.
    ///   - started: When its 20 seconds began.
    init(
        _ request: HTTPClient.Request, over client: HTTPClient, to address: String?,
        isProxied: Bool, now: Timestamp, started: NIODeadline
    ) {
        self.address = address
        self.isProxied = isProxied
        self.started = started
        startedAt = now
        task = client.execute(
            request: request, delegate: answer, eventLoop: .indifferent,
            deadline: started + .seconds(Limits.webhookDeadlineSeconds), logger: nil)
    }

    /// Waits for the end; cancelled when the task is.
    func end() async -> DeliveryAttempt {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                whenEnded { continuation.resume(returning: $0) }
            }
        } onCancel: {
            task.cancel()
        }
    }

    /// Calls back once, on an event loop, where nothing may take long.
    func whenEnded(_ body: @escaping @Sendable (DeliveryAttempt) -> Void) {
        task.futureResult.whenComplete { result in
            switch result {
            case .success: body(attempt(WebhookFailure.reset))
            case .failure(let error): body(attempt(error))
            }
        }
    }

    /// A status that is known counts, whatever becomes of the rest: an answer that is too large, late or cut off.
    private func attempt(_ error: any Error) -> DeliveryAttempt {
        DeliveryAttempt(
            startedAt: startedAt,
            durationMilliseconds: started.millisecondsAgo,
            outcome: answer.status.map { .answered($0) } ?? .failed(reason(of: error)),
            address: address, answer: answer.beginning,
            retryAfterSeconds: answer.retryAfterSeconds(
                at: startedAt.milliseconds + started.millisecondsAgo))
    }

    private func reason(of error: any Error) -> String {
        isProxied ? WebhookFailure.reason(ofProxied: error) : WebhookFailure.reason(of: error)
    }
}

/// Reads an answer to its end, so that the connection can be used again, and keeps its beginning. One that is too large
/// costs the connection.
private final class WebhookAnswer: HTTPClientResponseDelegate {
    private struct TooLarge: Error {}

    private struct State {
        var head: HTTPResponseHead?
        var beginning: [UInt8] = []
        var bytesRead = 0
    }

    private let state = NIOLockedValueBox(State())

    func didReceiveHead(
        task: HTTPClient.Task<Void>, _ head: HTTPResponseHead
    ) -> EventLoopFuture<Void> {
        state.withLockedValue { $0.head = head }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(
        task: HTTPClient.Task<Void>, _ part: ByteBuffer
    ) -> EventLoopFuture<Void> {
        let isTooLarge = state.withLockedValue { state in
            let room = Limits.webhookAnswerBytesKept - state.beginning.count
            state.beginning += part.readableBytesView.prefix(room)
            state.bytesRead += part.readableBytes
            return state.bytesRead > Limits.webhookAnswerBytesMax
        }
        return isTooLarge
            ? task.eventLoop.makeFailedFuture(TooLarge())
            : task.eventLoop.makeSucceededVoidFuture()
    }

    func didFinishRequest(task: HTTPClient.Task<Void>) {}

    var status: Int? {
        state.withLockedValue { ($0.head?.status.code).map { Int($0) } }
    }

    /// For how long a 429 or 503 asks to wait, with a number or a date (RFC 9110, section 10.2.3).
    ///
    /// - Parameter now: In milliseconds since 1970.
    func retryAfterSeconds(at now: Int64) -> Int64? {
        guard let head = state.withLockedValue({ $0.head }),
            head.status == .tooManyRequests || head.status == .serviceUnavailable
        else { return nil }
        guard let asked = head.headers.first(name: "Retry-After") else { return nil }
        return (Int64(asked) ?? HTTPDate.seconds(asked).map { $0 - now / 1_000 }).map { max(0, $0) }
    }

    /// As text that every engine stores: no U+0000, and what is no UTF-8 replaced. nil when there is none.
    var beginning: String? {
        let bytes = state.withLockedValue { $0.beginning }.filter { $0 != 0 }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
