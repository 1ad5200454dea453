import ArgumentParser
import Configuration
import CoreMetrics
import Foundation
import Logging
import ParryLog
import ParryServer

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the API and send webhooks, until SIGTERM.")

    @OptionGroup var common: CommonOptions
    @Option(help: "The address to listen on. Default: 127.0.0.1.") var host: String?
    @Option(help: "The port to listen on; 0 takes a free one. Default: 8080.") var port: Int?
    @Option(help: "Requests a minute for each owner and endpoint; 0 is off. Default: 100.")
    var rateLimit: Int?
    @Option(
        help: """
            A reverse proxy, by address or network, that is believed in X-Forwarded-For; once for each.
            """)
    var trustedProxy: [String] = []
    @Option(
        help: """
            The address that people type, when a proxy is in front: https://alerts.example.com. \
            The dashboard's links and cookies follow it.
            """)
    var publicURL: String?
    @Option(
        help: """
            Mail members of organisations by their settings: a command that reads a message, as \
            'sendmail -t'. Default: no mails.
            """)
    var mailCommand: String?
    @Option(help: "Whom mails are from, as 'Parry <parry@example.com>'.") var mailFrom: String?
    @OptionGroup var sending: SendingOptions
    @OptionGroup var networks: NetworkOptions
    @Option(help: "Show metrics at /metrics on this port, for Prometheus. Default: not at all.")
    var managementPort: Int?
    @Option(help: "The address of the management port. Default: 127.0.0.1.")
    var managementHost: String?
    @Option(help: "Serve HTTPS with this certificate chain (PEM).") var tlsCertificate: String?
    @Option(help: "The certificate's private key (PEM).") var tlsKey: String?
    @Option(help: "trace, debug, info, notice, warning, error or critical. Default: info.")
    var logLevel: String?

    func run() async throws {
        // Until the service that reads the TLS files again is there, the signal must not end the process.
        signal(SIGHUP, SIG_IGN)
        let own: [String: ConfigValue?] = [
            "host": .init(host), "port": .init(port), "rate-limit": .init(rateLimit),
            "tls-certificate": .init(tlsCertificate),
            "tls-key": .init(tlsKey), "trusted-proxy": .init(trustedProxy),
            "log-level": .init(logLevel), "management-port": .init(managementPort),
            "management-host": .init(managementHost), "public-url": .init(publicURL),
            "mail-command": .init(mailCommand), "mail-from": .init(mailFrom),
        ]
        let settings = try await common.settings(
            sending.values.merging(networks.values) { $1 }.merging(own) { $1 })
        let word = settings.string("log-level") ?? "info"
        guard let level = Logger.Level(rawValue: word) else {
            throw Settings.Invalid("--log-level must be one of the words that --help lists")
        }
        let serve = try ServeSettings(settings)
        LoggingSystem.bootstrap { _ in JSONLogHandler(level: level) }
        if let management = serve.management { MetricsSystem.bootstrap(management.registry) }
        raiseFileLimit()
        let platform = try await Platform.open(settings)
        try await Server.run(platform, serve, logger: Logger(label: "parry"))
    }

    /// Lets the process have as many connections as the system allows it; the usual soft limit of 1,024 is less
    /// than the sends in flight and the callers of a busy server together.
    private func raiseFileLimit() {
        var limit = rlimit()
        guard getrlimit(.init(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_max, 65_536)
        _ = setrlimit(.init(RLIMIT_NOFILE.rawValue), &limit)
    }
}
