public import ParryWire

/// Takes from several lines in turn: one of each tenant, of that tenant's next endpoint, and round again.
///
/// Inlinable, because it is generic and takes part in every webhook of two other rooms; and public, because the
/// compiler does not specialise what is only of the package in another room.
public struct FairTurns<Item: Sendable>: Sendable {
    /// Each tenant's endpoints; who was taken from last is the last.
    @usableFromInline var tenants: [PartnerID: [WebhookEndpointID]] = [:]
    /// The tenants in turn; who was taken from last is the last, and who was passed over keeps its place.
    @usableFromInline var order: [PartnerID] = []
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
        tenants[tenant, default: []].append(endpoint)
    }

    /// The first item of the next endpoint whose turn it is and that may be sent to.
    @inlinable
    public mutating func take(
        where mayTake: (_ endpoint: WebhookEndpointID, _ tenant: PartnerID) -> Bool
    ) -> Item? {
        for place in order.indices {
            let tenant = order[place]
            if let endpoint = tenants[tenant]?.firstIndex(where: { mayTake($0, tenant) }) {
                return take(endpoint, of: place)
            }
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

    /// From the endpoint at one place of the tenant at another. Both go to the end of their turn.
    @inlinable
    mutating func take(_ endpoint: Int, of tenant: Int) -> Item? {
        let tenant = Self.toEnd(tenant, of: &order)
        let endpoint = Self.toEnd(endpoint, of: &tenants[tenant, default: []])
        guard let item = lines[endpoint]?.popFirst() else { return nil }
        held -= 1
        if lines[endpoint]?.isEmpty ?? true { remove(endpoint, of: tenant) }
        return item
    }

    @inlinable
    static func toEnd<Member>(_ place: Int, of turn: inout [Member]) -> Member {
        let member = turn[place]
        if place < turn.count - 1 {
            turn.remove(at: place)
            turn.append(member)
        }
        return member
    }

    @inlinable
    mutating func remove(_ endpoint: WebhookEndpointID, of tenant: PartnerID) {
        lines[endpoint] = nil
        if let place = tenants[tenant]?.lastIndex(of: endpoint) {
            tenants[tenant]?.remove(at: place)
        }
        guard tenants[tenant]?.isEmpty ?? true else { return }
        tenants[tenant] = nil
        if let place = order.lastIndex(of: tenant) { order.remove(at: place) }
    }
}
