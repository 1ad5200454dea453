package import ParryWire

/// Requests of the last 60 seconds, counted in two windows of 60 seconds, the older one weighted by how
/// much of it still lies in them (amendment 14). Refused requests do not count.
package struct RateBudget: Sendable, Hashable {
    package static let windowMilliseconds: Int64 = 60_000

    /// The number of the window that `current` counts, from 1970 on.
    package private(set) var window: Int64
    package private(set) var current: Int64
    package private(set) var previous: Int64

    package init(window: Int64, current: Int64 = 0, previous: Int64 = 0) {
        self.window = window
        self.current = current
        self.previous = previous
    }

    /// The window that a moment lies in.
    package static func window(of now: Timestamp) -> Int64 {
        now.milliseconds / windowMilliseconds
    }

    /// Takes one request at a time as long as they are within the limit.
    ///
    /// - Returns: How many of the wanted requests were taken.
    package mutating func take(_ wanted: Int64, limit: Int64, now: Timestamp) -> Int64 {
        advance(to: Self.window(of: now))
        let left = Self.windowMilliseconds - max(0, elapsed(at: now))
        let room = limit * Self.windowMilliseconds - previous * left
        let free = room / Self.windowMilliseconds - current
        let taken = max(0, min(wanted, free))
        current += taken
        return taken
    }

    /// Seconds until one more request fits, at least 1: in this window while the previous one fades, or
    /// else in the next one while this one does.
    package func waitSeconds(limit: Int64, now: Timestamp) -> Int64 {
        let full = Self.windowMilliseconds
        let elapsed = self.elapsed(at: now)
        var milliseconds: Int64
        if current < limit, previous > 0 {
            milliseconds = full - (limit - 1 - current) * full / previous - elapsed
        } else {
            let fits = full - (limit - 1) * full / max(1, current)
            milliseconds = full - elapsed + max(0, fits)
        }
        return max(1, (milliseconds + 999) / 1_000)
    }

    /// Milliseconds of the counted window that are over; negative for who is late and still in the window
    /// before.
    private func elapsed(at now: Timestamp) -> Int64 {
        now.milliseconds - window * Self.windowMilliseconds
    }

    /// Another process's clock may be ahead: a window that has begun is not gone back from.
    private mutating func advance(to now: Int64) {
        switch now - window {
        case ...0: break
        case 1: self = RateBudget(window: now, previous: current)
        default: self = RateBudget(window: now)
        }
    }
}
