public import ParryWire

/// `/v1/memberships`: the people of an organisation.
public struct MembershipCalls: Sendable {
    let caller: Caller

    /// All that the filter lets through, the newest first.
    public func list(
        organisationID: OrganisationID? = nil, pageSize: Int = 100
    ) -> Listing<Membership> {
        let query = Query(["organisation_id": organisationID])
        return Listing(caller, "/v1/memberships", query, pageSize: pageSize)
    }

    /// Makes a membership.
    public func create(
        _ membership: NewMembership, idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> Membership {
        try await caller.post("/v1/memberships", membership, idempotencyKey)
    }

    /// Reads a membership.
    public func get(_ id: MembershipID) async throws(ClientError) -> Membership {
        try await caller.get("/v1/memberships/\(id)")
    }

    /// Changes a membership.
    @discardableResult
    public func update(
        _ id: MembershipID, _ change: MembershipChange
    ) async throws(ClientError) -> Membership {
        try await caller.patch("/v1/memberships/\(id)", change)
    }

    /// Ends a membership; the user keeps those in other organisations.
    public func delete(_ id: MembershipID) async throws(ClientError) {
        try await caller.delete("/v1/memberships/\(id)")
    }
}

extension ParryClient {
    /// `/v1/memberships`.
    public var memberships: MembershipCalls { MembershipCalls(caller: caller) }
}
