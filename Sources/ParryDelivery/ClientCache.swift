import AsyncHTTPClient
import NIOConcurrencyHelpers
import NIOCore
import NIOSSL
import ParryDomain

/// One HTTP client for each host and checked address, all on the shared event loops, because a client's
/// DNS override holds for the whole client. A host is resolved and checked anew after 60 seconds.
actor ClientCache {
    private static let resolveSeconds: Int64 = 60
    private static let failureSeconds: Int64 = 10
    private static let hostsMax = 1_000

    /// A client that connects to one address only; to any, through a proxy.
    struct Pinned: Sendable {
        let client: HTTPClient
        let address: IPAddress?
    }

    private struct Entry {
        let pinned: Pinned
        let until: NIODeadline
    }

    private let targets: WebhookTargets
    private let resolver: any HostResolving
    private let proxy: OutboundProxy?
    private let clock: @Sendable () -> NIODeadline
    private let tls: TLSConfiguration
    /// Read by every send without a turn of the actor, which costs more than the look.
    private nonisolated let known = NIOLockedValueBox<[WebhookTarget: Entry]>([:])
    private var entries: [WebhookTarget: Entry] {
        get { known.withLockedValue { $0 } }
        set { known.withLockedValue { $0 = newValue } }
    }
    private var failures: [WebhookTarget: (reason: WebhookFailure, until: NIODeadline)] = [:]
    private var waiting:
        [WebhookTarget: [CheckedContinuation<Result<Pinned, WebhookFailure>, Never>]] = [:]
    /// Clients that may still have sends in flight; they are closed when those cannot be any more.
    private var retired: [(client: HTTPClient, at: NIODeadline)] = []
    private var isShutDown = false

    init(
        targets: WebhookTargets, trustRoots: [NIOSSLCertificate], proxy: OutboundProxy?,
        resolver: any HostResolving = HostResolver(),
        clock: @escaping @Sendable () -> NIODeadline = NIODeadline.now
    ) {
        self.clock = clock
        self.targets = targets
        self.proxy = proxy
        self.resolver = resolver
        var tls = TLSConfiguration.makeClientConfiguration()
        // A receiver that hangs does not say goodbye either, and must not hold up the end.
        tls.shutdownTimeout = .seconds(1)
        if !trustRoots.isEmpty { tls.additionalTrustRoots = [.certificates(trustRoots)] }
        self.tls = tls
    }

    /// A client that connects to an allowed address of the target. Of many that ask at once one resolves.
    ///
    /// - Throws: ``WebhookFailure``; a failure is remembered for some seconds.
    nonisolated func client(for target: WebhookTarget) async throws(WebhookFailure) -> Pinned {
        if let pinned = current(target) { return pinned }
        return try await renewed(target)
    }

    /// A client that was resolved and checked within the last 60 seconds.
    nonisolated func current(_ target: WebhookTarget) -> Pinned? {
        guard let entry = known.withLockedValue({ $0[target] }), clock() < entry.until else {
            return nil
        }
        return entry.pinned
    }

    private func renewed(_ target: WebhookTarget) async throws(WebhookFailure) -> Pinned {
        let now = clock()
        if let entry = entries[target], now < entry.until { return entry.pinned }
        if let failure = failures[target], now < failure.until { throw failure.reason }
        if waiting[target] != nil {
            return try await withCheckedContinuation { waiting[target]?.append($0) }.get()
        }
        waiting[target] = []
        let result = await renew(target)
        for follower in waiting.removeValue(forKey: target) ?? [] {
            follower.resume(returning: result)
        }
        return try result.get()
    }

    private func renew(_ target: WebhookTarget) async -> Result<Pinned, WebhookFailure> {
        do throws(WebhookFailure) {
            let address = try await allowedAddress(of: target)
            let now = clock()
            failures[target] = nil
            await closeRetired(before: now)
            guard !isShutDown else { throw .cancelled }
            return .success(keep(target, at: address, now: now))
        } catch {
            return giveUp(target, because: error, now: clock())
        }
    }

    /// Remembers a failure. When only the resolver failed, the address that was checked last serves on.
    private func giveUp(
        _ target: WebhookTarget, because reason: WebhookFailure, now: NIODeadline
    ) -> Result<Pinned, WebhookFailure> {
        let until = now + .seconds(Self.failureSeconds)
        if case .unknownHost = reason, let entry = entries[target] {
            entries[target] = Entry(pinned: entry.pinned, until: until)
            return .success(entry.pinned)
        }
        if failures.count >= Self.hostsMax { failures.removeAll() }
        failures[target] = (reason, until)
        return .failure(reason)
    }

    private func keep(
        _ target: WebhookTarget, at address: IPAddress?, now: NIODeadline
    ) -> Pinned {
        let until = now + .seconds(Self.resolveSeconds)
        if let entry = entries[target] {
            if entry.pinned.address == address {
                entries[target] = Entry(pinned: entry.pinned, until: until)
                return entry.pinned
            }
            retire(entry, now: now)
        }
        if entries.count >= Self.hostsMax,
            let oldest = entries.min(by: { $0.value.until < $1.value.until })
        {
            entries[oldest.key] = nil
            retire(oldest.value, now: now)
        }
        let pinned = Pinned(client: makeClient(for: target, at: address), address: address)
        entries[target] = Entry(pinned: pinned, until: until)
        return pinned
    }

    /// Closes every client; none is made any more. Waits for connections that are being made.
    func shutDown() async {
        isShutDown = true
        let all = entries.values.map(\.pinned.client) + retired.map(\.client)
        entries = [:]
        retired = []
        await withDiscardingTaskGroup { group in
            for client in all { group.addTask { try? await client.shutdown() } }
        }
    }

    /// nil where a proxy looks the name up.
    private func allowedAddress(
        of target: WebhookTarget
    ) async throws(WebhookFailure) -> IPAddress? {
        guard proxy == nil else { return nil }
        let addresses: [IPAddress]
        do {
            addresses = try await resolver.addresses(of: target.host, port: target.port)
        } catch {
            throw .unknownHost
        }
        guard let address = addresses.first(where: targets.allows) else { throw .privateAddress }
        return address
    }

    private func makeClient(for target: WebhookTarget, at address: IPAddress?) -> HTTPClient {
        var tls = tls
        tls.trustRoots = SystemRoots.shared
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow)
        if let address { configuration.dnsOverride = [target.host: address.text] }
        configuration.proxy = proxy?.configuration
        configuration.httpVersion = .http1Only
        configuration.decompression = .disabled
        configuration.tracing.tracer = nil
        configuration.http1_1ConnectionDebugInitializer = WholeRequests.add(to:)
        configuration.timeout.connect = .seconds(Limits.webhookDeadlineSeconds)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit =
            Limits.sendsInFlightMax
        configuration.connectionPool.idleTimeout = .seconds(30)
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(
            eventLoopGroupProvider: .shared(HTTPClient.defaultEventLoopGroup),
            configuration: configuration)
    }

    private func retire(_ entry: Entry, now: NIODeadline) {
        retired.append((entry.pinned.client, now + .seconds(2 * Limits.webhookDeadlineSeconds)))
    }

    private func closeRetired(before now: NIODeadline) async {
        let due = retired.filter { $0.at < now }
        retired.removeAll { $0.at < now }
        for entry in due { try? await entry.client.shutdown() }
    }
}
