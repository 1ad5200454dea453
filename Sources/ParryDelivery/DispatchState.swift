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
        /// Something has become due.
        case wake
        /// Another process says that something may be due.
        case hint
        /// An exchange brought these, and may have left more that is due.
        case claimed([DeliveryQueue.Parcel], mayHaveMore: Bool = false)
        /// The exchange failed; its results were not written.
        case exchangeFailed([EndedDelivery])
        case ended(EndedDelivery)
        /// A send was cancelled; it is no try.
        case aborted(DeliveryQueue.Parcel)
        /// Time for a look at the queue.
        case tick
        case stop
        case giveUp
    }

    /// What to do.
    enum Action {
        case send(DeliveryQueue.Parcel)
        case exchange([EndedDelivery], claim: Int)
        /// Give back what waited here for so long that its lease could end while it is sent.
        case release([DeliveryQueue.Parcel])
        case look
        case startGracePeriod
        case cancelSends
        case finish
    }

    private var backlog: ArraySlice<DeliveryQueue.Parcel> = []
    private var inFlight = 0
    private(set) var ended: [EndedDelivery] = []
    /// Claimed by this process and not to be sent by it any more.
    private(set) var released: [DeliveryQueue.Parcel] = []
    private var mayBeDue = true
    private var isExchanging = false
    /// Set after a failed exchange, until the next tick.
    private var isPausing = false
    private var isStopping = false
    private var askedFor = 0

    /// Takes in what happened and says what to do about it.
    mutating func handle(_ event: Event, now: Timestamp) -> [Action] {
        var actions: [Action] = []
        switch event {
        case .wake: mayBeDue = true
        case .claimed(let parcels, let mayHaveMore):
            if mayHaveMore, askedFor > 0 { mayBeDue = true }
            claimed(parcels)
        case .exchangeFailed(let results): exchangeFailed(results)
        case .ended(let result):
            inFlight -= 1
            ended.append(result)
        case .aborted(let parcel):
            inFlight -= 1
            released.append(parcel)
        case .hint: if isIdle { actions.append(.look) }
        case .tick:
            isPausing = false
            if isIdle { actions.append(.look) }
        case .stop:
            if !isStopping { actions.append(.startGracePeriod) }
            stop()
        case .giveUp: actions.append(.cancelSends)
        }
        return actions + next(now)
    }

    /// Whether nothing else would find out what is due.
    private var isIdle: Bool { !mayBeDue && !isExchanging && !isStopping && backlog.isEmpty }

    private mutating func claimed(_ parcels: [DeliveryQueue.Parcel]) {
        isExchanging = false
        if askedFor > 0, parcels.count == askedFor { mayBeDue = true }
        if isStopping { released += parcels } else { backlog += parcels }
    }

    private mutating func exchangeFailed(_ results: [EndedDelivery]) {
        isExchanging = false
        isPausing = true
        mayBeDue = true
        ended = results + ended
    }

    private mutating func stop() {
        isStopping = true
        released += backlog
        backlog = []
    }

    private mutating func next(_ now: Timestamp) -> [Action] {
        if isStopping { return inFlight == 0 && !isExchanging ? [.finish] : [] }
        var actions = sends(now)
        if let exchange = exchange() { actions.append(exchange) }
        return actions
    }

    private mutating func sends(_ now: Timestamp) -> [Action] {
        var actions: [Action] = []
        var late: [DeliveryQueue.Parcel] = []
        while inFlight < Limits.sendsInFlightMax, let parcel = backlog.popFirst() {
            guard parcel.claimed.canBeSent(at: now) else {
                late.append(parcel)
                continue
            }
            actions.append(.send(parcel))
            inFlight += 1
        }
        if !late.isEmpty { actions.append(.release(late)) }
        return actions
    }

    private mutating func exchange() -> Action? {
        guard !isExchanging, !isPausing, mayBeDue || !ended.isEmpty else { return nil }
        // With work at hand for a while, results wait for more of their kind.
        if backlog.count >= Limits.deliveryClaimMax / 2, ended.count < Limits.sendsInFlightMax {
            return nil
        }
        askedFor = mayBeDue ? max(0, Limits.deliveryClaimMax - backlog.count) : 0
        isExchanging = true
        mayBeDue = false
        defer { ended = [] }
        return .exchange(ended, claim: askedFor)
    }
}
