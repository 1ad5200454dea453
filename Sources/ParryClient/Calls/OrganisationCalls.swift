public import ParryWire

/// `/v1/organisations`: the partner's customers.
public struct OrganisationCalls: Sendable {
    let caller: Caller

    /// All that the key may see, the newest first.
    public func list(pageSize: Int = 100) -> Listing<Organisation> {
        Listing(caller, "/v1/organisations", pageSize: pageSize)
    }

    /// Makes an organisation; in TEST its name gets `[TEST] ` in front.
    ///
    /// - Parameter name: 1 to 255 characters.
    public func create(
        name: String, idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> Organisation {
        try await caller.post("/v1/organisations", Named(name: name), idempotencyKey)
    }

    /// Reads an organisation.
    public func get(_ id: OrganisationID) async throws(ClientError) -> Organisation {
        try await caller.get("/v1/organisations/\(id)")
    }

    /// Gives it another name.
    @discardableResult
    public func rename(
        _ id: OrganisationID, to name: String
    ) async throws(ClientError) -> Organisation {
        try await caller.patch("/v1/organisations/\(id)", Named(name: name))
    }

    /// Deletes an organisation that has no merchants.
    public func delete(_ id: OrganisationID) async throws(ClientError) {
        try await caller.delete("/v1/organisations/\(id)")
    }

    private struct Named: Encodable {
        let name: String
    }
}

extension ParryClient {
    /// `/v1/organisations`.
    public var organisations: OrganisationCalls { OrganisationCalls(caller: caller) }
}
