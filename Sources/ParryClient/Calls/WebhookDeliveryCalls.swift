public import ParryWire

/// `/v1/webhook-deliveries`: events on their way to endpoints.
public struct WebhookDeliveryCalls: Sendable {
    let caller: Caller

    /// What a list of deliveries is sorted by.
    public enum Sort: String, Sendable, CaseIterable {
        case newest = "-created_at"
        case oldest = "created_at"
    }

    /// All that the filters let through, the newest first unless told; their attempts are left out.
    ///
    /// - Parameters:
    ///   - createdFrom: The first moment of `created_at`.
    ///   - createdTo: The last one; without a fraction it covers its whole second.
    public func list(
        webhookEndpointID: WebhookEndpointID? = nil, eventID: EventID? = nil,
        state: DeliveryState? = nil, createdFrom: Timestamp? = nil, createdTo: Timestamp? = nil,
        sort: Sort? = nil, pageSize: Int = 100
    ) -> Listing<WebhookDelivery> {
        let query = Query([
            "webhook_endpoint_id": webhookEndpointID, "event_id": eventID,
            "state": state?.rawValue, "created_at_gte": createdFrom?.iso8601,
            "created_at_lte": createdTo?.iso8601, "sort": sort?.rawValue,
        ])
        return Listing(caller, "/v1/webhook-deliveries", query, pageSize: pageSize)
    }

    /// Reads a delivery with its attempts.
    public func get(_ id: DeliveryID) async throws(ClientError) -> WebhookDelivery {
        try await caller.get("/v1/webhook-deliveries/\(id)")
    }

    /// Sends a delivery again, whatever its state: the same body with the same `X-Idempotency-Key`.
    @discardableResult
    public func redeliver(
        _ id: DeliveryID, idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> WebhookDelivery {
        try await caller.post("/v1/webhook-deliveries/\(id)/redeliver", idempotencyKey)
    }
}

extension ParryClient {
    /// `/v1/webhook-deliveries`.
    public var webhookDeliveries: WebhookDeliveryCalls { WebhookDeliveryCalls(caller: caller) }
}
