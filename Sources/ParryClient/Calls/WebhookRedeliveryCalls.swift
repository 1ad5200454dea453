public import ParryWire

/// `/v1/webhook-redeliveries`: jobs that send many deliveries again.
public struct WebhookRedeliveryCalls: Sendable {
    let caller: Caller

    /// All that the key may see, the newest first.
    public func list(pageSize: Int = 100) -> Listing<WebhookRedelivery> {
        Listing(caller, "/v1/webhook-redeliveries", pageSize: pageSize)
    }

    /// Makes a job; read it again to see how far it is.
    public func create(
        _ redelivery: NewWebhookRedelivery, idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> WebhookRedelivery {
        try await caller.post("/v1/webhook-redeliveries", redelivery, idempotencyKey)
    }

    /// Reads a job.
    public func get(_ id: RedeliveryID) async throws(ClientError) -> WebhookRedelivery {
        try await caller.get("/v1/webhook-redeliveries/\(id)")
    }
}

extension ParryClient {
    /// `/v1/webhook-redeliveries`.
    public var webhookRedeliveries: WebhookRedeliveryCalls {
        WebhookRedeliveryCalls(caller: caller)
    }
}
