import ParryDomain
import ParryService
import ParryWire
import Testing

@testable import ParryDelivery

@Suite("What the dispatcher lets wait for a moment")
struct DispatchPauseTests {
    private let now = Timestamp(milliseconds: 1_771_322_400_000)
    private let gap = Limits.sendGapMilliseconds
    /// How many begin at once.
    private let window = Limits.sendsToNewEndpointMax
    private let claimMax = Limits.deliveryClaimMax
    private let quick = WebhookEndpointID(stored: "whe_q")

    /// One of a tenant that has many endpoints.
    private func parcel(
        _ number: Int = 0, endpoint: WebhookEndpointID? = nil, partner: PartnerID = .sample
    ) -> DeliveryQueue.Parcel {
        .sample(
            .make(at: now, slot: 0), at: now, endpoint: endpoint ?? .init(stored: "whe_\(number)"),
            partner: partner)
    }

    private func claimed(
        _ parcels: [DeliveryQueue.Parcel], _ look: DeliveryLook = DeliveryLook()
    ) -> DispatchState.Event {
        .claimed(.init(parcels: parcels, look: look))
    }

    private func ended(_ parcel: DeliveryQueue.Parcel, _ status: Int = 200) -> DispatchState.Event {
        .ended(.sample(of: parcel, status, at: now))
    }

    /// After its whole time.
    private func hung(_ parcel: DeliveryQueue.Parcel) -> DispatchState.Event {
        .ended(.sample(of: parcel, 504, at: now, took: 20_000))
    }

    private func handle(
        _ state: inout DispatchState, _ event: DispatchState.Event, after milliseconds: Int64 = 0
    ) -> [DispatchState.Action] {
        state.handle(event, now: now.adding(milliseconds: milliseconds))
    }

    /// With so many sends that wait for their time, and those that have begun.
    private func begun(waiting: Int) -> (DispatchState, [DeliveryQueue.Parcel]) {
        var state = DispatchState()
        _ = handle(&state, .wake)
        let actions = handle(&state, claimed((0..<window + waiting).map { parcel($0) }))
        #expect(sends(actions).count == window)
        #expect(summary(actions).contains("pause sends"))
        return (state, sends(actions))
    }

    @Test("Sends to endpoints of which nothing is known begin one by one, and late ones catch up")
    func pace() {
        var (state, _) = begun(waiting: 20)
        #expect(sends(handle(&state, .wake)).isEmpty)
        #expect(sends(handle(&state, .paused(.sends), after: gap - 1)).isEmpty)
        #expect(summary(handle(&state, .paused(.sends), after: gap)) == ["send", "pause sends"])
        #expect(sends(handle(&state, .paused(.sends), after: 4 * gap)).count == 3)
        #expect(sends(handle(&state, .paused(.sends), after: 1_000)).count == window)
    }

    @Test("Each of them that ends well lets two more begin before their time, for a while")
    func credit() {
        var (state, sent) = begun(waiting: 100)
        #expect(sends(handle(&state, ended(sent[0]))).count == 2)
        #expect(sends(handle(&state, ended(sent[1], 500))).isEmpty)
        #expect(sends(handle(&state, ended(sent[2]))).count == 2)
        var pace = StartPace(gapMilliseconds: gap)
        while pace.allows(at: now) { pace.began(at: now) }
        for _ in 0..<1_000 { pace.succeeded() }
        for _ in 0..<Limits.sendsPerEndpointMax {
            #expect(pace.allows(at: now))
            pace.began(at: now)
        }
        #expect(!pace.allows(at: now))
        pace.succeeded()
        for _ in 0..<2 { pace.age() }
        #expect(!pace.allows(at: now))
    }

    @Test("A clock that is set back holds up no send")
    func clockSetBack() {
        var (state, _) = begun(waiting: 20)
        #expect(!sends(handle(&state, .paused(.sends), after: -60_000)).isEmpty)
    }

    @Test("What waited too long is given back at once, however many that is")
    func late() {
        var (state, _) = begun(waiting: 100)
        let milliseconds = Int64(1_000 * Limits.deliveryLeaseSeconds)
        let actions = handle(&state, .paused(.sends), after: milliseconds)
        #expect(summary(actions).contains("release 100"))
    }

    @Test("Neither an endpoint that takes its webhooks nor a tenant's only send waits for its time")
    func unpaced() {
        var (state, _) = begun(waiting: 20)
        let other = PartnerID(stored: "ptnr_2")
        _ = handle(&state, .wake)
        let first = sends(handle(&state, claimed([parcel(endpoint: quick, partner: other)])))
        #expect(first.map(\.claimed.endpointID) == [quick])
        for _ in 1...2 { _ = handle(&state, ended(first[0])) }
        let many = (0..<10).map { _ in parcel(endpoint: quick, partner: other) }
        let sent = sends(handle(&state, claimed(many)))
        #expect(sent.count { $0.claimed.endpointID == quick } == window + 1)
    }

