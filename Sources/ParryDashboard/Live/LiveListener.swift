import ParryDomain
import ParryWire
import Synchronization

/// An open page that wants to hear of alerts. It has a stream of its own, whose end is no other's end.
final class LiveListener: Sendable {
    /// What a listener is told.
    struct Signals: OptionSet, Sendable {
        let rawValue: Int
        /// Alerts are new or changed.
        static let news = Signals(rawValue: 1)
        /// Nothing; the connection lives.
        static let beat = Signals(rawValue: 2)
        /// Look whether the session lives.
        static let check = Signals(rawValue: 4)
    }

    let owner: Owner
    let session: SessionID
    /// Yields when there is something to take; many signals may be one.
    let rings: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let state: Mutex<State>

    private struct State {
        var waiting: Signals = []
        var position: Int64
        /// Up to where the page was made; nil once that is dealt with.
        var since: Int64?
    }

    init(_ owner: Owner, _ session: SessionID, since position: Int64?) {
        self.owner = owner
        self.session = session
        state = Mutex(State(position: position ?? 0, since: position))
        (rings, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Tells; what is not taken yet is told once.
    func tell(_ signals: Signals, at position: Int64? = nil) {
        state.withLock { state in
            state.waiting.formUnion(signals)
            if let position { state.position = position }
        }
        continuation.yield()
    }

    /// The first look: what happened since the page was made is news, whatever it was.
    func begin(at end: Int64) {
        let since = state.withLock { state in
            defer { state.since = nil }
            return state.since
        }
        if let since, since < end { tell(.news, at: end) }
    }

    /// Takes what it was told since.
    func take() -> (signals: Signals, position: Int64) {
        state.withLock { state in
            defer { state.waiting = [] }
            return (state.waiting, state.position)
        }
    }

    func end() { continuation.finish() }
}
