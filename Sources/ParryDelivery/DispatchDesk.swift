import Logging
import NIOConcurrencyHelpers
import NIOCore
import ParryDomain
import ParryService
import ParryWire
import Synchronization

/// Holds the dispatcher's state, and begins sends.
///
/// What the end of one send lets begin, begins on the event loop that heard of it: a turn of the dispatcher in between
/// would cost two switches of threads a webhook. All else that follows is handed to the dispatcher.
final class DispatchDesk: Sendable {
    private let client: WebhookClient
    private let inbox: DispatchInbox
    private let metrics: DeliveryMetrics
    private let logger: Logger
    private let clock: @Sendable () -> Timestamp
    private let state = NIOLockedValueBox(DispatchState())
    /// Whether connections are being closed: sends that fail from then on were cut off.
    private let isCuttingOff = Atomic(false)

    init(
        _ client: WebhookClient, _ inbox: DispatchInbox, _ metrics: DeliveryMetrics,
        _ logger: Logger, _ clock: @escaping @Sendable () -> Timestamp
    ) {
        self.client = client
        self.inbox = inbox
        self.metrics = metrics
        self.logger = logger
        self.clock = clock
    }

    /// Takes in what happened.
    ///
    /// - Returns: What is to be done about it.
    func actions(after event: DispatchState.Event) -> [DispatchState.Action] {
        state.withLockedValue { state in
            if case .tick = event { metrics.observe(state.plan) }
            defer { inbox.noted(leavesWork: state.leavesWork) }
            return state.handle(event, now: clock())
        }
    }

    /// Begins a send, unless its host has to be looked up first.
    ///
    /// - Returns: Whether it has begun.
    func beginAtOnce(_ parcel: DeliveryQueue.Parcel) -> Bool {
        guard let route = client.knownRoute(to: parcel.claimed.url) else { return false }
        begin(parcel, over: route, now: clock(), started: .now())
        return true
    }

    /// Begins a send once its host was looked up.
    func begin(_ parcel: DeliveryQueue.Parcel) async {
        let (now, started) = (clock(), NIODeadline.now())
        do {
            let route = try await client.route(
                to: parcel.claimed.url, of: parcel.claimed.partnerID, started: started)
            guard !isCutOff else { return tell(.aborted(parcel)) }
            begin(parcel, over: route, now: now, started: started)
        } catch {
            metrics.started(parcel.claimed, at: now)
            tell(result(DeliveryAttempt(failed: error, at: now, started: started), of: parcel))
        }
    }

    /// Lets nothing follow of anything any more; results are kept.
    ///
    /// - Returns: What is held by then.
    @discardableResult
    func stop() -> DispatchState {
        state.withLockedValue { state in
            _ = state.handle(.stop, now: clock())
            return state
        }
    }

    /// From now on what fails was cut off and is no try, and no send begins after a look-up.
    func willCutOff() { isCuttingOff.store(true, ordering: .releasing) }

    /// Closes every connection, and waits for those that are being made.
    func cutOff() async { await client.shutDown() }

    /// Whether a send that fails now was cut off.
    private var isCutOff: Bool { Task.isCancelled || isCuttingOff.load(ordering: .acquiring) }

    /// Has the dispatcher hear of it. What it does not hear any more is kept, and nothing follows of it.
    func tell(_ event: DispatchState.Event) {
        if !inbox.send(event) { keep(event) }
    }

    private func keep(_ event: DispatchState.Event) {
        state.withLockedValue { state in
            _ = state.handle(.stop, now: clock())
            _ = state.handle(event, now: clock())
        }
    }

    private func begin(
        _ parcel: DeliveryQueue.Parcel, over route: WebhookClient.Route, now: Timestamp,
        started: NIODeadline
    ) {
        let claimed = parcel.claimed
        metrics.started(claimed, at: now)
        client.begin(
            claimed.body, over: route, id: claimed.id, signature: parcel.signature, now: now,
            started: started
        ).whenEnded { [self] in ended($0, of: parcel) }
    }

    /// On an event loop: what may follow at once begins here.
    private func ended(_ attempt: DeliveryAttempt, of parcel: DeliveryQueue.Parcel) {
        for action in actions(after: result(attempt, of: parcel)) {
            if case .send(let next) = action, beginAtOnce(next) { continue }
            if !inbox.hand(action) { keep(.undone(action)) }
        }
    }

    private func result(
        _ attempt: DeliveryAttempt, of parcel: DeliveryQueue.Parcel
    ) -> DispatchState.Event {
        if isCutOff, case .failed = attempt.outcome {
            metrics.wasAborted()
            return .aborted(parcel)
        }
        let claimed = parcel.claimed
        let next = RetrySchedule(of: claimed).next(
            after: attempt, number: Int(claimed.attemptCount) + 1, now: clock())
        metrics.ended(attempt, next)
        log(attempt, next, of: claimed)
        return .ended(.init(delivery: claimed, attempt: attempt, next: next))
    }

    private func log(
        _ attempt: DeliveryAttempt, _ next: RetrySchedule.Next, of claimed: ClaimedDelivery
    ) {
        guard !attempt.isSuccess else { return }
        logger.warning(
            attempt.isGone
                ? "webhook endpoint is gone and paused"
                : next == .failed ? "webhook given up" : "webhook not delivered",
            metadata: [
                "delivery_id": "\(claimed.id)", "endpoint_id": "\(claimed.endpointID)",
                "attempt": "\(claimed.attemptCount + 1)", "outcome": "\(attempt.outcome)",
            ])
    }
}
