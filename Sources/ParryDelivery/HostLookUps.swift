import NIOConcurrencyHelpers
import ParryDomain
import ParryWire

/// Has names looked up: of each tenant a few at a time, because a name server that does not answer holds a thread for
/// many seconds.
final class HostLookUps: Sendable {
    /// Look-ups of one tenant at the same time.
    static let perTenantMax = 4

    /// One that is to be made.
    struct LookUp: Sendable {
        let target: WebhookTarget
        /// Whether anybody still wants to know, asked when its turn comes.
        let isWanted: @Sendable () -> Bool
        /// Is called once when it is done; not when nobody wanted it.
        let then: @Sendable ([IPAddress]) -> Void
    }

    private struct Line {
        var running = 0
        var waiting: ArraySlice<LookUp> = []
    }

    private let resolver: any HostResolving
    private let lines = NIOLockedValueBox<[PartnerID: Line]>([:])

    init(_ resolver: any HostResolving) {
        self.resolver = resolver
    }

    /// Makes a look-up when it is its turn.
    func make(_ lookUp: LookUp, for tenant: PartnerID) {
        lines.withLockedValue { $0[tenant, default: Line()].waiting.append(lookUp) }
        beginNext(of: tenant)
    }

    private func beginNext(of tenant: PartnerID) {
        guard let lookUp = next(of: tenant) else { return }
        resolver.find(lookUp.target) { [self] addresses in
            lookUp.then(addresses)
            lines.withLockedValue { $0[tenant]?.running -= 1 }
            beginNext(of: tenant)
        }
    }

    /// The next that is wanted, which counts as running from now on.
    private func next(of tenant: PartnerID) -> LookUp? {
        while let next = first(of: tenant) {
            if next.isWanted() { return next }
            lines.withLockedValue { $0[tenant]?.running -= 1 }
        }
        return nil
    }

    private func first(of tenant: PartnerID) -> LookUp? {
        lines.withLockedValue { lines in
            guard var line = lines[tenant], line.running < Self.perTenantMax else { return nil }
            let first = line.waiting.popFirst()
            if first != nil { line.running += 1 }
            lines[tenant] = line.running > 0 ? line : nil
            return first
        }
    }
}
