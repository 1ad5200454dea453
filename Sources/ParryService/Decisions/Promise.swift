import Synchronization

/// A value that one task will have and one other waits for; what comes after the first value is dropped.
final class Promise<Value: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Value, Never>)
        case ended(Value)
        case taken
    }

    private let state = Mutex(State.open)

    /// Gives the value, if none was given yet.
    func end(with value: Value) {
        let waiting = state.withLock { state -> CheckedContinuation<Value, Never>? in
            switch state {
            case .open: state = .ended(value)
            case .awaited(let continuation):
                state = .taken
                return continuation
            case .ended, .taken: break
            }
            return nil
        }
        waiting?.resume(returning: value)
    }

    /// The value, once it is there; to be asked for once.
    var value: Value {
        get async {
            await withCheckedContinuation { continuation in
                let ended = state.withLock { state -> Value? in
                    if case .ended(let value) = state {
                        state = .taken
                        return value
                    }
                    state = .awaited(continuation)
                    return nil
                }
                if let ended { continuation.resume(returning: ended) }
            }
        }
    }
}
