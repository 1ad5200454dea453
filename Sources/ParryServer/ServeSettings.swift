import ParryAPI

/// The options of `parry serve`, read and checked.
package struct ServeSettings: Sendable {
    let host: String
    let port: Int
    let rateLimit: Int
    let webhooks: WebhookSettings
    /// Where metrics are shown; nil when nowhere.
    package let management: Management?

    /// The listener for who runs the program.
    package struct Management: Sendable {
        let host: String
        let port: Int
        /// Has to be bootstrapped before anything is counted.
        package let registry = PrometheusRegistry()
    }
    let tls: TLSFiles?
    let trustedProxies: TrustedProxies
    let networks: ConnectionSettings

    /// - Throws: ``Settings/Invalid`` for the first option that cannot be used.
    package init(_ settings: Settings) throws {
        host = settings.string("host") ?? "127.0.0.1"
        port = try settings.integer("port", in: 0...65_535, default: 8_080)
        rateLimit = try settings.integer("rate-limit", in: 0...1_000_000, default: 100)
        webhooks = try WebhookSettings(settings)
        management = try Self.management(settings)
        tls = try Self.tls(settings)
        trustedProxies = try Self.proxies(settings)
        networks = try ConnectionSettings(settings, tls: tls)
    }

    private static func management(_ settings: Settings) throws -> Management? {
        guard let port = try settings.integer("management-port", in: 0...65_535) else {
            guard settings.string("management-host") == nil else {
                throw Settings.Invalid("--management-host needs --management-port")
            }
            return nil
        }
        return Management(
            host: settings.string("management-host") ?? "127.0.0.1", port: port)
    }

    private static func tls(_ settings: Settings) throws -> TLSFiles? {
        let certificate = settings.string("tls-certificate")
        let key = settings.string("tls-key")
        guard certificate != nil || key != nil else { return nil }
        guard let certificate, let key else {
            throw Settings.Invalid("--tls-certificate and --tls-key must be given together")
        }
        return try TLSFiles(certificate: certificate, key: key)
    }

    private static func proxies(_ settings: Settings) throws -> TrustedProxies {
        guard let proxies = TrustedProxies(settings.strings("trusted-proxy")) else {
            throw Settings.Invalid(
                "--trusted-proxy must be an address or a network, as 10.0.0.7 or 10.0.0.0/8")
        }
        return proxies
    }
}
