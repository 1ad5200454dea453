import ParryDatabase
import ParryDomain
import ParryStore
import ParryWire
import Synchronization

// Who is merged. All small requests that have come when the transaction begins, not when it was asked for: a
// batch of a hundred orders may be written in between.
//
// What a crash leaves. The transaction of merged requests is whole or not there, and nobody in it is
// answered before it is durable.

/// The orders of one request.
struct OrderSubmission: Sendable {
    let orders: [PreparedOrder]
    let owner: Owner
    let now: Timestamp

    /// Rows that storing it takes.
    var rowCount: Int {
        orders.reduce(0) { $0 + 1 + $1.content.transactions.count }
    }
}

/// Stores the orders of concurrent small requests together, and large requests by themselves.
struct OrderIntake: Sendable {
    /// Requests that may wait; one more is refused.
    private static let waitingMax = 1_000

    private let writer: OrderWriter
    private let small: MergedWork<OrderSubmission, OrderBatchResult>

    init(database: any Database) {
        let writer = OrderWriter(database: database)
        self.writer = writer
        // SQLite's writer runs one piece after the other and may commit them together: while one is written
        // two more wait at its door, and those of before are being answered. PostgreSQL's would each have a
        // transaction, so there all that wait share one.
        let isSerial = database.dialect == .sqlite
        small = MergedWork(
            leadersMax: isSerial ? 2 : 1, handover: isSerial ? .taken : .done,
            waitingMax: Self.waitingMax,
            weight: \.rowCount, weightShared: Limits.orderRowsSharedMin,
            weightMax: Limits.orderRowsPerTransactionMax,
            work: { await writer.store($0.take) })
    }

    /// Stores a request's good orders; returns once they are durable.
    func submit(_ own: OrderSubmission) async throws -> OrderBatchResult {
        // A request whose answer is stored with its work has a transaction of its own.
        guard own.rowCount <= Limits.orderRowsMergedMax, IdempotentRequest.current == nil else {
            return try await writer.store { [own] }[0].get()
        }
        return try await small.submit(own)
    }
}

/// Stores the orders of one or several requests in one transaction.
private struct OrderWriter: Sendable {
    /// Thrown out of a transaction that has to be judged again with stored repeats in view.
    private struct MayHideRepeat: Error {}

    typealias Submissions = @Sendable () -> [OrderSubmission]

    let database: any Database

    /// - Parameter submissions: Asked when the transaction has begun, and again when it has to be repeated.
    func store(_ submissions: @escaping Submissions) async -> [Result<OrderBatchResult, any Error>]
    {
        do {
            return try await store(submissions, mayRepeat: false).map(Result.success)
        } catch let error as DatabaseError where error.code == .uniqueViolation {
            return await storeRepeats(submissions)
        } catch is MayHideRepeat {
            return await storeRepeats(submissions)
        } catch {
            // When the transaction could not even begin, all that wait are told, instead of waiting for the same.
            return submissions().map { _ in .failure(error) }
        }
    }

    /// With several processes a reference that was looked up as new may be stored by another one before
    /// this transaction inserts it; then everything is judged again.
    private func storeRepeats(
        _ submissions: @escaping Submissions
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
                return submissions().map { _ in .failure(error) }
            }
        }
    }

    /// Nearly every order is new, and the unique keys say so without a question: references are looked
    /// up only for a transaction that met one of them (`mayRepeat`).
    private func store(
        _ submissions: @escaping Submissions, mayRepeat: Bool
    ) async throws -> [OrderBatchResult] {
        try await database.write { tx in
            let submissions = submissions()
            var batch = OrderBatch()
            let results = try submissions.map {
                try batch.judge($0, mayRepeat: mayRepeat, tx)
            }
            if !mayRepeat, results.contains(where: \.mayHideRepeat) { throw MayHideRepeat() }
            try OrderStore.insert(results.flatMap(\.rows), tx)
            let now = submissions.map(\.now).max() ?? Timestamp(milliseconds: 0)
            try LateOrders.note(results.flatMap(\.created), now: now, tx)
            try OrderFeedDayStore.add(batch.counts.entries, at: now, tx)
            return results
        }
    }
}
