import NIOSSL

/// The certificates that the system trusts, read once and shared. Left to itself each client reads them anew, once for
/// every connection that it opens before the first one stands: some milliseconds and half a megabyte each time, and every
/// host has a client.
enum SystemRoots {
    /// The system's own way where none of the files is there.
    static let shared: NIOSSLTrustRoots =
        paths.lazy.compactMap { try? NIOSSLCertificate.fromPEMFile($0) }.first { !$0.isEmpty }
        .map(NIOSSLTrustRoots.certificates) ?? .default

    /// The files that NIOSSL looks for; it also takes what lies beside them, without being part of them.
    private static let paths = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
    ]
}
