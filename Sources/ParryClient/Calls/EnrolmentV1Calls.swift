public import ParryWire

/// Deprecated: `/v1/enrolments`, with one merchant each. Use ``EnrolmentCalls``; keys need other abilities for it.
public struct EnrolmentV1Calls: Sendable {
    let caller: Caller

    /// All that the filters let through, the newest first.
    public func list(
        organisationID: OrganisationID? = nil, merchantID: MerchantID? = nil,
        type: EnrolmentType? = nil, status: EnrolmentStatus? = nil, pageSize: Int = 100
    ) -> Listing<EnrolmentV1> {
        let query = Query([
            "organisation_id": organisationID, "merchant_id": merchantID, "type": type?.rawValue,
            "status": status?.rawValue,
        ])
        return Listing(caller, "/v1/enrolments", query, pageSize: pageSize)
    }

    /// Makes an enrolment, which begins as `PENDING`.
    public func create(
        _ enrolment: NewEnrolmentV1, idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> EnrolmentV1 {
        try await caller.post("/v1/enrolments", enrolment, idempotencyKey)
    }

    /// Reads an enrolment.
    public func get(_ id: EnrolmentID) async throws(ClientError) -> EnrolmentV1 {
        try await caller.get("/v1/enrolments/\(id)")
    }

    /// Cancels an enrolment that is `PENDING`.
    ///
    /// When an earlier try got no answer and the platform says now that it is not `PENDING`, the enrolment is read, and
    /// returned where it is `CANCELLED`.
    @discardableResult
    public func cancel(_ id: EnrolmentID) async throws(ClientError) -> EnrolmentV1 {
        do {
            return try await caller.delete("/v1/enrolments/\(id)")
        } catch {
            guard case .refused(let refusal) = error, refusal.isRepeated,
                refusal.code == .enrolmentNotPending
            else { throw error }
            let enrolment = try await get(id)
            guard enrolment.status == .cancelled else { throw error }
            return enrolment
        }
    }
}

extension ParryClient {
    /// Deprecated: `/v1/enrolments`. Use ``enrolments``.
    public var enrolmentsV1: EnrolmentV1Calls { EnrolmentV1Calls(caller: caller) }
}
