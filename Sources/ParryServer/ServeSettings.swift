import NIOSSL

/// The options of `parry serve`, read and checked.
package struct ServeSettings: Sendable {
    let host: String
    let port: Int
    let rateLimit: Int
    let allowsPrivateTargets: Bool
    let trustRoots: [NIOSSLCertificate]
    let tls: TLSConfiguration?

    /// - Throws: ``Settings/Invalid`` for the first option that cannot be used.
    package init(_ settings: Settings) throws {
        host = settings.string("host") ?? "127.0.0.1"
        port = try settings.integer("port", in: 0...65_535, default: 8_080)
        rateLimit = try settings.integer("rate-limit", in: 0...1_000_000, default: 100)
        allowsPrivateTargets = try settings.flag("allow-private-webhook-targets")
        trustRoots = try settings.string("webhook-ca-file").map(Self.certificates) ?? []
        tls = try Self.tls(settings)
    }

    private static func tls(_ settings: Settings) throws -> TLSConfiguration? {
        let certificate = settings.string("tls-certificate")
        let key = settings.string("tls-key")
        guard certificate != nil || key != nil else { return nil }
        guard let certificate, let key else {
            throw Settings.Invalid("--tls-certificate and --tls-key must be given together")
        }
        let chain = try certificates(certificate)
        do {
            let privateKey = try NIOSSLPrivateKey(file: key, format: .pem)
            return .makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) },
                privateKey: .privateKey(privateKey))
        } catch {
            throw Settings.Invalid("\(key) holds no private key in PEM form")
        }
    }

    private static func certificates(_ path: String) throws -> [NIOSSLCertificate] {
        let found = (try? NIOSSLCertificate.fromPEMFile(path)) ?? []
        guard !found.isEmpty else {
            throw Settings.Invalid("\(path) holds no certificate in PEM form")
        }
        return found
    }
}
