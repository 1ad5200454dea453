public import ParryWire

/// `/v1/integrations`: where orders come from. They cannot be deleted, only disabled.
public struct IntegrationCalls: Sendable {
    let caller: Caller

    /// All that the key may see, the newest first.
    public func list(pageSize: Int = 100) -> Listing<Integration> {
        Listing(caller, "/v1/integrations", pageSize: pageSize)
    }

    /// Makes an integration.
    public func create(
        _ integration: NewIntegration, idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> Integration {
        try await caller.post("/v1/integrations", integration, idempotencyKey)
    }

    /// Reads an integration.
    public func get(_ id: IntegrationID) async throws(ClientError) -> Integration {
        try await caller.get("/v1/integrations/\(id)")
    }

    /// Changes an integration of the type `CUSTOM_ORDERS`.
    @discardableResult
    public func update(
        _ id: IntegrationID, _ change: IntegrationChange
    ) async throws(ClientError) -> Integration {
        try await caller.patch("/v1/integrations/\(id)", change)
    }
}

extension ParryClient {
    /// `/v1/integrations`.
    public var integrations: IntegrationCalls { IntegrationCalls(caller: caller) }
}
