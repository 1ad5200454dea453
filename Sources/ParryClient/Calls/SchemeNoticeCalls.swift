public import ParryWire

/// `/v1/scheme-notices`: what card schemes report.
public struct SchemeNoticeCalls: Sendable {
    let caller: Caller

    /// What a list of scheme notices is sorted by.
    public enum Sort: String, Sendable, CaseIterable {
        case newest = "-reported_at"
        case oldest = "reported_at"
    }

    /// All that the filters let through, the newest first unless told.
    ///
    /// - Parameters:
    ///   - reportedFrom: The first moment of `reported_at`.
    ///   - reportedTo: The last one; without a fraction it covers its whole second.
    public func list(
        type: SchemeNoticeType? = nil, organisationID: OrganisationID? = nil,
        merchantID: MerchantID? = nil, reportedFrom: Timestamp? = nil,
        reportedTo: Timestamp? = nil, sort: Sort? = nil, pageSize: Int = 100
    ) -> Listing<SchemeNotice> {
        let query = Query([
            "scheme_notice_type": type?.rawValue, "organisation_id": organisationID,
            "merchant_id": merchantID, "reported_at_gte": reportedFrom?.iso8601,
            "reported_at_lte": reportedTo?.iso8601, "sort": sort?.rawValue,
        ])
        return Listing(caller, "/v1/scheme-notices", query, pageSize: pageSize)
    }

    /// Reads a scheme notice.
    public func get(_ id: SchemeNoticeID) async throws(ClientError) -> SchemeNotice {
        try await caller.get("/v1/scheme-notices/\(id)")
    }
}

extension ParryClient {
    /// `/v1/scheme-notices`.
    public var schemeNotices: SchemeNoticeCalls { SchemeNoticeCalls(caller: caller) }
}
