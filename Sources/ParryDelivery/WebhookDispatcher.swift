package import Logging
import ParryDomain
package import ParryService
package import ParryWire
import ServiceLifecycle
import Synchronization

// Who acts: one dispatcher in a process. It claims due deliveries, sends many at a time, and writes
// results together with the next claim. `DispatchState` decides, this file does.
//
// What a crash leaves: claimed rows stay PENDING and are due again when their lease ends, so a send whose
// result was not written is repeated with the same X-Idempotency-Key. Nothing is lost, and nothing is
// sent twice without a fault.

/// Sends webhooks until it is told to stop, then gives sends in flight a grace period.
package struct WebhookDispatcher: Service {
    private static let pollInterval = Duration.seconds(1)
    /// Sends in flight at SIGTERM have this long to end before they are cancelled and released.
    private static let gracePeriod = Duration.seconds(15)

    private let queue: DeliveryQueue
    private let client: WebhookClient
    private let logger: Logger
    private let clock: @Sendable () -> Timestamp
    private let inbox: DispatchInbox
    private let metrics = DeliveryMetrics()

    /// - Parameters:
    ///   - inbox: Where ``Wake`` signals arrive.
    ///   - clock: Real time.
    package init(
        queue: DeliveryQueue, client: WebhookClient, inbox: DispatchInbox, logger: Logger,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.queue = queue
        self.client = client
        self.inbox = inbox
        self.logger = logger
        self.clock = clock
    }

    /// Dispatches until the graceful shutdown of the service group, or until cancelled.
    package func run() async throws {
        var state = DispatchState()
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await tick() }
                for await event in inbox.events {
                    if case .tick = event { metrics.observe(state.plan) }
                    for action in state.handle(inbox.received(event), now: clock()) {
                        perform(action, in: &group)
                    }
                    inbox.noted(leavesWork: state.leavesWork)
                }
                group.cancelAll()
            }
        } onGracefulShutdown: {
            inbox.send(.stop)
        }
        await putBack(state)
        await client.shutDown()
    }

    private func perform(_ action: DispatchState.Action, in group: inout DiscardingTaskGroup) {
        switch action {
        case .send(let parcel): group.addTask { await send(parcel) }
        case .exchange(let ended, let appetite):
            group.addTask { await exchange(ended, appetite) }
        case .release(let parcels): group.addTask { await release(parcels) }
        case .look(let appetite): group.addTask { await look(appetite) }
        case .startGracePeriod:
            group.addTask {
                try? await Task.sleep(for: Self.gracePeriod)
                inbox.send(.giveUp)
            }
        case .cancelSends: group.cancelAll()
        case .finish: inbox.finish()
        }
    }

    private func tick() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.pollInterval)
            inbox.send(.tick)
        }
    }

    private func look(_ appetite: DeliveryAppetite) async {
        do {
            if try await queue.hasWork(for: appetite, now: clock()) { inbox.send(.wake) }
        } catch {
            logger.warning("the webhook queue cannot be read", metadata: ["error": "\(error)"])
        }
    }

    private func exchange(_ ended: [EndedDelivery], _ appetite: DeliveryAppetite) async {
        do {
            let claim = try await queue.exchange(ended, claim: appetite, now: clock())
            for id in claim.unreadable {
                logger.error(
                    "a webhook secret cannot be decrypted with this process's master key",
                    metadata: ["delivery_id": "\(id)"])
            }
            metrics.lost(leases: claim.leasesLost)
            inbox.send(.claimed(claim))
        } catch {
            logger.warning("the webhook queue cannot be written", metadata: ["error": "\(error)"])
            inbox.send(.exchangeFailed(ended))
        }
    }

    /// Gives parcels back and looks at once who has room for them.
    private func release(_ parcels: [DeliveryQueue.Parcel]) async {
        do {
            try await queue.release(parcels, now: clock())
            inbox.send(.wake)
        } catch {
            logger.warning(
                "deliveries wait for the end of their lease", metadata: ["error": "\(error)"])
        }
    }

    private func send(_ parcel: DeliveryQueue.Parcel) async {
        let claimed = parcel.claimed
        let now = clock()
        metrics.started(claimed, at: now)
        let attempt = await client.send(
            claimed.body, to: claimed.url, id: claimed.id, signature: parcel.signature, now: now)
        if Task.isCancelled, case .failed = attempt.outcome {
            metrics.wasAborted()
            return inbox.send(.aborted(parcel))
        }
        let next = RetrySchedule(of: claimed).next(
            after: attempt, number: Int(claimed.attemptCount) + 1, now: clock())
        metrics.ended(attempt, next)
        log(attempt, next, of: claimed)
        inbox.send(.ended(.init(delivery: claimed, attempt: attempt, next: next)))
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

    /// The last write: results that are not written yet, and what was claimed and not sent.
    private func putBack(_ state: DispatchState) async {
        do {
            _ = try await queue.exchange(state.ended, claim: .none, now: clock())
        } catch {
            logger.warning(
                "results of webhooks are not written; these are sent again",
                metadata: ["error": "\(error)"])
        }
        await release(state.released)
    }
}

/// What the dispatcher hears: bounded, because every event but a wake and a hint answers one action of its
/// own, and those are merged until they are heard.
package final class DispatchInbox: Sendable {
    let events: AsyncStream<DispatchState.Event>
    private let continuation: AsyncStream<DispatchState.Event>.Continuation
    private let isWoken = Atomic(false)
    private let isHinted = Atomic(false)
    private let isWorkLeft = Atomic(true)

    package init() {
        (events, continuation) = AsyncStream.makeStream()
    }

    /// The signal that services give after a commit.
    package var wake: Wake {
        Wake { self.send(.wake) }
    }

    /// Whether something may be due that this process has not come to; also while it does not dispatch at all.
    package var leavesWork: Bool { isWorkLeft.load(ordering: .acquiring) }

    func noted(leavesWork: Bool) {
        isWorkLeft.store(leavesWork, ordering: .releasing)
    }

    /// The signal that another process may have work for this one.
    package var hint: Wake {
        Wake { self.send(.hint) }
    }

    func send(_ event: DispatchState.Event) {
        let isNew =
            switch event {
            case .wake: !isWoken.exchange(true, ordering: .acquiringAndReleasing)
            case .hint: !isHinted.exchange(true, ordering: .acquiringAndReleasing)
            default: true
            }
        if isNew { continuation.yield(event) }
    }

    func received(_ event: DispatchState.Event) -> DispatchState.Event {
        switch event {
        case .wake: isWoken.store(false, ordering: .releasing)
        case .hint: isHinted.store(false, ordering: .releasing)
        default: break
        }
        return event
    }

    func finish() {
        noted(leavesWork: true)
        continuation.finish()
    }
}
