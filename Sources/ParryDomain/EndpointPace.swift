package import ParryWire

/// How fast an endpoint may be sent to: by how its last sends went.
///
/// A new endpoint gets a few sends at a time, one more with each success, half as many after a failure.
/// After twenty failures in a row the breaker opens: one probe at a time, with a pause between them, until one
/// succeeds. What is held back meanwhile stays in the queue and uses up no try.
package struct EndpointPace: Sendable, Hashable {
    /// Sends that may be in flight while the breaker is closed.
    private var window = Limits.sendsToNewEndpointMax
    private(set) package var failuresInARow = 0
    /// When the next probe may start; nil while the breaker is closed.
    private var probeAt: Timestamp?

    package init() {}

    /// Whether only probes are let through.
    package var isOpen: Bool { probeAt != nil }

    /// How many sends may be in flight at this moment.
    package func sendsMax(at now: Timestamp) -> Int {
        guard let probeAt else { return window }
        return now >= probeAt ? 1 : 0
    }

    /// The receiver took an event.
    package mutating func succeeded() {
        failuresInARow = 0
        probeAt = nil
        window = min(window + 1, Limits.sendsPerEndpointMax)
    }

    /// A send ended in anything else.
    package mutating func failed(at now: Timestamp) {
        failuresInARow += 1
        window = max(1, window / 2)
        guard failuresInARow >= Limits.breakerFailures else { return }
        probeAt = now.adding(seconds: Limits.breakerProbeSeconds)
    }
}
