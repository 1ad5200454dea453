import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
package import NIOSSL
import ParryDomain
import ParryWire

/// Sends one signed body to one endpoint: resolve, check the address, connect to just that address with
/// the name kept for TLS and Host, one deadline over all of it.
package struct WebhookClient: Sendable {
    private let clients: ClientCache

    /// - Parameters:
    ///   - policy: Which addresses may be connected to.
    ///   - trustRoots: Certificates trusted besides the system's.
    package init(policy: AddressPolicy, trustRoots: [NIOSSLCertificate]) {
        clients = ClientCache(policy: policy, trustRoots: trustRoots)
    }

    /// One try.
    ///
    /// - Parameters:
    ///   - url: The endpoint's.
    ///   - id: The delivery's, the same on every try.
    ///   - signature: The value of `X-Signature` for this try.
    /// - Returns: The receiver's status, or why there is none, and for how long a 429 or 503 asks to wait.
    ///   Redirects are answers, not followed.
    func send(
        _ body: [UInt8], to url: String, id: String, signature: String
    ) async -> (outcome: DeliveryAttempt.Outcome, retryAfterSeconds: Int64?) {
        do {
            let deadline = NIODeadline.now() + .seconds(Limits.webhookDeadlineSeconds)
            let target = try WebhookTarget(url: url)
            // The client must see the very host whose address is checked.
            guard try HTTPClient.Request(url: url).host == target.host else {
                throw WebhookFailure.badURL
            }
            let client = try await clients.client(for: target)
            var request = HTTPClientRequest(url: url)
            request.method = .POST
            request.headers = HTTPHeaders([
                ("Content-Type", "application/json"), ("User-Agent", "parry"),
                (WebhookSignature.headerName, signature),
                (WebhookSignature.idempotencyHeaderName, id),
            ])
            request.body = .bytes(ByteBuffer(bytes: body))
            let response = try await client.execute(request, deadline: deadline)
            await Self.drain(response, until: deadline)
            return (.answered(Int(response.status.code)), Self.retryAfter(response))
        } catch {
            return (.failed(Self.describe(error)), nil)
        }
    }

    /// `Retry-After` in seconds; a date is not understood.
    private static func retryAfter(_ response: HTTPClientResponse) -> Int64? {
        guard response.status == .tooManyRequests || response.status == .serviceUnavailable else {
            return nil
        }
        return response.headers.first(name: "Retry-After").flatMap { Int64($0) }.map { max(0, $0) }
    }

    /// Closes every connection.
    package func shutDown() async {
        await clients.shutDown()
    }

    /// Reads the answer to its end, so that the connection can be used again. The status is known and
    /// counts, whatever becomes of the rest: one that is too large, late or cut off costs the connection.
    private static func drain(_ response: HTTPClientResponse, until deadline: NIODeadline) async {
        if response.headers.first(name: "Content-Length") == "0" || response.status == .noContent {
            try? await read(response.body)
            return
        }
        // The client's own deadline ends with the head of the answer.
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await read(response.body) }
            group.addTask {
                let left = deadline - NIODeadline.now()
                try? await Task.sleep(for: .nanoseconds(max(0, left.nanoseconds)))
            }
            await group.next()
            group.cancelAll()
        }
    }

    private static func read(_ body: HTTPClientResponse.Body) async throws {
        var read = 0
        for try await part in body {
            read += part.readableBytes
            if read > Limits.webhookAnswerBytesMax { return }
        }
    }

    private static let timeouts: [HTTPClientError] = [
        .deadlineExceeded, .connectTimeout, .readTimeout,
    ]

    private static func describe(_ error: any Error) -> String {
        let reason =
            switch error {
            case let failure as WebhookFailure: failure.description
            case let error as HTTPClientError where timeouts.contains(error):
                WebhookFailure.timeout.description
            case is CancellationError: WebhookFailure.cancelled.description
            default: "\(error)"
            }
        return String(reason.filter { $0 != "\0" }.prefix(Limits.attemptErrorMax))
    }
}
