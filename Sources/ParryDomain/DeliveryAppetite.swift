package import ParryWire

/// What a process wants of the queue: so many deliveries, and of whom not too many.
package struct DeliveryAppetite: Sendable, Hashable {
    /// What is wanted of an endpoint.
    package struct Share: Sendable, Hashable {
        package var count: Int
        package let standing: EndpointPace.Standing

        package init(_ count: Int, _ standing: EndpointPace.Standing) {
            self.count = count
            self.standing = standing
        }

        /// Of one that the process has not sent to.
        package static let new = Share(Limits.sendsToNewEndpointMax, .new)
    }

    /// Deliveries wanted in all.
    package var room: Int
    /// The endpoint behind which to look first; all are looked at in turn.
    package var after: String
    /// Look only at endpoints that have got something new since then; at all when nil.
    package var since: Timestamp?
    /// How many more of an endpoint are wanted, where that is not what it is for one that is new.
    package var endpoints: [WebhookEndpointID: Share]
    /// What is wanted of an endpoint that is not named.
    package var others: Share
    /// How many more of a tenant's endpoints of one standing, where it has some already.
    package var tenants: [TenantStanding: Int]
    /// How many more of all endpoints of one standing.
    package var standings: [EndpointPace.Standing: Int]

    package init(
        room: Int, after: String = "", endpoints: [WebhookEndpointID: Share] = [:],
        others: Share = .new, tenants: [TenantStanding: Int] = [:],
        standings: [EndpointPace.Standing: Int] = [:]
    ) {
        self.others = others
        self.room = room
        self.after = after
        self.endpoints = endpoints
        self.tenants = tenants
        self.standings = standings
    }

    /// Nothing.
    package static let none = DeliveryAppetite(room: 0)

    /// How many more of this endpoint of this tenant are wanted.
    package func wanted(of endpoint: WebhookEndpointID, of tenant: PartnerID) -> Int {
        let share = endpoints[endpoint] ?? others
        let standing = share.standing
        let ofTenant = tenants[TenantStanding(tenant, standing)] ?? standing.sendsPerTenantMax
        let ofAll = standings[standing] ?? room
        // The first send to a new one finds some room beyond what all new ones share.
        let mayBeFirst =
            share == .new && ofTenant > -standing.firstSendsPerTenantMax
            && ofAll > -standing.firstSendsMax
        return max(0, min(room, share.count, max(mayBeFirst ? 1 : 0, min(ofTenant, ofAll))))
    }

    /// One of those is taken.
    package mutating func take(of endpoint: WebhookEndpointID, of tenant: PartnerID) {
        room -= 1
        let standing = endpoints[endpoint, default: others].standing
        endpoints[endpoint, default: others].count -= 1
        tenants[TenantStanding(tenant, standing), default: standing.sendsPerTenantMax] -= 1
        standings[standing]? -= 1
    }
}

/// The endpoints of a tenant that have one standing.
package struct TenantStanding: Sendable, Hashable {
    package let tenant: PartnerID
    package let standing: EndpointPace.Standing

    package init(_ tenant: PartnerID, _ standing: EndpointPace.Standing) {
        self.tenant = tenant
        self.standing = standing
    }
}

/// What a claim saw of the queue.
package struct DeliveryLook: Sendable, Hashable {
    /// Behind which endpoint to look next; empty when the last was looked at.
    package let end: String
    /// Whether there may be more at once: another process took some of it meanwhile, or not all that were welcome were asked.
    package let isCrowded: Bool
    /// Endpoints that have more due than was taken, with their tenants.
    package let leftOver: [WebhookEndpointID: PartnerID]
    /// Endpoints that were looked at: all that something waits for, or those behind the one where the look began; nil of
    /// a look for what is new.
    package let endpointCount: Int?

    package init(
        end: String = "", isCrowded: Bool = false, leftOver: [WebhookEndpointID: PartnerID] = [:],
        endpointCount: Int? = 0
    ) {
        self.endpointCount = endpointCount
        self.end = end
        self.isCrowded = isCrowded
        self.leftOver = leftOver
    }
}
