import ParryDomain
import ParryService
import ParryStore
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
                    url: "https://x", encryptedSecret: "", body: [], attemptCount: 0, lease: 1),
                signature: nil)
        }
    }

    private func ended(_ parcel: DeliveryQueue.Parcel) -> DispatchState.Event {
        .ended(
            .init(
                delivery: parcel.claimed,
                attempt: .init(startedAt: now, durationMilliseconds: 1, outcome: .answered(200)),
                next: .delivered))
    }

    private func summary(_ actions: [DispatchState.Action]) -> [String] {
        actions.map { action in
            switch action {
            case .send: "send"
            case .exchange(let ended, let limit): "exchange \(ended.count) \(limit)"
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
        #expect(summary(state.handle(.tick)) == ["exchange 0 200"])
        let actions = summary(state.handle(.claimed(parcels(200))))
        #expect(actions.filter { $0 == "send" }.count == Limits.sendsInFlightMax)
    }

    @Test("Only one exchange runs at a time, and the next one carries what ended meanwhile")
    func batching() {
        var state = DispatchState()
        _ = state.handle(.wake)
        let claimed = parcels(3)
        #expect(summary(state.handle(.claimed(claimed))) == ["send", "send", "send"])
        #expect(summary(state.handle(ended(claimed[0]))) == ["exchange 1 0"])
        #expect(summary(state.handle(ended(claimed[1]))).isEmpty)
        #expect(summary(state.handle(ended(claimed[2]))).isEmpty)
        #expect(summary(state.handle(.wake)).isEmpty)
        #expect(summary(state.handle(.claimed([]))) == ["exchange 2 200"])
    }

    @Test("With nothing to do it only looks, once a tick")
    func idle() {
        var state = DispatchState()
        _ = state.handle(.wake)
        #expect(summary(state.handle(.claimed([]))).isEmpty)
        #expect(summary(state.handle(.tick)) == ["look"])
        #expect(summary(state.handle(.wake)) == ["exchange 0 200"])
    }

    @Test("Results of a failed exchange are kept and written after a pause")
    func failure() {
        var state = DispatchState()
        _ = state.handle(.wake)
        let claimed = parcels(1)
        _ = state.handle(.claimed(claimed))
        _ = state.handle(ended(claimed[0]))
        let results = [ended(claimed[0])].compactMap { event -> DeliveryStore.Ended? in
            if case .ended(let result) = event { result } else { nil }
        }
        #expect(summary(state.handle(.exchangeFailed(results))).isEmpty)
        #expect(summary(state.handle(.tick)) == ["exchange 1 200"])
    }

    @Test("Told to stop, it claims nothing, waits for sends in flight and gives the rest back")
    func stop() {
        var state = DispatchState()
        _ = state.handle(.wake)
        let claimed = parcels(Limits.sendsInFlightMax + 2)
        _ = state.handle(.claimed(claimed))
        #expect(summary(state.handle(.stop)) == ["grace"])
        for parcel in claimed.prefix(Limits.sendsInFlightMax - 1) {
            #expect(summary(state.handle(ended(parcel))).isEmpty)
        }
        #expect(summary(state.handle(.giveUp)) == ["cancel"])
        let last = claimed[Limits.sendsInFlightMax - 1]
        #expect(summary(state.handle(.aborted(last))) == ["finish"])
        #expect(state.released.count == 3)
        #expect(state.ended.count == Limits.sendsInFlightMax - 1)
    }

    @Test("What a claim brings after the stop is given back")
    func lateClaim() {
        var state = DispatchState()
        _ = state.handle(.wake)
        #expect(summary(state.handle(.stop)) == ["grace"])
        #expect(summary(state.handle(.claimed(parcels(5)))) == ["finish"])
        #expect(state.released.count == 5)
    }
}
