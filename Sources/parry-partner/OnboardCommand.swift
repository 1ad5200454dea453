import ArgumentParser
import ParryPartner

struct OnboardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "onboard",
        abstract: "Make what a file declares: customers, merchants, feeds, enrolments, rulesets.",
        discussion: """
            What is there already is taken over, and running it again changes nothing. The ids are kept in \
            the environment's database.
            """)

    @OptionGroup var common: CommonOptions
    @Flag(help: "Show what would be made, and make nothing.") var dryRun = false
    @Argument(help: "The file, in YAML.") var file: String

    func run() async throws {
        let declared = try OnboardingFile.read(file)
        let isDry = dryRun
        try await common.with { environment in
            let onboarder = Onboarder(environment, isDry: isDry) { step in
                Output.line(Self.line(step, isDry: isDry))
            }
            try await onboarder.run(declared)
        }
    }

    private static func line(_ step: OnboardingStep, isDry: Bool) -> String {
        let word =
            switch (step.action, isDry) {
            case (.keep, _): "there"
            case (.adopt, _): "found"
            case (.create, true): "missing"
            case (.create, false): "made"
            }
        var line = "\(word)  \(step.kind.rawValue)  \(step.name)"
        if let id = step.id { line += "  \(id)" }
        if !step.differences.isEmpty {
            line += "  differs: " + step.differences.joined(separator: "; ")
        }
        return line
    }
}
