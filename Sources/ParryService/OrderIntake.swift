import ParryDatabase
import ParryDomain
import ParryStore
import ParryWire
import Synchronization

// Who acts. A request that finds nobody leading leads: it stores its own orders and those of all that wait
// in one transaction, tells them, and hands over to the first that came meanwhile. So the busier the
// platform, the more requests share look-ups, statements and the commit, and nobody waits for a timer.
//
// What a crash leaves. The transaction of a leader is whole or not there, and nobody in it is answered
// before it is durable.

/// The orders of one request.
struct OrderSubmission: Sendable {
    let orders: [PreparedOrder]
    let owner: Owner

    /// Rows that storing it takes.
    var rowCount: Int {
        orders.reduce(0) { $0 + 1 + $1.content.transactions.count }
    }
}

/// Stores the orders of concurrent small requests together, and large requests by themselves.
final class OrderIntake: Sendable {
    private struct Waiting: Sendable {
        let submission: OrderSubmission
        let continuation: CheckedContinuation<Turn, Never>
    }

    /// Requests that may wait; one more is refused.
    private static let waitingMax = 1_000

    /// Thrown out of a transaction that has to be judged again with stored repeats in view.
    private struct MayHideRepeat: Error {}

    private enum Turn: Sendable {
        case lead([Waiting])
        case told(Result<OrderBatchResult, any Error>)
    }

    private struct State {
        var waiting: [Waiting] = []
        var isLed = false
    }

    private let database: any Database
    private let state = Mutex(State())

    init(database: any Database) {
        self.database = database
    }

    /// Stores a request's good orders; returns once they are durable.
    func submit(_ own: OrderSubmission) async throws -> OrderBatchResult {
        // A request whose answer is stored with its work has a transaction of its own.
        guard own.rowCount <= Limits.orderRowsMergedMax, IdempotentRequest.current == nil else {
            return try await store([own])[0].get()
        }
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
            let turn = state.withLock { state -> Turn? in
                guard state.isLed else {
                    state.isLed = true
                    return .lead([])
                }
                guard state.waiting.count < Self.waitingMax else {
                    return .told(
                        .failure(DatabaseError(.overloaded, "too many orders are waiting")))
                }
                state.waiting.append(Waiting(submission: submission, continuation: continuation))
                return nil
            }
            if let turn { continuation.resume(returning: turn) }
        }
    }

    /// Hands over to the first that waits, with those behind it.
    private func passOn() {
        let next = state.withLock { state -> [Waiting] in
            guard !state.waiting.isEmpty else {
                state.isLed = false
                return []
            }
            var rows = 0
            let count = state.waiting.prefix { waiting in
                defer { rows += waiting.submission.rowCount }
                return rows < Limits.orderRowsPerTransactionMax
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
            return await storeRepeats(submissions)
        } catch is MayHideRepeat {
            return await storeRepeats(submissions)
        } catch {
            return submissions.map { _ in .failure(error) }
        }
    }

    /// With several processes a reference that was looked up as new may be stored by another one before
    /// this transaction inserts it; then everything is judged again.
    private func storeRepeats(
        _ submissions: [OrderSubmission]
    ) async -> [Result<OrderBatchResult, any Error>] {
        var attempt = 1
        while true {
            do {
                return try await store(submissions, mayRepeat: true).map(Result.success)
            } catch let error as DatabaseError
                where error.code == .uniqueViolation && attempt < Limits.repeatAttemptsMax
            {
                attempt += 1
            } catch {
                return submissions.map { _ in .failure(error) }
            }
        }
    }

    /// Nearly every order is new, and the unique keys say so without a question: references are looked
    /// up only for a transaction that met one of them (`mayRepeat`).
    private func store(
        _ submissions: [OrderSubmission], mayRepeat: Bool
    ) async throws -> [OrderBatchResult] {
        try await database.write { tx in
            var batch = OrderBatch()
            let results = try submissions.map {
                try batch.judge($0, mayRepeat: mayRepeat, tx)
            }
            if !mayRepeat, results.contains(where: \.mayHideRepeat) { throw MayHideRepeat() }
            try OrderStore.insert(results.flatMap(\.rows), tx)
            return results
        }
    }
}
