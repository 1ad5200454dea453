package import ParryWire

/// What a network is asked or told.
package enum NetworkRequestKind: String, Sendable, CaseIterable {
    case enrol = "ENROL"
    case unenrol = "UNENROL"
    case outcome = "OUTCOME"
    /// The rules of an RDR enrolment.
    case publish = "PUBLISH"
}

/// The life of a request to a network.
package enum NetworkRequestState: String, Sendable, CaseIterable {
    /// Due at some time, or being sent.
    case waiting = "WAITING"
    /// The network took it.
    case done = "DONE"
    /// The network refused it for good, or nobody took it for too long: a person has to look.
    case parked = "PARKED"
    /// Not wanted any more before it was sent.
    case cancelled = "CANCELLED"
}

/// What one network is still to be asked and told.
package struct NetworkQueueDepth: Sendable, Hashable {
    package let network: CardNetwork
    /// Due, being sent, or waiting for the next try.
    package let waiting: Int64
    package let parked: Int64
    /// Since when the one that is due longest is; nil when nothing is.
    package let oldestDue: Timestamp?

    package init(network: CardNetwork, waiting: Int64, parked: Int64, oldestDue: Timestamp?) {
        self.network = network
        self.waiting = waiting
        self.parked = parked
        self.oldestDue = oldestDue
    }
}

/// Why a request is not sent once more.
package enum NetworkRequestError: Error, Equatable {
    /// Only what is parked can be.
    case notParked(NetworkRequestState)
    /// The enrolment has ended by the network's refusal.
    case isEnrolment
}

/// A request that this process has claimed.
package struct ClaimedNetworkRequest: Sendable, Hashable {
    package let id: NetworkRequestID
    package let kind: NetworkRequestKind
    /// The alert, or the enrolment, that it is about.
    package let subjectID: String
    /// JSON in our own words; the network's adapter reads it.
    package let payload: String
    package let attemptCount: Int64
    package let lease: Int64

    package init(
        id: NetworkRequestID, kind: NetworkRequestKind, subjectID: String, payload: String,
        attemptCount: Int64, lease: Int64
    ) {
        self.id = id
        self.kind = kind
        self.subjectID = subjectID
        self.payload = payload
        self.attemptCount = attemptCount
        self.lease = lease
    }
}

/// What became of one try.
package enum NetworkAnswer: Sendable, Hashable {
    /// Taken; an enrolment's id at the network where it gave one.
    case taken(networkID: String?)
    /// Worth another try; why, for operators.
    case recoverable(String)
    /// Refused for good.
    case final(String)
}

/// When a network is tried again. Unlike a webhook a request is never given up for want of an answer: an
/// outcome that does not arrive costs a chargeback.
package enum NetworkRetry {
    /// Seconds after the first tries; then always the last.
    private static let delays: [Int64] = [5, 15, 60, 300, 900]

    /// - Parameter number: Of the try that failed, from 1.
    package static func next(after number: Int64, now: Timestamp) -> Timestamp {
        let index = Int(min(max(number, 1), Int64(delays.count))) - 1
        return now.adding(seconds: delays[index])
    }
}
