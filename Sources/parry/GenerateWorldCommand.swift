import ArgumentParser
import Foundation
import ParryServer
import ParrySimulator
import ParryWire
import SystemPackage

struct GenerateWorldCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate-world",
        abstract: "Write a world of orders and alerts, with the truth about each alert.",
        discussion: """
            The folder gets orders.jsonl, late-orders.jsonl, patches.jsonl, alerts.jsonl, rates.csv, truth.jsonl \
            and world.json. The same options write the same bytes. See docs/matching.md.
            """)

    @Option(help: "Fixes everything in it.") var seed: UInt64 = 1
    @Option(help: "Card sales, declined ones included.") var transactions = 10_000
    @Option(help: "Disputed sales.") var alerts = 1_000
    @Option(help: "Organisations that the sales belong to, with ids that are made up.")
    var organisations = 4
    @Option(help: "An organisation that exists; as often as --integration.")
    var organisation: [String] = []
    @Option(help: "Its CUSTOM_ORDERS integration.") var integration: [String] = []
    @Option(help: "When the world ends: its alerts are of the day before.")
    var at = "2026-03-01T00:00:00Z"
    @Option(
        help: """
            The share of alerts, from 0 to 0.1, whose sale was never uploaded while another card's looks the same; \
            no data tells these apart. Default: what chance makes.
            """)
    var lookAlikes: Double?
    @Option(help: "The folder to write to; it is made.") var out: String

    func run() async throws {
        guard let time = Timestamp(iso8601: at) else {
            throw Settings.Invalid("--at must be a time such as 2026-03-01T00:00:00Z")
        }
        guard transactions > 0, alerts > 0, alerts <= transactions / 2 else {
            throw Settings.Invalid("--alerts must be at least 1 and at most half of --transactions")
        }
        guard (1...1_000).contains(organisations) else {
            throw Settings.Invalid("--organisations must be from 1 to 1000")
        }
        var plan = try plan(at: time)
        if let lookAlikes {
            guard (0...0.1).contains(lookAlikes) else {
                throw Settings.Invalid("--look-alikes must be a share from 0 to 0.1")
            }
            plan.lookAlikes = lookAlikes
        }
        do {
            try FileManager.default.createDirectory(
                atPath: out, withIntermediateDirectories: true)
            var sink = try DirectorySink(directory: FilePath(out))
            let counts = try World.generate(plan, into: &sink)
            try printLine { json in
                json.field("orders", counts.orders)
                json.field("late_orders", counts.lateOrders)
                json.field("patches", counts.patches)
                json.field("alerts", counts.alerts)
                json.field("decidable", counts.decidable)
            }
        } catch {
            throw Settings.Invalid("the world cannot be written to \(out): \(error)")
        }
    }

    private func plan(at time: Timestamp) throws -> WorldPlan {
        guard organisation.count == integration.count else {
            throw Settings.Invalid("give --organisation and --integration equally often")
        }
        guard !organisation.isEmpty else {
            return WorldPlan(
                seed: seed, transactions: transactions, alerts: alerts,
                organisationCount: organisations, at: time)
        }
        let accounts = try zip(organisation, integration).map { organisation, integration in
            let first: OrganisationID = try identifier(organisation, "--organisation")
            let second: IntegrationID = try identifier(integration, "--integration")
            return (first, second)
        }
        return WorldPlan(
            seed: seed, transactions: transactions, alerts: alerts, accounts: accounts, at: time)
    }
}
