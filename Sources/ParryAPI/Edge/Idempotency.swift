import HTTPTypes
import Hummingbird
import ParryDomain
import ParryService
import ParryWire

/// `Idempotency-Key` on every POST (amendment 4): the same key and body within 24 hours get the same answer,
/// and the work is done once.
struct Idempotency: Sendable {
    let service: IdempotencyService

    /// Carries a request out, or gives the answer that it got before.
    ///
    /// - Throws: 422 for a key that cannot be one, or that came with another body.
    func handle(_ call: Call, at endpoint: Endpoint) async throws -> Answer {
        guard endpoint.method == .post, let sent = call.request.headers[.idempotencyKey] else {
            return try await endpoint.handle(call)
        }
        guard (1...255).contains(sent.utf8.count), sent.utf8.allSatisfy({ (0x21...0x7E) ~= $0 })
        else {
            throw Problem(
                field: "Idempotency-Key", code: "INVALID_FORMAT",
                "Idempotency-Key must have 1 to 255 visible ASCII characters")
        }
        var call = call
        let body = try await call.body()
        call.bytes = body
        let key = IdempotencyService.key(
            of: call.principal.owner, path: Self.path(of: call), sent: sent, body: body,
            now: call.now)
        if let answer = try await service.find(key) {
            return Answer(replaying: try service.open(answer))
        }
        let service = service
        let request = IdempotentRequest(key) { answer in
            endpoint.operation.showsSecret ? try service.seal(answer) : answer
        }
        return try await carryOut(call, at: endpoint, request)
    }

    /// The path itself and not its template, so that the same rule for two rulesets is two requests.
    private static func path(of call: Call) -> String {
        let path = call.request.uri.path
        return path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    private func carryOut(
        _ call: Call, at endpoint: Endpoint, _ request: IdempotentRequest
    ) async throws -> Answer {
        do {
            let answer = try await IdempotentRequest.$current.withValue(request) {
                try await endpoint.handle(call)
            }
            if !request.isStored, let json = answer.json {
                let stored = StoredAnswer(status: Int(answer.status.code), body: json)
                try await service.remember(request.key, stored)
            }
            return answer
        } catch let replay as IdempotentRequest.Replay {
            return Answer(replaying: try service.open(replay.answer))
        } catch let reused as IdempotencyKeyReused {
            throw reused
        } catch {
            // A refusal is an answer too; what may pass is not.
            let problem = Problem(error)
            if problem.status == .unprocessableContent {
                try await service.remember(
                    request.key, StoredAnswer(status: 422, body: problem.json))
            }
            throw error
        }
    }
}

extension Call {
    /// Calls a use case and answers with what it returns. With an Idempotency-Key the answer is committed
    /// together with the work, so it has to follow from the value alone.
    func answering<Value: Sendable>(
        _ render: @escaping @Sendable (Value) throws -> Answer, _ work: () async throws -> Value
    ) async throws -> Answer {
        IdempotentRequest.current?.answers { (value: Value) in
            let answer = try render(value)
            return answer.json.map { StoredAnswer(status: Int(answer.status.code), body: $0) }
        }
        return try render(try await work())
    }

    /// The same for the usual answer to a POST: 201 and the new resource.
    func creating<Value: WireObject & Sendable>(
        links: Bool = true, _ work: () async throws -> Value
    ) async throws -> Answer {
        try await answering({ .created($0.json(links: links)) }, work)
    }

    /// The same for a POST that changes what is there: 200 and what it is now.
    func changing<Value: WireObject & Sendable>(
        _ work: () async throws -> Value
    ) async throws -> Answer {
        try await answering({ .ok($0.json()) }, work)
    }
}

extension Answer {
    fileprivate init(replaying answer: StoredAnswer) {
        self.init(
            status: .init(code: answer.status), json: answer.body, isReplay: true)
    }
}
