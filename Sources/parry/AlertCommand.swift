import ArgumentParser
import ParryServer
import ParryService
import ParryWire

struct AlertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alert", abstract: "Alerts, as the operator sees them.",
        subcommands: [Show.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show an alert, how it was matched and judged, and what its network was told."
        )

        @OptionGroup var common: CommonOptions
        @Argument(help: "The alert.") var id: String

        func run() async throws {
            let alert: AlertID = try identifier(id, "the alert")
            try await answer(common.settings()) { platform in
                let view = try await platform.alertCases.operatorView(of: alert)
                return { view.write(to: &$0) }
            }
        }
    }
}
