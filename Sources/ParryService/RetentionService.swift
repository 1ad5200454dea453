package import ParryDatabase
package import ParryDomain
import ParryStore
package import ParryWire

/// Removes what is older than its retention.
package struct RetentionService: Sendable {
    private let database: any Database

    package init(database: any Database) {
        self.database = database
    }

    /// The operator's settings.
    package func policy() async throws -> RetentionPolicy {
        try await database.lookUp { try RetentionStore.policy($0) }
    }

    /// Changes the days of some kinds.
    package func set(_ days: [RetentionPolicy.Kind: Int]) async throws -> RetentionPolicy {
        try await database.write { tx in
            for (kind, days) in days.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                try RetentionStore.set(kind, days: days, tx)
            }
            return try RetentionStore.policy(tx)
        }
    }

    /// What one step removed, in rows.
    package struct Removed: Sendable, Hashable {
        package var orders = 0
        package var events = 0
        package var deliveries = 0
        package var attempts = 0
        package var networkMessages = 0
        package var audit = 0

        package init() {}

        /// Whether a further step may find more.
        package var isSome: Bool {
            orders + events + deliveries + attempts + networkMessages + audit > 0
        }

        /// The sum.
        package static func + (left: Removed, right: Removed) -> Removed {
            var sum = left
            sum.orders += right.orders
            sum.events += right.events
            sum.deliveries += right.deliveries
            sum.attempts += right.attempts
            sum.networkMessages += right.networkMessages
            sum.audit += right.audit
            return sum
        }
    }

    /// Removes some rows of each kind, each in a short transaction of its own.
    package func step(now: Timestamp) async throws -> Removed {
        let policy = try await policy()
        let limit = Limits.removedAtOnceMax
        var removed = Removed()
        let events = policy.start(of: .events, at: now)
        let attempts = policy.start(of: .attempts, at: now)
        let orders = policy.start(of: .orders, at: now)
        removed.attempts = try await database.write {
            try RetentionStore.removeAttempts(before: attempts, limit: limit, $0)
        }
        removed.deliveries = try await database.write {
            try RetentionStore.removeDeliveries(before: events, limit: limit, $0)
        }
        removed.events = try await database.write {
            try RetentionStore.removeEvents(before: events, limit: limit, $0)
        }
        removed.orders = try await database.write {
            try RetentionStore.removeOrders(before: orders, limit: limit, $0)
        }
        let messages = policy.start(of: .networkMessages, at: now)
        removed.networkMessages = try await database.write {
            try RetentionStore.removeNetworkMessages(before: messages, limit: limit, $0)
        }
        let audit = policy.start(of: .audit, at: now)
        removed.audit = try await database.write {
            try RetentionStore.removeAudit(before: audit, limit: limit, $0)
        }
        return removed
    }
}
