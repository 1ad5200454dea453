import ArgumentParser
import Logging
import ParryPartner
import ParryWire

struct DeskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "desk",
        abstract: "Look at alerts, enrolments and health, and act on alerts.",
        discussion: "Without a subcommand it is a view in the terminal; ? lists its keys.",
        subcommands: [
            ViewCommand.self, PrintCommand.self, ShowCommand.self, EscalateCommand.self,
            RefundCommand.self, AcceptCommand.self, ConfirmCommand.self, ReleaseCommand.self,
            MatchCommand.self, NoteCommand.self,
        ], defaultSubcommand: ViewCommand.self)

    struct ViewCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "view", abstract: "The view in the terminal (the default).")

        @OptionGroup var common: CommonOptions

        func run() async throws {
            // Log lines would run through the screen.
            try await common.with(log: .critical) { try await DeskSession($0).run() }
        }
    }

    struct PrintCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "print", abstract: "Write one view: alerts, enrolments or health.")

        @OptionGroup var common: CommonOptions
        @Flag(help: "Answer with one JSON object instead of text.") var json = false
        @Argument(help: "alerts, enrolments or health.") var view: Page = .alerts

        func run() async throws {
            try await common.with { environment in
                let model = try await DeskReader(environment).model()
                let now = DeskClock.now()
                if json {
                    Output.line(
                        String(decoding: DeskJSON.view(view.view, model, at: now), as: UTF8.self))
                } else {
                    for line in DeskPages(model, at: now).lines(view.view) { Output.line(line) }
                }
            }
        }
    }

    struct ShowCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Write everything about an alert: match, order, refunds, journal.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The alert's id.") var alert: String

        func run() async throws {
            try await common.with { environment in
                let detail = try await DeskReader(environment).detail(alert)
                let model = try await DeskReader(environment).model()
                let pages = DeskPages(model, at: DeskClock.now(), columns: 100)
                for line in pages.lines(detail) { Output.line(line) }
            }
        }
    }

    struct EscalateCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "escalate",
            abstract: "Write what the platform needs to look for an alert's transaction, as JSON.")

        @OptionGroup var common: CommonOptions
        @Option(help: "The file, which only you may read. Default: standard output.")
        var output: String?
        @Argument(help: "The alert's id.") var alert: String

        func run() async throws {
            var isWhole = true
            try await common.with { environment in
                let deeds = DeskDeeds(environment)
                if let output {
                    isWhole = try await deeds.write(alert, to: output)
                } else {
                    let bundle = try await deeds.bundle(alert)
                    Output.line(String(decoding: bundle.json, as: UTF8.self))
                    isWhole = bundle.isWhole
                }
            }
            guard !isWhole else { return }
            Output.note("parry-partner: some of it could not be read; see could_not_be_read\n")
            throw ExitCode(3)
        }
    }
}

/// A view by its word.
enum Page: String, ExpressibleByArgument, CaseIterable {
    case alerts
    case enrolments
    case health

    var view: DeskState.View {
        switch self {
        case .alerts: .alerts
        case .enrolments: .enrolments
        case .health: .health
        }
    }
}
