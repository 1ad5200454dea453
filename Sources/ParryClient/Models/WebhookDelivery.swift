public import ParryWire

/// One event on its way to one endpoint.
public struct WebhookDelivery: Codable, Sendable, Hashable, Identifiable {
    /// What `X-Idempotency-Key` carries.
    public let id: DeliveryID
    public let eventID: EventID
    public let webhookEndpointID: WebhookEndpointID
    public let state: Word<DeliveryState>
    public let attemptCount: Int64?
    public let nextAttemptAt: Timestamp?
    public let createdAt: Timestamp?
    /// The oldest first, at most 100; only in the answer to a single read.
    public let attempts: [WebhookAttempt]?

    enum CodingKeys: String, CodingKey {
        case id, state, attempts
        case eventID = "event_id"
        case webhookEndpointID = "webhook_endpoint_id"
        case attemptCount = "attempt_count"
        case nextAttemptAt = "next_attempt_at"
        case createdAt = "created_at"
    }
}

/// One try to deliver, which has ended.
public struct WebhookAttempt: Codable, Sendable, Hashable {
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
        case startedAt = "started_at"
        case durationInMs = "duration_in_ms"
        case statusCode = "status_code"
        case ipAddress = "ip_address"
        case responseBody = "response_body"
    }
}
