package import ParryWire
import Synchronization

/// A clock that stands still until it is set: what happens by it shows the same times in every run.
package final class HandClock: Sendable {
    private let time: Mutex<Timestamp>

    package init(_ start: Timestamp) {
        time = Mutex(start)
    }

    /// What it shows.
    package var now: Timestamp { time.withLock { $0 } }

    package func set(_ new: Timestamp) {
        time.withLock { $0 = new }
    }

    package func advance(seconds: Int64) {
        time.withLock { $0 = $0.adding(seconds: seconds) }
    }
}
