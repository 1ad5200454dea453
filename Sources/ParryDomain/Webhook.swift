package import ParryWire

/// Where a partner or an organisation wants its events sent (CONTRACT.md 15.2).
package struct WebhookEndpoint: Sendable, Hashable {
    package let id: WebhookEndpointID
    package let partnerID: PartnerID
    /// nil: the partner's endpoint, which gets the events of all its organisations.
    package let organisationID: OrganisationID?
    package let url: String
    package let eventTypes: [EventType]
    package let createdAt: Timestamp

    package init(
        id: WebhookEndpointID, partnerID: PartnerID, organisationID: OrganisationID?, url: String,
        eventTypes: [EventType], createdAt: Timestamp
    ) {
        self.id = id
        self.partnerID = partnerID
        self.organisationID = organisationID
        self.url = url
        self.eventTypes = eventTypes
        self.createdAt = createdAt
    }
}

/// Something that happened, as the exact bytes that are signed and sent.
package struct Event: Sendable, Hashable {
    package let id: EventID
    package let organisationID: OrganisationID
    package let partnerID: PartnerID
    package let type: EventType
    /// The id of the resource that the event is about.
    package let objectID: String
    package let body: [UInt8]
    package let createdAt: Timestamp

    package init(
        id: EventID, organisationID: OrganisationID, partnerID: PartnerID, type: EventType,
        objectID: String, body: [UInt8], createdAt: Timestamp
    ) {
        self.id = id
        self.organisationID = organisationID
        self.partnerID = partnerID
        self.type = type
        self.objectID = objectID
        self.body = body
        self.createdAt = createdAt
    }
}

/// The life of a delivery.
package enum DeliveryState: String, Sendable, CaseIterable {
    /// Due at some time, or leased until then.
    case pending = "PENDING"
    case delivered = "DELIVERED"
    /// Every try failed.
    case failed = "FAILED"
}

/// One try to send an event to an endpoint.
package struct DeliveryAttempt: Sendable, Hashable {
    package let startedAt: Timestamp
    package let durationMilliseconds: Int64
    package let outcome: Outcome

    /// What became of the try.
    package enum Outcome: Sendable, Hashable {
        /// The receiver answered with this status; 2xx is success.
        case answered(Int)
        /// No answer: the reason in a few words.
        case failed(String)
    }

    package init(startedAt: Timestamp, durationMilliseconds: Int64, outcome: Outcome) {
        self.startedAt = startedAt
        self.durationMilliseconds = durationMilliseconds
        self.outcome = outcome
    }

    /// Whether the receiver took the event.
    package var isSuccess: Bool {
        if case .answered(let status) = outcome { (200...299).contains(status) } else { false }
    }
}

/// When a delivery is tried again (CONTRACT.md 15.5).
package enum RetrySchedule {
    /// What follows a try.
    package enum Next: Sendable, Hashable {
        case delivered
        case retry(at: Timestamp)
        case failed
    }

    /// What follows the given try.
    ///
    /// - Parameters:
    ///   - attempt: The try that just ended.
    ///   - number: Its number, from 1.
    ///   - now: When it ended; the next waiting time counts from here.
    package static func next(
        after attempt: DeliveryAttempt, number: Int, now: Timestamp
    ) -> Next {
        if attempt.isSuccess { return .delivered }
        guard Limits.webhookRetrySeconds.indices.contains(number - 1) else { return .failed }
        return .retry(at: now.adding(seconds: Limits.webhookRetrySeconds[number - 1]))
    }
}
