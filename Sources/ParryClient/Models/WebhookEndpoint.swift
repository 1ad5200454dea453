public import ParryWire

/// Where events are sent.
public struct WebhookEndpoint: Codable, Sendable, Hashable, Identifiable {
    public let id: WebhookEndpointID
    public let url: String
    public let eventTypes: [Word<EventType>]
    /// nil: all organisations of the partner.
    public let organisationID: OrganisationID?
    /// While it is, nothing is sent, and what would be waits.
    public let isPaused: Bool?
    public let createdAt: Timestamp?
    public let updatedAt: Timestamp?
    /// What signs; only in the answers to a create and to a rotation. Keep it, and log it nowhere.
    public let secret: String?

    enum CodingKeys: String, CodingKey {
        case id, url, secret
        case eventTypes = "event_types"
        case organisationID = "organisation_id"
        case isPaused = "is_paused"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

/// A webhook endpoint to be made.
public struct NewWebhookEndpoint: Encodable, Sendable, Hashable {
    /// `https://`, at most 2,048 characters.
    public var url: String
    public var eventTypes: [EventType]
    /// nil: the whole partner, or the organisation of an organisation key.
    public var organisationID: OrganisationID?

    /// At least one type is needed.
    public init(url: String, eventTypes: [EventType], organisationID: OrganisationID? = nil) {
        self.url = url
        self.eventTypes = eventTypes
        self.organisationID = organisationID
    }

    enum CodingKeys: String, CodingKey {
        case url
        case eventTypes = "event_types"
        case organisationID = "organisation_id"
    }
}

/// What is to be another of a webhook endpoint; what is nil stays.
public struct WebhookEndpointChange: Encodable, Sendable {
    public var url: String?
    /// Replaces the whole list.
    public var eventTypes: [EventType]?
    public var isPaused: Bool?

    /// A change of nothing yet.
    public init() {}

    enum CodingKeys: String, CodingKey {
        case url
        case eventTypes = "event_types"
        case isPaused = "is_paused"
    }
}

/// What came of a test event.
public struct WebhookTest: Codable, Sendable, Hashable {
    public let eventID: EventID
    public let isSuccess: Bool
    public let startedAt: Timestamp?
    public let durationInMs: Int64?
    /// Of the receiver's answer; nil without one.
    public let statusCode: Int64?
    /// Why there was no answer.
    public let error: String?
    /// What was connected to.
    public let ipAddress: String?
    /// The first 1,024 bytes.
    public let responseBody: String?

    enum CodingKeys: String, CodingKey {
        case error
        case eventID = "event_id"
        case isSuccess = "is_success"
        case startedAt = "started_at"
        case durationInMs = "duration_in_ms"
        case statusCode = "status_code"
        case ipAddress = "ip_address"
        case responseBody = "response_body"
    }
}
