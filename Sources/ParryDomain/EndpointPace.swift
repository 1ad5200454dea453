package import ParryWire

/// How fast an endpoint may be sent to: by how its last sends went.
///
/// A new endpoint gets a few sends at a time, one more with each success, half as many after a failure. All that
/// are new, and all that failed last, share a part of the sends of the process each, so that many receivers that
/// hang leave room for those that answer; the first send to a new one finds some room beyond that.
/// After twenty failures in a row the breaker opens: one probe at a time, with a pause between them, until one
/// succeeds. What is held back meanwhile stays in the queue and uses up no try.
package struct EndpointPace: Sendable, Hashable {
    /// Sends that may be in flight while the breaker is closed.
    private var window = Limits.sendsToNewEndpointMax
    private(set) package var failuresInARow = 0
    /// When the next probe may start; nil while the breaker is closed.
    private var probeAt: Timestamp?

    package init() {}

    /// What the last send came to.
    package enum Standing: Sendable, Hashable {
        case new
        case good
        case failing

        /// Sends in flight to all endpoints of this standing together.
        package var sendsMax: Int {
            switch self {
            case .new: Limits.sendsToAllNewEndpointsMax
            case .good: Limits.sendsToAllGoodEndpointsMax
            case .failing: Limits.sendsToAllFailingEndpointsMax
            }
        }

        /// The same, to those of one tenant: a part, so that one tenant leaves the rest to others.
        package var sendsPerTenantMax: Int {
            switch self {
            case .new, .failing: sendsMax / 4
            case .good: sendsMax / 2
            }
        }

        /// Beyond ``sendsMax``, sends that are the only one to their endpoint.
        package var firstSendsMax: Int {
            switch self {
            case .new: Limits.firstSendsToNewEndpointsMax
            case .good, .failing: 0
            }
        }

        /// Beyond ``sendsPerTenantMax``, the same of one tenant.
        package var firstSendsPerTenantMax: Int {
            min(firstSendsMax, Limits.firstSendsPerTenantMax)
        }
    }

    package private(set) var standing = Standing.new

    /// Whether only probes are let through.
    package var isOpen: Bool { probeAt != nil }

    /// How many sends may be in flight at this moment.
    package func sendsMax(at now: Timestamp) -> Int {
        guard let probeAt else { return window }
        return now >= probeAt ? 1 : 0
    }

    /// The receiver took an event.
    package mutating func succeeded() {
        standing = .good
        failuresInARow = 0
        probeAt = nil
        window = min(window + 1, Limits.sendsPerEndpointMax)
    }

    /// A send ended in anything else.
    package mutating func failed(at now: Timestamp) {
        standing = .failing
        failuresInARow += 1
        window = max(1, window / 2)
        guard failuresInARow >= Limits.breakerFailures else { return }
        probeAt = now.adding(seconds: Limits.breakerProbeSeconds)
    }
}
