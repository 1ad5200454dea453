internal import CoreMetrics
internal import Dispatch
internal import Foundation
internal import Synchronization

// Who acts. Callers put jobs into one queue; each of at most `connectionCountMax` threads owns one
// connection and takes the job that has waited longest. Threads are started when a job finds none idle.
//
// The life of a job. It waits, is taken and run, and answers its caller; or it has waited for `waitMax`
// and is refused by the timekeeper; or the queue is full and it is refused at once. One of the three,
// once. A job that was taken is never interrupted, because its COMMIT must not be.

/// A transaction that waits for a connection, with its caller's continuation inside.
struct PostgreSQLJob: Sendable {
    let run: @Sendable (PostgreSQLSession) -> Void
    let refuse: @Sendable (DatabaseError) -> Void
    let since = ContinuousClock.now
}

/// The connections of a database, and the queue before them.
final class PostgreSQLPool: Sendable {
    private struct State {
        var waiting: [PostgreSQLJob] = []
        var idle = 0
        var started = 0
        var isClosed = false
        var isTimed = false
    }

    private let address: PostgreSQLAddress
    private let configuration: PostgreSQLConfiguration
    private let pooler = PoolerMemory()
    private let state = Mutex(State())
    private let jobs = DispatchSemaphore(value: 0)
    private let ended = DispatchGroup()
    private let wait = CoreMetrics.Timer(label: "parry_database_pool_wait_seconds")

    init(_ address: PostgreSQLAddress, _ configuration: PostgreSQLConfiguration) {
        self.address = address
        self.configuration = configuration
    }

    /// Runs a closure in a transaction on one of the connections.
    func perform<T: Sendable>(
        _ kind: PostgreSQLTransaction.Kind,
        _ body: @escaping @Sendable (PostgreSQLTransaction) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            admit(
                PostgreSQLJob(
                    run: { session in
                        continuation.resume(with: Result { try session.perform(kind, body) })
                    },
                    refuse: { continuation.resume(throwing: $0) }))
        }
    }

    /// Runs a closure on one of the connections some time, if there is one; nobody hears the result.
    func start(
        _ kind: PostgreSQLTransaction.Kind,
        _ body: @escaping @Sendable (PostgreSQLTransaction) throws -> Void
    ) {
        admit(
            PostgreSQLJob(
                run: { session in try? session.perform(kind, body) }, refuse: { _ in }))
    }

    /// Ends the threads, whose connections close with them. Nobody may be waiting or come any more.
    func close() async {
        let started = state.withLock { state in
            state.isClosed = true
            return state.started
        }
        for _ in 0..<started { jobs.signal() }
        await withCheckedContinuation { continuation in
            ended.notify(queue: .global()) { continuation.resume() }
        }
    }

    private enum Admission {
        case refused
        case waits(startsThread: Bool, startsTimer: Bool)
    }

    private func admit(_ job: PostgreSQLJob) {
        let admission = state.withLock { state -> Admission in
            guard !state.isClosed, state.waiting.count < configuration.waitingMax else {
                return .refused
            }
            state.waiting.append(job)
            let isNeeded = state.waiting.count > state.idle
            let startsThread = isNeeded && state.started < configuration.connectionCountMax
            if startsThread { state.started += 1 }
            let startsTimer = !state.isTimed && isNeeded
            if startsTimer { state.isTimed = true }
            return .waits(startsThread: startsThread, startsTimer: startsTimer)
        }
        switch admission {
        case .refused:
            job.refuse(DatabaseError(.overloaded, "too many transactions are waiting"))
        case .waits(let startsThread, let startsTimer):
            jobs.signal()
            if startsThread { startThread() }
            if startsTimer { expireLater(configuration.waitMax) }
        }
    }

    private func startThread() {
        ended.enter()
        let thread = Thread { [self] in
            work()
            ended.leave()
        }
        thread.name = "parry-postgres"
        thread.start()
    }

    private func work() {
        let session = PostgreSQLSession(address, configuration, pooler)
        while true {
            state.withLock { $0.idle += 1 }
            jobs.wait()
            let (job, isClosed) = state.withLock { state in
                state.idle -= 1
                return (
                    state.waiting.isEmpty ? nil : state.waiting.removeFirst(), state.isClosed
                )
            }
            if let job {
                wait.recordNanoseconds(Int64((ContinuousClock.now - job.since) / .nanoseconds(1)))
                job.run(session)
            } else if isClosed {
                return
            }
        }
    }
}

extension PostgreSQLPool {
    private func expireLater(_ wait: Duration) {
        let seconds = max(0.01, wait / .seconds(1))
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [self] in expire() }
    }

    /// Refuses what has waited too long, and looks again when the next one will have.
    private func expire() {
        let (late, next) = state.withLock { state -> (ArraySlice<PostgreSQLJob>, Duration?) in
            let now = ContinuousClock.now
            let count = state.waiting.prefix { $0.since + configuration.waitMax <= now }.count
            let late = state.waiting.prefix(count)
            state.waiting.removeFirst(count)
            let next = state.waiting.first.map {
                now.duration(to: $0.since + configuration.waitMax)
            }
            state.isTimed = next != nil
            return (late, next)
        }
        for job in late {
            job.refuse(
                DatabaseError(.overloaded, "no connection to PostgreSQL became free in time"))
        }
        if let next { expireLater(next) }
    }
}
