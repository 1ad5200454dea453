import ParryDomain
import ParryService
import ParryWire

/// What the dispatcher knows, and what it decides. A value: it does nothing itself and has no clock.
///
/// Results are written together with the next claim, and only one such exchange runs at a time, so what
/// ends meanwhile is written by the next one: the busier the queue, the larger the batches.
struct DispatchState {
    /// What happened.
    enum Event: Sendable {
        /// A commit may have made something due. Where very many endpoints wait, and it was nothing new, the next tick finds
        /// it.
        case wake
        /// A look found something due.
        case found
        /// Another process says that something may be due.
        case hint
        case claimed(DeliveryQueue.Claim)
        /// The exchange failed; its results were not written.
        case exchangeFailed([EndedDelivery])
        case ended(EndedDelivery)
        /// A send was cancelled; it is no try.
        case aborted(DeliveryQueue.Parcel)
        /// What was to be done was not, because the dispatcher has ended.
        indirect case undone(Action)
        /// Time for a look at the queue.
        case tick
        /// A pause is over.
        case paused(Pause)
        case stop
        case giveUp
    }

    /// What to do.
    enum Action: Sendable {
        case send(DeliveryQueue.Parcel)
        case exchange([EndedDelivery], claim: DeliveryAppetite)
        /// Give back, untried: what waited here for so long that its lease could end while it is sent, and what
        /// is meant for an endpoint whose breaker opened.
        case release([DeliveryQueue.Parcel])
        /// See whether something is due.
        case look(DeliveryAppetite)
        /// Say when this pause is over.
        case pause(Pause)
        case startGracePeriod
        case cancelSends
        case finish
    }

    /// What waits for a moment so that others do not wait for it.
    enum Pause: Sendable {
        /// Sends to endpoints that did not take the last one.
        case sends
        /// Results of sends that hung until they failed, and the places that they left.
        case hangs

        var milliseconds: Int64 {
            switch self {
            case .sends: Limits.sendGapMilliseconds
            case .hangs: Limits.hangsGapMilliseconds
            }
        }
    }

    private(set) var plan: SendPlan
    private(set) var ended: [EndedDelivery] = []
    /// Claimed by this process and not to be sent by it any more.
    private(set) var released: [DeliveryQueue.Parcel] = []
    private var mayBeDue = true
    /// Whether deliveries may have been made since the last claim.
    private var hasNews = false
    /// When the last claim began.
    private var claimedAt = Timestamp.never
    /// Whether so many endpoints wait that a look at all of them is dear.
    private var isCrowd = false
    /// Endpoints that have more due than they might get at the last look.
    private var leftOver: [WebhookEndpointID: PartnerID] = [:]
    /// Behind which endpoint the next claim looks first.
    private var lookedUpTo = ""
    private var isExchanging = false
    /// Whether results may wait for more of their kind: until the next tick.
    private var isPatient = true
    /// Results of late: each tick halves it.
    private var recentResults = 0
    /// Set after a failed exchange, until the next tick.
    private var isPausing = false
    /// Those that are not over.
    private var pauses: Set<Pause> = []
    /// Whether an endpoint that hung, and has more due than it might get, has room for more once the pause is over.
    private var leavesPlaces = false
    private var isStopping = false

    /// How many waiting endpoints are not yet a crowd.
    private let fewEndpointsMax: Int

    init(
        fewEndpointsMax: Int = Limits.endpointsLookedAtAlwaysMax,
        gapMilliseconds: Int64 = Limits.sendGapMilliseconds
    ) {
        plan = SendPlan(gapMilliseconds: gapMilliseconds)
        self.fewEndpointsMax = fewEndpointsMax
    }

    /// Takes in what happened and says what to do about it.
    mutating func handle(_ event: Event, now: Timestamp) -> [Action] {
        var actions: [Action] = []
        switch event {
        case .wake: if isCrowd { hasNews = true } else { mayBeDue = true }
        case .found: mayBeDue = true
        case .claimed(let claim): claimed(claim)
        case .exchangeFailed(let results): exchangeFailed(results)
        case .ended(let result): actions += sendEnded(result, now)
        case .aborted(let parcel):
            _ = plan.ended(parcel.claimed, isSuccess: nil, at: now)
            released.append(parcel)
        case .undone(let action): undone(action, now)
        case .hint: if isIdle { actions.append(look(now)) }
        case .tick:
            isPausing = false
            isPatient = false
            recentResults /= 2
            plan.age()
            if isIdle { actions.append(look(now)) } else if isCrowd { mayBeDue = true }
        case .paused(let pause): ended(pause)
        case .stop:
            if !isStopping { actions.append(.startGracePeriod) }
            stop()
        case .giveUp: actions.append(.cancelSends)
        }
        return actions + next(now)
    }

    /// Whether something may be due that others could send as well.
    var leavesWork: Bool {
        wantsLook || isStopping || !leftOver.isEmpty || plan.waiting > 0
    }

    /// Whether nothing else would find out what is due.
    private var isIdle: Bool { !wantsLook && !isExchanging && !isStopping }
    /// Whether something may be due, or not all endpoints were looked at yet.
    private var wantsLook: Bool { hasNews || wantsFullLook }
    private var wantsFullLook: Bool { mayBeDue || !lookedUpTo.isEmpty }

    private func look(_ now: Timestamp) -> Action { .look(plan.appetite(at: now, after: "")) }

