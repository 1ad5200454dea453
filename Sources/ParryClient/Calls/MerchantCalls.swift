public import ParryWire

/// `/v1/merchants`: the merchants of an organisation.
public struct MerchantCalls: Sendable {
    let caller: Caller

    /// What a list of merchants is sorted by.
    public enum Sort: String, Sendable, CaseIterable {
        case newest = "-created_at"
        case oldest = "created_at"
        case name
        case nameDescending = "-name"
        case type
        case typeDescending = "-type"
        case lastChanged = "-updated_at"
        case firstChanged = "updated_at"
    }

    /// All that the filters let through.
    ///
    /// - Parameter name: A part of the name, whatever its case.
    public func list(
        organisationID: OrganisationID? = nil, type: MerchantType? = nil, name: String? = nil,
        externalID: String? = nil, sort: Sort? = nil, pageSize: Int = 100
    ) -> Listing<Merchant> {
        let query = Query([
            "organisation_id": organisationID, "type": type?.rawValue, "name": name,
            "external_id": externalID, "sort": sort?.rawValue,
        ])
        return Listing(caller, "/v1/merchants", query, pageSize: pageSize)
    }

    /// Makes a merchant.
    public func create(
        _ merchant: NewMerchant, idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> Merchant {
        try await caller.post("/v1/merchants", merchant, idempotencyKey)
    }

    /// Reads a merchant.
    public func get(_ id: MerchantID) async throws(ClientError) -> Merchant {
        try await caller.get("/v1/merchants/\(id)")
    }

    /// Changes a merchant.
    @discardableResult
    public func update(
        _ id: MerchantID, _ change: MerchantChange
    ) async throws(ClientError) -> Merchant {
        try await caller.patch("/v1/merchants/\(id)", change)
    }

    /// Deletes a merchant that nothing uses.
    public func delete(_ id: MerchantID) async throws(ClientError) {
        try await caller.delete("/v1/merchants/\(id)")
    }
}

extension ParryClient {
    /// `/v1/merchants`.
    public var merchants: MerchantCalls { MerchantCalls(caller: caller) }
}
