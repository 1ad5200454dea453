import AsyncHTTPClient
import NIOCore
import NIOSSL
import ParryDomain

/// One HTTP client for each host and checked address, all on the shared event loops, because a client's
/// DNS override holds for the whole client. A host is resolved and checked anew after 60 seconds.
actor ClientCache {
    private static let resolveSeconds: Int64 = 60
    private static let failureSeconds: Int64 = 10
    private static let hostsMax = 1_000

    private struct Entry {
        let client: HTTPClient
        let address: IPAddress
        let until: NIODeadline
    }

    private let policy: AddressPolicy
    private let resolver = HostResolver()
    private let tls: TLSConfiguration
    private var entries: [WebhookTarget: Entry] = [:]
    private var failures: [WebhookTarget: (reason: WebhookFailure, until: NIODeadline)] = [:]
    private var waiting:
        [WebhookTarget: [CheckedContinuation<Result<HTTPClient, WebhookFailure>, Never>]] = [:]
    /// Clients that may still have sends in flight; they are closed when those cannot be any more.
    private var retired: [(client: HTTPClient, at: NIODeadline)] = []

    init(policy: AddressPolicy, trustRoots: [NIOSSLCertificate]) {
        self.policy = policy
        var tls = TLSConfiguration.makeClientConfiguration()
        // A receiver that hangs does not say goodbye either, and must not hold up the end.
        tls.shutdownTimeout = .seconds(1)
        if !trustRoots.isEmpty { tls.additionalTrustRoots = [.certificates(trustRoots)] }
        self.tls = tls
    }

    /// A client that connects to an allowed address of the target. Of many that ask at once one resolves.
    ///
    /// - Throws: ``WebhookFailure``; a failure is remembered for some seconds.
    func client(for target: WebhookTarget) async throws(WebhookFailure) -> HTTPClient {
        let now = NIODeadline.now()
        if let entry = entries[target], now < entry.until { return entry.client }
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

    private func renew(_ target: WebhookTarget) async -> Result<HTTPClient, WebhookFailure> {
        do throws(WebhookFailure) {
            let address = try await allowedAddress(of: target)
            let now = NIODeadline.now()
            failures[target] = nil
            await closeRetired(before: now)
            return .success(keep(target, at: address, now: now))
        } catch {
            return giveUp(target, because: error, now: NIODeadline.now())
        }
    }

    /// Remembers a failure. When only the resolver failed, the address that was checked last serves on.
    private func giveUp(
        _ target: WebhookTarget, because reason: WebhookFailure, now: NIODeadline
    ) -> Result<HTTPClient, WebhookFailure> {
        let until = now + .seconds(Self.failureSeconds)
        if case .unknownHost = reason, let entry = entries[target] {
            entries[target] = Entry(client: entry.client, address: entry.address, until: until)
            return .success(entry.client)
        }
        if failures.count >= Self.hostsMax { failures.removeAll() }
        failures[target] = (reason, until)
        return .failure(reason)
    }

    private func keep(
        _ target: WebhookTarget, at address: IPAddress, now: NIODeadline
    ) -> HTTPClient {
        let until = now + .seconds(Self.resolveSeconds)
        if let entry = entries[target] {
            if entry.address == address {
                entries[target] = Entry(client: entry.client, address: address, until: until)
                return entry.client
            }
            retire(entry, now: now)
        }
        if entries.count >= Self.hostsMax,
            let oldest = entries.min(by: { $0.value.until < $1.value.until })
        {
            entries[oldest.key] = nil
            retire(oldest.value, now: now)
        }
        let client = makeClient(for: target, at: address)
        entries[target] = Entry(client: client, address: address, until: until)
        return client
    }

    /// Closes every client.
    func shutDown() async {
        let all = entries.values.map(\.client) + retired.map(\.client)
        entries = [:]
        retired = []
        await withDiscardingTaskGroup { group in
            for client in all { group.addTask { try? await client.shutdown() } }
        }
    }

    private func allowedAddress(
        of target: WebhookTarget
    ) async throws(WebhookFailure) -> IPAddress {
        let addresses: [IPAddress]
        do {
            addresses = try await resolver.addresses(of: target.host, port: target.port)
        } catch {
            throw .unknownHost
        }
        guard let address = addresses.first(where: policy.allows) else { throw .privateAddress }
        return address
    }

    private func makeClient(for target: WebhookTarget, at address: IPAddress) -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow)
        configuration.dnsOverride = [target.host: address.text]
        configuration.httpVersion = .http1Only
        configuration.decompression = .disabled
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
        retired.append((entry.client, now + .seconds(2 * Limits.webhookDeadlineSeconds)))
    }

    private func closeRetired(before now: NIODeadline) async {
        let due = retired.filter { $0.at < now }
        retired.removeAll { $0.at < now }
        for entry in due { try? await entry.client.shutdown() }
    }
}
