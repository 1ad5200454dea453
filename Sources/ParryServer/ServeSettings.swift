import NIOSSL
import ParryAPI
import ParryDelivery
import ParryDomain

/// The options of `parry serve`, read and checked.
package struct ServeSettings: Sendable {
    let host: String
    let port: Int
    let rateLimit: Int
    let webhookTargets: WebhookTargets
    let webhookProxy: OutboundProxy?
    let trustRoots: [NIOSSLCertificate]
    let tls: TLSFiles?
    let trustedProxies: TrustedProxies

    /// - Throws: ``Settings/Invalid`` for the first option that cannot be used.
    package init(_ settings: Settings) throws {
        host = settings.string("host") ?? "127.0.0.1"
        port = try settings.integer("port", in: 0...65_535, default: 8_080)
        rateLimit = try settings.integer("rate-limit", in: 0...1_000_000, default: 100)
        webhookTargets = try Self.targets(settings)
        webhookProxy = try Self.proxy(settings)
        trustRoots = try settings.string("webhook-ca-file").map(Self.certificates) ?? []
        tls = try Self.tls(settings)
        trustedProxies = try Self.proxies(settings)
    }

    private static func targets(_ settings: Settings) throws -> WebhookTargets {
        let text = settings.string("webhook-ports")
        guard let ports = text.map(WebhookTargets.ports) ?? WebhookTargets.standardPorts else {
            throw Settings.Invalid(
                "--webhook-ports must be ports and ranges of ports, as 443,1024-65535")
        }
        return WebhookTargets(
            ports: ports,
            allowsPrivate: try settings.flag("allow-private-webhook-targets"))
    }

    private static func proxy(_ settings: Settings) throws -> OutboundProxy? {
        guard let url = settings.string("webhook-proxy", isSecret: true) else { return nil }
        guard let proxy = OutboundProxy(url) else {
            throw Settings.Invalid(
                "--webhook-proxy must be http://HOST:PORT or http://USER:PASSWORD@HOST:PORT")
        }
        return proxy
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

    static func certificates(_ path: String) throws -> [NIOSSLCertificate] {
        let found = (try? NIOSSLCertificate.fromPEMFile(path)) ?? []
        guard !found.isEmpty else {
            throw Settings.Invalid("\(path) holds no certificate in PEM form")
        }
        return found
    }
}
