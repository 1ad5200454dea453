import AsyncHTTPClient
import NIOCore
import NIOHTTP1
package import NIOSSL
package import ParryDomain
import ParryWire

/// Where the networks of one mode are.
package struct NetworkAddresses: Sendable, Hashable {
    /// Without the slash at the end; nil when the network is not connected.
    package var ethoca: String?
    package var verifi: String?
    /// Shown to both as `Authorization: Bearer`.
    package var token: String?

    package init(ethoca: String?, verifi: String?, token: String?) {
        self.ethoca = ethoca
        self.verifi = verifi
        self.token = token
    }

    /// The networks that are connected.
    package var connected: Set<CardNetwork> {
        Set([ethoca.map { _ in .ethoca }, verifi.map { _ in .verifi }].compactMap(\.self))
    }

    func base(of network: CardNetwork) -> String? {
        switch network {
        case .ethoca: ethoca
        case .verifi: verifi
        }
    }
}

/// Speaks HTTP to the networks, whose addresses the operator chose.
package struct NetworkClient: Sendable {
    private let client: HTTPClient

    /// - Parameter trustRoots: Certificates trusted besides the system's.
    package init(trustRoots: [NIOSSLCertificate]) {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.retryConnectionEstablishment = false
        if !trustRoots.isEmpty {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.additionalTrustRoots = [.certificates(trustRoots)]
            configuration.tlsConfiguration = tls
        }
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// One request and its whole answer, within ``Limits/networkDeadlineSeconds``.
    func send(
        _ method: HTTPMethod, _ url: String, token: String?, body: [UInt8]?
    ) async -> NetworkReply {
        var request = HTTPClientRequest(url: url)
        request.method = method
        request.headers = HTTPHeaders([("User-Agent", "parry"), ("Accept", "application/json")])
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        do {
            let deadline = NIODeadline.now() + .seconds(Limits.networkDeadlineSeconds)
            let response = try await client.execute(request, deadline: deadline)
            let answer = try await response.body.collect(upTo: Limits.networkBodyBytesMax)
            return NetworkReply(
                status: Int(response.status.code), body: Array(answer.readableBytesView))
        } catch {
            return NetworkReply(status: nil, failure: "not reached: \(type(of: error))")
        }
    }

    /// Closes every connection.
    package func shutDown() async {
        try? await client.shutdown()
    }
}
