import ParryDomain
import ParryService
import ParryWire
import Testing

@testable import ParryDelivery

@Suite("The dispatcher's decisions")
struct DispatchStateTests {
    private let now = Timestamp(milliseconds: 1_771_322_400_000)

    private func parcels(_ count: Int) -> [DeliveryQueue.Parcel] {
        (0..<count).map { _ in
            DeliveryQueue.Parcel(
                claimed: .init(
                    id: .make(at: now, slot: 0), endpointID: .make(at: now, slot: 0),
                    url: "https://x", encryptedSecret: "", body: [], attemptCount: 0, lease: 1,
                    leaseEndsAt: now.adding(seconds: Limits.deliveryLeaseSeconds)),
                signature: WebhookSignature(secret: "x"))
        }
    }

    private func ended(_ parcel: DeliveryQueue.Parcel) -> DispatchState.Event {
        .ended(
            .init(
                delivery: parcel.claimed,
                attempt: .init(startedAt: now, durationMilliseconds: 1, outcome: .answered(200)),
                next: .delivered))
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
            case .exchange(let ended, let limit): "exchange \(ended.count) \(limit)"
            case .release(let parcels): "release \(parcels.count)"
            case .look: "look"
            case .startGracePeriod: "grace"
            case .cancelSends: "cancel"
            case .finish: "finish"
            }
        }
    }

    @Test("It claims at the start, then sends no more than the cap at a time")
    func start() {
        var state = DispatchState()
        #expect(summary(handle(&state, .tick)) == ["exchange 0 200"])
        let actions = summary(handle(&state, .claimed(parcels(200))))
        #expect(actions.filter { $0 == "send" }.count == Limits.sendsInFlightMax)
    }

    @Test("Only one exchange runs at a time, and the next one carries what ended meanwhile")
    func batching() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        let claimed = parcels(3)
        #expect(summary(handle(&state, .claimed(claimed))) == ["send", "send", "send"])
        #expect(summary(handle(&state, ended(claimed[0]))) == ["exchange 1 0"])
        #expect(summary(handle(&state, ended(claimed[1]))).isEmpty)
        #expect(summary(handle(&state, ended(claimed[2]))).isEmpty)
        #expect(summary(handle(&state, .wake)).isEmpty)
        #expect(summary(handle(&state, .claimed([]))) == ["exchange 2 200"])
    }

    @Test("With nothing to do it only looks, once a tick")
    func idle() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        #expect(summary(handle(&state, .claimed([]))).isEmpty)
        #expect(summary(handle(&state, .tick)) == ["look"])
        #expect(summary(handle(&state, .wake)) == ["exchange 0 200"])
    }

    @Test("Results of a failed exchange are kept and written after a pause")
    func failure() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        let claimed = parcels(1)
        _ = handle(&state, .claimed(claimed))
        _ = handle(&state, ended(claimed[0]))
        let results = [ended(claimed[0])].compactMap { event -> EndedDelivery? in
            if case .ended(let result) = event { result } else { nil }
        }
        #expect(summary(handle(&state, .exchangeFailed(results))).isEmpty)
        #expect(summary(handle(&state, .tick)) == ["exchange 1 200"])
    }

    @Test("Told to stop, it claims nothing, waits for sends in flight and gives the rest back")
    func stop() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        let claimed = parcels(Limits.sendsInFlightMax + 2)
        _ = handle(&state, .claimed(claimed))
        #expect(summary(handle(&state, .stop)) == ["grace"])
        for parcel in claimed.prefix(Limits.sendsInFlightMax - 1) {
            #expect(summary(handle(&state, ended(parcel))).isEmpty)
        }
        #expect(summary(handle(&state, .giveUp)) == ["cancel"])
        let last = claimed[Limits.sendsInFlightMax - 1]
        #expect(summary(handle(&state, .aborted(last))) == ["finish"])
        #expect(state.released.count == 3)
        #expect(state.ended.count == Limits.sendsInFlightMax - 1)
    }

    @Test("What a claim brings after the stop is given back")
    func lateClaim() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        #expect(summary(handle(&state, .stop)) == ["grace"])
        #expect(summary(handle(&state, .claimed(parcels(5)))) == ["finish"])
        #expect(state.released.count == 5)
    }

    @Test("What waited so long that its lease could end while it is sent is given back")
    func lateSend() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        let claimed = parcels(Limits.sendsInFlightMax + 3)
        _ = handle(&state, .claimed(claimed))
        let actions = handle(&state, ended(claimed[0]), after: Limits.webhookDeadlineSeconds + 6)
        #expect(summary(actions) == ["release 3", "exchange 1 0"])
        #expect(summary(handle(&state, ended(claimed[1]))).isEmpty)
    }
}
