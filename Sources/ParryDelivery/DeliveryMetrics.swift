import CoreMetrics
import ParryDomain
import ParryWire

/// What the dispatcher counts (docs/operations.md).
struct DeliveryMetrics: Sendable {
    private let delivered = Self.sends("delivered")
    private let retried = Self.sends("retried")
    private let failed = Self.sends("failed")
    private let aborted = Self.sends("aborted")
    private let seconds = Timer(label: "parry_webhook_send_seconds")
    private let delay = Timer(label: "parry_webhook_delay_seconds")
    private let inFlight = Meter(label: "parry_webhook_sends_in_flight")
    private let waiting = Meter(label: "parry_webhook_claimed_waiting")
    private let breakers = Meter(label: "parry_webhook_breakers_open")
    private let leasesLost = Counter(label: "parry_webhook_leases_lost_total")

    private static func sends(_ outcome: String) -> Counter {
        Counter(label: "parry_webhook_sends_total", dimensions: [("outcome", outcome)])
    }

    /// A send begins; the first one of a delivery tells how long its event has waited.
    func started(_ claimed: ClaimedDelivery, at now: Timestamp) {
        guard claimed.attemptCount == 0 else { return }
        delay.recordMilliseconds(max(0, now.milliseconds - claimed.id.createdAt.milliseconds))
    }

    func ended(_ attempt: DeliveryAttempt, _ next: RetrySchedule.Next) {
        seconds.recordMilliseconds(attempt.durationMilliseconds)
        switch next {
        case .delivered: delivered.increment()
        case .retry: retried.increment()
        case .failed: failed.increment()
        }
    }

    func wasAborted() { aborted.increment() }

    func lost(leases: Int) {
        if leases > 0 { leasesLost.increment(by: leases) }
    }

    func observe(_ plan: SendPlan) {
        inFlight.set(plan.inFlight)
        waiting.set(plan.waiting)
        breakers.set(plan.openBreakers)
    }
}
