import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import ParryDomain

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Why nothing came back from an endpoint, in the words that the attempt log keeps.
enum WebhookFailure: String, Error, CustomStringConvertible {
    case badURL = "the URL is not one that this server sends webhooks to"
    case unknownHost = "the host name has no address"
    case privateAddress = "the host's addresses are private; the server does not allow them"
    case timeout = "no answer within 20 seconds"
    case cancelled = "the server is stopping"
    case refused = "the connection was refused"
    case reset = "the connection was closed before an answer came"
    case untrusted = "the certificate is not trusted, or not for this host"
    case noTLS = "the connection could not be secured with TLS"
    case unreadable = "the answer is not HTTP"
    case proxy = "the outbound proxy did not let the connection through"
    case closedByProxy =
        "the outbound proxy, or the receiver behind it, did not answer or closed the connection"
    case unreachable = "the address could not be reached"

    var description: String { rawValue }

    /// The same where a proxy stood between: who of the two closed the connection cannot be told.
    static func reason(ofProxied error: any Error) -> String {
        let reason = reason(of: error)
        let closed: [WebhookFailure] = [.refused, .reset, .unreadable, .unreachable]
        return closed.contains { $0.description == reason } ? closedByProxy.description : reason
    }

    /// The reason for an error of the exchange. What is not known by name shows its type alone: an error's own
    /// text can hold what the receiver sent.
    static func reason(of error: any Error) -> String {
        switch error {
        case let failure as WebhookFailure: failure.description
        case let error as HTTPClientError: Self(error)?.description ?? other(error)
        case let error as NIOSSLError: Self(error).description
        case is NIOSSLExtraError: untrusted.description
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { reason(of: $0.error) } ?? unreachable.description
        case let error as IOError: Self(errno: error.errnoCode).description
        case HTTPParserError.invalidEOFState: reset.description
        case is HTTPParserError: unreadable.description
        case is CancellationError: cancelled.description
        case is ChannelError: reset.description
        default: other(error)
        }
    }

    private static func other(_ error: any Error) -> String {
        "the exchange failed: \(type(of: error))"
    }

    private init?(_ error: HTTPClientError) {
        switch error {
        case .deadlineExceeded, .connectTimeout, .readTimeout, .writeTimeout,
            .getConnectionFromPoolTimeout:
            self = .timeout
        case .remoteConnectionClosed: self = .reset
        case .tlsHandshakeTimeout: self = .noTLS
        case .invalidProxyResponse, .proxyAuthenticationRequired, .httpProxyHandshakeTimeout:
            self = .proxy
        case .cancelled: self = .cancelled
        case .invalidURL, .emptyHost: self = .badURL
        default: return nil
        }
    }

    private init(_ error: NIOSSLError) {
        switch error {
        case .handshakeFailed(.sslError(let stack)):
            self = "\(stack)".contains("CERTIFICATE_VERIFY_FAILED") ? .untrusted : .noTLS
        case .unableToValidateCertificate, .noCertificateToValidate: self = .untrusted
        case .uncleanShutdown: self = .reset
        default: self = .noTLS
        }
    }

    private init(errno code: CInt) {
        switch code {
        case ECONNREFUSED: self = .refused
        case ECONNRESET, EPIPE: self = .reset
        case ETIMEDOUT: self = .timeout
        default: self = .unreachable
        }
    }
}
