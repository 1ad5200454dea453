import ArgumentParser
import Foundation
import Logging
import ParryPartner

struct AcceptanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "acceptance",
        abstract:
            "Run the sandbox acceptance checklist in TEST, or look at the launch checklist of LIVE.",
        discussion: """
            In TEST it makes an organisation of its own and goes through the guide's list, item by item, \
            with evidence. Webhooks are received by the running daemon, or by this command where none runs. \
            With --launch it looks at a LIVE environment and touches nothing. Exit code 0 when all hold.
            """)

    @OptionGroup var common: CommonOptions
    @Flag(help: "Look at the production launch checklist instead.") var launch = false
    @Option(
        help: "Write the report here as well; JSON where the name ends in .json, else Markdown.")
    var output: String?
    @Option(help: "How long to wait for a webhook, in seconds. Default: 30.") var patience: Int64 =
        30

    func run() async throws {
        let configuration = try PartnerConfiguration.read(common.config)
        var isHeld = false
        try await common.with(log: .error) { environment in
            let report =
                launch
                ? try await LaunchCheck(environment, configuration).run()
                : try await AcceptanceRun(
                    environment, configuration, patienceSeconds: max(1, patience)
                ).run { Output.note("\($0.isHeld ? "." : "F")") }
            Output.note("\n")
            Output.line(report.table)
            if let output { try write(report, to: output) }
            isHeld = report.isHeld
        }
        if !isHeld { throw ExitCode.failure }
    }

    private func write(_ report: AcceptanceReport, to path: String) throws {
        let text = path.hasSuffix(".json") ? report.json + "\n" : report.markdown
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        } catch {
            throw PartnerError("\(path) cannot be written: \(error.localizedDescription)")
        }
    }
}
