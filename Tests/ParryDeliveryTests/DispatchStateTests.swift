import ParryDomain
import ParryService
import ParryWire
import Testing

@testable import ParryDelivery

@Suite("The dispatcher's decisions")
struct DispatchStateTests {
    private let now = Timestamp(milliseconds: 1_771_322_400_000)
    private static let partner = PartnerID.sample
    private static let endpoint = WebhookEndpointID.sample
    /// How many are sent at once to an endpoint of which nothing is known.
    private let window = Limits.sendsToNewEndpointMax
    /// How many are claimed at once, and how many results wait for each other.
    private let claimMax = Limits.deliveryClaimMax

    private func parcels(
        _ count: Int, endpoint: WebhookEndpointID = endpoint, partner: PartnerID = partner
    ) -> [DeliveryQueue.Parcel] {
        (0..<count).map { _ in
            .sample(.make(at: now, slot: 0), at: now, endpoint: endpoint, partner: partner)
        }
    }

    private func claimed(
        _ parcels: [DeliveryQueue.Parcel], _ look: DeliveryLook? = DeliveryLook()
    ) -> DispatchState.Event {
        .claimed(.init(parcels: parcels, look: look))
    }

    private func ended(_ parcel: DeliveryQueue.Parcel, _ status: Int = 200) -> DispatchState.Event {
        .ended(.sample(of: parcel, status, at: now))
    }

    private func handle(
        _ state: inout DispatchState, _ event: DispatchState.Event, after seconds: Int64 = 0
    ) -> [DispatchState.Action] {
        state.handle(event, now: now.adding(seconds: seconds))
    }

    @Test("It claims at the start, then sends few at a time to an endpoint that it does not know")
    func start() {
        var state = DispatchState()
        #expect(summary(handle(&state, .tick)) == ["exchange 0 \(claimMax)"])
        #expect(sends(handle(&state, claimed(parcels(100)))).count == window)
    }

