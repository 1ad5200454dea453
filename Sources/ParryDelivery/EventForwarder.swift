import AsyncHTTPClient
import NIOCore
import NIOHTTP1
package import NIOSSL
import ParryDomain
package import ParryWire

/// Posts events to a developer's own program, signed like webhooks, over HTTP or HTTPS to any address. Each is
/// sent once.
package struct EventForwarder: Sendable {
    private let client: HTTPClient
    private let url: String
    private let signature: WebhookSignature

    /// - Parameter trustRoots: Certificates trusted besides the system's.
    /// - Returns: nil for a URL that is not http or https.
    package init?(to url: String, secret: String, trustRoots: [NIOSSLCertificate]) {
        guard url.hasPrefix("http://") || url.hasPrefix("https://"),
            let host = try? HTTPClient.Request(url: url).host, !host.isEmpty
        else { return nil }
        var configuration = HTTPClient.Configuration()
        // What is down is told at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        if !trustRoots.isEmpty {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.additionalTrustRoots = [.certificates(trustRoots)]
            configuration.tlsConfiguration = tls
        }
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        self.url = url
        signature = WebhookSignature(secret: secret)
    }

    /// Sends one event.
    ///
    /// - Returns: The receiver's status, or why there is none, in words.
    package func forward(_ body: [UInt8], now: Timestamp) async -> String {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers = HTTPHeaders([
            ("Content-Type", "application/json"), ("User-Agent", "parry"),
            (WebhookSignature.headerName, signature.header(for: body, at: now)),
            (
                WebhookSignature.idempotencyHeaderName,
                DeliveryID.make(at: now, slot: 0).text
            ),
        ])
        request.body = .bytes(ByteBuffer(bytes: body))
        do {
            let response = try await client.execute(
                request, timeout: .seconds(Limits.webhookDeadlineSeconds))
            _ = try? await response.body.collect(upTo: Limits.webhookAnswerBytesMax)
            return "\(response.status.code)"
        } catch {
            return WebhookFailure.reason(of: error)
        }
    }

    /// Closes every connection.
    package func shutDown() async {
        try? await client.shutdown()
    }
}
