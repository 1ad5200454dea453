package import ParryWire

/// Takes from several lines in turn: one of each tenant, of that tenant's next endpoint, and round again.
package struct FairTurns<Item: Sendable>: Sendable {
    private struct Tenant: Sendable {
        var endpoints: [WebhookEndpointID] = []
        var next = 0
    }

    private var tenants: [PartnerID: Tenant] = [:]
    private var order: [PartnerID] = []
    private var next = 0
    private var lines: [WebhookEndpointID: ArraySlice<Item>] = [:]
    /// Items in all lines.
    private(set) package var count = 0

    package init() {}

    /// Puts an item at the end of an endpoint's line.
    package mutating func append(_ item: Item, of endpoint: WebhookEndpointID, of tenant: PartnerID)
    {
        count += 1
        guard lines[endpoint] == nil else {
            lines[endpoint]?.append(item)
            return
        }
        lines[endpoint] = [item]
        if tenants[tenant] == nil { order.append(tenant) }
        tenants[tenant, default: Tenant()].endpoints.append(endpoint)
    }

    /// The first item of the next endpoint whose turn it is and that may be sent to.
    package mutating func take(
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
    package mutating func takeAll(
        of endpoint: WebhookEndpointID, of tenant: PartnerID
    ) -> [Item] {
        guard let line = lines[endpoint] else { return [] }
        count -= line.count
        remove(endpoint, of: tenant)
        return Array(line)
    }

    /// Every item, in no order.
    package mutating func takeAll() -> [Item] {
        defer { self = FairTurns() }
        return lines.values.flatMap { $0 }
    }

    private mutating func take(
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
            count -= 1
            tenants[tenant] = turn
            next += 1
            if lines[endpoint]?.isEmpty ?? true { remove(endpoint, of: tenant) }
            return item
        }
        return nil
    }

    private mutating func remove(_ endpoint: WebhookEndpointID, of tenant: PartnerID) {
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
