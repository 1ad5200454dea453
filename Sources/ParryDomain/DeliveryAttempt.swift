package import ParryWire

/// One try to send an event to an endpoint.
package struct DeliveryAttempt: Sendable, Hashable {
    package let startedAt: Timestamp
    package let durationMilliseconds: Int64
    package let outcome: Outcome
    /// The IP address that was connected to; nil when it did not come to that, or a proxy stood between.
    package let address: String?
    /// The beginning of the receiver's answer as text.
    package let answer: String?
    /// For how long the receiver asked to be left alone, with a 429 or a 503.
    package let retryAfterSeconds: Int64?

    /// What became of the try.
    package enum Outcome: Sendable, Hashable {
        /// The receiver answered with this status; 2xx is success.
        case answered(Int)
        /// No answer: the reason in a few words.
        case failed(String)
    }

    package init(
        startedAt: Timestamp, durationMilliseconds: Int64, outcome: Outcome,
        address: String? = nil, answer: String? = nil, retryAfterSeconds: Int64? = nil
    ) {
        self.startedAt = startedAt
        self.durationMilliseconds = durationMilliseconds
        self.outcome = outcome
        self.address = address
        self.answer = answer
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// Whether the receiver said that the endpoint is gone for good: 410.
    package var isGone: Bool { outcome == .answered(410) }

    /// Whether the receiver took the event.
    package var isSuccess: Bool {
        if case .answered(let status) = outcome { (200...299).contains(status) } else { false }
    }
}

/// When a delivery is tried again (CONTRACT.md 15.5).
package struct RetrySchedule: Sendable {
    /// What follows a try.
    package enum Next: Sendable, Hashable {
        case delivered
        case retry(at: Timestamp)
        case failed
    }

    /// When the alert that the event is about has to be actioned; nil when nothing waits.
    let deadline: Timestamp?
    /// From 0 to 1: how much of the jitter this delivery takes.
    let jitter: Double

    package init(deadline: Timestamp? = nil, jitter: Double = 0) {
        self.deadline = deadline
        self.jitter = jitter
    }

    /// The schedule of a delivery; its jitter is always the same, so that a simulation repeats.
    package init(of delivery: ClaimedDelivery) {
        let last = delivery.id.text.utf8.suffix(4).reduce(0) { $0 &* 131 &+ Int($1) }
        self.init(deadline: delivery.deadline, jitter: Double(last % 1_000) / 1_000)
    }

    /// What follows the given try.
    ///
    /// - Parameters:
    ///   - attempt: The try that just ended.
    ///   - number: Its number, from 1.
    ///   - now: When it ended; the next waiting time counts from here.
    package func next(
        after attempt: DeliveryAttempt, number: Int, now: Timestamp
    ) -> Next {
        if attempt.isSuccess { return .delivered }
        guard Limits.webhookRetrySeconds.indices.contains(number - 1) else { return .failed }
        let wait = Limits.webhookRetrySeconds[number - 1]
        let late = Int64(Double(wait) * 1_000 * Limits.webhookJitterShare * jitter)
        // A receiver may ask for a longer wait, but not for a longer one than the schedule ever has.
        let asked = min(attempt.retryAfterSeconds ?? 0, Limits.webhookRetrySeconds.last ?? 0)
        let planned = now.adding(milliseconds: max(wait * 1_000 + late, asked * 1_000))
        return .retry(at: min(planned, latest(from: now)))
    }

    /// The last moment at which news of an alert that still waits is of use: some time before its deadline, or
    /// half way there when that is near.
    private func latest(from now: Timestamp) -> Timestamp {
        guard let deadline, deadline > now else { return .never }
        let left = deadline.milliseconds - now.milliseconds
        return now.adding(milliseconds: max(left / 2, left - Limits.alertNoticeSeconds * 1_000))
    }
}
