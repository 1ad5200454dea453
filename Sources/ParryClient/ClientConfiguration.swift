public import Logging

/// Where a platform is, who asks, and how patiently.
public struct ClientConfiguration: Sendable {
    /// Scheme, host and port, without `/v1`: `https://api.example.com`.
    public var baseURL: String
    /// The API key, `cbs_…`; it is never logged and in no error.
    public var key: String
    /// Keeps requests under the platform's rate limit; nil sends as fast as it can.
    public var limiter: (any RequestLimiter)? = ProcessLimiter()
    /// When a request is sent again.
    public var retry = RetryPolicy()
    /// How long one try may take, its answer included.
    public var timeoutSeconds: Int64 = 30
    /// The greatest answer that is read, in bytes; a page of 1,000 big orders can be larger than the 64 MiB.
    public var answerBytesMax = 64 * 1_024 * 1_024
    /// What waiting is measured with.
    public var clock: any Clock<Duration> = ContinuousClock()
    /// Told of retries and of clocks that differ, never of keys, bodies or card data.
    public var logger: Logger?

    /// The defaults are those of the contract: 100 requests a minute and endpoint, and retries for about a minute.
    public init(baseURL: String, key: String) {
        self.baseURL = baseURL
        self.key = key
    }
}
