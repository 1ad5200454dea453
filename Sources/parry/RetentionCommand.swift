import ArgumentParser
import ParryDomain
import ParryServer
import ParryService
import ParryWire

struct RetentionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention", abstract: "For how many days what has ended is kept.",
        discussion: """
            A running server removes what is older, some rows at a time. What still waits to be sent is kept.
            """,
        subcommands: [Show.self, Set.self, Run.self], defaultSubcommand: Show.self)

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the days of each kind.")

        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await answer(common.settings()) { platform in
                let policy = try await platform.retention.policy()
                return { policy.write(to: &$0) }
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change the days of some kinds.")

        @OptionGroup var common: CommonOptions
        @Option(help: "Orders with their transactions. Default: 540.") var orders: Int?
        @Option(help: "Events and their deliveries. Default: 90.") var events: Int?
        @Option(help: "Tries of deliveries, as long as events at most. Default: 30.")
        var attempts: Int?
        @Option(help: "What the card networks sent. Default: 540.") var networkMessages: Int?
        @Option(help: "The audit log: who changed what. Default: 730.") var audit: Int?

        func run() async throws {
            let settings = try await common.settings([
                "orders": .init(orders), "events": .init(events), "attempts": .init(attempts),
                "network-messages": .init(networkMessages), "audit": .init(audit),
            ])
            var days: [RetentionPolicy.Kind: Int] = [:]
            let given = settings.source(
                of: "orders", "events", "attempts", "network-messages", "audit")
            for kind in RetentionPolicy.Kind.allCases {
                days[kind] = try given.integer(kind.rawValue, in: RetentionPolicy.daysAllowed)
            }
            guard !days.isEmpty else {
                throw Settings.Invalid("give the days of at least one kind, such as --events 90")
            }
            try await answer(settings) { [days] platform in
                let policy = try await platform.retention.set(days)
                return { policy.write(to: &$0) }
            }
        }
    }

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove now what is older than its retention.")

        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await answer(common.settings()) { platform in
                var sum = RetentionService.Removed()
                while true {
                    let removed = try await platform.retention.step(now: Platform.now())
                    guard removed.isSome else { break }
                    sum = sum + removed
                }
                let removed = sum
                return { json in
                    json.field("orders_removed", removed.orders)
                    json.field("events_removed", removed.events)
                    json.field("deliveries_removed", removed.deliveries)
                    json.field("attempts_removed", removed.attempts)
                    json.field("network_messages_removed", removed.networkMessages)
                    json.field("audit_removed", removed.audit)
                }
            }
        }
    }
}

extension RetentionPolicy {
    fileprivate func write(to json: inout JSONWriter) {
        json.field("orders_days", days(of: .orders))
        json.field("events_days", days(of: .events))
        json.field("attempts_days", days(of: .attempts))
        json.field("network_messages_days", days(of: .networkMessages))
        json.field("audit_days", days(of: .audit))
    }
}
