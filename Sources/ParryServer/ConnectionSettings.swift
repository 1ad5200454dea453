import NIOSSL
import ParryDomain
import ParryNetworks

/// How the server is connected to the card networks, read and checked.
struct ConnectionSettings: Sendable {
    let live: NetworkAddresses
    let test: NetworkAddresses
    let tokens: NetworkTokens
    let trustRoots: [NIOSSLCertificate]
    /// What an RDR case is answered with on any fault of ours.
    let decisionFallback: CaseDecision
    /// How long a decision may take.
    let decisionBudget: Duration
    /// Where the networks' messages are taken, when not on the API's port.
    let listener: Listener?

    /// A port of the networks' own.
    struct Listener: Sendable {
        /// nil for the API's.
        let host: String?
        let port: Int
        /// Authorities whose client certificates are asked for.
        let clientAuthorities: [NIOSSLCertificate]
    }

    /// Tokens that can be guessed would let anybody raise alerts.
    private static let tokenLengthMin = 16

    /// - Throws: ``Settings/Invalid`` for the first option that cannot be used.
    init(_ settings: Settings, tls: TLSFiles?) throws {
        live = NetworkAddresses(
            ethoca: try Self.url("ethoca-url", settings),
            verifi: try Self.url("verifi-url", settings),
            token: settings.string("live-network-key", isSecret: true))
        test = NetworkAddresses(
            ethoca: try Self.url("test-ethoca-url", settings),
            verifi: try Self.url("test-verifi-url", settings),
            token: settings.string("test-network-key", isSecret: true))
        let tokens = (
            test: try Self.token("test-network-token", settings),
            live: try Self.token("live-network-token", settings)
        )
        if let token = tokens.test, token == tokens.live {
            throw Settings.Invalid(
                "--test-network-token and --live-network-token must differ: the token says which mode it is"
            )
        }
        self.tokens = NetworkTokens(test: tokens.test, live: tokens.live)
        trustRoots = try settings.string("network-ca-file").map(WebhookSettings.certificates) ?? []
        decisionFallback = try Self.fallback(settings)
        decisionBudget = .milliseconds(
            try settings.integer("rdr-decision-milliseconds", in: 50...10_000, default: 1_000))
        listener = try Self.listener(settings, tls: tls)
    }

    private static func fallback(_ settings: Settings) throws -> CaseDecision {
        guard let word = settings.string("rdr-fallback") else { return .accept }
        guard let decision = CaseDecision(rawValue: word.uppercased()) else {
            throw Settings.Invalid("--rdr-fallback is accept or decline")
        }
        return decision
    }

    /// The networks that take enrolments, in each mode.
    var connections: NetworkConnections {
        NetworkConnections(test: test.connected, live: live.connected)
    }

    private static func url(_ name: String, _ settings: Settings) throws -> String? {
        guard let url = settings.string(name) else { return nil }
        let parts = url.split(separator: "://", maxSplits: 1)
        let host = parts.count == 2 ? parts[1].prefix { $0 != "/" && $0 != ":" && $0 != "?" } : ""
        guard ["https", "http"].contains(parts[0]), !host.isEmpty, !url.contains(" ") else {
            throw Settings.Invalid("--\(name) must be a URL that begins with https:// or http://")
        }
        return url.hasSuffix("/") ? String(url.dropLast()) : url
    }

    private static func token(_ name: String, _ settings: Settings) throws -> String? {
        guard let token = settings.string(name, isSecret: true) else { return nil }
        guard token.utf8.count >= tokenLengthMin,
            token.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw Settings.Invalid(
                "--\(name) must have at least \(tokenLengthMin) printable characters without spaces"
            )
        }
        return token
    }

    private static func listener(_ settings: Settings, tls: TLSFiles?) throws -> Listener? {
        let authorities = settings.string("network-client-ca-file")
        guard let port = try settings.integer("network-port", in: 0...65_535) else {
            guard authorities == nil, settings.string("network-host") == nil else {
                throw Settings.Invalid(
                    "--network-host and --network-client-ca-file need --network-port")
            }
            return nil
        }
        if authorities != nil, tls == nil {
            throw Settings.Invalid(
                "--network-client-ca-file needs --tls-certificate and --tls-key: client certificates "
                    + "are a part of TLS")
        }
        return Listener(
            host: settings.string("network-host"), port: port,
            clientAuthorities: try authorities.map(WebhookSettings.certificates) ?? [])
    }
}
