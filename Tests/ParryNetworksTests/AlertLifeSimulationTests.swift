import Foundation
import ParryTestSupport
import Testing

/// `make simulate SEEDS=n` plays more, a fiftieth of the seeds on each engine; `FIRST` is the first.
@Suite("Simulated lives of alerts")
struct AlertLifeSimulationTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let first = UInt64(environment["SIMULATION_FIRST"] ?? "") ?? 1
    private static let count = max(
        4, (UInt64(environment["SIMULATION_SEEDS"] ?? "") ?? 0) / 50)

    @Test(
        "Whatever the order, an alert ends once, its network hears it once, and every change has one event",
        arguments: Engine.allCases)
    func closes(_ engine: Engine) async throws {
        for seed in Self.first..<Self.first + Self.count {
            let clock = StepClock()
            try await TestWorld.run(on: engine, clock: clock.now) { world in
                var life = try await AlertLife(seed: seed, in: world, clock: clock)
                try await life.play()
                var books = AlertBooks(world)
                try await books.close()
                #expect(books.faults == [], "seed \(seed)")
            }
        }
    }
}
