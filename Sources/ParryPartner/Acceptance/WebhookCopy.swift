import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL
import ParryClient
import ParryDatabase
import ParryWire

/// Sends a webhook that came once more to this machine's own receiver, as a retry of the platform would.
struct WebhookCopy {
    private let environment: PartnerEnvironment

    init(_ environment: PartnerEnvironment) {
        self.environment = environment
    }

    /// - Returns: The statuses of the answers.
    func send(_ event: String, times: Int) async throws -> [Int] {
        guard let receiver = environment.settings.receiver else {
            throw PartnerError("there is no receiver in the configuration")
        }
        let body = try await environment.store.database.read { tx in
            try tx.row("SELECT body FROM inbox_event WHERE id = \(event)") { try $0.blob() }
        }
        guard let body else { throw PartnerError("\(event) is not in the inbox") }
        let secret = try environment.settings.webhookSecret()
        var configuration = HTTPClient.Configuration()
        var tls = TLSConfiguration.makeClientConfiguration()
        // It is our own receiver, on loopback, under a name that its certificate need not have.
        tls.certificateVerification = .none
        configuration.tlsConfiguration = tls
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        defer { http.shutdown { _ in } }
        var statuses: [Int] = []
        for _ in 0..<times {
            var request = HTTPClientRequest(
                url: "https://127.0.0.1:\(receiver.port)\(receiver.path)")
            request.method = .POST
            let signature = WebhookSignature(secret: secret.text)
            request.headers.add(
                name: WebhookSignature.headerName, value: signature.header(for: body, at: .now()))
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(body)
            let response = try await http.execute(request, timeout: .seconds(10))
            statuses.append(Int(response.status.code))
        }
        return statuses
    }
}
