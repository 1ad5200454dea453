public import ParryWire

/// `/v1/lookups`: what issuers asked.
public struct LookupCalls: Sendable {
    let caller: Caller

    /// What a list of lookups is sorted by.
    public enum Sort: String, Sendable, CaseIterable {
        case newest = "-created_at"
        case oldest = "created_at"
    }

    /// All that the filters let through, the newest first unless told.
    ///
    /// - Parameters:
    ///   - createdFrom: The first moment of `created_at`.
    ///   - createdTo: The last one; without a fraction it covers its whole second.
    public func list(
        organisationID: OrganisationID? = nil, enrolmentID: EnrolmentID? = nil,
        parentLookupID: LookupID? = nil, type: LookupType? = nil,
        lookupStatus: LookupStatus? = nil, deflectionStatus: DeflectionStatus? = nil,
        createdFrom: Timestamp? = nil, createdTo: Timestamp? = nil, sort: Sort? = nil,
        pageSize: Int = 100
    ) -> Listing<Lookup> {
        let query = Query([
            "organisation_id": organisationID, "enrollment_id": enrolmentID,
            "parent_lookup_id": parentLookupID, "type": type?.rawValue,
            "lookup_status": lookupStatus?.rawValue,
            "deflection_status": deflectionStatus?.rawValue,
            "created_at_gte": createdFrom?.iso8601, "created_at_lte": createdTo?.iso8601,
            "sort": sort?.rawValue,
        ])
        return Listing(caller, "/v1/lookups", query, pageSize: pageSize)
    }

    /// Reads a lookup.
    public func get(_ id: LookupID) async throws(ClientError) -> Lookup {
        try await caller.get("/v1/lookups/\(id)")
    }
}

extension ParryClient {
    /// `/v1/lookups`.
    public var lookups: LookupCalls { LookupCalls(caller: caller) }
}
