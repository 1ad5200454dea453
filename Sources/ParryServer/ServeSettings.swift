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
    /// The address that people type, where a proxy is in front: `https://alerts.example.com`.
    let publicURL: String?
    /// How mails are sent; nil when they are not.
    let mail: MailSettings?

    /// The command that takes mails, and what they say of themselves.
    struct MailSettings: Sendable {
        let command: String
        let letter: MailLetter
    }

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
        publicURL = try settings.string("public-url").map(Self.publicURL)
        mail = try Self.mail(settings, publicURL: publicURL)
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

    private static func mail(
        _ settings: Settings, publicURL: String?
    ) throws -> MailSettings? {
        guard let command = settings.string("mail-command") else {
            guard settings.string("mail-from") == nil else {
                throw Settings.Invalid("--mail-from needs --mail-command")
            }
            return nil
        }
        guard let from = settings.string("mail-from"), from.contains("@") else {
            throw Settings.Invalid(
                "--mail-command needs --mail-from, as 'Parry <parry@example.com>'")
        }
        guard let publicURL else {
            throw Settings.Invalid(
                "--mail-command needs --public-url: mails have links to the dashboard")
        }
        return MailSettings(
            command: command, letter: MailLetter(from: from, publicURL: publicURL))
    }

    private static func publicURL(_ text: String) throws -> String {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let host = parts.count > 2 ? parts[2] : ""
        guard ["https:", "http:"].contains(String(parts[0])), parts.count == 3, parts[1].isEmpty,
            !host.isEmpty,
            host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-.:[]".contains($0)) })
        else {
            throw Settings.Invalid(
                "--public-url must be scheme and host alone, as https://alerts.example.com")
        }
        return text
    }

    private static func proxies(_ settings: Settings) throws -> TrustedProxies {
        guard let proxies = TrustedProxies(settings.strings("trusted-proxy")) else {
            throw Settings.Invalid(
                "--trusted-proxy must be an address or a network, as 10.0.0.7 or 10.0.0.0/8")
        }
        return proxies
    }
}
