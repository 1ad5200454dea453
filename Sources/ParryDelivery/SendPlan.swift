import ParryDomain
import ParryService
import ParryWire

/// The deliveries of a process between claim and end, and whose turn it is. A value without a clock.
struct SendPlan {
    /// A delivery, and the standing that its endpoint had when it was counted.
    private struct Waiting {
        let parcel: DeliveryQueue.Parcel
        let standing: EndpointPace.Standing
    }

    private var turns = FairTurns<Waiting>()
    private var endpoints: [WebhookEndpointID: Endpoint] = [:]
    private var tenants: [PartnerID: Loads] = [:]
    private var standings = Loads()
    private var pace: StartPace
    /// Whether something would be sent now, were it not for the pace.
    private(set) var isPaced = false
    /// What is being sent, with the standing that its endpoint had when that began. By the claim and not by the delivery:
    /// when a lease ends early, as after a jump of the clock, the same delivery may be claimed and sent once more.
    private var sending:
        [ObjectIdentifier: (claim: ClaimedDelivery, standing: EndpointPace.Standing)] = [:]

    init(gapMilliseconds: Int64 = Limits.sendGapMilliseconds) {
        pace = StartPace(gapMilliseconds: gapMilliseconds)
    }

    /// Sends that have begun and not ended.
    var inFlight: Int { sending.count }
    /// Deliveries that are claimed and not being sent.
    var waiting: Int { turns.count }
    /// Endpoints that get probes only.
    var openBreakers: Int { endpoints.values.count { $0.pace.isOpen } }

    /// Deliveries that are claimed and wait for endpoints that take theirs.
    var waitingForGood: Int { standings[.good].waiting }

    /// Whether the last send to an endpoint hung until it failed.
    func hung(_ endpoint: WebhookEndpointID) -> Bool { endpoints[endpoint]?.hung ?? false }

    /// Takes in what was claimed.
    mutating func add(_ parcels: [DeliveryQueue.Parcel]) {
        for parcel in parcels {
            let claimed = parcel.claimed
            let standing = change(claimed.endpointID) { endpoint in
                endpoint.load.waiting += 1
                return endpoint.pace.standing
            }
            turns.append(
                Waiting(parcel: parcel, standing: standing), of: claimed.endpointID,
                of: claimed.partnerID)
            count(claimed, standing) { $0.waiting += 1 }
        }
    }

    /// A second has passed.
    mutating func age() {
        for index in endpoints.indices { endpoints.values[index].load.successes /= 2 }
        for index in tenants.indices { tenants.values[index].age() }
        pace.age()
    }

    /// The next delivery to send, which counts as in flight from now on.
    mutating func next(at now: Timestamp) -> DeliveryQueue.Parcel? {
        isPaced = false
        guard inFlight < Limits.sendsInFlightMax, let next = take(at: now) else { return nil }
        let claimed = next.parcel.claimed
        count(claimed, next.standing) { $0.waiting -= 1 }
        let standing = change(claimed.endpointID) { endpoint in
            endpoint.load.waiting -= 1
            endpoint.load.inFlight += 1
            return endpoint.pace.standing
        }
        // A tenant's only send is not held up by those of others, and does not hold them up.
        if standing != .good, pace.allows(at: now), claimed.canBeSent(at: now) {
            pace.began(at: now)
        }
        sending[ObjectIdentifier(claimed)] = (claimed, standing)
        count(claimed, standing) { $0.inFlight += 1 }
        return next.parcel
    }

    private mutating func take(at now: Timestamp) -> Waiting? {
        let paceAllows = pace.allows(at: now)
        var isPaced = false
        defer { self.isPaced = isPaced }
        return turns.take { id, tenant in
            guard let endpoint = endpoints[id],
                endpoint.mayBegin(beside: tenants[tenant], standings, at: now)
            else { return false }
            let mayStart =
                paceAllows || endpoint.pace.standing == .good || tenants[tenant]?.inFlight == 0
            if !mayStart { isPaced = true }
            return mayStart
        }
    }

    /// A send ended, or was cancelled (`isSuccess` nil). Of what ``next(at:)`` did not give, or has ended, nothing is known.
    ///
    /// - Returns: What waits for an endpoint whose breaker has opened, and does not belong here any more.
    mutating func ended(
        _ claimed: ClaimedDelivery, isSuccess: Bool?, hung: Bool = false, at now: Timestamp
    ) -> [DeliveryQueue.Parcel] {
        guard let (_, standing) = sending.removeValue(forKey: ObjectIdentifier(claimed)) else {
            return []
        }
        defer { forget() }
        count(claimed, standing) { load in
            load.inFlight -= 1
            if isSuccess == true { load.successes += 1 }
        }
        if isSuccess == true, standing != .good { pace.succeeded() }
        let isOpen = change(claimed.endpointID) { endpoint in
            endpoint.hung = hung
            endpoint.ended(isSuccess, at: now)
            return endpoint.pace.isOpen
        }
        guard isSuccess == false, isOpen else { return [] }
        return leave(turns.takeAll(of: claimed.endpointID, of: claimed.partnerID))
    }

    /// Everything that is not being sent.
    mutating func takeAll() -> [DeliveryQueue.Parcel] { leave(turns.takeAll()) }

    /// What more could be sent soon, in all and of each.
    func appetite(at now: Timestamp, after endpoint: String) -> DeliveryAppetite {
        let held = turns.count + inFlight
        let room = Limits.sendsInFlightMax + Limits.deliveriesAheadMax - held
        let known: [EndpointPace.Standing] = [.new, .good, .failing]
        let tenants = tenants.flatMap { tenant, loads in
            known.compactMap { standing -> (TenantStanding, Int)? in
                let load = loads[standing]
                let rest = load.held - (standing == .good ? load.ahead : 0)
                // It is what it is for one that has nothing.
                guard rest != 0 else { return nil }
                return (TenantStanding(tenant, standing), standing.sendsPerTenantMax - rest)
            }
        }
        let standings = [EndpointPace.Standing.new, .failing].map { standing in
            (standing, standing.sendsMax - self.standings[standing].held)
        }
        return DeliveryAppetite(
            room: max(0, min(room, Limits.deliveryClaimMax)), after: endpoint,
            endpoints: endpoints.mapValues { $0.share(at: now) },
            tenants: Dictionary(uniqueKeysWithValues: tenants),
            standings: Dictionary(uniqueKeysWithValues: standings))
    }

    private mutating func leave(_ all: [Waiting]) -> [DeliveryQueue.Parcel] {
        for waiting in all {
            let claimed = waiting.parcel.claimed
            endpoints[claimed.endpointID]?.load.waiting -= 1
            count(claimed, waiting.standing) { $0.waiting -= 1 }
        }
        return all.map(\.parcel)
    }

    /// Changes the loads that a delivery is counted in.
    private mutating func count(
        _ claimed: ClaimedDelivery, _ standing: EndpointPace.Standing,
        _ change: (inout Load) -> Void
    ) {
        change(&tenants[claimed.partnerID, default: Loads()][standing])
        change(&standings[standing])
    }

    private mutating func change<Result>(
        _ endpoint: WebhookEndpointID, _ change: (inout Endpoint) -> Result
    ) -> Result {
        change(&endpoints[endpoint, default: Endpoint()])
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
