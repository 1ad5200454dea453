public import ParryWire

/// `/v2/enrolments`: what networks watch for merchants.
public struct EnrolmentCalls: Sendable {
    let caller: Caller

    /// All that the filters let through, the newest first.
    public func list(
        organisationID: OrganisationID? = nil, merchantID: MerchantID? = nil,
        type: EnrolmentType? = nil, status: EnrolmentStatus? = nil, pageSize: Int = 100
    ) -> Listing<Enrolment> {
        let query = Query([
            "organisation_id": organisationID, "merchant_id": merchantID, "type": type?.rawValue,
            "status": status?.rawValue,
        ])
        return Listing(caller, "/v2/enrolments", query, pageSize: pageSize)
    }

    /// Makes an enrolment, which begins as `PENDING`.
    public func create(
        _ enrolment: NewEnrolment, idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> Enrolment {
        try await caller.post("/v2/enrolments", enrolment, idempotencyKey)
    }

    /// Reads an enrolment.
    public func get(_ id: EnrolmentID) async throws(ClientError) -> Enrolment {
        try await caller.get("/v2/enrolments/\(id)")
    }

    /// Cancels an enrolment that is `PENDING`.
    ///
    /// When an earlier try got no answer and the platform says now that it is not `PENDING`, the enrolment is read, and
    /// returned where it is `CANCELLED`.
    @discardableResult
    public func cancel(_ id: EnrolmentID) async throws(ClientError) -> Enrolment {
        do {
            return try await caller.delete("/v2/enrolments/\(id)")
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
    /// `/v2/enrolments`.
    public var enrolments: EnrolmentCalls { EnrolmentCalls(caller: caller) }
}
