import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// The outermost layer: every answer, errors included, has a request id and JSON; every request is one
/// log line with its route, never its query, body or keys.
struct EdgeMiddleware: RouterMiddleware {
    let metrics: RequestMetrics?

    func handle(
        _ request: Request, context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let started = ContinuousClock.now
        var response: Response
        var failure: (any Error)?
        do {
            // The router would skip empty parts, and one resource would have many paths.
            if Self.hasEmptyPart(request.uri.path) { throw Problem.unknownRoute }
            response = try await next(request, context)
        } catch {
            let problem = Problem(error)
            if problem.status.kind == .serverError { failure = error }
            response = Response(problem)
        }
        response.headers[.requestID] = context.id
        for (name, value) in Deprecation.headers(of: context.endpointPath) {
            response.headers[name] = value
        }
        let took = ContinuousClock.now - started
        metrics?.record(
            route: Self.route(request, context),
            status: response.status.code, took: took)
        log(request, context, response.status, took: took, failure)
        return response
    }

    private static func hasEmptyPart(_ path: String) -> Bool {
        var previous: UInt8 = 0
        for byte in path.utf8 {
            if byte == UInt8(ascii: "/"), byte == previous { return true }
            previous = byte
        }
        return false
    }

    /// What metrics call it: anybody can invent methods and paths, so what is no route is one.
    private static func route(_ request: Request, _ context: APIContext) -> String {
        guard let path = context.endpointPath, path.hasPrefix("/") else { return "-" }
        return "\(request.method.rawValue) \(path)"
    }

    /// The id is in the logger's own metadata. The reason of a failure of ours is told, a caller's
    /// mistake is not: it is in the answer.
    private func log(
        _ request: Request, _ context: APIContext, _ status: HTTPResponse.Status, took: Duration,
        _ failure: (any Error)?
    ) {
        var facts: Logger.Metadata = [
            "method": .string(request.method.rawValue),
            "route": .string(context.endpointPath ?? "-"),
            "status": .stringConvertible(status.code),
            "microseconds": .stringConvertible(Int(took / .microseconds(1))),
        ]
        if let failure { facts["error"] = .string("\(failure)") }
        context.logger.log(level: failure == nil ? .info : .error, "request", metadata: facts)
    }
}

extension Response {
    init(_ problem: Problem) {
        self.init(status: problem.status, json: problem.json)
        for header in problem.headers { headers[header.name] = header.value }
    }

    init(_ answer: Answer) {
        if let json = answer.json {
            self.init(status: answer.status, json: json)
            if answer.isReplay { headers[.idempotencyReplayed] = "true" }
        } else {
            self.init(status: answer.status)
        }
    }

    init(status: HTTPResponse.Status, json: [UInt8]) {
        self.init(
            status: status,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: json)))
    }
}
