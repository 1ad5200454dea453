/// When a request is sent again, and how long that waits: exponential backoff with jitter, and never sooner than the
/// platform says.
///
/// Sending again is safe by construction: a POST keeps its ``IdempotencyKey``, orders keep their references, and the
/// other methods do the same however often they are sent.
public struct RetryPolicy: Sendable {
    /// How often a request is sent at most; 1 never repeats.
    public var attemptsMax = 6
    /// The wait after the first failure; it doubles with each.
    public var firstDelayMilliseconds: Int64 = 500
    /// No backoff is longer; what the platform asks for can be.
    public var delayMillisecondsMax: Int64 = 30_000
    /// The longest `Retry-After` that is waited for; beyond it the call fails at once.
    public var retryAfterSecondsMax: Int64 = 120

    /// Six tries within about a minute.
    public init() {}

    /// A request is sent once, whatever comes of it.
    public static let never: RetryPolicy = {
        var policy = RetryPolicy()
        policy.attemptsMax = 1
        return policy
    }()

    /// The statuses after which the same request can succeed: the rate limit, and faults of the platform or of what
    /// stands before it.
    static func isTransient(_ status: Int) -> Bool {
        status == 408 || status == 429 || status >= 500
    }

    /// How long to wait after a failure; nil where it is final.
    ///
    /// - Parameters:
    ///   - attempt: Which try failed, from 1.
    ///   - retryAfter: What the platform asks for, in seconds.
    ///   - fraction: Where in the second half of the backoff to wake, 0 to 1, so that clients do not come back
    ///     together.
    func delay(after attempt: Int, retryAfter: Int64?, fraction: Double) -> Duration? {
        guard attempt < attemptsMax else { return nil }
        let doubled = firstDelayMilliseconds << Int64(min(attempt - 1, 20))
        let backoff = Double(min(doubled, delayMillisecondsMax)) * (0.5 + fraction / 2)
        guard let retryAfter else { return .milliseconds(Int64(backoff)) }
        guard retryAfter <= retryAfterSecondsMax else { return nil }
        return .milliseconds(max(Int64(backoff), retryAfter * 1_000))
    }
}