    private mutating func claimed(_ claim: DeliveryQueue.Claim) {
        isExchanging = false
        if isStopping { released += claim.parcels } else { plan.add(claim.parcels) }
        guard let look = claim.look else { return }
        if look.isCrowded { mayBeDue = true }
        guard let endpointCount = look.endpointCount else {
            leftOver.merge(look.leftOver) { $1 }
            return
        }
        isCrowd = endpointCount > fewEndpointsMax || isCrowd && !lookedUpTo.isEmpty
        if lookedUpTo.isEmpty {
            leftOver = look.leftOver
        } else {
            leftOver.merge(look.leftOver) { $1 }
        }
        lookedUpTo = look.end
    }

    private mutating func exchangeFailed(_ results: [EndedDelivery]) {
        isExchanging = false
        isPausing = true
        mayBeDue = true
        ended = results + ended
    }

    private mutating func undone(_ action: Action, _ now: Timestamp) {
        switch action {
        case .exchange(let results, _): exchangeFailed(results)
        case .release(let parcels): released += parcels
        case .send(let parcel):
            _ = plan.ended(parcel.claimed, isSuccess: nil, at: now)
            released.append(parcel)
        case .pause(let pause): ended(pause)
        case .look, .startGracePeriod, .cancelSends, .finish: break
        }
    }

    private mutating func sendEnded(_ result: EndedDelivery, _ now: Timestamp) -> [Action] {
        let heldBack = plan.ended(
            result.delivery, isSuccess: result.attempt.isSuccess, hung: result.hung, at: now)
        ended.append(result)
        recentResults += 1
        return heldBack.isEmpty ? [] : [.release(heldBack)]
    }

    private mutating func stop() {
        isStopping = true
        released += plan.takeAll()
    }

    private mutating func next(_ now: Timestamp) -> [Action] {
        if isStopping { return plan.inFlight == 0 && !isExchanging ? [.finish] : [] }
        var actions = sends(now)
        actions += exchange(now)
        return actions
    }

    private mutating func sends(_ now: Timestamp) -> [Action] {
        var actions: [Action] = []
        var late: [DeliveryQueue.Parcel] = []
        while let parcel = plan.next(at: now) {
            guard parcel.claimed.canBeSent(at: now) else {
                _ = plan.ended(parcel.claimed, isSuccess: nil, at: now)
                late.append(parcel)
                continue
            }
            actions.append(.send(parcel))
        }
        if !late.isEmpty { actions.append(.release(late)) }
        return plan.isPaced ? actions + pause(.sends) : actions
    }

    private mutating func pause(_ pause: Pause) -> [Action] {
        pauses.insert(pause).inserted ? [.pause(pause)] : []
    }

    private mutating func ended(_ pause: Pause) {
        pauses.remove(pause)
        guard pause == .hangs, leavesPlaces else { return }
        leavesPlaces = false
        mayBeDue = true
    }

    private mutating func exchange(_ now: Timestamp) -> [Action] {
        guard !isExchanging, !isPausing, wantsLook || hasResults else { return [] }
        // With work at hand for a while, results wait for more of their kind. What else may be due does not wait for them.
        if isPatient, !wantsLook, plan.waitingForGood >= Limits.deliveryClaimMax / 2,
            ended.count < resultsTogether
        {
            return []
        }
        let appetite = appetite(now)
        guard appetite.room > 0 || !ended.isEmpty else { return [] }
        // A wake that comes while endpoints are looked at page by page asks for one more round.
        if lookedUpTo.isEmpty, appetite.room > 0 {
            if appetite.since == nil { mayBeDue = false }
            hasNews = false
            claimedAt = now
        }
        isExchanging = true
        isPatient = true
        defer { ended = [] }
        let exchange = Action.exchange(ended, claim: appetite)
        return ended.contains(where: \.hung) ? [exchange] + pause(.hangs) : [exchange]
    }

    /// Whether something ended that is to be written.
    private var hasResults: Bool {
        !ended.isEmpty && !(pauses.contains(.hangs) && ended.allSatisfy(\.hung))
    }

    /// How many results are written together at least: those of some 20 ms, or as many as are claimed at once.
    private var resultsTogether: Int { min(recentResults / 50, Limits.deliveryClaimMax) }

    /// What to claim: nothing, unless something may be due that is wanted.
    private mutating func appetite(_ now: Timestamp) -> DeliveryAppetite {
        guard wantsLook || !leftOver.isEmpty else { return .none }
        var appetite = plan.appetite(at: now, after: lookedUpTo)
        guard !wantsFullLook else {
            leavesPlaces = false
            return appetite
        }
        let wanted = leftOver.filter { appetite.wanted(of: $0.key, of: $0.value) > 0 }
        let mayWait = pauses.contains(.hangs) && wanted.keys.allSatisfy(plan.hung)
        guard wanted.isEmpty || mayWait else { return appetite }
        leavesPlaces = leavesPlaces || !wanted.isEmpty
        guard hasNews else { return .none }
        appetite.since = claimedAt.adding(milliseconds: -Limits.deliveryNewsMilliseconds)
        return appetite
    }
}

extension EndedDelivery {
    /// Whether it failed after so long that it does not matter when that is written.
    fileprivate var hung: Bool {
        !attempt.isSuccess && attempt.durationMilliseconds >= Limits.hangMilliseconds
    }
}
