package import Logging
import ParryDomain
package import ParryService
package import ParryWire
import ServiceLifecycle
import Synchronization

// Who acts: one dispatcher in a process. It claims due deliveries, sends many at a time, and writes
// results together with the next claim. `DispatchState` decides; `DispatchDesk` begins sends, this file does the rest.
//
// What a crash leaves: claimed rows stay PENDING and are due again when their lease ends, so a send whose
// result was not written is repeated with the same X-Idempotency-Key. Nothing is lost, and nothing is
// sent twice without a fault.

/// Sends webhooks until it is told to stop, then gives sends in flight a grace period.
package struct WebhookDispatcher: Service {
    private static let pollInterval = Duration.seconds(1)
    /// Sends in flight at SIGTERM have this long to end before they are cut off and released.
    private static let gracePeriod = Duration.seconds(15)

    private let queue: DeliveryQueue
    private let logger: Logger
    private let clock: @Sendable () -> Timestamp
    private let inbox: DispatchInbox
    private let metrics = DeliveryMetrics()
    private let desk: DispatchDesk

    /// - Parameters:
    ///   - inbox: Where ``Wake`` signals arrive.
    ///   - clock: Real time.
    package init(
        queue: DeliveryQueue, client: WebhookClient, inbox: DispatchInbox, logger: Logger,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.queue = queue
        self.inbox = inbox
        self.logger = logger
        self.clock = clock
        desk = DispatchDesk(client, inbox, metrics, logger, clock)
    }

    /// Dispatches until the graceful shutdown of the service group, or until cancelled.
    package func run() async throws {
        // Closing waits for connections that are being made, and nothing is to wait for it but the end.
        await withDiscardingTaskGroup { closing in
            await dispatch(&closing)
            closing.addTask { await desk.cutOff() }
            await putBack(desk.stop())
        }
    }

    private func dispatch(_ closing: inout DiscardingTaskGroup) async {
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await tick() }
                for await message in inbox.messages {
                    switch message {
                    case .event(let event):
                        let actions = desk.actions(after: inbox.received(event))
                        for action in actions { perform(action, in: &group, &closing) }
                    case .action(let action): perform(action, in: &group, &closing)
                    }
                }
                desk.stop()
                desk.willCutOff()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            inbox.send(.stop)
        }
    }

    private func perform(
        _ action: DispatchState.Action, in group: inout DiscardingTaskGroup,
        _ closing: inout DiscardingTaskGroup
    ) {
        switch action {
        case .send(let parcel):
            if !desk.beginAtOnce(parcel) { group.addTask { await desk.begin(parcel) } }
        case .exchange(let ended, let appetite):
            group.addTask { await exchange(ended, appetite) }
        case .release(let parcels): group.addTask { await release(parcels) }
        case .look(let appetite): group.addTask { await look(appetite) }
        case .pause(let pause):
            group.addTask {
                try? await Task.sleep(for: .milliseconds(pause.milliseconds))
                inbox.send(.paused(pause))
            }
        case .startGracePeriod:
            group.addTask {
                try? await Task.sleep(for: Self.gracePeriod)
                inbox.send(.giveUp)
            }
        case .cancelSends:
            desk.willCutOff()
            group.cancelAll()
            closing.addTask { await desk.cutOff() }
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
            if try await queue.hasWork(for: appetite, now: clock()) { desk.tell(.found) }
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
            desk.tell(.claimed(claim))
        } catch {
            logger.warning("the webhook queue cannot be written", metadata: ["error": "\(error)"])
            desk.tell(.exchangeFailed(ended))
        }
    }

    /// Gives parcels back and looks at once who has room for them.
    private func release(_ parcels: [DeliveryQueue.Parcel]) async {
        do {
            try await queue.release(parcels, now: clock())
            desk.tell(.found)
        } catch {
            logger.warning(
                "deliveries wait for the end of their lease", metadata: ["error": "\(error)"])
        }
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
/// own, and those are merged until they are heard. What is handed to it is at most what the sends in flight let begin.
package final class DispatchInbox: Sendable {
    enum Message: Sendable {
        case event(DispatchState.Event)
        /// What follows of an event that was heard elsewhere.
        case action(DispatchState.Action)
    }

    let messages: AsyncStream<Message>
    private let continuation: AsyncStream<Message>.Continuation
    private let isWoken = Atomic(false)
    private let isHinted = Atomic(false)
    private let isWorkLeft = Atomic(true)

    package init() {
        (messages, continuation) = AsyncStream.makeStream()
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

    /// - Returns: false when the dispatcher has ended.
    @discardableResult
    func send(_ event: DispatchState.Event) -> Bool {
        let isNew =
            switch event {
            case .wake: !isWoken.exchange(true, ordering: .acquiringAndReleasing)
            case .hint: !isHinted.exchange(true, ordering: .acquiringAndReleasing)
            default: true
            }
        return isNew ? yield(.event(event)) : true
    }

    /// Has something done that the calling thread cannot do.
    ///
    /// - Returns: false when the dispatcher has ended.
    func hand(_ action: DispatchState.Action) -> Bool { yield(.action(action)) }

    private func yield(_ message: Message) -> Bool {
        if case .terminated = continuation.yield(message) { false } else { true }
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
