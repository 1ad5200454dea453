import Foundation
import ParryDatabase
import ParryTestSupport
import Testing

/// `make simulate SEEDS=n` runs as many as one likes; a failure names its seed, and
/// `make simulate SEEDS=1 FIRST=<seed>` plays it again.
@Suite("Simulated trouble")
struct SimulationTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let first = UInt64(environment["SIMULATION_FIRST"] ?? "") ?? 1
    private static let count = UInt64(environment["SIMULATION_SEEDS"] ?? "") ?? 40
    private static let workers: UInt64 = 2

    @Test("A seed plays the same each time", arguments: [1, 2, 3] as [UInt64])
    func repeats(_ seed: UInt64) async throws {
        var traces: Set<UInt64> = []
        for _ in 1...2 {
            try await Engine.memory.run { database in
                for _ in 1...2 {
                    try await Self.empty(database)
                    var simulation = try await Simulation(seed: seed, on: database)
                    try await simulation.run()
                    traces.insert(simulation.trace)
                }
            }
        }
        #expect(traces.count == 1)
    }

    @Test(
        "Whatever goes wrong, all that was accepted is delivered, and nothing twice without a reason",
        arguments: 0..<workers)
    func ledgerCloses(_ worker: UInt64) async throws {
        try await Engine.memory.run { database in
            for seed in stride(
                from: Self.first + worker, to: Self.first + Self.count, by: Int(Self.workers))
            {
                try await Self.empty(database)
                try await Self.play(seed, on: database)
            }
        }
    }

    private static func play(_ seed: UInt64, on database: any Database) async throws {
        var simulation = try await Simulation(seed: seed, on: database)
        try await simulation.run()
        let ledger = simulation.ledger
        #expect(ledger.faults == [], "seed \(seed)")
        #expect(ledger.accepted.count == 90, "seed \(seed)")
        let sum = ledger.counts.values.reduce(0, +)
        #expect(sum == ledger.accepted.count, "seed \(seed): \(ledger.counts)")
    }

    /// As after its migration: to make a database takes as long as to play a seed on it.
    private static func empty(_ database: any Database) async throws {
        try await database.write { tx in
            let tables = try tx.rows(
                """
                SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
                AND name NOT IN ('schema_migration', 'setting')
                """
            ) { try $0.text() }
            try tx.executeScript(
                "PRAGMA defer_foreign_keys = ON;"
                    + tables.map { #"DELETE FROM "\#($0)";"# }.joined())
        }
    }
}
