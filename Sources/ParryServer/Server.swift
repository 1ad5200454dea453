package import Hummingbird
import HummingbirdCore
import HummingbirdTLS
package import Logging
import NIOCore
import NIOPosix
package import ParryAPI
import ParryDashboard
import ParryDatabase
import ParryDelivery
package import ParryDomain
package import ParryService
package import ParryWire
import ServiceLifecycle
import UnixSignals

/// `parry serve`: the API and the webhook dispatcher over one platform, until a signal.
package enum Server {
    /// A connection that says nothing for so long is closed.
    private static let idleTimeout = TimeAmount.seconds(75)

    /// Loops of the API's own. They only move bytes; requests are worked on by Swift's own threads, of
    /// which there is one a core. Half as many loops leave the cores to those (docs/performance.md).
    private static func makeLoops() -> MultiThreadedEventLoopGroup {
        MultiThreadedEventLoopGroup(numberOfThreads: max(1, System.coreCount / 2))
    }

    /// Serves until SIGTERM or SIGINT, then drains and closes the database.
    ///
    /// - Throws: When the address cannot be bound, or the database cannot be closed.
    package static func run(
        _ platform: Platform, _ settings: ServeSettings, logger: Logger
    ) async throws {
        let loops = makeLoops()
        let delivery = try await Delivery(platform, settings, logger: logger)
        let networks = Networks(platform, settings, wake: delivery.wake, logger: logger)
        do {
            try await serve(
                platform, settings, loops: loops, delivery: delivery, networks: networks,
                logger: logger)
        } catch {
            await networks.shutDown()
            throw error
        }
        await networks.shutDown()
        try await loops.shutdownGracefully()
        try await platform.close()
        logger.info("stopped")
    }

    private static func serve(
        _ platform: Platform, _ settings: ServeSettings, loops: MultiThreadedEventLoopGroup,
        delivery: Delivery, networks: Networks, logger: Logger
    ) async throws {
        let services = services(
            platform, wake: networks.wake, start: delivery.start,
            targets: settings.webhooks.targets, client: delivery.client,
            connections: settings.networks.connections)
        let site = platform.site(services, settings, forgotten: delivery.forgotten)
        let application = try application(
            platform, services, site, settings, loops: loops, networks: networks, logger: logger)
        let group = ServiceGroup(
            configuration: .init(
                // The last one is stopped first.
                services: [HangUpService(tls: settings.tls, logger: logger)] + delivery.chores
                    + (try networks.services()) + management(platform, settings, logger) + [
                        ServingService(application: application, dispatcher: delivery.dispatcher),
                        // Streams of open pages would hold up the requests' end.
                        site.live,
                    ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        do {
            try await group.run()
        } catch let error as IOError {
            throw Settings.Invalid(
                "cannot listen on \(settings.host) port \(settings.port): \(error)")
        }
    }

    /// The use cases of the API over a platform.
    ///
    /// - Parameters:
    ///   - wake: Tells the dispatcher of this process that something may be due.
    ///   - start: Tells who works redeliveries off that there is one.
    ///   - targets: Where webhooks may be sent to.
    ///   - client: Sends test events.
    ///   - connections: The networks that take enrolments.
    package static func services(
        _ platform: Platform, wake: Wake, start: Wake = .silent,
        targets: WebhookTargets = WebhookTargets(), client: (any WebhookSender)? = nil,
        connections: NetworkConnections = .none
    ) -> APIServices {
        APIServices(
            database: platform.database, secrets: platform.secrets, wake: wake, start: start,
            webhookTargets: targets,
            webhookSender: client ?? WebhookClient(targets: targets, trustRoots: []),
            connections: connections)
    }

    /// The router with every endpoint, as it is served; tests call it without a socket.
    package static func router(
        _ platform: Platform, _ services: APIServices, rateLimit: Int,
        trustedProxies: TrustedProxies = .none, metrics: RequestMetrics? = nil,
        clock: @escaping @Sendable () -> Timestamp = Platform.now
    ) -> Router<APIContext> {
        let gate = Gate(
            keys: platform.keys, limiter: limiter(platform), rateLimit: rateLimit,
            trustedProxies: trustedProxies, clock: clock)
        return APIRouter.make(services, gate: gate, metrics: metrics)
    }

    /// Processes on PostgreSQL share their limits; an SQLite file has one that serves.
    private static func limiter(_ platform: Platform) -> any RateLimiter {
        switch platform.database.dialect {
        case .sqlite: MemoryRateLimiter()
        case .postgreSQL: SharedRateLimiter(database: platform.database)
        }
    }

    private static func management(
        _ platform: Platform, _ settings: ServeSettings, _ logger: Logger
    ) -> [any Service] {
        guard let management = settings.management else { return [] }
        return [
            ListenerService(
                host: management.host, port: management.port,
                application: ManagementListener.application(
                    management.registry,
                    QueueMetrics(InstallationService(database: platform.database)),
                    host: management.host, port: management.port, logger: logger))
        ]
    }

    private static func application(
        _ platform: Platform, _ services: APIServices, _ site: Site, _ settings: ServeSettings,
        loops: MultiThreadedEventLoopGroup, networks: Networks, logger: Logger
    ) throws -> some ApplicationProtocol {
        let http = HTTPServerBuilder.http1(configuration: .init(idleTimeout: idleTimeout))
        let scheme = settings.tls == nil ? "http" : "https"
        let router = router(
            platform, services,
            rateLimit: settings.rateLimit,
            trustedProxies: settings.trustedProxies,
            metrics: settings.management.map { _ in RequestMetrics() })
        return Application(
            responder: PublicResponder(
                api: router.buildResponder(), dashboard: Dashboard(site),
                ingress: settings.networks.listener == nil ? networks.ingress : nil,
                trustedProxies: settings.trustedProxies),
            server: try settings.tls.map { try .tls(http, tlsConfiguration: $0.configuration) }
                ?? http,
            configuration: .init(
                address: .hostname(settings.host, port: settings.port), backlog: 1_024),
            onServerRunning: { channel in
                ProgramPages.giveBack()
                logger.info(
                    "listening",
                    metadata: [
                        "url":
                            "\(scheme)://\(settings.host):\(channel.localAddress?.port ?? settings.port)"
                    ])
            },
            eventLoopGroupProvider: .shared(loops), logger: logger)
    }
}
