import Logging
import ServiceLifecycle
import Synchronization

/// Works on what is due, so many pieces at a time, each piece once: one that hangs takes its own place and no other's.
struct WorkPool: Service {
    /// A piece of work, by what it is about.
    struct Piece: Sendable {
        let key: String
        let work: @Sendable () async throws -> Void
    }

    let name: String
    let width: Int
    let interval: Duration
    let signal: WorkSignal
    let logger: Logger
    /// What is due, the most urgent first.
    let due: @Sendable () async throws -> [Piece]

    /// Told to end, it begins nothing more and lets what was begun end.
    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await cancelWhenGracefulShutdown { await signal.send(every: interval) }
            }
            group.addTask { await workWhenWoken() }
        }
    }

    private func workWhenWoken() async {
        let busy = Busy()
        await withDiscardingTaskGroup { group in
            for await _ in signal.stream.cancelOnGracefulShutdown() {
                do {
                    for piece in try await due() where busy.take(piece.key, width) {
                        group.addTask { await work(piece, busy) }
                    }
                } catch {
                    report(error)
                }
            }
        }
    }

    private func work(_ piece: Piece, _ busy: Busy) async {
        do { try await piece.work() } catch { report(error) }
        // Something may have waited for the place.
        if busy.leave(piece.key, width) { signal.send() }
    }

    private func report(_ error: any Error) {
        guard !error.isCancellation else { return }
        logger.error("\(name) failed", metadata: ["reason": "\(error)"])
    }

    /// What is being worked on.
    private final class Busy: Sendable {
        private struct State {
            var keys: Set<String> = []
            var wasFull = false
        }

        private let state = Mutex(State())

        /// Whether there is a place, and nobody has the piece.
        func take(_ key: String, _ width: Int) -> Bool {
            state.withLock { state in
                guard state.keys.count < width else {
                    state.wasFull = true
                    return false
                }
                return state.keys.insert(key).inserted
            }
        }

        /// - Returns: Whether some found no place.
        func leave(_ key: String, _ width: Int) -> Bool {
            state.withLock { state in
                state.keys.remove(key)
                defer { state.wasFull = false }
                return state.wasFull
            }
        }
    }
}
