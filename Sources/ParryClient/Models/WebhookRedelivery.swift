public import ParryWire

/// A job that sends many deliveries of one endpoint again.
public struct WebhookRedelivery: Codable, Sendable, Hashable, Identifiable {
    public let id: RedeliveryID
    public let webhookEndpointID: WebhookEndpointID
    public let status: Word<RedeliveryStatus>
    public let states: [Word<EndedDeliveryState>]?
    public let createdFrom: Timestamp?
    public let createdTo: Timestamp?
    /// The id of a key, or `operator`.
    public let requestedBy: String?
    /// How many are due again by now.
    public let redeliveredCount: Int64?
    public let createdAt: Timestamp?
    public let updatedAt: Timestamp?

    enum CodingKeys: String, CodingKey {
        case id, status, states
        case webhookEndpointID = "webhook_endpoint_id"
        case createdFrom = "created_at_gte"
        case createdTo = "created_at_lte"
        case requestedBy = "requested_by"
        case redeliveredCount = "redelivered_count"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

/// A redelivery to be made. Both ends of the time belong to it.
public struct NewWebhookRedelivery: Encodable, Sendable, Hashable {
    public var webhookEndpointID: WebhookEndpointID
    /// Those that failed unless told.
    public var states: [EndedDeliveryState]?
    /// From the oldest that is kept unless told.
    public var createdFrom: Timestamp?
    /// Until now unless told.
    public var createdTo: Timestamp?

    /// All that failed unless told.
    public init(
        webhookEndpointID: WebhookEndpointID, states: [EndedDeliveryState]? = nil,
        createdFrom: Timestamp? = nil, createdTo: Timestamp? = nil
    ) {
        self.webhookEndpointID = webhookEndpointID
        self.states = states
        self.createdFrom = createdFrom
        self.createdTo = createdTo
    }

    enum CodingKeys: String, CodingKey {
        case states
        case webhookEndpointID = "webhook_endpoint_id"
        case createdFrom = "created_at_gte"
        case createdTo = "created_at_lte"
    }
}
