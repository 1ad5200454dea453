import NIOSSL
package import ParryDelivery
import ParryDomain

/// How this process sends webhooks: whereto, whom it trusts, and through what.
package struct WebhookSettings: Sendable {
    let targets: WebhookTargets
    let trustRoots: [NIOSSLCertificate]
    private let proxy: OutboundProxy?

    /// - Throws: ``Settings/Invalid`` for the first option that cannot be used.
    package init(_ settings: Settings) throws {
        targets = try Self.targets(settings)
        trustRoots = try settings.string("webhook-ca-file").map(Self.certificates) ?? []
        proxy = try Self.proxy(settings)
    }

    /// Posts events to a developer's own program, trusting the same certificates.
    ///
    /// - Returns: nil for a URL that is not http or https.
    package func makeForwarder(to url: String, secret: String) -> EventForwarder? {
        EventForwarder(to: url, secret: secret, trustRoots: trustRoots)
    }

    /// A client that sends so.
    package func makeClient() -> WebhookClient {
        WebhookClient(targets: targets, trustRoots: trustRoots, proxy: proxy)
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

    static func certificates(_ path: String) throws -> [NIOSSLCertificate] {
        let found = (try? NIOSSLCertificate.fromPEMFile(path)) ?? []
        guard !found.isEmpty else {
            throw Settings.Invalid("\(path) holds no certificate in PEM form")
        }
        return found
    }
}
