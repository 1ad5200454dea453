import ArgumentParser
import Foundation
import Logging
import ParryLog
import ParryServer
import ParrySimulator

struct SimulateNetworksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate-networks",
        abstract: "Play Ethoca and Verifi towards a platform, until SIGTERM.",
        discussion: """
            Takes enrolments and outcomes at /ethoca and /verifi, pushes alerts and cases as /control asks, and \
            keeps everything in /ledger. For development, tests and demonstrations; see docs/networks.md.
            """)

    @Option(help: "The address to listen on.") var host = "127.0.0.1"
    @Option(help: "The port to listen on; 0 takes a free one.") var port = 8_090
    @Option(help: "Where the platform takes the networks' messages.")
    var platformURL = "http://127.0.0.1:8080"
    @Option(help: "Shown to the platform: its --test-network-token.") var token: String?
    @Option(help: "What the platform has to show; its --test-network-key.") var platformToken:
        String?
    @Option(help: "Fixes every id and choice.") var seed: UInt64 = 1
    @Option(help: "Milliseconds until an enrolment's result.") var enrolmentDelayMilliseconds =
        2_000
    @Option(help: "Seconds in which a push must be acknowledged.") var acknowledgementSeconds = 30
    @Option(help: "Append the ledger to this file, and go on from it.") var ledgerFile: String?
    @Option(help: "A client certificate (PEM), for mutual TLS.") var clientCertificate: String?
    @Option(help: "The client certificate's key (PEM).") var clientKey: String?
    @Option(help: "Certificates (PEM) to trust besides the system's.") var caFile: String?
    @Option(help: "trace, debug, info, notice, warning, error or critical.") var logLevel = "info"

    func run() async throws {
        guard let level = Logger.Level(rawValue: logLevel) else {
            throw Settings.Invalid("--log-level must be one of the words that --help lists")
        }
        guard (0...65_535).contains(port) else {
            throw Settings.Invalid("--port must be from 0 to 65535")
        }
        var settings = NetworkSettings()
        settings.host = host
        settings.port = port
        settings.platformURL = platformURL
        settings.ethocaToken = token
        settings.verifiToken = token
        settings.platformToken = platformToken
        settings.seed = seed
        settings.enrolmentDelay = .milliseconds(max(0, enrolmentDelayMilliseconds))
        settings.acknowledgementTimeout = .seconds(max(1, acknowledgementSeconds))
        settings.ledgerFile = ledgerFile
        settings.clientCertificateFile = clientCertificate
        settings.clientKeyFile = clientKey
        settings.authorityFile = caFile
        LoggingSystem.bootstrap { _ in JSONLogHandler(level: level) }
        try await SimulatedNetworks(
            settings, logger: Logger(label: "networks"), clock: Platform.now
        ).run()
    }
}
