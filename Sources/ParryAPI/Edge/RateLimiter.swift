import ParryDomain
package import ParryWire
import Synchronization

/// Counts requests in two 60-second buckets, the older one weighted by how much of it still lies in the
/// last 60 seconds (amendment 14). Refused requests do not count.
package final class RateLimiter: Sendable {
    private static let windowMilliseconds: Int64 = 60_000
    private let buckets = Mutex<[String: Buckets]>([:])

    private struct Buckets {
        var window: Int64
        var current: Int64 = 0
        var previous: Int64 = 0
    }

    package init() {}

    /// Takes one request from a budget.
    ///
    /// - Parameters:
    ///   - key: Owner and endpoint, or an address.
    ///   - limit: Requests in 60 seconds; 0 or less is no limit.
    /// - Returns: nil when the request is within the limit, otherwise the seconds to wait, at least 1.
    package func take(_ key: String, limit: Int, now: Timestamp) -> Int64? {
        guard limit > 0 else { return nil }
        let window = now.milliseconds / Self.windowMilliseconds
        let elapsed = now.milliseconds % Self.windowMilliseconds
        return buckets.withLock { buckets in
            if buckets.count >= Limits.rateBucketsMax { Self.sweep(&buckets, window: window) }
            var entry = Self.advance(buckets[key], to: window)
            defer { buckets[key] = entry }
            let left = Self.windowMilliseconds - elapsed
            let weighted = entry.previous * left + entry.current * Self.windowMilliseconds
            if weighted + Self.windowMilliseconds <= Int64(limit) * Self.windowMilliseconds {
                entry.current += 1
                return nil
            }
            return Self.wait(entry, limit: Int64(limit), elapsed: elapsed)
        }
    }

    /// Forgets who has been quiet; when that is not enough, everybody, so that the table stays bounded
    /// and a sweep is rare.
    private static func sweep(_ buckets: inout [String: Buckets], window: Int64) {
        buckets = buckets.filter { $0.value.window >= window - 1 }
        if buckets.count >= Limits.rateBucketsMax / 2 { buckets.removeAll() }
    }

    private static func advance(_ entry: Buckets?, to window: Int64) -> Buckets {
        guard let entry else { return Buckets(window: window) }
        switch window - entry.window {
        case 0: return entry
        case 1: return Buckets(window: window, previous: entry.current)
        default: return Buckets(window: window)
        }
    }

    /// Seconds until one more request fits: in this window while the previous one fades, or else in the
    /// next one while this one does.
    private static func wait(_ entry: Buckets, limit: Int64, elapsed: Int64) -> Int64 {
        let full = windowMilliseconds
        var milliseconds: Int64
        if entry.current < limit, entry.previous > 0 {
            let fits = full - (limit - 1 - entry.current) * full / entry.previous
            milliseconds = fits - elapsed
        } else {
            let fits = full - (limit - 1) * full / max(1, entry.current)
            milliseconds = full - elapsed + max(0, fits)
        }
        return max(1, (milliseconds + 999) / 1_000)
    }
}
