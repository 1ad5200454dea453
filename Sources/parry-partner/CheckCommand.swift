import ArgumentParser
import ParryPartner

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract:
            "Check the configuration, the key, the clock and the platform, and change nothing.")

    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await common.with(isPatient: false) { environment in
            for finding in try await EnvironmentCheck(environment).run() {
                Output.line("\(finding.isGood ? "ok  " : "BAD ") \(finding.text)")
                if !finding.isGood { throw ExitCode.failure }
            }
        }
    }
}
