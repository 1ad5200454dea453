import ArgumentParser
import Foundation
import Logging
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
    @Flag(help: "Send webhooks to private addresses too. For development.")
    var allowPrivateWebhookTargets = false
    @Option(help: "Certificates to trust besides the system's when sending webhooks (PEM).")
    var webhookCaFile: String?
    @Option(help: "Ports that webhooks may be sent to. Default: 443,1024-65535.")
    var webhookPorts: String?
    @Option(
        help: """
            Send webhooks through this proxy, http://[USER:PASSWORD@]HOST:PORT, which then looks names up \
            and judges their addresses.
            """)
    var webhookProxy: String?
    @Option(help: "Serve HTTPS with this certificate chain (PEM).") var tlsCertificate: String?
    @Option(help: "The certificate's private key (PEM).") var tlsKey: String?
    @Option(help: "trace, debug, info, notice, warning, error or critical. Default: info.")
    var logLevel: String?

    func run() async throws {
        // Until the service that reads the TLS files again is there, the signal must not end the process.
        signal(SIGHUP, SIG_IGN)
        let settings = try await common.settings([
            "host": .init(host), "port": .init(port), "rate-limit": .init(rateLimit),
            "allow-private-webhook-targets": .init(allowPrivateWebhookTargets),
            "webhook-ca-file": .init(webhookCaFile), "tls-certificate": .init(tlsCertificate),
            "tls-key": .init(tlsKey), "trusted-proxy": .init(trustedProxy),
            "webhook-ports": .init(webhookPorts), "webhook-proxy": .init(webhookProxy),
            "log-level": .init(logLevel),
        ])
        let word = settings.string("log-level") ?? "info"
        guard let level = Logger.Level(rawValue: word) else {
            throw Settings.Invalid("--log-level must be one of the words that --help lists")
        }
        let serve = try ServeSettings(settings)
        LoggingSystem.bootstrap { _ in JSONLogHandler(level: level) }
        let platform = try await Platform.open(settings)
        try await Server.run(platform, serve, logger: Logger(label: "parry"))
    }
}
