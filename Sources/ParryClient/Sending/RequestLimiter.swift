import ParryWire
import Synchronization

/// Keeps requests under the platform's rate limit, which counts by endpoint and owner: 100 a minute unless the operator
/// says otherwise.
///
/// Keys of one owner (an organisation, or a partner group) share a limit at the platform, so let everything that uses
/// them share a limiter: within a process one ``ProcessLimiter``, between processes a ``FileLimiter`` each.
public protocol RequestLimiter: Sendable {
    /// Takes the next place in an endpoint's line.
    ///
    /// - Returns: How long to wait before sending, in milliseconds.
    func reserve(_ endpoint: String) throws -> Int64

    /// The platform refused a request all the same.
    ///
    /// - Parameters:
    ///   - retryAfterSeconds: Nothing may be sent to the endpoint for so long.
    ///   - limit: The requests a minute that the platform names; nil where it does not.
    func refused(_ endpoint: String, retryAfterSeconds: Int64, limit: Int?) throws
}

/// Keeps one process under the rate limit.
public final class ProcessLimiter: RequestLimiter {
    private let limit: Int
    private let paces = Mutex<[String: RequestPace]>([:])

    /// - Parameter limit: Requests a minute to each endpoint.
    public init(limit: Int = 100) {
        self.limit = limit
    }

    /// Takes the next place in an endpoint's line.
    public func reserve(_ endpoint: String) -> Int64 {
        let now = WallClock.milliseconds()
        return paces.withLock { $0[endpoint, default: RequestPace(limit: limit)].reserve(at: now) }
            - now
    }

    /// Keeps to what the platform says.
    public func refused(_ endpoint: String, retryAfterSeconds: Int64, limit newLimit: Int?) {
        let until =
            WallClock.milliseconds() + min(retryAfterSeconds, RequestPace.pauseSecondsMax) * 1_000
        paces.withLock {
            $0[endpoint, default: RequestPace(limit: limit)].refused(until: until, limit: newLimit)
        }
    }
}
