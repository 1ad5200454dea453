import ArgumentParser
import Foundation

/// The program. A command that answers prints one JSON object on one line of standard output; a failure
/// is one line on standard error and a non-zero exit.
@main
struct Parry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parry",
        abstract: "An open, self-hostable chargeback-alert platform.",
        discussion: """
            Every option can also come from an environment variable (--rate-limit is \
            PARRY_RATE_LIMIT) or from the JSON file that --config names. The command line wins \
            over the environment, the environment over the file.
            """,
        subcommands: [
            ServeCommand.self, PartnerCommand.self, GroupCommand.self, KeyCommand.self,
            UserCommand.self,
            WebhookCommand.self, OrganisationCommand.self, IntegrationCommand.self,
            OrderCommand.self, EventsCommand.self, RetentionCommand.self, DatabaseCommand.self,
            EnrolmentCommand.self, AlertCommand.self, NetworkCommand.self, RatesCommand.self,
            ReportCommand.self,
            SimulateNetworksCommand.self, GenerateWorldCommand.self,
            EvaluateMatchingCommand.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            leave()
        } catch {
            finish(with: error)
        }
    }

    /// Ends the program at once: what it had open is closed, and what libraries would do on the way out could meet a thread of
    /// theirs that is still ending.
    private static func leave(_ code: ExitCode = .success) -> Never {
        fflush(nil)
        _exit(code.rawValue)
    }

    /// Help and the like go out as the parser wrote them, everything else on one line.
    private static func finish(with error: any Error) -> Never {
        let code = exitCode(for: error)
        guard !code.isSuccess else { exit(withError: error) }
        let message = fullMessage(for: error).split(separator: "\n").first ?? "failed"
        let text = message.hasPrefix("Error: ") ? message.dropFirst(7) : message
        FileHandle.standardError.write(Data("parry: \(text)\n".utf8))
        leave(code)
    }
}
