package import Logging
package import ParryWire
import Synchronization

/// Holds the networks' one state, writes the ledger file, and passes on what has to be done.
///
/// The lock is held while the file is written, so that the file has the ledger's order; what stands
/// in the ledger is in the file before anybody is answered.
package final class NetworkDesk: Sendable {
    private struct Held {
        var state: NetworkState
        let file: LedgerFile?
        var isFileBroken = false
    }

    /// What has to be done, in order; one service takes it.
    package let actions: AsyncStream<NetworkAction>
    private let continuation: AsyncStream<NetworkAction>.Continuation
    private let held: Mutex<Held>
    private let clock: @Sendable () -> Timestamp
    private let logger: Logger

    /// Reads the ledger file, if there is one, and goes on where it ends.
    ///
    /// - Throws: An error of the file system.
    package init(
        _ settings: NetworkSettings, logger: Logger, clock: @escaping @Sendable () -> Timestamp
    ) throws {
        var state = NetworkState(settings)
        let file = try settings.ledgerFile.map { path in
            try LedgerFile(path) { state.restore($0) }
        }
        self.clock = clock
        self.logger = logger
        held = Mutex(Held(state: state, file: file))
        // Bounded by what the state has open: each action comes of one request, push or timer.
        (actions, continuation) = AsyncStream.makeStream()
    }

    /// Reads the state.
    package func read<Result: Sendable>(_ body: (NetworkState) -> Result) -> Result {
        held.withLock { body($0.state) }
    }

    /// Changes the state, and has done what follows.
    @discardableResult
    package func change<Result: Sendable>(
        _ body: (inout NetworkState, Timestamp) -> (result: Result, actions: [NetworkAction])
    ) -> Result {
        let now = clock()
        let (result, actions) = held.withLock { held in
            let changed = body(&held.state, now)
            write(&held)
            return changed
        }
        for action in actions { continuation.yield(action) }
        return result
    }

    private func write(_ held: inout Held) {
        let entries = held.state.takeUnwritten()
        guard let file = held.file, !entries.isEmpty, !held.isFileBroken else { return }
        do {
            try file.append(entries)
        } catch {
            held.isFileBroken = true
            logger.critical(
                "the ledger file cannot be written any more", metadata: ["error": "\(error)"])
        }
    }

    /// Has done what an earlier run left.
    package func resume() {
        for action in read({ $0.resume() }) { continuation.yield(action) }
    }

    /// Ends ``actions``.
    package func close() {
        continuation.finish()
    }
}
