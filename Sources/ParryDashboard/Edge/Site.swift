import HTTPTypes
import Hummingbird
import ParryDomain
import ParryService
package import ParryWire

/// What all pages share.
package struct Site: Sendable {
    /// Bytes of a form at most: a ruleset with all its rules is the largest.
    static let formBytesMax = 1 << 20

    let services: DashboardServices
    let templates: Templates
    /// Tells open pages of alerts. Who serves the pages has it run.
    package let live: LiveAlerts
    let cookie: SessionCookie
    /// The address that people type, where the operator named one: `https://alerts.example.com`.
    let publicURL: String?
    /// Whether people can sign in: over HTTPS, or on this machine.
    let isPrivate: Bool
    /// Says of an error of the platform what the API would say.
    let explain: @Sendable (any Error) -> Refusal?
    let clock: @Sendable () -> Timestamp
    /// Passwords and links of an address in the last minute.
    private let tries = MemoryRateLimiter()

    /// - Parameters:
    ///   - publicURL: The address that people type, where it is not that of the request.
    ///   - isHTTPS: Whether the server itself speaks TLS.
    ///   - isLoopback: Whether it listens to this machine alone.
    ///   - explain: Says of an error of the platform what the API would say; nil for what is none of a caller's.
    package init(
        _ services: DashboardServices, publicURL: String?, isHTTPS: Bool, isLoopback: Bool,
        explain: @escaping @Sendable (any Error) -> Refusal?,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.services = services
        templates = Templates()
        live = LiveAlerts(services.alertNews)
        self.publicURL = publicURL
        let isSecure = isHTTPS || publicURL?.hasPrefix("https://") == true
        cookie = SessionCookie(isSecure: isSecure)
        isPrivate = isSecure || isLoopback
        self.explain = explain
        self.clock = clock
    }

    /// Counts a password that was sent, so that one address cannot keep the hasher busy. This machine's own is not
    /// counted: it stands for everybody behind a proxy that `--trusted-proxy` does not name.
    ///
    /// - Throws: ``SignInError/tooManyTries(seconds:)``.
    func countTry(_ visit: Visit) throws {
        try count("password", limit: Limits.passwordsPerMinuteMax, visit)
    }

    /// Counts a mail with a link that was asked for, in the same way.
    ///
    /// - Throws: ``SignInError/tooManyTries(seconds:)``.
    func countLink(_ visit: Visit) throws {
        try count("link", limit: Limits.linksPerMinuteMax, visit)
    }

    private func count(_ kind: String, limit: Int, _ visit: Visit) throws {
        let client = visit.context.client
        guard !["", "127.0.0.1", "::1"].contains(client),
            let wait = tries.take("\(kind) \(client)", limit: limit, now: visit.now)
        else { return }
        throw SignInError.tooManyTries(seconds: wait)
    }

    /// The address of a page to write down or to send, whole.
    func link(_ path: String, for request: Request) -> String {
        if let publicURL { return publicURL + path }
        let scheme = cookie.isSecure ? "https" : "http"
        return "\(scheme)://\(request.head.authority ?? "localhost")\(path)"
    }

    /// Whether a browser sent a form from a page of this very site. Who names no origin is no browser.
    func isOwn(_ request: Request) -> Bool {
        if let site = request.headers[.secFetchSite], site != "same-origin", site != "none" {
            return false
        }
        guard let origin = request.headers[.origin] else { return true }
        if let publicURL, origin == publicURL { return true }
        let host = origin.split(separator: "/").last.map(String.init)
        return host != nil && host == request.head.authority
    }
}

extension HTTPField.Name {
    static let secFetchSite = HTTPField.Name("Sec-Fetch-Site") ?? .origin
}
