import HTTPTypes
import Hummingbird
import Logging
import ParryAPI
import ParryDashboard
import ParryNetworks

/// The public port: the API, the dashboard, and the networks' messages where they have no port of their own.
struct PublicResponder<API: HTTPResponder>: HTTPResponder where API.Context == APIContext {
    let api: API
    let dashboard: Dashboard
    let ingress: IngressResponder?
    let trustedProxies: TrustedProxies

    func respond(to request: Request, context: APIContext) async throws -> Response {
        let path = request.uri.path
        if Dashboard.owns(path) {
            return await dashboard.respond(
                to: request,
                context: DashboardContext(
                    coreContext: context.coreContext,
                    client: trustedProxies.clientText(of: request, context)))
        }
        guard let ingress, NetworkIngress.owns(path) else {
            return try await api.respond(to: request, context: context)
        }
        return await ingress.respond(to: request, context: context)
    }
}

/// The networks' messages, whose tokens cannot be tried out without end.
struct IngressResponder: HTTPResponder {
    let ingress: NetworkIngress
    let failures: FailedAuthentications
    let logger: Logger

    func respond(to request: Request, context: APIContext) async -> Response {
        let response = await ingress.logged(request, id: context.id, logger)
        guard response.status == .unauthorized,
            let wait = failures.count(request, context, now: Platform.now())
        else { return response }
        return NetworkIngress.tooManyFailures(retryAfterSeconds: wait)
    }
}

extension NetworkIngress {
    /// Answers with a request id, and one log line without token or body.
    func logged(_ request: Request, id: String, _ logger: Logger) async -> Response {
        let started = ContinuousClock.now
        var response = await respond(to: request)
        if let name = HTTPField.Name("X-Request-Id") { response.headers[name] = id }
        logger.info(
            "network request",
            metadata: [
                "request_id": "\(id)", "method": "\(request.method.rawValue)",
                "path": "\(request.uri.path.prefix(60))",
                "status": .stringConvertible(response.status.code),
                "microseconds": .stringConvertible(
                    Int((ContinuousClock.now - started) / .microseconds(1))),
            ])
        return response
    }
}
