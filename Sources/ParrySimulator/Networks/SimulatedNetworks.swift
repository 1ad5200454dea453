import Hummingbird
package import Logging
import NIOCore
package import ParryWire
package import ServiceLifecycle

// Who acts: the platform by its requests to `/ethoca` and `/verifi`, somebody on this machine by
// `/control`, and the networks themselves by what they push. `NetworkState` decides, `NetworkDesk`
// holds it, `PushService` does.
//
// The life of an alert: pushed (noted before it is sent), acknowledged or pushed again with growing
// waits, told one final outcome. What a crash leaves: with a ledger file everything but what was
// given to `/control/misbehave`, running feeds and waiting plays; the next run pushes on where this
// one was.

/// `parry simulate-networks`: Ethoca Alerts and Verifi RDR played over HTTP in one process, with
/// the messages of NETWORKS.md. It is also the conformance checker of the platform: its ledger
/// notes every breach.
package struct SimulatedNetworks: Sendable {
    /// What has to run: the listener, which brings who pushes with it and stops before that.
    package var services: [any Service] { [application] }
    private let application: any ApplicationProtocol

    /// Puts the networks together and reads the ledger file.
    ///
    /// - Parameters:
    ///   - clock: Real time.
    ///   - onListening: Hears the port once requests are taken; of use with port 0.
    /// - Throws: An error of the file system or the TLS library for files that cannot be used.
    package init(
        _ settings: NetworkSettings, logger: Logger, clock: @escaping @Sendable () -> Timestamp,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws {
        let desk = try NetworkDesk(settings, logger: logger, clock: clock)
        let platform = try PlatformClient(settings)
        let control = NetworkControl(desk: desk, platform: platform, settings: settings)
        let router = Router(context: NetworkContext.self)
        NetworkRoutes(desk: desk, token: settings.platformToken).add(to: router)
        ControlRoutes(control: control).add(to: router)
        LedgerRoutes(desk: desk).add(to: router)
        application = Application(
            router: router,
            configuration: .init(
                address: .hostname(settings.host, port: settings.port), backlog: 1_024),
            services: [PushService(control: control)],
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? settings.port
                logger.info(
                    "listening", metadata: ["url": "http://\(settings.host):\(port)"])
                await onListening(port)
            }, logger: logger)
    }

    /// Plays until SIGTERM or SIGINT.
    ///
    /// - Throws: When the address cannot be bound.
    package func run() async throws {
        try await application.runService()
    }
}
