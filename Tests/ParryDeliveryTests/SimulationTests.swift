import Foundation
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
                var simulation = try await Simulation(seed: seed, on: database)
                try await simulation.run()
                traces.insert(simulation.trace)
            }
        }
        #expect(traces.count == 1)
    }

    @Test(
        "Whatever goes wrong, all that was accepted is delivered, and nothing twice without a reason",
        arguments: 0..<workers)
    func ledgerCloses(_ worker: UInt64) async throws {
        for seed in stride(
            from: Self.first + worker, to: Self.first + Self.count, by: Int(Self.workers))
        {
            try await Engine.memory.run { database in
                var simulation = try await Simulation(seed: seed, on: database)
                try await simulation.run()
                let ledger = simulation.ledger
                #expect(ledger.faults == [], "seed \(seed)")
                #expect(ledger.accepted.count == 90, "seed \(seed)")
                let sum = ledger.counts.values.reduce(0, +)
                #expect(sum == ledger.accepted.count, "seed \(seed): \(ledger.counts)")
            }
        }
    }
}
