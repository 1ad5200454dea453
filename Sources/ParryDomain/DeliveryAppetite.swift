package import ParryWire

/// What a process wants of the queue: so many deliveries, and of whom not too many.
package struct DeliveryAppetite: Sendable, Hashable {
    /// Deliveries wanted in all.
    package var room: Int
    /// The endpoint behind which to look first; all are looked at in turn.
    package var after: String
    /// How many more of an endpoint are wanted, where that is not the number for one that is new.
    package var endpoints: [WebhookEndpointID: Int]
    /// How many more of a tenant's are wanted, where that is not the number for one that has none.
    package var tenants: [PartnerID: Int]

    package init(
        room: Int, after: String = "", endpoints: [WebhookEndpointID: Int] = [:],
        tenants: [PartnerID: Int] = [:]
    ) {
        self.room = room
        self.after = after
        self.endpoints = endpoints
        self.tenants = tenants
    }

    /// Nothing.
    package static let none = DeliveryAppetite(room: 0)

    /// How many more of this endpoint of this tenant are wanted.
    package func wanted(of endpoint: WebhookEndpointID, of tenant: PartnerID) -> Int {
        let ofEndpoint = endpoints[endpoint] ?? Limits.sendsToNewEndpointMax
        return max(0, min(room, ofEndpoint, tenants[tenant] ?? Limits.sendsPerTenantMax))
    }

    /// One of those is taken.
    package mutating func take(of endpoint: WebhookEndpointID, of tenant: PartnerID) {
        room -= 1
        endpoints[endpoint, default: Limits.sendsToNewEndpointMax] -= 1
        tenants[tenant, default: Limits.sendsPerTenantMax] -= 1
    }
}

/// What a claim saw of the queue.
package struct DeliveryLook: Sendable, Hashable {
    /// Behind which endpoint to look next; empty when the last was looked at.
    package let end: String
    /// Whether another process took some of it meanwhile.
    package let isCrowded: Bool
    /// Whether an endpoint has more due than was wanted of it.
    package let hasLeftOver: Bool

    package init(end: String = "", isCrowded: Bool = false, hasLeftOver: Bool = false) {
        self.end = end
        self.isCrowded = isCrowded
        self.hasLeftOver = hasLeftOver
    }
}
