public import ParryWire

/// `/v1/webhook-endpoints`: where events are sent.
public struct WebhookEndpointCalls: Sendable {
    let caller: Caller

    /// All that the filter lets through, the newest first.
    public func list(
        organisationID: OrganisationID? = nil, pageSize: Int = 100
    ) -> Listing<WebhookEndpoint> {
        let query = Query(["organisation_id": organisationID])
        return Listing(caller, "/v1/webhook-endpoints", query, pageSize: pageSize)
    }

    /// Makes a webhook endpoint. The answer has its secret, which is shown this once.
    public func create(
        _ endpoint: NewWebhookEndpoint, idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> WebhookEndpoint {
        try await caller.post("/v1/webhook-endpoints", endpoint, idempotencyKey)
    }

    /// Reads a webhook endpoint.
    public func get(_ id: WebhookEndpointID) async throws(ClientError) -> WebhookEndpoint {
        try await caller.get("/v1/webhook-endpoints/\(id)")
    }

    /// Changes a webhook endpoint.
    @discardableResult
    public func update(
        _ id: WebhookEndpointID, _ change: WebhookEndpointChange
    ) async throws(ClientError) -> WebhookEndpoint {
        try await caller.patch("/v1/webhook-endpoints/\(id)", change)
    }

    /// Ends a webhook endpoint: what still waits for it is given up.
    public func delete(_ id: WebhookEndpointID) async throws(ClientError) {
        try await caller.delete("/v1/webhook-endpoints/\(id)")
    }

    /// Gives it a new secret, which the answer shows this once.
    ///
    /// - Parameter overlapHours: How long the former secret signs besides, 0 to 168; 24 unless told.
    public func rotateSecret(
        of id: WebhookEndpointID, overlapHours: Int64? = nil, idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> WebhookEndpoint {
        try await caller.post(
            "/v1/webhook-endpoints/\(id)/rotate-secret", Rotation(overlapHours: overlapHours),
            idempotencyKey)
    }

    /// Sends a test event and waits for what comes of it, up to 20 seconds.
    public func test(
        _ id: WebhookEndpointID, idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> WebhookTest {
        try await caller.post("/v1/webhook-endpoints/\(id)/test", idempotencyKey)
    }

    private struct Rotation: Encodable {
        let overlapHours: Int64?

        enum CodingKeys: String, CodingKey {
            case overlapHours = "overlap_hours"
        }
    }
}

extension ParryClient {
    /// `/v1/webhook-endpoints`.
    public var webhookEndpoints: WebhookEndpointCalls { WebhookEndpointCalls(caller: caller) }
}
