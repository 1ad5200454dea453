import HTTPTypes
import Hummingbird
import Logging

/// The outermost layer: every answer, errors included, has a request id and JSON; every request is one
/// log line with its route, never its query, body or keys.
struct EdgeMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let id = context.id
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            let problem = Problem(error)
            log(error, as: problem, request, context)
            response = Response(problem)
        }
        response.headers[.requestID] = id
        context.logger.debug(
            "request",
            metadata: [
                "method": "\(request.method.rawValue)", "route": "\(context.endpointPath ?? "-")",
                "status": "\(response.status.code)", "request_id": "\(id)",
            ])
        return response
    }

    /// The reason of a failure of ours; a caller's mistake is not logged above debug.
    private func log(
        _ error: any Error, as problem: Problem, _ request: Request, _ context: APIContext
    ) {
        guard problem.status.kind == .serverError else { return }
        context.logger.error(
            "request failed",
            metadata: [
                "method": "\(request.method.rawValue)", "route": "\(context.endpointPath ?? "-")",
                "status": "\(problem.status.code)", "error": "\(error)",
                "request_id": "\(context.id)",
            ])
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
