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

    private func handle(
        _ state: inout DispatchState, _ event: DispatchState.Event, after milliseconds: Int64 = 0
    ) -> [DispatchState.Action] {
        state.handle(event, now: now.adding(milliseconds: milliseconds))
    }

    /// With so many sends that wait for their time.
    private func state(waiting: Int) -> DispatchState {
        var state = DispatchState()
        _ = handle(&state, .wake)
        let actions = handle(&state, claimed((0..<window + waiting).map { parcel($0) }))
        #expect(sends(actions).count == window)
        #expect(summary(actions).contains("pause sends"))
        return state
    }

    @Test("Sends to endpoints of which nothing is known begin one by one, and late ones catch up")
    func pace() {
        var state = state(waiting: 20)
        #expect(sends(handle(&state, .wake)).isEmpty)
        #expect(sends(handle(&state, .paused(.sends), after: gap - 1)).isEmpty)
        #expect(summary(handle(&state, .paused(.sends), after: gap)) == ["send", "pause sends"])
        #expect(sends(handle(&state, .paused(.sends), after: 4 * gap)).count == 3)
        #expect(sends(handle(&state, .paused(.sends), after: 1_000)).count == window)
    }

    @Test("A clock that is set back holds up no send")
    func clockSetBack() {
        var state = state(waiting: 20)
        #expect(!sends(handle(&state, .paused(.sends), after: -60_000)).isEmpty)
    }

    @Test("Neither an endpoint that takes its webhooks nor a tenant's only send waits for its time")
    func unpaced() {
        var state = state(waiting: 20)
        let other = PartnerID(stored: "ptnr_2")
        _ = handle(&state, .wake)
        let first = sends(handle(&state, claimed([parcel(endpoint: quick, partner: other)])))
        #expect(first.map(\.claimed.endpointID) == [quick])
        _ = handle(&state, ended(first[0]))
        let many = (0..<10).map { _ in parcel(endpoint: quick, partner: other) }
        let sent = sends(handle(&state, claimed(many)))
        #expect(sent.map(\.claimed.endpointID) == Array(repeating: quick, count: window + 1))
    }

    @Test("Sends that fail are written together, or with the first that does not")
    func failures() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        let sent = sends(handle(&state, claimed((0..<window).map { parcel($0) })))
        #expect(summary(handle(&state, ended(sent[0], 500))) == ["exchange 1 0", "pause failures"])
        _ = handle(&state, claimed([]))
        #expect(handle(&state, ended(sent[1], 500)).isEmpty)
        #expect(handle(&state, ended(sent[2], 500)).isEmpty)
        #expect(
            summary(handle(&state, .paused(.failures))) == ["exchange 2 0", "pause failures"])
        _ = handle(&state, claimed([]))
        #expect(summary(handle(&state, ended(sent[3]))) == ["exchange 1 0"])
    }

    @Test("News of others takes failures along without a look at the endpoints that failed")
    func news() {
        var state = DispatchState(fewEndpointsMax: 0)
        _ = handle(&state, .wake)
        let left = [WebhookEndpointID(stored: "whe_0"): PartnerID.sample]
        let look = DeliveryLook(leftOver: left, endpointCount: 1)
        let sent = sends(handle(&state, claimed((0..<window).map { _ in parcel() }, look)))
        let first = handle(&state, ended(sent[0], 500))
        #expect(summary(first) == ["exchange 1 0", "pause failures"])
        _ = handle(&state, claimed([], look))
        for parcel in sent[1...] { #expect(handle(&state, ended(parcel, 500)).isEmpty) }
        let news = appetite(handle(&state, .wake))
        #expect(news?.since != nil)
        _ = handle(&state, claimed([], DeliveryLook(endpointCount: nil)))
        let places = handle(&state, .paused(.failures))
        #expect(summary(places) == ["exchange 0 \(claimMax)"])
        #expect(appetite(places)?.since == nil)
    }

    @Test("An endpoint that takes its webhooks gets more at once, whoever else has failed")
    func goodPlaces() {
        var state = DispatchState()
        _ = handle(&state, .wake)
        let parcels = [parcel(), parcel(endpoint: quick), parcel(endpoint: quick)]
        let look = DeliveryLook(leftOver: [quick: .sample])
        let sent = sends(handle(&state, claimed(parcels, look)))
        #expect(sent.count == 3)
        _ = handle(&state, ended(sent.first { $0.claimed.endpointID != quick }!, 500))
        _ = handle(&state, claimed([], look))
        let good = handle(&state, ended(sent.first { $0.claimed.endpointID == quick }!))
        #expect(summary(good) == ["exchange 1 \(claimMax)"])
    }
}
