package import ParryWire

/// Where a partner or an organisation wants its events sent (CONTRACT.md 15.2).
package struct WebhookEndpoint: Sendable, Hashable {
    package let id: WebhookEndpointID
    package let partnerID: PartnerID
    /// nil: the partner's endpoint, which gets the events of all its organisations.
    package let organisationID: OrganisationID?
    package private(set) var details: Details
    package let createdAt: Timestamp
    package private(set) var updatedAt: Timestamp
    package let version: Int64

    /// What its owner chooses.
    package struct Details: Sendable, Hashable {
        package var url: String
        package var eventTypes: [EventType]
        /// Nothing is sent to it; what it would get waits.
        package var isPaused: Bool

        package init(url: String, eventTypes: [EventType], isPaused: Bool = false) {
            self.url = url
            self.eventTypes = eventTypes
            self.isPaused = isPaused
        }
    }

    package init(
        id: WebhookEndpointID, partnerID: PartnerID, organisationID: OrganisationID?,
        details: Details, createdAt: Timestamp, updatedAt: Timestamp, version: Int64
    ) {
        self.id = id
        self.partnerID = partnerID
        self.organisationID = organisationID
        self.details = details
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }

    /// A new endpoint.
    ///
    /// - Throws: ``WebhookURL/Refusal``.
    package static func create(
        _ details: Details, partner: PartnerID, organisation: OrganisationID?,
        allowed targets: WebhookTargets, now: Timestamp
    ) throws(WebhookURL.Refusal) -> WebhookEndpoint {
        try targets.check(details.url)
        return WebhookEndpoint(
            id: .make(at: now, slot: 0), partnerID: partner, organisationID: organisation,
            details: details, createdAt: now, updatedAt: now, version: 1)
    }

    /// Takes new details; says whether anything changed.
    ///
    /// - Throws: ``WebhookURL/Refusal``.
    package mutating func update(
        _ newDetails: Details, allowed targets: WebhookTargets, now: Timestamp
    ) throws(WebhookURL.Refusal) -> Bool {
        guard newDetails != details else { return false }
        if newDetails.url != details.url { try targets.check(newDetails.url) }
        details = newDetails
        updatedAt = now
        return true
    }
}

/// Why something about webhooks is refused.
package enum WebhookError: Error, Equatable {
    /// The endpoint of a whole partner belongs to its administrators (amendment 8).
    case adminGroupRequired
    /// The organisation, or the partner itself, has as many as it may have.
    case tooManyEndpoints
    /// It is older than what is kept.
    case deliveryExpired(days: Int)
    /// A range of times whose end is before its beginning.
    case rangeEndsBeforeItBegins
    /// A cursor that was never given to this partner.
    case unknownCursor
    /// Events behind the cursor are not kept any more.
    case cursorExpired(days: Int)

    /// What is wrong and what to do about it.
    package var sentence: String {
        switch self {
        case .adminGroupRequired:
            "Only keys of an administrator group make endpoints of the whole partner. Name an "
                + "organisation_id, or use an admin key."
        case .tooManyEndpoints:
            "An organisation has at most \(Limits.endpointsPerOwnerMax) webhook endpoints, and so has "
                + "the partner itself. Delete one that is not needed, or change its URL or event types."
        case .deliveryExpired(let days):
            "Deliveries are kept for \(days) days, and this is older. Read the resource itself."
        case .rangeEndsBeforeItBegins: "created_at_gte must not be later than created_at_lte"
        case .unknownCursor:
            "after must be oldest, latest, or the next_cursor of an answer to this partner"
        case .cursorExpired(let days):
            "Events are kept for \(days) days, and some behind this cursor are gone. Go on with "
                + "after=oldest."
        }
    }
}

/// What a delivery shows of itself.
package struct Delivery: Sendable, Hashable {
    package let id: DeliveryID
    package let eventID: EventID
    package let endpointID: WebhookEndpointID
    package let state: DeliveryState
    package let attemptCount: Int64
    /// When it is tried next; nil when it is not, or while the endpoint is paused.
    package let nextAttemptAt: Timestamp?
    package let createdAt: Timestamp

    package init(
        id: DeliveryID, eventID: EventID, endpointID: WebhookEndpointID, state: DeliveryState,
        attemptCount: Int64, nextAttemptAt: Timestamp?, createdAt: Timestamp
    ) {
        self.id = id
        self.eventID = eventID
        self.endpointID = endpointID
        self.state = state
        self.attemptCount = attemptCount
        self.nextAttemptAt = nextAttemptAt
        self.createdAt = createdAt
    }

    /// The same without a next try.
    package var withoutPlan: Delivery {
        Delivery(
            id: id, eventID: eventID, endpointID: endpointID, state: state,
            attemptCount: attemptCount, nextAttemptAt: nil, createdAt: createdAt)
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
