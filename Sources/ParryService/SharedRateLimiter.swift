package import ParryDatabase
import ParryDomain
import ParryStore
package import ParryWire
import Synchronization

// Who acts. A request that finds nobody asking asks, for itself and for all that wait; those who come
// meanwhile are asked for by the next statement. So the busier the process, the more requests share one
// statement, and a request pays for one at most.

/// Counts in the database, for all processes together.
package final class SharedRateLimiter: RateLimiter {
    private struct Waiting: Sendable {
        let ask: RateStore.Ask
        let continuation: CheckedContinuation<Turn, Never>
    }

    private enum Turn: Sendable {
        case lead([Waiting])
        case told(Result<Int64?, any Error>)
    }

    private struct State {
        var waiting: [Waiting] = []
        var isLed = false
        var sweptWindow: Int64 = 0
    }

    private let database: any Database
    private let state = Mutex(State())

    package init(database: any Database) {
        self.database = database
    }

    /// Takes one request, with one statement at most.
    ///
    /// - Throws: `DatabaseError`.
    package func take(_ key: String, limit: Int, now: Timestamp) async throws -> Int64? {
        guard limit > 0 else { return nil }
        let own = RateStore.Ask(key: key, limit: Int64(limit), at: now)
        switch await turn(for: own) {
        case .told(let result): return try result.get()
        case .lead(let others):
            let results = await ask([own] + others.map(\.ask))
            for (waiting, result) in zip(others, results.dropFirst()) {
                waiting.continuation.resume(returning: .told(result))
            }
            passOn()
            return try results[0].get()
        }
    }

    private func turn(for ask: RateStore.Ask) async -> Turn {
        await withCheckedContinuation { continuation in
            let turn = state.withLock { state -> Turn? in
                guard state.isLed else {
                    state.isLed = true
                    return .lead([])
                }
                guard state.waiting.count < Limits.rateAsksWaitingMax else {
                    return .told(
                        .failure(DatabaseError(.overloaded, "too many requests are waiting")))
                }
                state.waiting.append(Waiting(ask: ask, continuation: continuation))
                return nil
            }
            if let turn { continuation.resume(returning: turn) }
        }
    }

    /// Hands over to the first that waits, with those behind it.
    private func passOn() {
        let next = state.withLock { state -> [Waiting] in
            let next = Array(state.waiting.prefix(Limits.rateAsksMax))
            state.waiting.removeFirst(next.count)
            if next.isEmpty { state.isLed = false }
            return next
        }
        next.first?.continuation.resume(returning: .lead(Array(next.dropFirst())))
    }

    private func ask(_ asks: [RateStore.Ask]) async -> [Result<Int64?, any Error>] {
        do {
            let isFirstInWindow = state.withLock { state in
                let window = RateBudget.window(of: asks[0].at)
                defer { state.sweptWindow = window }
                return state.sweptWindow != window
            }
            return try await database.writeScratch { tx in
                if isFirstInWindow { try RateStore.sweep(before: asks[0].at, tx) }
                return try RateStore.take(asks, tx)
            }.map(Result.success)
        } catch {
            return asks.map { _ in .failure(error) }
        }
    }
}
