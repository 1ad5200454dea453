import ArgumentParser
import Foundation
import ParryPartner

/// The partner's side: onboarding, the order feed, the inbox, the desk and the acceptance run. A failure is one line on
/// standard error and a non-zero exit.
@main
struct ParryPartnerProgram: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parry-partner",
        abstract: "A partner's integration with a chargeback-alert platform.",
        discussion: """
            Everything is told by a configuration file (--config, parry-partner.yaml) that names an \
            environment for TEST and one for LIVE. docs/partner-guide.md walks through it.
            """,
        subcommands: [
            CheckCommand.self, OnboardCommand.self, OrdersCommand.self, ServeCommand.self,
            DeskCommand.self, AcceptanceCommand.self,
        ])

    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            finish(with: error)
        }
    }

    /// Help and the like go out as the parser wrote them, everything else on one line.
    private static func finish(with error: any Error) -> Never {
        let code = exitCode(for: error)
        guard !code.isSuccess, !(error is ExitCode) else { exit(withError: error) }
        let message = fullMessage(for: error).split(separator: "\n").first ?? "failed"
        let text = message.hasPrefix("Error: ") ? message.dropFirst(7) : message
        FileHandle.standardError.write(Data("parry-partner: \(text)\n".utf8))
        exit(withError: code)
    }
}
