import ArgumentParser
import Foundation
import Logging
import ParryPartner

struct OrdersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "orders", abstract: "Check and send the orders of a feed.",
        subcommands: [SendCommand.self, WatchCommand.self, ValidateCommand.self])

    /// How the records of a file are read.
    struct Reading: ParsableArguments {
        @Option(
            help:
                "How the columns of a CSV file become orders (YAML); without it the file is JSON lines."
        )
        var mapping: String?

        func mappingFile() throws -> FeedMapping? {
            try mapping.map { try FeedMapping(path: $0) }
        }
    }

    struct SendCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "send",
            abstract:
                "Send a file, or - for standard input; run again, it goes on where it stopped.")

        @OptionGroup var common: CommonOptions
        @OptionGroup var reading: Reading
        @Option(help: "The feed, as onboarding named it; not needed where there is one.")
        var feed: String?
        @Option(help: "Where refused records go. Default: beside the file, with .rejects.jsonl.")
        var rejects: String?
        @Flag(help: "Answer with one JSON object instead of a table.") var json = false
        @Argument(help: "The file, or -.") var file: String

        func run() async throws {
            let mapping = try reading.mappingFile()
            var isComplete = false
            try await common.with { environment in
                let feed = try await Feed.find(feed, in: environment.store)
                let sending = FileSending(
                    environment, feed, file: file, rejects: rejects, mapping: mapping)
                let report = try await sending.run { Output.note($0) }
                Output.line(json ? report.json : report.table(rejects: sending.rejectsPath))
                isComplete = report.isComplete
            }
            if !isComplete { throw ExitCode(3) }
        }
    }

    struct WatchCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "watch",
            abstract: "Send every file that is put into a folder, until SIGTERM.",
            discussion: """
                Write a file under a name that begins with a dot and rename it when it is whole. Files \
                that were sent go to the folder done, their refused records to the folder rejected.
                """)

        @OptionGroup var common: CommonOptions
        @OptionGroup var reading: Reading
        @Option(help: "The feed, as onboarding named it; not needed where there is one.")
        var feed: String?
        @Option(help: "How often to look, in seconds. Default: 5.") var seconds = 5
        @Argument(help: "The folder.") var folder: String

        func run() async throws {
            let mapping = try reading.mappingFile()
            try await common.with(log: .info) { environment in
                let feed = try await Feed.find(feed, in: environment.store)
                try await FolderWatch(
                    environment, feed, folder: folder, mapping: mapping,
                    every: .seconds(max(1, seconds))
                ).run()
            }
        }
    }

    struct ValidateCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "validate",
            abstract: "Check a file by itself, and send nothing; needs no configuration.")

        @OptionGroup var reading: Reading
        @Option(help: "Where refused records go. Default: beside the file, with .rejects.jsonl.")
        var rejects: String?
        @Flag(help: "Answer with one JSON object instead of a table.") var json = false
        @Argument(help: "The file, or -.") var file: String

        func run() throws {
            let validation = try FileValidation(
                file: file, rejects: rejects, mapping: try reading.mappingFile())
            let report = try validation.run()
            Output.line(json ? report.json : report.table(rejects: validation.rejectsPath))
            if !report.isComplete { throw ExitCode(3) }
        }
    }
}
