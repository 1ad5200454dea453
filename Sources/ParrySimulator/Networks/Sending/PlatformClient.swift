import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL

/// Sends the networks' messages to the platform, with their tokens and, where asked for, a client
/// certificate.
package struct PlatformClient: Sendable {
    private let http: HTTPClient
    private let base: String
    private let tokens: [LedgerEntry.Network: String]

    /// - Throws: An error of the TLS library for files that it cannot use.
    package init(_ settings: NetworkSettings) throws {
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: try Self.tls(settings), redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        configuration.decompression = .disabled
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 512
        configuration.connectionPool.retryConnectionEstablishment = false
        http = HTTPClient(
            eventLoopGroupProvider: .shared(HTTPClient.defaultEventLoopGroup),
            configuration: configuration)
        base = String(settings.platformURL.reversed().drop { $0 == "/" }.reversed())
        var tokens: [LedgerEntry.Network: String] = [:]
        tokens[.ethoca] = settings.ethocaToken
        tokens[.verifi] = settings.verifiToken
        self.tokens = tokens
    }

    private static func tls(_ settings: NetworkSettings) throws -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.shutdownTimeout = .seconds(1)
        if let authority = settings.authorityFile { tls.additionalTrustRoots = [.file(authority)] }
        if let path = settings.clientCertificateFile, let key = settings.clientKeyFile {
            tls.certificateChain = try NIOSSLCertificate.fromPEMFile(path).map { .certificate($0) }
            tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
        }
        return tls
    }

    /// One POST with a deadline over all of it, the answer's body included.
    func post(
        _ body: [UInt8], to path: String, as network: LedgerEntry.Network, within limit: Duration
    ) async -> PlatformReply {
        let started = ContinuousClock.now
        do {
            let (status, answer) = try await answer(request(body, path, network), within: limit)
            return PlatformReply(
                status: status, body: answer, milliseconds: Self.milliseconds(since: started))
        } catch {
            let failure =
                error is Late ? "no answer within \(limit)" : "no answer: \(Self.reason(of: error))"
            return PlatformReply(
                failure: failure, milliseconds: Self.milliseconds(since: started))
        }
    }

    private func request(
        _ body: [UInt8], _ path: String, _ network: LedgerEntry.Network
    ) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: base + path)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "User-Agent", value: "parry-networks")
        if let token = tokens[network] {
            request.headers.add(name: "Authorization", value: "Bearer \(token)")
        }
        request.body = .bytes(ByteBuffer(bytes: body))
        return request
    }

    private struct Late: Error {}

    private func answer(
        _ request: HTTPClientRequest, within limit: Duration
    ) async throws -> (Int, [UInt8]) {
        try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
            group.addTask {
                let response = try await http.execute(request, deadline: .distantFuture)
                let body = try await response.body.collect(
                    upTo: SimulatorLimits.answerBytesMax)
                return (Int(response.status.code), Array(body.readableBytesView))
            }
            group.addTask {
                try await Task.sleep(for: limit)
                throw Late()
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw Late() }
            return first
        }
    }

    /// Not the whole error: it may name more than the ledger's readers need.
    private static func reason(of error: any Error) -> String {
        if let error = error as? HTTPClientError { return error.shortDescription }
        return "\(type(of: error))"
    }

    private static func milliseconds(since started: ContinuousClock.Instant) -> Int64 {
        Int64((ContinuousClock.now - started) / .milliseconds(1))
    }

    /// Closes every connection.
    func shutDown() async {
        try? await http.shutdown()
    }
}
