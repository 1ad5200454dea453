import ParryDomain
import ParryService
import ParryWire

/// The deliveries of a process between claim and end, and whose turn it is. A value without a clock.
struct SendPlan {
    private struct Endpoint {
        var pace = EndpointPace()
        var waiting = 0
        var inFlight = 0
        /// Successes of late: each claim halves it.
        var successes = 0

        var isAtRest: Bool { waiting == 0 && inFlight == 0 && !pace.isOpen }

        /// How many more of it are wanted.
        func share(at now: Timestamp) -> DeliveryAppetite.Share {
            let sends = pace.sendsMax(at: now)
            let ahead = sends > 1 ? SendPlan.ahead(after: successes) : 0
            return .init(sends - waiting - inFlight + ahead, pace.standing)
        }
    }

    /// How many are where, of a tenant's endpoints of one standing or of all of a standing.
    private struct Load {
        var waiting = 0
        var inFlight = 0
        var successes = 0

        var held: Int { waiting + inFlight }
    }

    private var turns = FairTurns<DeliveryQueue.Parcel>()
    private var endpoints: [WebhookEndpointID: Endpoint] = [:]
    private var tenants: [TenantStanding: Load] = [:]
    private var standings: [EndpointPace.Standing: Load] = [:]
    /// The standing that an endpoint had when what waits or is being sent was counted.
    private var counted: [DeliveryID: EndpointPace.Standing] = [:]
    /// Sends that have begun and not ended.
    private(set) var inFlight = 0

    /// Deliveries that are claimed and not being sent.
    var waiting: Int { turns.count }
    /// Endpoints that get probes only.
    var openBreakers: Int { endpoints.values.count { $0.pace.isOpen } }

    /// Takes in what was claimed.
    mutating func add(_ parcels: [DeliveryQueue.Parcel]) {
        var halved: Set<WebhookEndpointID> = []
        for parcel in parcels {
            let claimed = parcel.claimed
            turns.append(parcel, of: claimed.endpointID, of: claimed.partnerID)
            endpoints[claimed.endpointID, default: Endpoint()].waiting += 1
            let standing = endpoints[claimed.endpointID]?.pace.standing ?? .new
            counted[claimed.id] = standing
            count(claimed) { $0.waiting += 1 }
            if halved.insert(claimed.endpointID).inserted { halve(claimed, standing) }
        }
    }

    private mutating func halve(_ claimed: ClaimedDelivery, _ standing: EndpointPace.Standing) {
        endpoints[claimed.endpointID]?.successes /= 2
        tenants[TenantStanding(claimed.partnerID, standing)]?.successes /= 2
    }

    /// The next delivery to send, which counts as in flight from now on.
    mutating func next(at now: Timestamp) -> DeliveryQueue.Parcel? {
        guard inFlight < Limits.sendsInFlightMax else { return nil }
        let next = turns.take { endpoint, tenant in
            guard let endpoint = endpoints[endpoint],
                endpoint.inFlight < endpoint.pace.sendsMax(at: now)
            else { return false }
            let standing = endpoint.pace.standing
            if standing == .new, endpoint.inFlight == 0 { return true }
            let ofTenant = tenants[TenantStanding(tenant, standing)]?.inFlight ?? 0
            return ofTenant < standing.sendsPerTenantMax
                && standings[standing]?.inFlight ?? 0 < standing.sendsMax
        }
        guard let claimed = next?.claimed else { return nil }
        inFlight += 1
        endpoints[claimed.endpointID]?.waiting -= 1
        endpoints[claimed.endpointID]?.inFlight += 1
        count(claimed) { $0.waiting -= 1 }
        counted[claimed.id] = endpoints[claimed.endpointID]?.pace.standing
        count(claimed) { $0.inFlight += 1 }
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
        count(claimed) { load in
            load.inFlight -= 1
            if isSuccess == true { load.successes += 1 }
        }
        counted[claimed.id] = nil
        defer { forget() }
        switch isSuccess {
        case true?:
            endpoints[claimed.endpointID]?.pace.succeeded()
            endpoints[claimed.endpointID]?.successes += 1
        case false?:
            endpoints[claimed.endpointID]?.pace.failed(at: now)
            endpoints[claimed.endpointID]?.successes = 0
        case nil: break
        }
        guard isSuccess == false, endpoints[claimed.endpointID]?.pace.isOpen == true else {
            return []
        }
        let parcels = turns.takeAll(of: claimed.endpointID, of: claimed.partnerID)
        leave(parcels)
        return parcels
    }

    /// Everything that is not being sent.
    mutating func takeAll() -> [DeliveryQueue.Parcel] {
        let parcels = turns.takeAll()
        leave(parcels)
        return parcels
    }

    /// What more could be sent soon, in all and of each.
    func appetite(at now: Timestamp, after endpoint: String) -> DeliveryAppetite {
        let held = turns.count + inFlight
        let room = Limits.sendsInFlightMax + Limits.deliveryClaimMax - held
        let tenants = tenants.map { key, load in
            let ahead = key.standing == .good ? Self.ahead(after: load.successes) : 0
            return (key, key.standing.sendsPerTenantMax - load.held + ahead)
        }
        let standings = [EndpointPace.Standing.new, .failing].map { standing in
            (standing, standing.sendsMax - (self.standings[standing]?.held ?? 0))
        }
        return DeliveryAppetite(
            room: max(0, min(room, Limits.deliveryClaimMax)), after: endpoint,
            endpoints: endpoints.mapValues { $0.share(at: now) },
            tenants: Dictionary(uniqueKeysWithValues: tenants),
            standings: Dictionary(uniqueKeysWithValues: standings))
    }

    private mutating func leave(_ parcels: [DeliveryQueue.Parcel]) {
        for claimed in parcels.map(\.claimed) {
            endpoints[claimed.endpointID]?.waiting -= 1
            count(claimed) { $0.waiting -= 1 }
            counted[claimed.id] = nil
        }
    }

    /// How many may be claimed in advance: twice what was sent while the last claim was under way, so that the
    /// next one comes before nothing waits.
    private static func ahead(after successes: Int) -> Int {
        min(2 * successes, Limits.deliveryClaimMax)
    }

    /// Changes the loads that a delivery is counted in.
    private mutating func count(_ claimed: ClaimedDelivery, _ change: (inout Load) -> Void) {
        guard let standing = counted[claimed.id] else { return }
        change(&tenants[TenantStanding(claimed.partnerID, standing), default: Load()])
        change(&standings[standing, default: Load()])
    }

    /// Keeps what is known small.
    private mutating func forget() {
        if tenants.count > Limits.endpointsKnownMax {
            tenants = tenants.filter { $0.value.held > 0 }
        }
        if endpoints.count > Limits.endpointsKnownMax {
            endpoints = endpoints.filter { !$0.value.isAtRest }
        }
    }
}
