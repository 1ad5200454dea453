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
    /// Where a URL leads, and the request to it without its headers and body.
    private typealias Place = (target: WebhookTarget, request: HTTPClient.Request)

    /// The way to an endpoint whose address was looked up and checked.
    struct Route: Sendable {
        fileprivate let request: HTTPClient.Request
        fileprivate let pinned: ClientCache.Pinned
    }

    private let clients: ClientCache
    private let targets: WebhookTargets
    private let isProxied: Bool
    private let known = NIOLockedValueBox<[String: Place]>([:])

    /// - Parameters:
    ///   - targets: Where may be sent to.
    ///   - trustRoots: Certificates trusted besides the system's.
    ///   - proxy: What all goes through, if not directly.
    package init(
        targets: WebhookTargets, trustRoots: [NIOSSLCertificate], proxy: OutboundProxy? = nil
    ) {
        isProxied = proxy != nil
        self.targets = targets
        clients = ClientCache(targets: targets, trustRoots: trustRoots, proxy: proxy)
    }

    /// The way to a URL; nil when its host has to be looked up first.
    func knownRoute(to url: String) -> Route? {
        guard let place = try? place(of: url), let pinned = clients.current(place.target) else {
            return nil
        }
        return Route(request: place.request, pinned: pinned)
    }

    /// The way to a URL, looked up where that has to be.
    ///
    /// - Parameters:
    ///   - tenant: Whose endpoint it is.
    ///   - started: When the time of the try began, which the look-up uses up too.
    func route(
        to url: String, of tenant: PartnerID, started: NIODeadline
    ) async throws(WebhookFailure) -> Route {
        let place = try place(of: url)
        let pinned = try await clients.client(
            for: place.target, of: tenant,
            until: started + .seconds(Limits.webhookDeadlineSeconds))
        return Route(request: place.request, pinned: pinned)
    }

    /// Begins a try. Redirects are answers, not followed.
    ///
    /// - Parameters:
    ///   - id: The delivery's, the same on every try.
    ///   - started: When its time began to run.
    func begin(
        _ body: [UInt8], over route: Route, id: DeliveryID, signature: WebhookSignature,
        now: Timestamp, started: NIODeadline = .now()
    ) -> WebhookExchange {
        var request = route.request
        request.headers = HTTPHeaders([
            ("Content-Type", "application/json"), ("User-Agent", "parry"),
            (WebhookSignature.headerName, signature.header(for: body, at: now)),
            (WebhookSignature.idempotencyHeaderName, id.text),
        ])
        request.body = .byteBuffer(ByteBuffer(bytes: body))
        return WebhookExchange(
            request, over: route.pinned.client, to: route.pinned.address?.text,
            isProxied: isProxied, now: now, started: started)
    }

    /// Judges a URL once, until there have been very many.
    private func place(of url: String) throws(WebhookFailure) -> Place {
        if let known = known.withLockedValue({ $0[url] }) { return known }
        let target = try WebhookTarget(url: url, targets)
        // The client must see the very host whose address is checked.
        guard let request = try? HTTPClient.Request(url: url, method: .POST),
            request.host == target.urlHost
        else { throw .badURL }
        known.withLockedValue { known in
            if known.count >= Limits.endpointsKnownMax { known.removeAll() }
            known[url] = (target, request)
        }
        return (target, request)
    }

    /// Closes every connection, and so ends every exchange; nothing begins any more.
    package func shutDown() async {
        await clients.shutDown()
    }
}

extension WebhookClient: WebhookSender {
    /// One try, measured.
    package func send(
        _ body: [UInt8], to url: String, of tenant: PartnerID, id: DeliveryID,
        signature: WebhookSignature, now: Timestamp
    ) async -> DeliveryAttempt {
        let started = NIODeadline.now()
        do {
            let route = try await route(to: url, of: tenant, started: started)
            return await begin(
                body, over: route, id: id, signature: signature, now: now, started: started
            ).end()
        } catch {
            return DeliveryAttempt(failed: error, at: now, started: started)
        }
    }
}

extension DeliveryAttempt {
    /// A try for which there was nobody to connect to.
    init(failed reason: WebhookFailure, at now: Timestamp, started: NIODeadline) {
        self.init(
            startedAt: now, durationMilliseconds: started.millisecondsAgo,
            outcome: .failed(reason.description))
    }
}

extension NIODeadline {
    /// How long ago this was.
    var millisecondsAgo: Int64 { (.now() - self).nanoseconds / 1_000_000 }
}
