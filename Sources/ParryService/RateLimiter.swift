import ParryDomain
package import ParryWire
import Synchronization

/// Counts the requests of owners and addresses.
package protocol RateLimiter: Sendable {
    /// Takes one request from a budget.
    ///
    /// - Parameters:
    ///   - key: Owner and endpoint, or an address.
    ///   - limit: Requests in 60 seconds; 0 or less is no limit.
    /// - Returns: nil when the request is within the limit, otherwise the seconds to wait, at least 1.
    func take(_ key: String, limit: Int, now: Timestamp) async throws -> Int64?
}

/// Counts in the memory of this process.
package final class MemoryRateLimiter: RateLimiter {
    private let budgets = Mutex<[String: RateBudget]>([:])

    package init() {}

    /// Takes one request, without waiting for anything.
    package func take(_ key: String, limit: Int, now: Timestamp) -> Int64? {
        guard limit > 0 else { return nil }
        let window = RateBudget.window(of: now)
        return budgets.withLock { budgets in
            if budgets.count >= Limits.rateBucketsMax { Self.sweep(&budgets, window: window) }
            var budget = budgets[key] ?? RateBudget(window: window)
            defer { budgets[key] = budget }
            guard budget.take(1, limit: Int64(limit), now: now) == 0 else { return nil }
            return budget.waitSeconds(limit: Int64(limit), now: now)
        }
    }

    /// Forgets who has been quiet; when that is not enough, everybody, so that the table stays bounded
    /// and a sweep is rare.
    private static func sweep(_ budgets: inout [String: RateBudget], window: Int64) {
        budgets = budgets.filter { $0.value.window >= window - 1 }
        if budgets.count >= Limits.rateBucketsMax / 2 { budgets.removeAll() }
    }
}
