import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import ParryClient
import ParryDatabase
import ParryWire
import ServiceLifecycle
import UnixSignals

/// What `parry-partner serve` runs: the receiver, the inbox, decisions, the poll and the warnings, until SIGTERM.
package struct PartnerDaemon: Sendable {
    private let environment: PartnerEnvironment
    private let receiver: ReceiverSettings

    /// - Throws: ``PartnerError`` where the configuration has no receiver.
    package init(_ environment: PartnerEnvironment) throws {
        guard let receiver = environment.settings.receiver else {
            throw PartnerError(
                "\(environment.settings.name) has no receiver; write receiver: {port: 8443, certificate: PATH, "
                    + "private-key: PATH}")
        }
        self.environment = environment
        self.receiver = receiver
    }

    /// Runs until it is told to end; what was begun is done first.
    ///
    /// - Throws: ``PartnerError`` where another daemon runs on the database, or the receiver cannot listen.
    package func run() async throws {
        guard let lock = try await takeLock() else {
            throw PartnerError(
                "another parry-partner serve runs on \(environment.settings.database)")
        }
        defer { withExtendedLifetime(lock) {} }
        let inbox = WorkSignal()
        let cases = WorkSignal()
        try await checkMode()
        var configuration = ServiceGroupConfiguration(
            services: try [application(inbox)] + loops(inbox, cases),
            gracefulShutdownSignals: [.sigterm, .sigint], logger: environment.logger)
        configuration.maximumGracefulShutdownDuration = .seconds(Self.drainSeconds)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch let error as IOError {
            throw PartnerError("cannot listen on \(receiver.host) port \(receiver.port): \(error)")
        } catch is CancellationError {
            // Something outlasted the time that it was given.
        }
    }

    /// A key of the other mode is told before anything is done; a platform that is away keeps nothing from beginning.
    private func checkMode() async throws {
        guard let organisation = try? await environment.impatient.organisations.list().first(),
            organisation.mode != environment.settings.mode
        else { return }
        throw PartnerError(environment.otherMode(organisation))
    }

    /// The desk has the lock while it carries out a decision, so one that is taken is asked for again.
    private func takeLock() async throws -> FileLock? {
        for _ in 1..<Self.lockAttempts {
            if let lock = try FileLock.daemon(environment.settings) { return lock }
            try await ContinuousClock().sleep(for: .milliseconds(250))
        }
        return try FileLock.daemon(environment.settings)
    }

    /// So many quarters of a second.
    private static let lockAttempts = 20

    /// Receives and works off the inbox while a piece of work lasts: nothing is decided.
    func receive<Result: Sendable>(
        during work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let (inbox, ready) = (WorkSignal(), WorkSignal())
        let services: [any Service] = [
            try application(inbox, ready: { ready.send() }),
            reading(inbox, AlertWorker(environment)) {},
        ]
        return try await TemporaryServices.run(services, logger: environment.logger) {
            await ready.wait()
            return try await work()
        }
    }

    private func application(
        _ inbox: WorkSignal, ready: @escaping @Sendable () -> Void = {}
    ) throws -> any Service {
        let routes = WebhookReceiver(
            store: environment.store,
            verifier: WebhookVerifier(secret: try environment.settings.webhookSecret().text),
            logger: environment.logger, wake: { inbox.send() })
        let logger = environment.logger
        let (host, port) = (receiver.host, receiver.port)
        return Application(
            router: routes.router(receiver.path),
            server: try .tls(
                .http1(configuration: .init(idleTimeout: Self.idleTimeout)), tlsConfiguration: tls()
            ),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: nil),
            onServerRunning: { channel in
                ready()
                logger.info(
                    "receiving webhooks",
                    metadata: [
                        "host": "\(host)", "port": "\(channel.localAddress?.port ?? port)",
                    ])
            }, logger: logger)
    }

    private func loops(_ inbox: WorkSignal, _ cases: WorkSignal) -> [any Service] {
        let alerts = AlertWorker(environment)
        let poller = AlertPoller(environment: environment, alerts: alerts)
        let watch = DeadlineWatch(environment: environment)
        let due = DueAlerts(environment: environment, alerts: alerts)
        let clock = ClockCheck(environment: environment)
        let logger = environment.logger
        let poll = Duration.seconds(environment.settings.pollSeconds)
        return [
            reading(inbox, alerts) { cases.send() },
            WorkPool(
                name: "a decision", width: Self.alertsAtOnce, interval: .seconds(1), signal: cases,
                logger: logger
            ) { try await due.due() },
            WorkLoop("the poll", every: poll, logger: logger) {
                try await poller.poll()
                cases.send()
                clock.look()
            },
            WorkLoop("the warnings", every: .seconds(15), logger: logger) {
                try await watch.look()
            },
        ]
    }

    private static let alertsAtOnce = 8
    private static let objectsAtOnce = 8
    /// What was begun has so long when the daemon is told to end.
    private static let drainSeconds: Int64 = 2
    /// A connection that says nothing for so long is closed.
    private static let idleTimeout = TimeAmount.seconds(25)

    private func reading(
        _ inbox: WorkSignal, _ alerts: AlertWorker, done: @escaping @Sendable () -> Void
    ) -> WorkPool {
        let worker = InboxWorker(environment: environment, alerts: alerts)
        return WorkPool(
            name: "the inbox", width: Self.objectsAtOnce, interval: .seconds(5), signal: inbox,
            logger: environment.logger
        ) { try await worker.due(done: done) }
    }

    private func tls() throws -> TLSConfiguration {
        let chain: [NIOSSLCertificate]
        let key: NIOSSLPrivateKey
        do {
            chain = try NIOSSLCertificate.fromPEMFile(receiver.certificate)
            key = try NIOSSLPrivateKey(file: receiver.privateKey, format: .pem)
        } catch {
            throw PartnerError(
                "the receiver's certificate or private key cannot be read: \(receiver.certificate), "
                    + "\(receiver.privateKey)")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        // Senders keep idle connections, and not all of them answer the good-bye.
        configuration.shutdownTimeout = .milliseconds(500)
        guard (try? NIOSSLContext(configuration: configuration)) != nil else {
            throw PartnerError(
                "\(receiver.privateKey) is not the private key of \(receiver.certificate)")
        }
        return configuration
    }
}

/// Goes on with all cases that are due.
struct DueAlerts: Sendable {
    let environment: PartnerEnvironment
    let alerts: AlertWorker

    private static let batch = 200

    func due() async throws -> [WorkPool.Piece] {
        let due = try await environment.store.database.read {
            try AlertStore.due(.now(), limit: Self.batch, $0)
        }
        return due.map { alert in
            WorkPool.Piece(key: alert.id) { _ = try await alerts.advance(alert.id) }
        }
    }
}

/// Names a clock that is wrong: signatures are refused from five minutes on.
struct ClockCheck: Sendable {
    let environment: PartnerEnvironment

    /// From here on it is worth a word.
    private static let toleratedSeconds: Int64 = 60

    func look() {
        guard let offset = environment.client.clockOffsetSeconds,
            abs(offset) > Self.toleratedSeconds
        else { return }
        environment.logger.error(
            "this machine's clock and the platform's differ",
            metadata: ["platform_ahead_seconds": "\(offset)"])
    }
}
