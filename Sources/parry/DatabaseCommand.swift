import ArgumentParser
import Foundation
import ParryDomain
import ParryServer
import ParryService
import ParryWire

/// What an operator does with the database itself. Works beside running servers.
struct DatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "database", abstract: "The database itself: its state, schema and safety.",
        subcommands: [
            Status.self, Migrate.self, Backup.self, Verify.self, Distribute.self,
        ])

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Engine, version, schema, size, and how many webhooks wait since when.")

        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await tell(common) { installation in
                let now = Platform.now()
                let status = try await installation.service.status(now: now)
                let engine = try await installation.engineFacts()
                return { json in
                    json.field("engine", engine.name)
                    json.field("version", engine.version)
                    json.field("size_in_bytes", engine.sizeInBytes)
                    json.field("schema_version", status.schemaVersion)
                    json.field("schema_version_of_program", status.knownSchemaVersion)
                    json.field("is_distributed", status.isDistributed)
                    guard let queue = status.queue else { return }
                    json.key("webhook_queue")
                    json.beginObject()
                    json.field("pending", queue.pending)
                    json.field("due", queue.due)
                    json.field(
                        "oldest_due_in_ms",
                        queue.oldestDue.map { now.milliseconds - $0.milliseconds })
                    json.endObject()
                }
            }
        }
    }

    struct Migrate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring the schema up to date, as every start does.",
            discussion: "The change log says whether the release before goes on working beside it.")

        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await tell(common, createsDatabase: true) { installation in
                let before = try await installation.service.schemaVersion()
                try await installation.migrate(now: Platform.now())
                let after = try await installation.service.schemaVersion()
                return { json in
                    json.field("from_schema_version", before)
                    json.field("schema_version", after)
                }
            }
        }
    }

    struct Backup: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Copy an SQLite database to a new file; for PostgreSQL, say pg_dump's command.",
            discussion: "The master key is not in a backup: keep it in another place.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The file to make.") var file: String

        func run() async throws {
            try await tell(common) { installation in
                let file = file
                switch try await installation.backUp(to: file) {
                case .made(let size):
                    warn("the master key is not in the backup: keep it in another place")
                    return { json in
                        json.field("file", file)
                        json.field("size_in_bytes", size)
                    }
                case .command(let command):
                    warn("run the command where pg_dump is; the master key is not in its backup")
                    return { $0.field("command", command) }
                }
            }
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check the files, look for orphans and lost events, and count rows.",
            discussion: "Exits with 1 when something is wrong. Reads everything: takes a while.")

        @OptionGroup var common: CommonOptions

        func run() async throws {
            var isSound = true
            try await tell(common) { installation in
                let report = try await installation.verify()
                isSound = report.isSound
                return { write(report, to: &$0) }
            }
            guard isSound else { throw ExitCode(1) }
        }

        private func write(_ report: InstallationService.Report, to json: inout JSONWriter) {
            json.field("is_sound", report.isSound)
            json.field("damage", report.damage)
            json.key("faults")
            json.beginObject()
            for fault in report.faults where fault.rows > 0 {
                json.key(fault.fault)
                json.integer(fault.rows)
            }
            json.endObject()
            json.key("rows")
            json.beginObject()
            for count in report.counts {
                json.key(count.table)
                json.integer(count.rows)
            }
            json.endObject()
        }
    }

    struct Distribute: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Spread a migrated, still empty PostgreSQL database over the nodes of Citus.")

        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await tell(common) { installation in
                try await installation.migrate(now: Platform.now())
                try await installation.service.distribute()
                return { $0.field("is_distributed", true) }
            }
        }
    }
}

/// Opens the database as it is for one command, runs it, prints its answer and closes.
private func tell(
    _ common: CommonOptions, createsDatabase: Bool = false,
    _ command: (Installation) async throws -> (inout JSONWriter) -> Void
) async throws {
    let installation = try await Installation.open(
        try await common.settings(), createsDatabase: createsDatabase)
    let write: (inout JSONWriter) -> Void
    do {
        write = try await command(installation)
    } catch {
        try await installation.close()
        throw error
    }
    try await installation.close()
    try printLine(write)
}

/// A sentence for the operator, on standard error.
private func warn(_ sentence: String) {
    FileHandle.standardError.write(Data("parry: \(sentence)\n".utf8))
}
