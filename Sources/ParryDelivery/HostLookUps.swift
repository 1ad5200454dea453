import NIOConcurrencyHelpers
import ParryDomain
import ParryWire

/// Has names looked up. While many are, each tenant has a few at a time, because a name server that does not answer holds
/// a thread for many seconds.
final class HostLookUps: Sendable {
    /// Look-ups at the same time that whoever needs them has.
    static let sharedMax = 32
    /// Look-ups of one tenant at the same time, when there are more.
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

    private struct State {
        var lines: [PartnerID: Line] = [:]
        var running = 0

        /// Who has the next turn: of those that may begin one the tenant with the fewest under way.
        var nextTenant: PartnerID? {
            lines.filter { _, line in
                !line.waiting.isEmpty && (line.running < perTenantMax || running < sharedMax)
            }.min { $0.value.running < $1.value.running }?.key
        }

        mutating func change(_ tenant: PartnerID, _ count: Int) {
            running += count
            lines[tenant, default: Line()].running += count
            if let line = lines[tenant], line.running == 0, line.waiting.isEmpty {
                lines[tenant] = nil
            }
        }
    }

    private let resolver: any HostResolving
    private let state = NIOLockedValueBox(State())

    init(_ resolver: any HostResolving) {
        self.resolver = resolver
    }

    /// Makes a look-up when it is its turn.
    func make(_ lookUp: LookUp, for tenant: PartnerID) {
        state.withLockedValue { $0.lines[tenant, default: Line()].waiting.append(lookUp) }
        begin()
    }

    private func begin() {
        while let (lookUp, tenant) = next() {
            guard lookUp.isWanted() else {
                state.withLockedValue { $0.change(tenant, -1) }
                continue
            }
            resolver.find(lookUp.target) { [self] addresses in
                lookUp.then(addresses)
                state.withLockedValue { $0.change(tenant, -1) }
                begin()
            }
        }
    }

    /// The next one, which counts as running from now on.
    private func next() -> (LookUp, of: PartnerID)? {
        state.withLockedValue { state in
            guard let tenant = state.nextTenant,
                let lookUp = state.lines[tenant]?.waiting.popFirst()
            else { return nil }
            state.change(tenant, 1)
            return (lookUp, tenant)
        }
    }
}
