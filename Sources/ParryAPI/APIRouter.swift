import HTTPTypes
package import Hummingbird
package import ParryDatabase
package import ParryDomain
package import ParryService
import ParryWire

/// The use cases that the API offers.
package struct APIServices: Sendable {
    package let organisations: OrganisationService
    package let merchants: MerchantService
    package let integrations: IntegrationService
    package let memberships: MembershipService
    package let enrolments: EnrolmentService
    package let orders: OrderService
    package let alerts: AlertService
    package let alertCases: AlertCaseService
    package let refundIntents: RefundIntentService
    package let testClocks: TestClockService
    package let rulesets: RulesetService
    package let schemeNotices: SchemeNoticeService
    package let lookups: LookupService
    package let webhooks: WebhookService
    package let webhookSender: any WebhookSender
    package let events: EventService
    package let redeliveries: RedeliveryService
    package let idempotency: IdempotencyService
    package let health: HealthService

    /// - Parameters:
    ///   - secrets: Encrypts what webhooks are signed with.
    ///   - wake: Tells the dispatcher of this process that something may be due.
    ///   - start: Tells who works redeliveries off that there is one.
    ///   - webhookTargets: Where webhook endpoints may be.
    ///   - webhookSender: Sends test events.
    ///   - connections: The networks that take enrolments.
    package init(
        database base: any Database, secrets: SecretBox, wake: Wake, start: Wake,
        webhookTargets: WebhookTargets, webhookSender: any WebhookSender,
        connections: NetworkConnections = .none
    ) {
        self.webhookSender = webhookSender
        let database = IdempotentDatabase(base)
        organisations = OrganisationService(database: database)
        merchants = MerchantService(database: database)
        integrations = IntegrationService(database: database)
        memberships = MembershipService(database: database)
        enrolments = EnrolmentService(
            database: database, wake: wake, connections: connections)
        orders = OrderService(database: database, wake: wake)
        alerts = AlertService(database: database, wake: wake)
        alertCases = AlertCaseService(database: database, wake: wake)
        refundIntents = RefundIntentService(database: database, wake: wake)
        testClocks = TestClockService(database: database, wake: wake)
        rulesets = RulesetService(database: database, wake: wake)
        schemeNotices = SchemeNoticeService(database: database, wake: wake)
        lookups = LookupService(database: database, wake: wake)
        webhooks = WebhookService(
            database: database, secrets: secrets, wake: wake, targets: webhookTargets)
        events = EventService(database: database, wake: wake)
        redeliveries = RedeliveryService(database: database, wake: wake, start: start)
        idempotency = IdempotencyService(database: base, secrets: secrets)
        health = HealthService(database: base)
    }
}

/// Puts the tables of all resources behind the gate. Every route answers with and without a trailing
/// slash, and a method that a path does not have is 405.
package enum APIRouter {
    /// The router with every endpoint.
    ///
    /// - Parameter metrics: Counts requests, where somebody looks.
    package static func make(
        _ services: APIServices, gate: Gate, metrics: RequestMetrics? = nil
    ) -> Router<APIContext> {
        let router = Router(context: APIContext.self)
        router.add(middleware: EdgeMiddleware(metrics: metrics))
        let endpoints = all(services)
        let idempotency = Idempotency(service: services.idempotency)
        for endpoint in endpoints { add(endpoint, to: router, gate, idempotency) }
        refuseOtherMethods(endpoints, in: router)
        DocumentRoutes(endpoints: endpoints).add(to: router)
        addHealth(services.health, to: router)
        return router
    }

    /// Every endpoint of the API.
    static func all(_ services: APIServices) -> [Endpoint] {
        OrganisationRoutes(service: services.organisations).endpoints
            + MerchantRoutes(service: services.merchants).endpoints
            + MembershipRoutes(service: services.memberships).endpoints
            + IntegrationRoutes(service: services.integrations).endpoints
            + EnrolmentRoutes(service: services.enrolments).endpoints
            + EnrolmentV1Routes(service: services.enrolments).endpoints
            + OrderRoutes(service: services.orders).endpoints
            + AlertRoutes(service: services.alerts, cases: services.alertCases).endpoints
            + RefundIntentRoutes(service: services.refundIntents).endpoints
            + TestClockRoutes(service: services.testClocks).endpoints
            + RulesetRoutes(service: services.rulesets).endpoints
            + SchemeNoticeRoutes(service: services.schemeNotices).endpoints
            + LookupRoutes(service: services.lookups).endpoints
            + WebhookRoutes(service: services.webhooks, sender: services.webhookSender).endpoints
            + EventRoutes(service: services.events).endpoints
            + RedeliveryRoutes(service: services.redeliveries).endpoints
    }

    private static func add(
        _ endpoint: Endpoint, to router: Router<APIContext>, _ gate: Gate,
        _ idempotency: Idempotency
    ) {
        let action = endpoint.auditAction
        router.on(routerPath(endpoint.path), method: endpoint.method) { request, context in
            do {
                let call = try await gate.admit(request, context, to: endpoint)
                return Response(
                    try await Endpoint.audited(call, as: action) {
                        try await idempotency.handle($0, at: endpoint)
                    })
            } catch {
                let told = endpoint.tells(Problem(error))
                assert(told, "\(endpoint.name) is not documented to refuse with \(error).")
                throw error
            }
        }
    }

    private static func refuseOtherMethods(
        _ endpoints: [Endpoint], in router: Router<APIContext>
    ) {
        let methods: [HTTPRequest.Method] =
            [
                .get, .head, .post, .put, .patch, .delete, .options, .trace, .connect,
            ] + [HTTPRequest.Method("QUERY")].compactMap(\.self)
        for (path, group) in Dictionary(grouping: endpoints, by: \.path) {
            let known = group.map(\.method)
            let allowed = known.map(\.rawValue).sorted().joined(separator: ", ")
            for method in methods where !known.contains(method) {
                router.on(routerPath(path), method: method) { _, _ -> Response in
                    throw Problem.methodNotAllowed(allowed)
                }
            }
        }
    }

    private static func addHealth(_ health: HealthService, to router: Router<APIContext>) {
        router.get("/health/live") { _, _ in
            Response(status: .ok, json: Array(#"{"status":"live"}"#.utf8))
        }
        router.get("/health/ready") { _, _ in
            await health.isReady()
                ? Response(status: .ok, json: Array(#"{"status":"ready"}"#.utf8))
                : Response(
                    status: .serviceUnavailable, json: Array(#"{"status":"not ready"}"#.utf8))
        }
    }

    /// A template has at most two parameters: the resource's id, and that of a part of it.
    private static func routerPath(_ template: String) -> RouterPath {
        var names = [":part", ":id"]
        return RouterPath(
            template.split(separator: "/").map { segment in
                segment.hasPrefix("{") ? names.popLast() ?? String(segment) : String(segment)
            }.joined(separator: "/"))
    }
}
