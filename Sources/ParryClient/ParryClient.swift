public import AsyncHTTPClient

/// A partner's way to a chargeback-alert platform: typed calls for every endpoint.
///
/// ```swift
/// let parry = try ParryClient(ClientConfiguration(baseURL: "https://api.example.com", key: key))
/// for try await alert in parry.alerts.list(status: .actionRequired) {
///     try await parry.alerts.act(.acceptDispute, on: alert.id)
/// }
/// ```
///
/// A client is a value: copy it, keep it, share it between tasks. Every call keeps to the rate limit
/// (``RequestLimiter``), is tried again where that is safe (``RetryPolicy``) and throws one type, ``ClientError``.
public struct ParryClient: Sendable {
    let caller: Caller

    /// - Parameters:
    ///   - configuration: Where the platform is, the key, and how patient to be.
    ///   - http: Sends the requests, and is the caller's to shut down; without one a shared one does, which needs no
    ///     care.
    ///     Bring your own for a certificate authority, a proxy or other bounds of connections, and let it follow no
    ///     redirects: they turn a POST into a GET.
    /// - Throws: ``ClientError/misused(_:)`` where the base URL or the key cannot be one.
    public init(
        _ configuration: ClientConfiguration, http: HTTPClient? = nil
    ) throws(ClientError) {
        caller = Caller(
            transport: try Transport(configuration, http: http ?? .withoutRedirects),
            limiter: configuration.limiter,
            retry: configuration.retry, clock: configuration.clock, logger: configuration.logger)
    }

    /// How far the platform's clock is ahead of this machine's, in seconds, as its last answer told; nil before the
    /// first one. Signatures of webhooks are refused from five minutes on.
    public var clockOffsetSeconds: Int64? { caller.transport.clockOffset.seconds }
}
