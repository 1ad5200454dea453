import ParryDatabase
import ParryDomain
import ParryStore
import ParryWire
import Synchronization

// Who acts. A request that finds a free place leads: it stores its own orders and those of all that wait
// in one transaction, tells them, and hands its place to the first that came meanwhile. So the busier the
// platform, the more requests share look-ups, statements and the commit, and nobody waits for a timer.
//
// Two places: while one leader's transaction is being made durable, the next one's is already running.
//
// What a crash leaves. The transaction of a leader is whole or not there, and nobody in it is answered
// before it is durable.

/// The orders of one request.
struct OrderSubmission: Sendable {
    let orders: [PreparedOrder]
    let owner: Owner
    let now: Timestamp
}

/// Stores the orders of concurrent requests together.
final class OrderIntake: Sendable {
    private static let leadersMax = 2
    /// Orders in one transaction, so that a small request is not held up by many large ones.
    private static let ordersMax = 400

    private struct Waiting: Sendable {
        let submission: OrderSubmission
        let continuation: CheckedContinuation<Turn, Never>
    }

    private enum Turn: Sendable {
        case lead([Waiting])
        case told(Result<OrderBatchResult, any Error>)
    }

    private struct State {
        var waiting: [Waiting] = []
        var leaders = 0
    }

    private let database: any Database
    private let state = Mutex(State())

    init(database: any Database) {
        self.database = database
    }

    /// Stores a request's good orders; returns once they are durable.
    func submit(_ own: OrderSubmission) async throws -> OrderBatchResult {
        switch await turn(for: own) {
        case .told(let result): return try result.get()
        case .lead(let others):
            let results = await store([own] + others.map(\.submission))
            for (waiting, result) in zip(others, results.dropFirst()) {
                waiting.continuation.resume(returning: .told(result))
            }
            passOn()
            return try results[0].get()
        }
    }

    private func turn(for submission: OrderSubmission) async -> Turn {
        await withCheckedContinuation { continuation in
            let leads = state.withLock { state in
                guard state.leaders == Self.leadersMax else {
                    state.leaders += 1
                    return true
                }
                state.waiting.append(Waiting(submission: submission, continuation: continuation))
                return false
            }
            if leads { continuation.resume(returning: .lead([])) }
        }
    }

    /// Hands the place to the first that waits, with those behind it, or gives it up.
    private func passOn() {
        let next = state.withLock { state -> [Waiting] in
            guard !state.waiting.isEmpty else {
                state.leaders -= 1
                return []
            }
            var orders = 0
            let count = state.waiting.prefix { waiting in
                defer { orders += waiting.submission.orders.count }
                return orders < Self.ordersMax
            }.count
            defer { state.waiting.removeFirst(count) }
            return Array(state.waiting.prefix(count))
        }
        next.first?.continuation.resume(returning: .lead(Array(next.dropFirst())))
    }

    private func store(
        _ submissions: [OrderSubmission]
    ) async -> [Result<OrderBatchResult, any Error>] {
        do {
            return try await store(submissions, mayRepeat: false).map(Result.success)
        } catch let error as DatabaseError where error.code == .uniqueViolation {
            var results: [Result<OrderBatchResult, any Error>] = []
            for submission in submissions { results.append(await storeAlone(submission)) }
            return results
        } catch {
            return submissions.map { _ in .failure(error) }
        }
    }

    private func storeAlone(
        _ submission: OrderSubmission
    ) async -> Result<OrderBatchResult, any Error> {
        do {
            let results = try await store([submission], mayRepeat: true)
            return .success(results[0])
        } catch {
            return .failure(error)
        }
    }

    /// Nearly every order is new, and the unique keys say so without a question: references are looked
    /// up only for requests that met one of them (`mayRepeat`).
    private func store(
        _ submissions: [OrderSubmission], mayRepeat: Bool
    ) async throws -> [OrderBatchResult] {
        try await database.write { tx in
            var batch = OrderBatch()
            let results = try submissions.map {
                try batch.judge($0, mayRepeat: mayRepeat, tx)
            }
            try OrderStore.insert(results.flatMap(\.created), tx)
            return results
        }
    }
}
