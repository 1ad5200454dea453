import ArgumentParser
import Foundation
import Logging
import ParryLog
import ParryPartner

/// Which environment a command is for.
struct CommonOptions: ParsableArguments {
    @Option(help: "The configuration file. Default: parry-partner.yaml.")
    var config = "parry-partner.yaml"
    @Option(help: "The environment in it; not needed where there is one.")
    var env: String?
    @Option(
        help: "Requests a minute and endpoint, instead of the configuration's; 0 lifts the limit.")
    var rateLimit: Int?
    @Option(
        help:
            "trace, debug, info, notice, warning, error or critical. Default: warning, of serve info."
    )
    var logLevel: String?

    /// Opens the environment for as long as the body runs.
    func with(
        log: Logger.Level = .warning, isPatient: Bool = true,
        _ body: (PartnerEnvironment) async throws -> Void
    ) async throws {
        let level = try logLevel.map { word in
            guard let level = Logger.Level(rawValue: word) else {
                throw PartnerError("--log-level must be one of the words that --help lists")
            }
            return level
        }
        LoggingSystem.bootstrap { _ in JSONLogHandler(level: level ?? log) }
        if let rateLimit, !(0...100_000).contains(rateLimit) {
            throw PartnerError("--rate-limit must be from 0 to 100000")
        }
        let settings = try PartnerConfiguration.read(config).environment(env)
        try await PartnerEnvironment.with(
            settings, rateLimit: rateLimit, isPatient: isPatient, body)
    }
}

/// Standard output, for answers.
enum Output {
    /// Writes a line.
    static func line(_ text: String = "") {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    /// Writes to standard error, for people who watch.
    static func note(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
