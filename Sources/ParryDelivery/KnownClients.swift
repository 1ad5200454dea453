import AsyncHTTPClient
import NIOCore
import ParryDomain

/// The clients of hosts that were looked up, and what is known of those that have none. A value without a clock.
struct KnownClients {
    private static let hostsMax = 1_000

    /// What is known of a host.
    enum Finding {
        /// Its client, and whether it is time to look it up once more.
        case client(ClientCache.Pinned, isToBeRenewed: Bool)
        case failure(WebhookFailure)
        case unknown
    }

    private struct Entry {
        let pinned: ClientCache.Pinned
        /// When to look it up once more.
        var renewAt: NIODeadline
        /// When it ends.
        var until: NIODeadline
        /// Whether a look-up was begun.
        var isAsked = false
    }

    /// When something is looked up again.
    private enum Pause {
        /// 15 seconds before the minute is over.
        static let renewal = TimeAmount.seconds(45)
        static let failure = TimeAmount.seconds(10)
        /// Who was asked first may be slow, and another one quick.
        static let patience = TimeAmount.seconds(5)
    }

    /// How long after the time of its renewal an address serves, and how much longer once it was asked for.
    private enum Grace {
        static let unasked = TimeAmount.seconds(15)
        static let asked = TimeAmount.seconds(60)
    }

    private var entries: [WebhookTarget: Entry] = [:]
    private var failures: [WebhookTarget: (reason: WebhookFailure, until: NIODeadline)] = [:]
    /// Clients that may still have sends in flight; they are closed when those cannot be any more.
    private var retired: [(client: HTTPClient, at: NIODeadline)] = []

    /// A client that nothing has to be done about.
    func fresh(_ target: WebhookTarget, at now: NIODeadline) -> ClientCache.Pinned? {
        guard let entry = entries[target], now < entry.renewAt, now < entry.until else {
            return nil
        }
        return entry.pinned
    }

    /// What is known of a host. Who is told to renew a client has to.
    mutating func find(_ target: WebhookTarget, at now: NIODeadline) -> Finding {
        if let failure = failures[target], now < failure.until { return .failure(failure.reason) }
        guard var entry = entries[target], now < entry.until else { return .unknown }
        guard now >= entry.renewAt else { return .client(entry.pinned, isToBeRenewed: false) }
        if !entry.isAsked { entry.until = entry.until + Grace.asked }
        entry.isAsked = true
        entry.renewAt = now + Pause.patience
        entries[target] = entry
        return .client(entry.pinned, isToBeRenewed: true)
    }

    /// Keeps what a look-up came to. When only the resolver failed, the address that was checked last serves on.
    ///
    /// - Parameter makeClient: Makes one that connects to this address.
    mutating func keep(
        _ found: Result<IPAddress?, WebhookFailure>, of target: WebhookTarget, at now: NIODeadline,
        makeClient: (IPAddress?) -> HTTPClient
    ) -> Askers.Answer {
        let old = entries.removeValue(forKey: target)
        switch found {
        case .success(let address):
            failures[target] = nil
            if let old, old.pinned.address == address {
                return keep(old.pinned, of: target, renewAt: now + Pause.renewal)
            }
            if let old { retire(old, at: now) }
            makeRoom(at: now)
            let pinned = ClientCache.Pinned(client: makeClient(address), address: address)
            return keep(pinned, of: target, renewAt: now + Pause.renewal)
        case .failure(.unknownHost):
            guard let old else { return fail(.unknownHost, target, at: now) }
            return keep(old.pinned, of: target, renewAt: now + Pause.failure)
        case .failure(let reason):
            if let old { retire(old, at: now) }
            return fail(reason, target, at: now)
        }
    }

    private mutating func keep(
        _ pinned: ClientCache.Pinned, of target: WebhookTarget, renewAt: NIODeadline
    ) -> Askers.Answer {
        entries[target] = Entry(
            pinned: pinned, renewAt: renewAt, until: renewAt + Grace.unasked)
        return .success(pinned)
    }

    private mutating func fail(
        _ reason: WebhookFailure, _ target: WebhookTarget, at now: NIODeadline
    ) -> Askers.Answer {
        if failures.count >= Self.hostsMax { failures.removeAll() }
        failures[target] = (reason, now + Pause.failure)
        return .failure(reason)
    }

    private mutating func makeRoom(at now: NIODeadline) {
        guard entries.count >= Self.hostsMax,
            let oldest = entries.min(by: { $0.value.renewAt < $1.value.renewAt })
        else { return }
        entries[oldest.key] = nil
        retire(oldest.value, at: now)
    }

    private mutating func retire(_ entry: Entry, at now: NIODeadline) {
        retired.append((entry.pinned.client, now + .seconds(2 * Limits.webhookDeadlineSeconds)))
    }

    /// The clients that can have no sends in flight any more.
    mutating func takeRetired(at now: NIODeadline) -> [HTTPClient] {
        defer { retired.removeAll { $0.at < now } }
        return retired.filter { $0.at < now }.map(\.client)
    }

    /// All clients, whatever they do.
    mutating func takeAll() -> [HTTPClient] {
        defer { self = KnownClients() }
        return entries.values.map(\.pinned.client) + retired.map(\.client)
    }
}
