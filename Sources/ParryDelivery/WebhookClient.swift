import AsyncHTTPClient
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
package import NIOSSL
package import ParryDomain
import ParryService
package import ParryWire

/// Sends one signed body to one endpoint: resolve, check the address, connect to just that address with
/// the name kept for TLS and Host, one deadline over all of it.
package struct WebhookClient: Sendable {
    private let clients: ClientCache
    private let targets: WebhookTargets
    private let isProxied: Bool
    private let known = NIOLockedValueBox<[String: WebhookTarget]>([:])

    /// - Parameters:
    ///   - targets: Where may be sent to.
    ///   - trustRoots: Certificates trusted besides the system's.
    ///   - proxy: What all goes through, if not directly.
    package init(
        targets: WebhookTargets, trustRoots: [NIOSSLCertificate], proxy: OutboundProxy? = nil
    ) {
        self.init(
            targets: targets,
            clients: ClientCache(targets: targets, trustRoots: trustRoots, proxy: proxy),
            isProxied: proxy != nil)
    }

    init(targets: WebhookTargets, clients: ClientCache, isProxied: Bool = false) {
        self.isProxied = isProxied
        self.targets = targets
        self.clients = clients
    }

    /// One try.
    ///
    /// - Parameters:
    ///   - url: The endpoint's.
    ///   - id: The delivery's, the same on every try.
    ///   - signature: The value of `X-Signature` for this try.
    /// - Returns: What the receiver answered, or why nothing came. Redirects are answers, not followed.
    func send(
        _ body: [UInt8], to url: String, id: String, signature: String
    ) async -> WebhookReply {
        var reply = WebhookReply()
        do {
            let deadline = NIODeadline.now() + .seconds(Limits.webhookDeadlineSeconds)
            let target = try target(of: url)
            let pinned = try await clients.client(for: target)
            reply.address = pinned.address?.text
            var request = HTTPClientRequest(url: url)
            request.method = .POST
            request.headers = HTTPHeaders([
                ("Content-Type", "application/json"), ("User-Agent", "parry"),
                (WebhookSignature.headerName, signature),
                (WebhookSignature.idempotencyHeaderName, id),
            ])
            request.body = .bytes(ByteBuffer(bytes: body))
            let response = try await pinned.client.execute(request, deadline: deadline)
            reply.outcome = .answered(Int(response.status.code))
            reply.retryAfterSeconds = Self.retryAfter(response)
            reply.answer = await Self.drain(response, until: deadline)
        } catch {
            reply.outcome = .failed(
                isProxied
                    ? WebhookFailure.reason(ofProxied: error) : WebhookFailure.reason(of: error))
        }
        return reply
    }

    /// Judges a URL once, until there have been very many.
    private func target(of url: String) throws -> WebhookTarget {
        if let known = known.withLockedValue({ $0[url] }) { return known }
        let target = try WebhookTarget(url: url, targets)
        // The client must see the very host whose address is checked.
        guard try HTTPClient.Request(url: url).host == target.urlHost else {
            throw WebhookFailure.badURL
        }
        known.withLockedValue { known in
            if known.count >= Limits.endpointsKnownMax { known.removeAll() }
            known[url] = target
        }
        return target
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

    /// Reads the answer to its end, so that the connection can be used again, and keeps its beginning. The
    /// status is known and counts, whatever becomes of the rest: one that is too large, late or cut off costs
    /// the connection.
    private static func drain(
        _ response: HTTPClientResponse, until deadline: NIODeadline
    ) async -> String? {
        let beginning = AnswerBeginning()
        if response.headers.first(name: "Content-Length") == "0" || response.status == .noContent {
            try? await read(response.body, into: beginning)
            return nil
        }
        // The client's own deadline ends with the head of the answer.
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await read(response.body, into: beginning) }
            group.addTask {
                let left = deadline - NIODeadline.now()
                try? await Task.sleep(for: .nanoseconds(max(0, left.nanoseconds)))
            }
            await group.next()
            group.cancelAll()
        }
        return beginning.text
    }

    private static func read(
        _ body: HTTPClientResponse.Body, into beginning: AnswerBeginning
    ) async throws {
        var read = 0
        for try await part in body {
            beginning.append(part)
            read += part.readableBytes
            if read > Limits.webhookAnswerBytesMax { return }
        }
    }
}

extension WebhookClient: WebhookSender {
    /// One try, measured.
    package func send(
        _ body: [UInt8], to url: String, id: DeliveryID, signature: WebhookSignature,
        now: Timestamp
    ) async -> DeliveryAttempt {
        let started = ContinuousClock.now
        let reply = await send(
            body, to: url, id: id.text, signature: signature.header(for: body, at: now))
        return DeliveryAttempt(
            startedAt: now,
            durationMilliseconds: Int64((ContinuousClock.now - started) / .milliseconds(1)),
            outcome: reply.outcome, address: reply.address, answer: reply.answer,
            retryAfterSeconds: reply.retryAfterSeconds)
    }
}

/// What came of one try.
struct WebhookReply: Sendable {
    var outcome = DeliveryAttempt.Outcome.failed("")
    /// The address that was connected to.
    var address: String?
    /// The beginning of the answer.
    var answer: String?
    /// For how long a 429 or 503 asks to wait.
    var retryAfterSeconds: Int64?
}

/// The first KiB of an answer, which may still be coming when it is asked for.
private final class AnswerBeginning: Sendable {
    private let bytes = NIOLockedValueBox<[UInt8]>([])

    func append(_ part: ByteBuffer) {
        bytes.withLockedValue { bytes in
            bytes += part.readableBytesView.prefix(Limits.webhookAnswerBytesKept - bytes.count)
        }
    }

    /// As text that every engine stores: no U+0000, and what is no UTF-8 replaced. nil when there is none.
    var text: String? {
        let bytes = bytes.withLockedValue { $0 }.filter { $0 != 0 }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
