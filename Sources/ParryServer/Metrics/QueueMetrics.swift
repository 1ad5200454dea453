import CoreMetrics
import ParryDomain
import ParryService
import ParryWire

/// What is read from the database when somebody looks: how much waits, and since when.
struct QueueMetrics: Sendable {
    private let service: InstallationService
    private let due = Self.gauge("due")
    private let waiting = Self.gauge("waiting")
    private let paused = Self.gauge("paused")
    private let oldestDue = Self.age("due")
    private let oldestPaused = Self.age("paused")
    private let unnumbered = Meter(label: "parry_events_unnumbered")
    private let networks = CardNetwork.allCases.map(NetworkMetrics.init)

    init(_ service: InstallationService) {
        self.service = service
    }

    func update(now: Timestamp) async throws {
        let depth = try await service.queueDepth(now: now)
        due.set(depth.due)
        waiting.set(depth.waiting)
        paused.set(depth.paused)
        oldestDue.set(now.seconds(since: depth.oldestDue))
        oldestPaused.set(now.seconds(since: depth.oldestPaused))
        unnumbered.set(depth.unnumberedEvents)
        for (metrics, depth) in zip(networks, try await service.networkDepths(now: now)) {
            metrics.update(depth, now: now)
        }
    }

    private static func gauge(_ state: String) -> Meter {
        Meter(label: "parry_webhook_queue_deliveries", dimensions: [("state", state)])
    }

    private static func age(_ state: String) -> Meter {
        Meter(label: "parry_webhook_queue_oldest_due_seconds", dimensions: [("state", state)])
    }
}

/// What one network is still to be asked and told.
private struct NetworkMetrics: Sendable {
    private let waiting: Meter
    private let parked: Meter
    private let oldest: Meter

    init(_ network: CardNetwork) {
        let name = ("network", network.rawValue)
        waiting = Meter(label: "parry_network_requests", dimensions: [name, ("state", "waiting")])
        parked = Meter(label: "parry_network_requests", dimensions: [name, ("state", "parked")])
        oldest = Meter(label: "parry_network_oldest_due_seconds", dimensions: [name])
    }

    func update(_ depth: NetworkQueueDepth, now: Timestamp) {
        waiting.set(depth.waiting)
        parked.set(depth.parked)
        oldest.set(now.seconds(since: depth.oldestDue))
    }
}

extension Timestamp {
    /// How long ago that was; 0 when it is to come, or nothing is.
    fileprivate func seconds(since time: Timestamp?) -> Double {
        Double(max(0, milliseconds - (time?.milliseconds ?? milliseconds))) / 1_000
    }
}
