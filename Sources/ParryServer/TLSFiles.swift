import NIOCore
import NIOSSL
import Synchronization

/// The server's certificate chain and private key. They are read at the start and again when asked for;
/// connections that are made afterwards get the new ones.
package final class TLSFiles: Sendable {
    private struct Pair: Sendable {
        let chain: [NIOSSLCertificateSource]
        let key: NIOSSLPrivateKeySource
    }

    private let certificatePath: String
    private let keyPath: String
    private let pair: Mutex<Pair>

    /// - Throws: ``Settings/Invalid`` for a file that cannot be used, or a key of another certificate.
    init(certificate: String, key: String) throws {
        certificatePath = certificate
        keyPath = key
        pair = Mutex(try Self.read(certificate, key))
    }

    /// Reads the files again; with unusable ones everything stays as it is.
    ///
    /// - Throws: ``Settings/Invalid``.
    func reload() throws {
        let fresh = try Self.read(certificatePath, keyPath)
        pair.withLock { $0 = fresh }
    }

    /// What the server library is configured with: it asks for the files' present content at each
    /// handshake.
    var configuration: TLSConfiguration {
        let current = pair.withLock { $0 }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: current.chain, privateKey: current.key)
        configuration.sslContextCallback = { [self] _, promise in
            let current = pair.withLock { $0 }
            var override = NIOSSLContextConfigurationOverride()
            override.certificateChain = current.chain
            override.privateKey = current.key
            promise.succeed(override)
        }
        return configuration
    }

    /// The same, asking clients for a certificate of one of these authorities, if there are any.
    func configuration(asking authorities: [NIOSSLCertificate]) -> TLSConfiguration {
        var configuration = configuration
        guard !authorities.isEmpty else { return configuration }
        configuration.trustRoots = .certificates(authorities)
        configuration.certificateVerification = .noHostnameVerification
        return configuration
    }

    private static func read(_ certificate: String, _ key: String) throws -> Pair {
        let chain = try WebhookSettings.certificates(certificate)
        guard let privateKey = try? NIOSSLPrivateKey(file: key, format: .pem) else {
            throw Settings.Invalid("\(key) holds no private key in PEM form")
        }
        let pair = Pair(
            chain: chain.map { .certificate($0) }, key: .privateKey(privateKey))
        let trial = TLSConfiguration.makeServerConfiguration(
            certificateChain: pair.chain, privateKey: pair.key)
        guard (try? NIOSSLContext(configuration: trial)) != nil else {
            throw Settings.Invalid("\(key) is not the private key of \(certificate)")
        }
        return pair
    }
}
