import Foundation
import Logging
import ParryWire

/// Makes a call: waits for its place, sends it, and sends it again where that can help.
struct Caller: Sendable {
    let transport: Transport
    let limiter: (any RequestLimiter)?
    let retry: RetryPolicy
    let clock: any Clock<Duration>
    let logger: Logger?

    /// What a call came to.
    struct Result: Sendable {
        let answer: Transport.Answer
        /// Whether an earlier try got no answer, or one that leaves open whether the work was done.
        let isRepeated: Bool
    }

    /// - Returns: An answer of 2xx.
    func send(_ call: Call) async throws(ClientError) -> Result {
        var attempt = 0
        var isRepeated = false
        while true {
            attempt += 1
            try await takePlace(call.endpoint)
            let failure: ClientError
            var retryAfter: Int64?
            switch await attemptOnce(call) {
            case .success(let answer) where 200..<300 ~= answer.status:
                return Result(answer: answer, isRepeated: isRepeated)
            case .success(let answer):
                retryAfter = answer.retryAfterSeconds
                failure = .refused(
                    Refusal(
                        answer, endpoint: call.endpoint, attempts: attempt, isRepeated: isRepeated))
                try note(answer, call.endpoint)
                guard RetryPolicy.isTransient(answer.status) else { throw failure }
                isRepeated = isRepeated || answer.status != 429
            case .failure(let error):
                failure = error.with(endpoint: call.endpoint, attempts: attempt)
                guard case .unreachable(let fault) = failure else { throw failure }
                isRepeated = isRepeated || fault.wasSent
            }
            try await wait(attempt, retryAfter, failure)
        }
    }

    private func attemptOnce(_ call: Call) async -> Swift.Result<Transport.Answer, ClientError> {
        do {
            return .success(try await transport.send(call))
        } catch {
            return .failure(ClientError(transport: error))
        }
    }

    private func takePlace(_ endpoint: String) async throws(ClientError) {
        guard let limiter else { return }
        do {
            let milliseconds = try limiter.reserve(endpoint)
            if milliseconds > 0 { try await sleep(.milliseconds(milliseconds)) }
        } catch let error as ClientError {
            throw error
        } catch {
            throw .misused("The limiter failed: \(error).")
        }
    }

    /// Tells the limiter of what the platform refused.
    private func note(_ answer: Transport.Answer, _ endpoint: String) throws(ClientError) {
        guard answer.status == 429, let limiter else { return }
        do {
            try limiter.refused(
                endpoint, retryAfterSeconds: answer.retryAfterSeconds ?? 0, limit: answer.limit)
        } catch {
            throw error as? ClientError ?? .misused("The limiter failed: \(error).")
        }
    }

    private func wait(
        _ attempt: Int, _ retryAfter: Int64?, _ failure: ClientError
    ) async throws(ClientError) {
        let delay = retry.delay(
            after: attempt, retryAfter: retryAfter, fraction: Double.random(in: 0...1))
        guard let delay else { throw failure }
        logger?.debug("a request is sent again", metadata: failure.metadata)
        try await sleep(delay)
    }

    private func sleep(_ duration: Duration) async throws(ClientError) {
        do { try await clock.sleep(for: duration) } catch { throw .cancelled }
    }
}

extension Caller {
    /// Reads a resource.
    func get<Object: Decodable>(
        _ path: RequestPath, _ query: Query = Query()
    ) async throws(ClientError) -> Object {
        try Answers.read(await send(Call(method: .get, path: path, query: query)))
    }

    /// Makes something, once.
    func post<Object: Decodable>(
        _ path: RequestPath, _ body: some Encodable & Sendable, _ key: IdempotencyKey?
    ) async throws(ClientError) -> Object {
        try Answers.read(
            await send(
                Call(
                    method: .post, path: path, body: try Answers.write(body),
                    idempotencyKey: key ?? .fresh())))
    }

    /// Asks for something that needs no body, once.
    func post<Object: Decodable>(
        _ path: RequestPath, _ key: IdempotencyKey?
    ) async throws(ClientError) -> Object {
        try Answers.read(
            await send(Call(method: .post, path: path, idempotencyKey: key ?? .fresh())))
    }

    /// Changes a resource.
    func patch<Object: Decodable>(
        _ path: RequestPath, _ body: some Encodable & Sendable
    ) async throws(ClientError) -> Object {
        try Answers.read(
            await send(Call(method: .patch, path: path, body: try Answers.write(body))))
    }

    /// Sets a part of a resource.
    func put<Object: Decodable>(
        _ path: RequestPath, _ body: some Encodable & Sendable
    ) async throws(ClientError) -> Object {
        try Answers.read(await send(Call(method: .put, path: path, body: try Answers.write(body))))
    }

    /// Deletes a resource that is gone afterwards: when an earlier try may have done it, not to find it is what was
    /// meant.
    func delete(_ path: RequestPath) async throws(ClientError) {
        do {
            _ = try await send(Call(method: .delete, path: path))
        } catch {
            guard case .refused(let refusal) = error, refusal.status == 404, refusal.isRepeated
            else { throw error }
        }
    }

    /// Ends a resource that stays to be seen.
    func delete<Object: Decodable>(_ path: RequestPath) async throws(ClientError) -> Object {
        try Answers.read(await send(Call(method: .delete, path: path)))
    }
}

/// Bodies as JSON.
enum Answers {
    static func read<Object: Decodable>(_ result: Caller.Result) throws(ClientError) -> Object {
        do {
            return try JSONDecoder().decode(Object.self, from: Data(result.answer.body))
        } catch {
            throw .unreadable(
                UnreadableAnswer(
                    what: "\(Object.self)", reason: Self.reason(error),
                    requestID: result.answer.requestID))
        }
    }

    /// The members are sorted, so that the same body has the same bytes in every process.
    static func write(_ body: some Encodable) throws(ClientError) -> [UInt8] {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return [UInt8](try encoder.encode(body))
        } catch {
            throw .misused("The request cannot be written as JSON: \(error).")
        }
    }

    /// Where and what, without the value.
    private static func reason(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, let context):
            "\(path(context.codingPath)) lacks \(key.stringValue)"
        case DecodingError.typeMismatch(let type, let context),
            DecodingError.valueNotFound(let type, let context):
            "\(path(context.codingPath)) is no \(type)"
        case DecodingError.dataCorrupted(let context):
            "\(path(context.codingPath)): \(context.debugDescription)"
        default: "\(error)"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.isEmpty ? "the body" : keys.map(\.stringValue).joined(separator: ".")
    }
}
