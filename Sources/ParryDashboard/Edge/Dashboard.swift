import HTTPTypes
package import Hummingbird
import Logging
import NIOCore
import ParryDomain
import ParryService

/// The web pages at `/dashboard`.
package struct Dashboard: Sendable {
    private let responder: RouterResponder<DashboardContext>

    package init(_ site: Site) {
        responder = Self.router(site).buildResponder()
    }

    /// Whether a path is the dashboard's.
    package static func owns(_ path: String) -> Bool {
        path == "/dashboard" || path.hasPrefix("/dashboard/")
    }

    /// The answer to a request; never throws.
    package func respond(to request: Request, context: DashboardContext) async -> Response {
        do {
            return try await responder.respond(to: request, context: context)
        } catch {
            return Response(status: .internalServerError)
        }
    }

    /// The router with every page; tests call it without a socket.
    package static func router(_ site: Site) -> Router<DashboardContext> {
        let router = Router(context: DashboardContext.self)
        router.add(middleware: DashboardEdge(site: site))
        let gate = DashboardGate(site: site)
        for route in routes {
            router.on(RouterPath(route.template), method: route.method) { request, context in
                try await gate.answer(request, context, at: route)
            }
        }
        router.get("/dashboard/assets/:name") { _, context in
            try Assets.response(context.parameters.get("name"))
        }
        return router
    }
}

/// The outermost layer: every answer has the headers that keep a page to itself, every error is a page, every request
/// is one log line with its route, never its query or form.
struct DashboardEdge: RouterMiddleware {
    let site: Site

    func handle(
        _ request: Request, context: DashboardContext,
        next: (Request, DashboardContext) async throws -> Response
    ) async throws -> Response {
        let started = ContinuousClock.now
        var response: Response
        var failure: (any Error)?
        do {
            response = try await next(request, context)
        } catch {
            let refusal = refusal(error)
            if refusal.status.kind == .serverError { failure = error }
            response = await page(refusal, request, context)
        }
        Self.secure(&response)
        response.headers[.requestID] = context.id
        log(request, context, response.status, took: ContinuousClock.now - started, failure)
        return response
    }

    private func refusal(_ error: any Error) -> Refusal {
        switch error {
        case let refusal as Refusal: refusal
        case let error as NotFound: .notHere(error.resource)
        case let error as HTTPError where error.status == .notFound: .unknownPage
        default:
            site.explain(error)
                ?? Refusal(
                    .internalServerError, "INTERNAL_ERROR",
                    "Something went wrong on our side, and nothing was half-done. Try again; if it "
                        + "happens again, tell your operator the request id below.")
        }
    }

    private func page(
        _ refusal: Refusal, _ request: Request, _ context: DashboardContext
    ) async -> Response {
        let visit = Visit(request: request, context: context, clock: site.clock, site: site)
        let back = SignInPages.referrer(of: visit)
        let model = RefusalModel(
            message: refusal.message, code: refusal.code, requestID: context.id,
            back: back.isEmpty ? nil : back)
        let gate = DashboardGate(site: site)
        let visitor = (try? await gate.visitor(of: request, now: visit.now)) ?? nil
        guard let visitor else {
            return visit.page("refusal", title: refusal.title, model, status: refusal.status)
        }
        let account = context.parameters.get("account") ?? ""
        guard let seat = try? await site.services.seats.find(account, for: visitor) else {
            return PersonVisit(base: visit, visitor: visitor)
                .page("refusal", title: refusal.title, model, status: refusal.status)
        }
        return SeatVisit(base: visit, visitor: visitor, seat: seat)
            .page("refusal", title: refusal.title, .none, model, status: refusal.status)
    }

    private static func secure(_ response: inout Response) {
        for (name, value) in fixed where response.headers[name] == nil {
            response.headers[name] = value
        }
    }

    /// Nothing is fetched from elsewhere, nothing frames a page, no script or style stands in one.
    private static let fixed: [(HTTPField.Name, String)] = [
        (
            .contentSecurityPolicy,
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        (.xContentTypeOptions, "nosniff"),
        (HTTPField.Name("Referrer-Policy") ?? .referer, "same-origin"),
        (HTTPField.Name("Cross-Origin-Opener-Policy") ?? .origin, "same-origin"),
        (HTTPField.Name("X-Frame-Options") ?? .origin, "DENY"),
        (.cacheControl, "no-store"),
    ]

    private func log(
        _ request: Request, _ context: DashboardContext, _ status: HTTPResponse.Status,
        took: Duration, _ failure: (any Error)?
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

extension HTTPField.Name {
    fileprivate static let requestID = HTTPField.Name("X-Request-Id") ?? .from
}

/// The page that says why another one is not shown.
struct RefusalModel {
    let message: String
    let code: String
    let requestID: String
    /// Where the person came from; nil for nowhere that is ours.
    let back: String?
}

extension Refusal {
    /// What the page is called.
    var title: String {
        switch status.code {
        case 403: "Not allowed"
        case 404: "Not here"
        case 500...: "Something went wrong"
        default: "Not done"
        }
    }
}
