internal import CLibPQ
internal import Dispatch
internal import Foundation
internal import Synchronization

// Who acts. A process that has committed something which others might work on, and has not worked it off
// itself `pauseMilliseconds` later, sends a hint, in a statement of its own because NOTIFY serialises the
// commits that carry it. A thread of each process listens on a connection of its own. A hint may be lost
// (a broken connection, a pooler in between), so whoever is hinted to also looks by himself from time to
// time.

/// Tells the other processes on a database that there may be something to do. Nothing depends on it.
package final class PostgreSQLHints: Sendable {
    private static let channel = "parry_wake"
    private static let pauseMilliseconds = 50
    /// How often the listening thread looks whether it is to end, and how long it waits to connect again.
    private static let tickMilliseconds: Int32 = 200

    private let database: PostgreSQLDatabase
    private let isNeeded: @Sendable () -> Bool
    /// Goes with the hints, so that a process does not hear its own.
    private let sender = String(UInt64.random(in: 1...UInt64.max), radix: 36)
    private let isPending = Atomic(false)
    private let isEnding = Atomic(false)

    /// - Parameters:
    ///   - database: Whose server carries the hints.
    ///   - isNeeded: Whether this process leaves something for others to do.
    package init(_ database: PostgreSQLDatabase, isNeeded: @escaping @Sendable () -> Bool) {
        self.database = database
        self.isNeeded = isNeeded
    }

    /// Sends a hint soon, if it is still needed then; further ones until then are the same one.
    package func send() {
        guard !isPending.exchange(true, ordering: .acquiringAndReleasing) else { return }
        let pause = DispatchTimeInterval.milliseconds(Self.pauseMilliseconds)
        DispatchQueue.global().asyncAfter(deadline: .now() + pause) { [self] in
            isPending.store(false, ordering: .releasing)
            guard isNeeded() else { return }
            database.runInBackground("SELECT pg_notify(\(Self.channel), \(sender))")
        }
    }

    /// Calls the closure at each hint of another process, until the calling task is cancelled.
    package func listen(_ onHint: @escaping @Sendable () -> Void) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let thread = Thread { [self] in
                    while !isOver { follow(onHint) }
                    continuation.resume()
                }
                thread.name = "parry-hints"
                thread.start()
            }
        } onCancel: {
            isEnding.store(true, ordering: .releasing)
        }
    }

    private var isOver: Bool { isEnding.load(ordering: .acquiring) }

    /// Listens on one connection as long as it lasts.
    private func follow(_ onHint: () -> Void) {
        guard let connection = database.address.connect() else { return usleepTick() }
        defer { PQfinish(connection) }
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
        guard PQstatus(connection) == CONNECTION_OK, listen(on: connection) else {
            return usleepTick()
        }
        // What was hinted while nobody listened.
        onHint()
        while !isOver, PQstatus(connection) == CONNECTION_OK {
            guard wait(for: connection) else { continue }
            guard PQconsumeInput(connection) == 1 else { return usleepTick() }
            var isHinted = false
            while let notice = PQnotifies(connection) {
                isHinted = isHinted || String(cString: notice.pointee.extra) != sender
                PQfreemem(notice)
            }
            if isHinted { onHint() }
        }
    }

    private func listen(on connection: OpaquePointer) -> Bool {
        let answer = PQexec(connection, "LISTEN \(Self.channel)")
        defer { PQclear(answer) }
        return PQresultStatus(answer) == PGRES_COMMAND_OK
    }

    /// Whether something came before the tick was over.
    private func wait(for connection: OpaquePointer) -> Bool {
        var place = pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
        return poll(&place, 1, Self.tickMilliseconds) > 0
    }

    private func usleepTick() {
        usleep(UInt32(Self.tickMilliseconds) * 1_000)
    }
}
