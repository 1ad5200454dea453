import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import ParryAPI
import ParryDomain
import ParryNetworks
import ParryService
import ParryWire
import ServiceLifecycle

/// What connects this process to the card networks: who takes their messages in, and who sends to them.
struct Networks: Sendable {
    let ingress: IngressResponder
    /// Tells also that a network is to be told something.
    let wake: Wake
    private let client: NetworkClient
    /// Who sends outcomes, and who sends enrolments, of each mode; none waits for another.
    private let bells: [Bell]
    private let settings: ServeSettings
    private let senders: [NetworkSender]
    private let reviews: AlertReviewService
    private let deadlines: DeadlineService
    private let decisions: CaseDecisionService
    private let enrolments: EnrolmentRequestService
    private let logger: Logger

    /// - Parameter wake: Tells that events were written.
    init(_ platform: Platform, _ settings: ServeSettings, wake: Wake, logger: Logger) {
        self.settings = settings
        self.logger = logger
        let bells = (0..<4).map { _ in Bell() }
        self.bells = bells
        let all = wake.and { for bell in bells { bell.ring() } }
        self.wake = all
        let client = NetworkClient(trustRoots: settings.networks.trustRoots)
        self.client = client
        let decisions = CaseDecisionService(
            database: platform.database, budget: settings.networks.decisionBudget,
            fallback: settings.networks.decisionFallback)
        self.decisions = decisions
        ingress = IngressResponder(
            ingress: NetworkIngress(
                intake: NetworkIntake(database: platform.database, wake: all),
                decisions: decisions, tokens: settings.networks.tokens, logger: logger,
                clock: Platform.now),
            failures: FailedAuthentications(
                rateLimit: settings.rateLimit, trustedProxies: settings.trustedProxies),
            logger: logger)
        reviews = AlertReviewService(database: platform.database, wake: all)
        deadlines = DeadlineService(database: platform.database, wake: all)
        enrolments = EnrolmentRequestService(
            database: platform.database, connections: settings.networks.connections, wake: all)
        let queue = NetworkQueue(database: platform.database, wake: wake)
        senders = [(AccountMode.test, settings.networks.test), (.live, settings.networks.live)]
            .filter { !$0.1.connected.isEmpty }
            .map { mode, addresses in
                NetworkSender(
                    mode: mode, addresses: addresses, client: client, queue: queue, logger: logger)
            }
    }

    /// The sender, and the listener where the networks have their own port.
    func services() throws -> [any Service] {
        var services: [any Service] = []
        for (index, sender) in senders.enumerated() {
            services.append(
                ChoreService(
                    "outcomes of \(sender.name) accounts", every: .seconds(1),
                    pause: .milliseconds(10), bell: bells[2 * index], logger: logger
                ) { try await sender.sendOutcomes(now: Platform.now) })
            services.append(
                ChoreService(
                    "enrolments of \(sender.name) accounts", every: .seconds(1),
                    pause: .milliseconds(10), bell: bells[2 * index + 1], logger: logger
                ) { try await sender.sendEnrolments(now: Platform.now) })
        }
        services.append(
            ChoreService(
                "late data", every: .seconds(1), pause: .milliseconds(10), bell: Bell(),
                logger: logger
            ) { try await reviews.step(now: Platform.now()) })
        services.append(
            ChoreService(
                "deadlines", every: .seconds(1), pause: .milliseconds(10), bell: Bell(),
                logger: logger
            ) { try await deadlines.step(now: Platform.now()) })
        if !settings.networks.tokens.isEmpty {
            services.append(KeeperService(decisions: decisions))
            services.append(
                ChoreService(
                    "decisions", every: .milliseconds(500), pause: .milliseconds(10),
                    bell: Bell(), logger: logger
                ) { try await decisions.refresh(now: Platform.now()) })
        }
        if !senders.isEmpty {
            services.append(
                ChoreService(
                    "enrolments to ask for", every: .seconds(60), pause: .milliseconds(100),
                    bell: Bell(), logger: logger
                ) { try await enrolments.step(now: Platform.now()) })
        }
        if let listener = settings.networks.listener {
            services.append(
                ListenerService(
                    host: listener.host ?? settings.host, port: listener.port,
                    application: try application(listener)))
        }
        return services
    }

    /// Closes every connection to the networks.
    func shutDown() async {
        await client.shutDown()
    }

    private func application(_ listener: ConnectionSettings.Listener) throws -> some Service {
        let http = HTTPServerBuilder.http1(configuration: .init(idleTimeout: .seconds(75)))
        let host = listener.host ?? settings.host
        let scheme = settings.tls == nil ? "http" : "https"
        return Application(
            responder: ingress,
            server: try settings.tls.map {
                try .tls(
                    http, tlsConfiguration: $0.configuration(asking: listener.clientAuthorities))
            } ?? http,
            configuration: .init(address: .hostname(host, port: listener.port)),
            onServerRunning: { channel in
                logger.info(
                    "listening for networks",
                    metadata: [
                        "url":
                            "\(scheme)://\(host):\(channel.localAddress?.port ?? listener.port)"
                    ])
            }, logger: logger)
    }
}

/// Keeps what the networks are answered.
private struct KeeperService: Service {
    let decisions: CaseDecisionService

    func run() async throws {
        await cancelWhenGracefulShutdown { await decisions.run() }
    }
}
