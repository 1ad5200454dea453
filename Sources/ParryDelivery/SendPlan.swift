import ParryDomain
import ParryService
import ParryWire

/// The deliveries of a process between claim and end, and whose turn it is. A value without a clock.
struct SendPlan {
    private struct Endpoint {
        var pace = EndpointPace()
        var waiting = 0
        var inFlight = 0
        /// Successes since something was last claimed of it: so many may be claimed in advance.
        var successes = 0

        var isAtRest: Bool { waiting == 0 && inFlight == 0 && !pace.isOpen }
    }

    private struct Tenant {
        var waiting = 0
        var inFlight = 0
        var successes = 0
    }

    private var turns = FairTurns<DeliveryQueue.Parcel>()
    private var endpoints: [WebhookEndpointID: Endpoint] = [:]
    private var tenants: [PartnerID: Tenant] = [:]
    /// Sends that have begun and not ended.
    private(set) var inFlight = 0

    /// Deliveries that are claimed and not being sent.
    var waiting: Int { turns.count }
    /// Endpoints that get probes only.
    var openBreakers: Int { endpoints.values.count { $0.pace.isOpen } }

    /// Takes in what was claimed.
    mutating func add(_ parcels: [DeliveryQueue.Parcel]) {
        for parcel in parcels {
            let (endpoint, tenant) = (parcel.claimed.endpointID, parcel.claimed.partnerID)
            turns.append(parcel, of: endpoint, of: tenant)
            endpoints[endpoint, default: Endpoint()].waiting += 1
            endpoints[endpoint]?.successes = 0
            tenants[tenant, default: Tenant()].waiting += 1
            tenants[tenant]?.successes = 0
        }
    }

    /// The next delivery to send, which counts as in flight from now on.
    mutating func next(at now: Timestamp) -> DeliveryQueue.Parcel? {
        guard inFlight < Limits.sendsInFlightMax else { return nil }
        let next = turns.take { endpoint, tenant in
            guard let endpoint = endpoints[endpoint], let tenant = tenants[tenant] else {
                return false
            }
            return endpoint.inFlight < endpoint.pace.sendsMax(at: now)
                && tenant.inFlight < Limits.sendsPerTenantMax
        }
        guard let next else { return nil }
        inFlight += 1
        endpoints[next.claimed.endpointID]?.waiting -= 1
        endpoints[next.claimed.endpointID]?.inFlight += 1
        tenants[next.claimed.partnerID]?.waiting -= 1
        tenants[next.claimed.partnerID]?.inFlight += 1
        return next
    }

    /// A send ended, or was cancelled (`isSuccess` nil).
    ///
    /// - Returns: What waits for an endpoint whose breaker has opened, and does not belong here any more.
    mutating func ended(
        _ claimed: ClaimedDelivery, isSuccess: Bool?, at now: Timestamp
    ) -> [DeliveryQueue.Parcel] {
        inFlight -= 1
        endpoints[claimed.endpointID]?.inFlight -= 1
        tenants[claimed.partnerID]?.inFlight -= 1
        defer { forget(claimed.partnerID) }
        switch isSuccess {
        case true?:
            endpoints[claimed.endpointID]?.pace.succeeded()
            endpoints[claimed.endpointID]?.successes += 1
            tenants[claimed.partnerID]?.successes += 1
        case false?: endpoints[claimed.endpointID]?.pace.failed(at: now)
        case nil: break
        }
        guard endpoints[claimed.endpointID]?.pace.isOpen == true else { return [] }
        return takeOut(claimed.endpointID, of: claimed.partnerID)
    }

    /// Everything that is not being sent.
    mutating func takeAll() -> [DeliveryQueue.Parcel] {
        for id in endpoints.keys { endpoints[id]?.waiting = 0 }
        for id in tenants.keys { tenants[id]?.waiting = 0 }
        return turns.takeAll()
    }

    /// What more could be sent soon, in all and of each.
    func appetite(at now: Timestamp, after endpoint: String) -> DeliveryAppetite {
        let held = turns.count + inFlight
        let room = Limits.sendsInFlightMax + Limits.deliveryClaimMax - held
        return DeliveryAppetite(
            room: max(0, min(room, Limits.deliveryClaimMax)), after: endpoint,
            endpoints: endpoints.mapValues { endpoint in
                let ahead = min(endpoint.successes, Limits.deliveryClaimMax)
                let sends = endpoint.pace.sendsMax(at: now)
                return sends - endpoint.waiting - endpoint.inFlight + (sends > 1 ? ahead : 0)
            },
            tenants: tenants.mapValues { tenant in
                Limits.sendsPerTenantMax - tenant.waiting - tenant.inFlight
                    + min(tenant.successes, Limits.deliveryClaimMax)
            })
    }

    private mutating func takeOut(
        _ endpoint: WebhookEndpointID, of tenant: PartnerID
    ) -> [DeliveryQueue.Parcel] {
        let parcels = turns.takeAll(of: endpoint, of: tenant)
        endpoints[endpoint]?.waiting = 0
        tenants[tenant]?.waiting -= parcels.count
        return parcels
    }

    /// Keeps what is known small.
    private mutating func forget(_ tenant: PartnerID) {
        if let known = tenants[tenant], known.waiting == 0, known.inFlight == 0,
            tenants.count > Limits.endpointsKnownMax
        {
            tenants[tenant] = nil
        }
        guard endpoints.count > Limits.endpointsKnownMax else { return }
        endpoints = endpoints.filter { !$0.value.isAtRest }
    }
}
