// How closures are written.
//
// Who acts. Callers, on any thread, put a closure with their continuation into `waiting` and
// suspend. One runner at a time, a job on GRDB's serial writer queue, forms groups: it is scheduled
// by the caller that finds none running, handles one group, and schedules its successor as a new
// job as long as something waits. So nothing recurses, and other jobs of that queue get their turn.
//
// The life of a waiting closure. It stays in `waiting` until the group that will answer it has
// begun. Then it is popped, made a member at once, and run between its neighbours. When a member
// throws, all of its group so far is rolled back and run again, each member in a savepoint of its
// own, and so is what joins them; who throws then is rolled back to its savepoint alone. (Who throws
// as the only one is not run again.) The groups after such a one have savepoints from the start.
// When nothing waits any more, or the group has its rows or its time, COMMIT follows; only after it
// has returned, and with it the fsync, are the members told: results, or their own errors. Own errors wait for the COMMIT too,
// since a closure may have judged by what a neighbour wrote. Some failures (a full disk, an I/O
// error) make SQLite roll back the whole transaction, which shows in autocommit mode: then, as when
// COMMIT fails, every member so far is told that storage error, whatever its own result was, and
// those still waiting begin a new group. When even BEGIN fails, all that wait are told, since each
// of them would wait for the same lock again. Nobody is ever left without an answer: a member is
// answered by `answerMembers` or by `abandon`, and one of the two is always reached.
//
// What a crash leaves. Committed groups whole, others not at all: callers that were told of success
// find their rows, since `synchronous` is FULL. A caller that was not answered cannot know. One
// uncertainty no engine can remove: when the fsync of a COMMIT fails, callers are told so, and if
// the machine dies before anything else is written, the group may nevertheless be found.
//
// Deferred constraints have no place in the schema: they are checked by COMMIT only, where the
// mistake of one member would fail them all.

internal import CoreMetrics
internal import GRDB
internal import Synchronization

/// Runs the closures of concurrent writers in shared transactions, so that one fsync serves many.
final class GroupWriter: Sendable {
    private struct State {
        var waiting = WaitingWrites()
        var isRunning = false
        /// How many groups to come have a savepoint for each member from the start.
        var groupsApart = 0
        var statistics = SQLiteStatistics()
    }

    private enum Admission {
        case startsRunner
        case waits
        case refused
    }

    /// What failed once soon fails again, and its neighbours would run twice each time.
    private static let groupsApartAfterFailure = 16

    private let connections: any DatabaseWriter
    private let configuration: SQLiteConfiguration
    private let state = Mutex(State())
    private let batch = Recorder(label: "parry_database_write_batch", aggregate: true)

    init(_ connections: any DatabaseWriter, _ configuration: SQLiteConfiguration) {
        self.connections = connections
        self.configuration = configuration
    }

    var statistics: SQLiteStatistics {
        state.withLock { state in
            var statistics = state.statistics
            statistics.waiting = state.waiting.count
            return statistics
        }
    }

    /// Suspends until the closure's group was committed or the closure failed.
    func write<T: Sendable>(
        _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let run: @Sendable (SQLiteTransaction) throws -> @Sendable () -> Void = {
                let result = try body($0)
                return { continuation.resume(returning: result) }
            }
            admit(WaitingWrite(run: run, fail: { continuation.resume(throwing: $0) }))
        }
    }

    private func admit(_ write: WaitingWrite) {
        let admission = state.withLock { state -> Admission in
            guard state.waiting.count < configuration.writersWaitingMax else {
                state.statistics.refused += 1
                return .refused
            }
            state.waiting.append(write)
            defer { state.isRunning = true }
            return state.isRunning ? .waits : .startsRunner
        }
        switch admission {
        case .startsRunner: scheduleRunner()
        case .waits: break
        case .refused: write.fail(DatabaseError(.overloaded, "too many writes are waiting"))
        }
    }

    private func scheduleRunner() {
        connections.asyncWriteWithoutTransaction { self.runGroup(on: $0) }
    }

    private func runGroup(on connection: GRDB.Database) {
        var group = WriteGroup(on: connection, isApart: takeApart(), configuration)
        do {
            try group.begin()
            while !group.isFull, let write = popWaiting() { try group.run(write) }
            try group.commit()
            count(group)
            group.answerMembers()
        } catch {
            if group.isEmpty { failWaiting(error) }
            group.abandon(error)
        }
        scheduleSuccessor()
    }

    private func count(_ group: WriteGroup) {
        let (successCount, hasFailures) = (group.successCount, group.hasFailures)
        batch.record(successCount)
        state.withLock {
            $0.statistics.commits += 1
            $0.statistics.writes += successCount
            if hasFailures { $0.groupsApart = Self.groupsApartAfterFailure }
        }
    }

    private func takeApart() -> Bool {
        state.withLock { state in
            defer { state.groupsApart = max(0, state.groupsApart - 1) }
            return state.groupsApart > 0
        }
    }

    private func popWaiting() -> WaitingWrite? {
        state.withLock { $0.waiting.popFirst() }
    }

    private func failWaiting(_ error: any Error) {
        let failed = state.withLock { state in
            defer { state.waiting = WaitingWrites() }
            return state.waiting
        }
        for write in failed.all { write.fail(error) }
    }

    private func scheduleSuccessor() {
        let isNeeded = state.withLock { state in
            state.isRunning = !state.waiting.isEmpty
            return state.isRunning
        }
        if isNeeded { scheduleRunner() }
    }
}
