import ArgumentParser
import ParryPartner

extension DeskCommand {
    /// What every action takes.
    struct Acting: ParsableArguments {
        @OptionGroup var common: CommonOptions
        @Flag(help: "Do it without asking.") var yes = false
        @Argument(help: "The alert's id.") var alert: String

        /// Says what will happen, asks unless `--yes` is given, does it, and says what came of it.
        func run(_ action: DeskAction, note: String? = nil) async throws {
            var isGood = true
            try await common.with { environment in
                let errand = DeskErrand(environment)
                let plan = try await errand.plan(action, alert, note: note)
                for line in errand.lines(plan) { Output.line(line) }
                try confirm()
                let notice = try await errand.perform(plan)
                Output.line(notice.text)
                isGood = notice.isGood
            }
            if !isGood { throw ExitCode(3) }
        }

        private func confirm() throws {
            guard !yes else { return }
            guard DeskTerminal.isTerminal else {
                throw PartnerError("nothing was done: nobody can be asked here; say --yes")
            }
            Output.note("Type yes to do it: ")
            guard readLine()?.lowercased() == "yes" else {
                throw PartnerError("nothing was done")
            }
        }
    }

    struct RefundCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "refund",
            abstract:
                "Decide that an alert's transaction is refunded; the refund guard is asked first.")

        @OptionGroup var acting: Acting
        @Option(help: "What the platform shows with the outcome.") var note: String?

        func run() async throws { try await acting.run(.refund, note: note) }
    }

    struct AcceptCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "accept", abstract: "Accept the dispute: no money goes back.")

        @OptionGroup var acting: Acting
        @Option(help: "What the platform shows with the outcome.") var note: String?

        func run() async throws { try await acting.run(.accept, note: note) }
    }

    struct ConfirmCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "confirm", abstract: "Say that you refunded, and under which reference.")

        @OptionGroup var acting: Acting
        @Option(help: "The refund's reference at your processor.") var reference: String
        @Option(help: "What the platform shows with the outcome.") var note: String?

        func run() async throws {
            try await acting.run(.confirm(reference: reference), note: note)
        }
    }

    struct ReleaseCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "release",
            abstract:
                "Say that you did not refund and will not; the alert waits for a decision again.")

        @OptionGroup var acting: Acting

        func run() async throws { try await acting.run(.release) }
    }

    struct MatchCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "match", abstract: "Say which transaction an alert is about.")

        @OptionGroup var acting: Acting
        @Option(help: "The integration's id; needed where several have such a transaction.")
        var integration: String?
        @Argument(help: "The reference of the transaction.") var transaction: String

        func run() async throws {
            try await acting.run(.match(transaction: transaction, integration: integration))
        }
    }

    struct NoteCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "note", abstract: "Write a note on an alert; an empty one takes it off.")

        @OptionGroup var acting: Acting
        @Argument(help: "The note.") var text: String

        func run() async throws { try await acting.run(.note(text)) }
    }
}
