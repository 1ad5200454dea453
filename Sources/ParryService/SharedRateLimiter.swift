package import ParryDatabase
import ParryDomain
import ParryStore
package import ParryWire
import Synchronization

/// Counts in the database, for all processes together. Requests that come while one is being counted share
/// the next statement, so a request pays for one at most.
package final class SharedRateLimiter: RateLimiter {
    private let asks: MergedWork<RateStore.Ask, Int64?>

    package init(database: any Database) {
        let counter = Counter(database: database)
        asks = MergedWork(
            waitingMax: Limits.rateAsksWaitingMax, weightMax: Limits.rateAsksMax,
            work: counter.count)
    }

    /// Takes one request, with one statement at most.
    ///
    /// - Throws: `DatabaseError`.
    package func take(_ key: String, limit: Int, now: Timestamp) async throws -> Int64? {
        guard limit > 0 else { return nil }
        return try await asks.submit(RateStore.Ask(key: key, limit: Int64(limit), at: now))
    }

    private final class Counter: Sendable {
        private let database: any Database
        private let sweptWindow = Mutex<Int64>(0)

        init(database: any Database) {
            self.database = database
        }

        @Sendable
        func count(
            _ items: MergedItems<RateStore.Ask, Int64?>
        ) async -> [Result<Int64?, any Error>] {
            let asks = items.take()
            let isFirstInWindow = sweptWindow.withLock { swept in
                let window = RateBudget.window(of: asks[0].at)
                defer { swept = window }
                return swept != window
            }
            do {
                return try await database.writeSingly { tx in
                    if isFirstInWindow { try RateStore.sweep(before: asks[0].at, tx) }
                    return try RateStore.take(asks, tx)
                }.map(Result.success)
            } catch {
                return asks.map { _ in .failure(error) }
            }
        }
    }
}
