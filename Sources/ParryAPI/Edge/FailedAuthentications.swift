package import Hummingbird
import ParryDomain
import ParryService
package import ParryWire

/// Counts who shows keys or tokens that are none, by address. Each process counts its own, so that it needs no database
/// for them.
package struct FailedAuthentications: Sendable {
    private let failures = MemoryRateLimiter()
    /// In a minute from one address; nil for no limit.
    package let limit: Int?
    private let trustedProxies: TrustedProxies

    /// - Parameters:
    ///   - rateLimit: Requests a minute for each owner and endpoint; 0 turns all limits off.
    ///   - trustedProxies: Whose word on a client's address is believed.
    package init(rateLimit: Int, trustedProxies: TrustedProxies) {
        limit = rateLimit > 0 ? max(rateLimit, Limits.failedAuthenticationsPerMinuteMin) : nil
        self.trustedProxies = trustedProxies
    }

    /// Counts one.
    ///
    /// - Returns: Seconds to wait where there were too many, otherwise nil.
    package func count(_ request: Request, _ context: APIContext, now: Timestamp) -> Int64? {
        guard let limit, let peer = context.peer else { return nil }
        let client = trustedProxies.client(
            peer: peer, forwardedFor: request.headers[.xForwardedFor])
        return failures.take(Hex.encode(client.clientNetwork), limit: limit, now: now)
    }
}