    @Test("Whose sends wait for their time get it in turn, though others' sends end in between")
    func turns() {
        var plan = SendPlan()
        let tenants = (0..<4).map { PartnerID(stored: "ptnr_\($0)") }
        plan.add([parcel(endpoint: quick, partner: tenants[0])])
        _ = plan.ended(plan.next(at: now)!.claimed, isSuccess: true, at: now)
        for tenant in 1...3 {
            plan.add((1...12).map { parcel(100 * tenant + $0, partner: tenants[tenant]) })
        }
        var count: [PartnerID: Int] = [:]
        for milliseconds in 0..<24 * gap {
            let moment = now.adding(milliseconds: milliseconds)
            plan.add([parcel(endpoint: quick, partner: tenants[0])])
            while let next = plan.next(at: moment) {
                count[next.claimed.partnerID, default: 0] += 1
                if next.claimed.endpointID == quick {
                    _ = plan.ended(next.claimed, isSuccess: true, at: moment)
                }
            }
        }
        let shares = tenants[1...].map { count[$0, default: 0] }
        #expect(shares.max()! - shares.min()! <= 1)
        #expect(shares.min()! > 5)
    }

    @Test("Sends that hung are written together, or with the first that did not")
    func hangs() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        let sent = sends(handle(&state, claimed((0..<window).map { parcel($0) })))
        #expect(summary(handle(&state, hung(sent[0]))) == ["exchange 1 0", "pause hangs"])
        _ = handle(&state, claimed([]))
        #expect(handle(&state, hung(sent[1])).isEmpty)
        #expect(handle(&state, hung(sent[2])).isEmpty)
        #expect(summary(handle(&state, .paused(.hangs))) == ["exchange 2 0", "pause hangs"])
        _ = handle(&state, claimed([]))
        #expect(summary(handle(&state, ended(sent[3], 500))) == ["exchange 1 0"])
    }

    @Test("News of others takes hung sends along without a look at their endpoints, which follows")
    func news() {
        var state = DispatchState(fewEndpointsMax: 0)
        _ = handle(&state, .wake)
        let left = [WebhookEndpointID(stored: "whe_0"): PartnerID.sample]
        let look = DeliveryLook(leftOver: left, endpointCount: 1)
        let sent = sends(handle(&state, claimed((0..<window).map { _ in parcel() }, look)))
        let first = handle(&state, hung(sent[0]))
        #expect(summary(first) == ["exchange 1 0", "pause hangs"])
        _ = handle(&state, claimed([], look))
        for parcel in sent[1...] { #expect(handle(&state, hung(parcel)).isEmpty) }
        let news = handle(&state, .wake)
        #expect(summary(news).first?.hasPrefix("exchange \(window - 1) ") == true)
        #expect(appetite(news)?.since != nil)
        _ = handle(&state, claimed([], DeliveryLook(endpointCount: nil)))
        let places = handle(&state, .paused(.hangs))
        #expect(summary(places) == ["exchange 0 \(claimMax)"])
        #expect(appetite(places)?.since == nil)
    }

    @Test("An endpoint that did not hang gets more at once, whoever else has")
    func places() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        let parcels = [parcel(), parcel(endpoint: quick), parcel(endpoint: quick)]
        let look = DeliveryLook(leftOver: [quick: .sample])
        let sent = sends(handle(&state, claimed(parcels, look)))
        #expect(sent.count == 3)
        _ = handle(&state, hung(sent.first { $0.claimed.endpointID != quick }!))
        _ = handle(&state, claimed([], look))
        let failed = handle(&state, ended(sent.first { $0.claimed.endpointID == quick }!, 500))
        #expect(summary(failed) == ["exchange 1 \(claimMax)"])
    }

    @Test("Stopped within a pause, it keeps what ended and gives back what waited")
    func stop() {
        var (state, sent) = begun(waiting: 20)
        for parcel in sent.dropLast() { _ = handle(&state, hung(parcel)) }
        #expect(summary(handle(&state, .stop)) == ["grace"])
        #expect(summary(handle(&state, .paused(.sends))).isEmpty)
        #expect(summary(handle(&state, .undone(.pause(.hangs)))).isEmpty)
        #expect(summary(handle(&state, claimed([]))).isEmpty)
        #expect(summary(handle(&state, hung(sent[window - 1]))) == ["finish"])
        #expect(state.ended.count == window - 1)
        #expect(state.released.count == 20)
    }
}
