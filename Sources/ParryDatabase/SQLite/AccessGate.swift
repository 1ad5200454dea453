internal import Synchronization

/// Counts who is inside the database: closing waits for them, and nobody enters a closed one.
///
/// GRDB's pool must not be used while another thread closes it; this gate is what rules that out.
final class AccessGate: Sendable {
    private struct State {
        var inside = 0
        var isShut = false
        var isFinished = false
        var drained: CheckedContinuation<Void, Never>?
        var followers: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Lets one caller in, who must `leave`; throws `closed` once the gate is shut.
    func enter() throws {
        try state.withLock { state in
            guard !state.isShut else { throw DatabaseError(.closed, "the database was closed") }
            state.inside += 1
        }
    }

    /// Lets one caller out.
    func leave() {
        let drained = state.withLock { state in
            state.inside -= 1
            return state.inside == 0 ? state.drained.take() : nil
        }
        drained?.resume()
    }

    /// Refuses newcomers. The first caller gets true as soon as all have left, and must `finish`;
    /// every other gets false once it has.
    func shut() async -> Bool {
        let isFirst = state.withLock { state in
            defer { state.isShut = true }
            return !state.isShut
        }
        await isFirst ? waitUntilDrained() : waitUntilFinished()
        return isFirst
    }

    /// Releases everyone who waits for the end.
    func finish() {
        let followers = state.withLock { state in
            state.isFinished = true
            defer { state.followers = [] }
            return state.followers
        }
        for follower in followers { follower.resume() }
    }

    private func waitUntilDrained() async {
        await withCheckedContinuation { continuation in
            let isDrained = state.withLock { state in
                if state.inside > 0 { state.drained = continuation }
                return state.inside == 0
            }
            if isDrained { continuation.resume() }
        }
    }

    private func waitUntilFinished() async {
        await withCheckedContinuation { continuation in
            let isFinished = state.withLock { state in
                if !state.isFinished { state.followers.append(continuation) }
                return state.isFinished
            }
            if isFinished { continuation.resume() }
        }
    }
}
