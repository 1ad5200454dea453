import ParryDomain
import ParryService
import ParryWire
import Testing

@testable import ParryDelivery

@Suite("The dispatcher's decisions")
struct DispatchStateTests {
    private let now = Timestamp(milliseconds: 1_771_322_400_000)
    private static let partner = PartnerID(stored: "ptnr_1")
    private static let endpoint = WebhookEndpointID(stored: "whe_1")
    /// How many are sent at once to an endpoint of which nothing is known.
    private let window = Limits.sendsToNewEndpointMax

    private func parcels(
        _ count: Int, endpoint: WebhookEndpointID = endpoint, partner: PartnerID = partner
    ) -> [DeliveryQueue.Parcel] {
        (0..<count).map { _ in
            DeliveryQueue.Parcel(
                claimed: .init(
                    id: .make(at: now, slot: 0), endpointID: endpoint, partnerID: partner,
                    url: "https://x", encryptedSecret: "", body: [], attemptCount: 0, lease: 1,
                    leaseEndsAt: now.adding(seconds: Limits.deliveryLeaseSeconds)),
                signature: WebhookSignature(secret: "x"))
        }
    }

    private func claimed(
        _ parcels: [DeliveryQueue.Parcel], _ look: DeliveryLook? = DeliveryLook()
    ) -> DispatchState.Event {
        .claimed(.init(parcels: parcels, look: look))
    }

    private func ended(_ parcel: DeliveryQueue.Parcel, _ status: Int = 200) -> DispatchState.Event {
        .ended(
            .init(
                delivery: parcel.claimed,
                attempt: .init(startedAt: now, durationMilliseconds: 1, outcome: .answered(status)),
                next: status == 200 ? .delivered : .failed))
    }

    private func handle(
        _ state: inout DispatchState, _ event: DispatchState.Event, after seconds: Int64 = 0
    ) -> [DispatchState.Action] {
        state.handle(event, now: now.adding(seconds: seconds))
    }

    private func summary(_ actions: [DispatchState.Action]) -> [String] {
        actions.map { action in
            switch action {
            case .send: "send"
            case .exchange(let ended, let appetite): "exchange \(ended.count) \(appetite.room)"
            case .release(let parcels): "release \(parcels.count)"
            case .look: "look"
            case .startGracePeriod: "grace"
            case .cancelSends: "cancel"
            case .finish: "finish"
            }
        }
    }

    private func sends(_ actions: [DispatchState.Action]) -> [DeliveryQueue.Parcel] {
        actions.compactMap { if case .send(let parcel) = $0 { parcel } else { nil } }
    }

    private func appetite(_ actions: [DispatchState.Action]) -> DeliveryAppetite? {
        actions.compactMap { action in
            switch action {
            case .exchange(_, let appetite), .look(let appetite): appetite
            default: nil
            }
        }.first
    }

    @Test("It claims at the start, then sends few at a time to an endpoint that it does not know")
    func start() {
        var state = DispatchState()
        #expect(summary(handle(&state, .tick)) == ["exchange 0 200"])
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
        #expect(summary(handle(&state, claimed([], nil))) == ["exchange 2 200"])
    }

    @Test("With nothing to do it only looks, once a tick")
    func idle() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        #expect(summary(handle(&state, claimed([]))).isEmpty)
        #expect(summary(handle(&state, .tick)) == ["look"])
        #expect(summary(handle(&state, .tick)) == ["look"])
        #expect(summary(handle(&state, .hint)) == ["look"])
        #expect(summary(handle(&state, .wake)) == ["exchange 0 200"])
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
        #expect(summary(handle(&state, .tick)) == ["exchange 1 200"])
    }

    @Test("An endpoint with more due than it may get is asked for again when a send ended")
    func leftOver() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        let some = parcels(window)
        _ = handle(&state, claimed(some, DeliveryLook(leftOver: [Self.endpoint: Self.partner])))
        let actions = handle(&state, ended(some[0]))
        #expect(summary(actions) == ["exchange 1 200"])
        #expect(appetite(actions)?.wanted(of: Self.endpoint, of: Self.partner) == 4)
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

    @Test("A tenant whose endpoints hang leaves most sends to new endpoints to the others")
    func fairness() {
        var state = DispatchState()
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

    @Test("However many endpoints fail, those that answer and those that are new keep their sends")
    func standings() {
        var state = DispatchState()
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