    @Test("Only one exchange runs at a time, and the next one carries what ended meanwhile")
    func batching() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        let some = parcels(3)
        #expect(summary(handle(&state, claimed(some))) == ["send", "send", "send"])
        #expect(summary(handle(&state, ended(some[0]))) == ["exchange 1 0"])
        #expect(summary(handle(&state, ended(some[1]))).isEmpty)
        #expect(summary(handle(&state, ended(some[2]))).isEmpty)
        #expect(summary(handle(&state, .wake)).isEmpty)
        #expect(summary(handle(&state, claimed([], nil))) == ["exchange 2 \(claimMax)"])
    }

    /// After so many results in a second, with nothing at hand.
    private func state(after results: Int) -> DispatchState {
        var state = DispatchState()
        _ = handle(&state, .wake)
        var count = 0
        while count < results {
            var sent = sends(handle(&state, claimed(parcels(min(50, results - count)))))
            while let parcel = sent.popLast() {
                sent += sends(handle(&state, ended(parcel)))
                count += 1
            }
        }
        for _ in 1...2 { _ = handle(&state, claimed([])) }
        return state
    }

    /// Ends so many of what is being sent.
    private func end(
        _ count: Int, of sent: inout [DeliveryQueue.Parcel], in state: inout DispatchState
    ) -> [String] {
        (0..<count).flatMap { _ in
            let actions = handle(&state, ended(sent.removeFirst()))
            sent += sends(actions)
            return summary(actions).filter { $0.hasPrefix("exchange") }
        }
    }

    @Test(
        "With much at hand results wait for those of some milliseconds, but no more than a claim has",
        arguments: [(0, 1), (1_000, 20), (2_000, 40), (10_000, Limits.deliveryClaimMax)])
    func patience(_ recent: Int, _ together: Int) {
        var state = state(after: recent)
        var sent = sends(handle(&state, claimed(parcels(3 * claimMax))))
        #expect(end(together - 1, of: &sent, in: &state).isEmpty)
        #expect(end(1, of: &sent, in: &state) == ["exchange \(together) 0"])
    }

    @Test("Results wait neither beyond a tick, nor while something else may be due")
    func impatience() {
        for event in [DispatchState.Event.tick, .wake] {
            var state = state(after: 10_000)
            var sent = sends(handle(&state, claimed(parcels(2 * claimMax))))
            #expect(end(1, of: &sent, in: &state).isEmpty)
            #expect(summary(handle(&state, event)).contains { $0.hasPrefix("exchange 1 ") })
        }
    }

    @Test("The faster an endpoint takes its webhooks, the more are claimed ahead, up to a bound")
    func ahead() {
        var plan = SendPlan()
        for _ in 1...Limits.sendsPerEndpointMax { send(1, by: &plan) }
        let sends = Limits.sendsPerEndpointMax
        #expect(share(of: plan) == 2 * sends)
        send(150, by: &plan)
        #expect(share(of: plan) == 2 * sends + 150)
        for _ in 0..<10 { plan.age() }
        #expect(share(of: plan) == sends)
        send(1_000, by: &plan)
        #expect(share(of: plan) == sends + Limits.deliveriesAheadMax)
    }

    @Test(
        "A delivery that is claimed again while it is sent counts as two sends, and neither stays")
    func twins() {
        let id = DeliveryID.make(at: now, slot: 0)
        var plan = SendPlan()
        let share = share(of: plan)
        plan.add((1...2).map { .sample(id, lease: $0, at: now) })
        let sends = (1...2).compactMap { _ in plan.next(at: now) }
        #expect(sends.count == 2)
        #expect(plan.inFlight == 2)
        for send in sends { _ = plan.ended(send.claimed, isSuccess: true, at: now) }
        #expect(plan.inFlight == 0)
        #expect(self.share(of: plan) > share)
        _ = plan.ended(sends[0].claimed, isSuccess: true, at: now)
        #expect(plan.inFlight == 0)
    }

    @Test("What was to be done when the dispatcher had ended is put back at the end")
    func undone() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        let actions = handle(&state, claimed(parcels(1)))
        guard case .send(let parcel) = actions.first else {
            Issue.record("nothing is sent")
            return
        }
        _ = handle(&state, .undone(actions[0]))
        #expect(state.released.map(\.claimed.id) == [parcel.claimed.id])
        #expect(state.plan.inFlight == 0)
        let other = parcels(1)
        _ = handle(&state, .undone(.release(other)))
        #expect(state.released.count == 2)
        let results = [parcel, other[0]].map { EndedDelivery.sample(of: $0, at: now) }
        _ = handle(&state, .undone(.exchange(results, claim: .none)))
        #expect(state.ended.count == 2)
    }

    private func send(_ count: Int, by plan: inout SendPlan) {
        plan.add(parcels(count))
        while let parcel = plan.next(at: now) {
            _ = plan.ended(parcel.claimed, isSuccess: true, at: now)
        }
    }

    private func share(of plan: SendPlan) -> Int {
        plan.appetite(at: now, after: "").endpoints[Self.endpoint]?.count ?? 0
    }

    @Test("With nothing to do it only looks, once a tick")
    func idle() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        #expect(summary(handle(&state, claimed([]))).isEmpty)
        #expect(summary(handle(&state, .tick)) == ["look"])
        #expect(summary(handle(&state, .tick)) == ["look"])
        #expect(summary(handle(&state, .hint)) == ["look"])
        #expect(summary(handle(&state, .wake)) == ["exchange 0 \(claimMax)"])
        #expect(summary(handle(&state, .hint)).isEmpty)
    }

    @Test("Results that were not written are written with the next exchange, after a pause")
    func failedExchange() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        let some = parcels(1)
        _ = handle(&state, claimed(some))
        let actions = handle(&state, ended(some[0]))
        guard case .exchange(let results, _)? = actions.first else { return #expect(Bool(false)) }
        #expect(summary(handle(&state, .exchangeFailed(results))).isEmpty)
        #expect(summary(handle(&state, .tick)) == ["exchange 1 \(claimMax)"])
    }

    @Test("An endpoint with more due than it may get is asked for again when a send ended")
    func leftOver() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        let some = parcels(window)
        _ = handle(&state, claimed(some, DeliveryLook(leftOver: [Self.endpoint: Self.partner])))
        let actions = handle(&state, ended(some[0]))
        #expect(summary(actions) == ["exchange 1 \(claimMax)"])
        #expect(appetite(actions)?.wanted(of: Self.endpoint, of: Self.partner) == 3)
    }

    @Test("A claim goes on where the one before it stopped, and a wake meanwhile is one more round")
    func rounds() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        let next = handle(&state, claimed([], DeliveryLook(end: "whe_m")))
        #expect(appetite(next)?.after == "whe_m")
        _ = handle(&state, .wake)
        let again = handle(&state, claimed([], DeliveryLook()))
        #expect(appetite(again)?.after == "")
        #expect(summary(handle(&state, claimed([]))).isEmpty)
    }

    @Test("A round over more endpoints than one claim looks at ends where nobody woke it meanwhile")
    func endOfRound() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        #expect(appetite(handle(&state, claimed([], DeliveryLook(end: "whe_m"))))?.after == "whe_m")
        #expect(appetite(handle(&state, claimed([], DeliveryLook(end: "whe_t"))))?.after == "whe_t")
        #expect(summary(handle(&state, claimed([], DeliveryLook()))).isEmpty)
        #expect(summary(handle(&state, .tick)) == ["look"])
    }

    @Test("Where very many endpoints wait, a commit has those with news looked at, and a tick all")
    func crowd() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        _ = handle(&state, claimed([], DeliveryLook(endpointCount: 100)))
        let news = appetite(handle(&state, .wake, after: 60))
        #expect(news?.since == now.adding(milliseconds: -Limits.deliveryNewsMilliseconds))
        #expect(summary(handle(&state, claimed([], DeliveryLook(endpointCount: nil)))).isEmpty)
        #expect(summary(handle(&state, .tick)) == ["look"])
        let all = appetite(handle(&state, .found))
        #expect(all?.room == Limits.deliveryClaimMax && all?.since == nil)
        _ = handle(&state, claimed([], DeliveryLook(endpointCount: 3)))
        #expect(appetite(handle(&state, .wake))?.since == nil)
    }

    @Test("Where very many endpoints wait and it is never idle, all are looked at after a tick too")
    func busyCrowd() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        _ = handle(&state, claimed([], DeliveryLook(endpointCount: 100)))
        #expect(appetite(handle(&state, .wake))?.since != nil)
        #expect(summary(handle(&state, .tick)).isEmpty)
        let all = appetite(handle(&state, claimed([], DeliveryLook(endpointCount: nil))))
        #expect(all?.room == Limits.deliveryClaimMax && all?.since == nil)
    }

    @Test("What is new while endpoints are looked at page by page is looked at after the round")
    func newsWithinRound() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        let first = claimed([], DeliveryLook(end: "whe_m", endpointCount: 256))
        #expect(appetite(handle(&state, first))?.after == "whe_m")
        let second = claimed([], DeliveryLook(end: "whe_t", endpointCount: 256))
        _ = handle(&state, .wake)
        #expect(appetite(handle(&state, second))?.after == "whe_t")
        let last = claimed([], DeliveryLook(endpointCount: 5))
        #expect(appetite(handle(&state, last))?.room == Limits.deliveryClaimMax)
    }

    @Test("A tenant whose endpoints hang leaves most sends to new endpoints to the others")
    func fairness() {
        var state = DispatchState(gapMilliseconds: 0)
        _ = handle(&state, .wake)
        let hanging = (0..<20).flatMap { number in
            parcels(window, endpoint: .init(stored: "whe_h\(number)"))
        }
        let sent = sends(handle(&state, claimed(hanging)))
        #expect(sent.count == EndpointPace.Standing.new.sendsPerTenantMax)
        let other = PartnerID(stored: "ptnr_2")
        let quick = parcels(1, endpoint: .init(stored: "whe_q"), partner: other)
        _ = handle(&state, .wake)
        #expect(sends(handle(&state, claimed(quick))).map(\.claimed.partnerID) == [other])
    }

    @Test(
        "However many new endpoints hang, those of one tenant or of ten leave places to the others",
        arguments: [
            (tenants: 1, places: 48), (tenants: 10, places: 480), (tenants: 20, places: 704),
        ])
    func newEndpoints(tenants: Int, places: Int) {
        var state = DispatchState(gapMilliseconds: 0)
        _ = handle(&state, .wake)
        let hanging = (0..<1_200).flatMap { number in
            parcels(
                window, endpoint: .init(stored: "whe_h\(number)"),
                partner: .init(stored: "ptnr_h\(number % tenants)"))
        }
        #expect(sends(handle(&state, claimed(hanging))).count == places)
        let appetite = state.plan.appetite(at: now, after: "")
        let newer = WebhookEndpointID(stored: "whe_new")
        #expect(appetite.wanted(of: newer, of: .init(stored: "ptnr_h0")) == 0)
        let other = PartnerID(stored: "ptnr_2")
        _ = handle(&state, .wake)
        let quick = sends(
            handle(&state, claimed(parcels(1, endpoint: .init(stored: "whe_q"), partner: other))))
        // Only as many tenants as share all places for new endpoints hold up another's first send.
        #expect(quick.map(\.claimed.partnerID) == (tenants < 15 ? [other] : []))
    }

    @Test("A claim takes the first deliveries of new endpoints as far as they may begin")
    func firstSends() {
        var appetite = SendPlan().appetite(at: now, after: "")
        var taken = 0
        for number in 0..<600 {
            let endpoint = WebhookEndpointID(stored: "whe_h\(number)")
            while appetite.wanted(of: endpoint, of: Self.partner) > 0 {
                appetite.take(of: endpoint, of: Self.partner)
                taken += 1
            }
        }
        #expect(taken == 48)
    }

    @Test("However many endpoints fail, those that answer and those that are new keep their sends")
    func standings() {
        var state = DispatchState(gapMilliseconds: 0)
        for number in 0..<200 {
            let endpoint = WebhookEndpointID(stored: "whe_f\(number)")
            let tenant = PartnerID(stored: "ptnr_f\(number % 50)")
            _ = handle(&state, .wake)
            for parcel in sends(
                handle(&state, claimed(parcels(1, endpoint: endpoint, partner: tenant))))
            {
                _ = handle(&state, ended(parcel, 500))
            }
        }
        let failing = (0..<200).flatMap { number in
            parcels(
                2, endpoint: .init(stored: "whe_f\(number)"),
                partner: .init(stored: "ptnr_f\(number % 50)"))
        }
        _ = handle(&state, .wake)
        let sent = sends(handle(&state, claimed(failing)))
        #expect(sent.count == EndpointPace.Standing.failing.sendsMax)
        let appetite = state.plan.appetite(at: now, after: "")
        let (new, tenant) = (WebhookEndpointID(stored: "whe_n"), PartnerID(stored: "ptnr_n"))
        #expect(appetite.wanted(of: .init(stored: "whe_f1"), of: .init(stored: "ptnr_f1")) == 0)
        #expect(appetite.wanted(of: new, of: tenant) == window)
    }

    @Test("What waits for an endpoint whose breaker opens is given back; a probe follows later")
    func breaker() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        var waiting = handle(&state, claimed(parcels(60)))
        var flying = sends(waiting)
        var failures = 0
        while failures < Limits.breakerFailures, let parcel = flying.popLast() {
            waiting = handle(&state, ended(parcel, 500))
            flying += sends(waiting)
            failures += 1
        }
        #expect(summary(waiting).contains { $0.hasPrefix("release") })
        #expect(state.plan.openBreakers == 1)
        #expect(state.plan.waiting == 0)
        for parcel in flying { _ = handle(&state, ended(parcel, 500)) }
        _ = handle(&state, claimed([]))
        _ = handle(&state, claimed([]))
        let held = appetite(handle(&state, .tick))
        #expect(held?.wanted(of: Self.endpoint, of: Self.partner) == 0)
        let later = handle(&state, .tick, after: Limits.breakerProbeSeconds)
        #expect(appetite(later)?.wanted(of: Self.endpoint, of: Self.partner) == 1)
    }

    @Test("Told to stop, it claims nothing, waits for sends in flight and gives the rest back")
    func stop() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        let sent = sends(handle(&state, claimed(parcels(window + 2))))
        #expect(summary(handle(&state, .stop)) == ["grace"])
        for parcel in sent.dropLast() {
            #expect(summary(handle(&state, ended(parcel))).isEmpty)
        }
        #expect(summary(handle(&state, .giveUp)) == ["cancel"])
        #expect(summary(handle(&state, .aborted(sent[window - 1]))) == ["finish"])
        #expect(state.released.count == 3)
        #expect(state.ended.count == window - 1)
    }

    @Test("What a claim brings after the stop is given back")
    func lateClaim() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        #expect(summary(handle(&state, .stop)) == ["grace"])
        #expect(summary(handle(&state, claimed(parcels(5)))) == ["finish"])
        #expect(state.released.count == 5)
    }

    @Test("What waited so long that its lease could end while it is sent is given back")
    func lateSend() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        let sent = sends(handle(&state, claimed(parcels(window + 3))))
        let actions = handle(&state, ended(sent[0]), after: Limits.webhookDeadlineSeconds + 6)
        #expect(summary(actions) == ["release 3", "exchange 1 0"])
        #expect(summary(handle(&state, ended(sent[1]))).isEmpty)
    }

    @Test("Others are told of work only while some is left that this process does not send")
    func leavesWork() {
        var state = DispatchState()
        _ = handle(&state, claimed([]))
        #expect(!state.leavesWork)
        _ = handle(&state, claimed(parcels(window)))
        #expect(!state.leavesWork)
        _ = handle(&state, claimed(parcels(1)))
        #expect(state.leavesWork)
    }
}
