import ArgumentParser
import Logging
import ParryPartner

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Receive webhooks, decide alerts by the hook, and watch deadlines, until SIGTERM."
    )

    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await common.with(log: .info) { environment in
            try await PartnerDaemon(environment).run()
        }
    }
}
