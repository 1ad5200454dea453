import ArgumentParser
import Foundation
import ParryDatabase
import ParryDomain
import ParryServer
import ParryStore
import ParryWire

struct EvaluateMatchingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate-matching",
        abstract: "Match the alerts of a generated world, and compare with the truth.",
        discussion: """
            Loads the world's orders into a database of its own, which is removed afterwards, looks for the sale of \
            each Ethoca alert as a server would, and prints a line for each scenario and one for all. Orders and \
            identifiers that arrive after their alerts are loaded with --late.
            """)

    @Option(help: "The folder that `parry generate-world` wrote.") var world: String
    @Option(help: "strict or soft.") var mode = "soft"
    @Flag(help: "Load late orders and patches as well, as if they had come in time.") var late =
        false

    func run() async throws {
        guard let mode = MatchingMode(rawValue: mode) else {
            throw Settings.Invalid("--mode is strict or soft")
        }
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "parry-evaluation-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try await SQLiteDatabase.open(.file(folder.appending(path: "world.db").path))
        do {
            try await Migrator.run(on: database, now: Platform.now())
            let loaded = try await EvaluationWorld.load(
                world, late: late, into: database)
            let tally = try await MatchingEvaluation(world: loaded, database: database, mode: mode)
                .run()
            try tally.writeOut()
        } catch {
            try? await database.close()
            throw error
        }
        try await database.close()
    }
}
