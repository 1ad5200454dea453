import HTTPTypes
import Hummingbird
import ParryDomain
package import ParryService
package import ParryWire

/// What stands between the network and a handler, in the order of amendment 15: key, level, rate limit,
/// ability. What the path and the body name is the handler's.
package struct Gate: Sendable {
    private let keys: KeyService
    private let limiter: any RateLimiter
    private let failures: FailedAuthentications
    private let rateLimit: Int
    let clock: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - limiter: Counts requests.
    ///   - rateLimit: Requests a minute for each owner and endpoint, unless the operator set another
    ///     number for the owner; 0 turns all limits off.
    ///   - trustedProxies: Whose word on a client's address is believed.
    ///   - clock: Real time.
    package init(
        keys: KeyService, limiter: any RateLimiter, rateLimit: Int,
        trustedProxies: TrustedProxies = .none, clock: @escaping @Sendable () -> Timestamp
    ) {
        self.keys = keys
        self.limiter = limiter
        self.rateLimit = rateLimit
        failures = FailedAuthentications(rateLimit: rateLimit, trustedProxies: trustedProxies)
        self.clock = clock
    }

    func admit(
        _ request: Request, _ context: APIContext, to endpoint: Endpoint
    ) async throws -> Call {
        let now = clock()
        guard let principal = try await authenticate(request, now: now) else {
            try countFailure(of: request, context, now: now)
            throw Problem.unauthorised(
                "The API key is missing, invalid, expired or revoked. "
                    + "Send Authorization: Bearer <api_key> with a valid key.")
        }
        if endpoint.level == .partner, !principal.owner.isPartnerLevel {
            throw Problem.unauthorised(
                "This endpoint takes partner keys only. Use a key of a partner group.")
        }
        try await limit(principal, endpoint, now: now)
        guard principal.abilities.contains(endpoint.ability) else {
            throw Problem.forbidden(endpoint.ability)
        }
        return Call(
            request: request, context: context, principal: principal, clock: clock,
            parameters: endpoint.operation.parameters)
    }

    private func authenticate(_ request: Request, now: Timestamp) async throws -> Principal? {
        guard let header = request.headers[.authorization] else { return nil }
        let parts = header.utf8.split(separator: UInt8(ascii: " ")).map(String.init)
        guard parts.count == 2, parts[0]?.lowercased() == "bearer", let key = parts[1] else {
            return nil
        }
        return try await keys.authenticate(key, now: now)
    }

    private func limit(
        _ principal: Principal, _ endpoint: Endpoint, now: Timestamp
    ) async throws {
        guard rateLimit > 0 else { return }
        let limit = principal.rateLimit ?? rateLimit
        let key = principal.owner.id + " " + endpoint.name
        guard let wait = try await limiter.take(key, limit: limit, now: now) else { return }
        throw Problem.rateLimited(limit: limit, retryAfterSeconds: wait)
    }

    private func countFailure(
        of request: Request, _ context: APIContext, now: Timestamp
    ) throws(Problem) {
        guard let wait = failures.count(request, context, now: now), let limit = failures.limit
        else { return }
        throw .rateLimited(limit: limit, retryAfterSeconds: wait)
    }
}
