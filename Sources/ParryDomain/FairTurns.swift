public import ParryWire

/// Takes from several lines in turn: one of each tenant, of that tenant's next endpoint, and round again.
///
/// Inlinable, because it is generic and takes part in every webhook of two other rooms; and public, because the
/// compiler does not specialise what is only of the package in another room.
public struct FairTurns<Item: Sendable>: Sendable {
    @usableFromInline
    struct Tenant: Sendable {
        @usableFromInline var endpoints: [WebhookEndpointID] = []
        @usableFromInline var next = 0

        @inlinable init() {}
    }

    @usableFromInline var tenants: [PartnerID: Tenant] = [:]
    @usableFromInline var order: [PartnerID] = []
    @usableFromInline var next = 0
    @usableFromInline var lines: [WebhookEndpointID: ArraySlice<Item>] = [:]
    @usableFromInline var held = 0

    /// Items in all lines.
    @inlinable public var count: Int { held }

    @inlinable public init() {}

    /// Puts an item at the end of an endpoint's line.
    @inlinable
    public mutating func append(_ item: Item, of endpoint: WebhookEndpointID, of tenant: PartnerID)
    {
        held += 1
        guard lines[endpoint] == nil else {
            lines[endpoint]?.append(item)
            return
        }
        lines[endpoint] = [item]
        if tenants[tenant] == nil { order.append(tenant) }
        tenants[tenant, default: Tenant()].endpoints.append(endpoint)
    }

    /// The first item of the next endpoint whose turn it is and that may be sent to.
    @inlinable
    public mutating func take(
        where mayTake: (_ endpoint: WebhookEndpointID, _ tenant: PartnerID) -> Bool
    ) -> Item? {
        for _ in order.indices {
            next = next < order.count ? next : 0
            let tenant = order[next]
            if let item = take(of: tenant, where: mayTake) { return item }
            next += 1
        }
        return nil
    }

    /// Every item of an endpoint, out of its line.
    @inlinable
    public mutating func takeAll(
        of endpoint: WebhookEndpointID, of tenant: PartnerID
    ) -> [Item] {
        guard let line = lines[endpoint] else { return [] }
        held -= line.count
        remove(endpoint, of: tenant)
        return Array(line)
    }

    /// Every item, in no order.
    @inlinable
    public mutating func takeAll() -> [Item] {
        defer { self = FairTurns() }
        return lines.values.flatMap { $0 }
    }

    @inlinable
    mutating func take(
        of tenant: PartnerID, where mayTake: (WebhookEndpointID, PartnerID) -> Bool
    ) -> Item? {
        guard var turn = tenants[tenant] else { return nil }
        for _ in turn.endpoints.indices {
            turn.next = turn.next < turn.endpoints.count ? turn.next : 0
            let endpoint = turn.endpoints[turn.next]
            turn.next += 1
            guard mayTake(endpoint, tenant), let item = lines[endpoint]?.popFirst() else {
                continue
            }
            held -= 1
            tenants[tenant] = turn
            next += 1
            if lines[endpoint]?.isEmpty ?? true { remove(endpoint, of: tenant) }
            return item
        }
        return nil
    }

    @inlinable
    mutating func remove(_ endpoint: WebhookEndpointID, of tenant: PartnerID) {
        lines[endpoint] = nil
        guard var turn = tenants[tenant],
            let place = turn.endpoints.firstIndex(of: endpoint)
        else { return }
        turn.endpoints.remove(at: place)
        if place < turn.next { turn.next -= 1 }
        tenants[tenant] = turn.endpoints.isEmpty ? nil : turn
        guard turn.endpoints.isEmpty, let gap = order.firstIndex(of: tenant) else { return }
        order.remove(at: gap)
        if gap < next { next -= 1 }
    }
}
