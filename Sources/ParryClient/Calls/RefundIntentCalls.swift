public import ParryWire

/// `/v1/refund-intents`: ask, refund, commit, so that nobody pays twice.
///
/// ```swift
/// let answer = try await parry.refundIntents.ask(question)
/// guard answer.outcome == .safe, let intent = answer.refundIntent else { return }
/// // refund at the processor, then
/// try await parry.refundIntents.commit(intent.id, refundReferenceID: "refund-10001")
/// ```
public struct RefundIntentCalls: Sendable {
    let caller: Caller

    /// All that the filters let through, the newest first.
    ///
    /// - Parameter transactionReferenceID: The `reference_id` of a transaction of an order.
    public func list(
        organisationID: OrganisationID? = nil, integrationID: IntegrationID? = nil,
        transactionReferenceID: String? = nil, pageSize: Int = 100
    ) -> Listing<RefundIntent> {
        let query = Query([
            "organisation_id": organisationID, "integration_id": integrationID,
            "transaction_reference_id": transactionReferenceID,
        ])
        return Listing(caller, "/v1/refund-intents", query, pageSize: pageSize)
    }

    /// Asks whether a refund is safe; when it is, its amount is reserved.
    ///
    /// - Parameter idempotencyKey: Bring one and keep it: who asks again with another key has to wait for the own
    ///   reservation.
    /// - Returns: Refund only where `outcome` is `SAFE`.
    public func ask(
        _ question: NewRefundIntent, idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> RefundIntentAnswer {
        try await caller.post("/v1/refund-intents", question, idempotencyKey)
    }

    /// Reads an intent.
    public func get(_ id: RefundIntentID) async throws(ClientError) -> RefundIntent {
        try await caller.get("/v1/refund-intents/\(id)")
    }

    /// Says that the refund was made. The same commit again changes nothing.
    ///
    /// - Parameter refundReferenceID: The refund's own reference, which its order says as well.
    @discardableResult
    public func commit(
        _ id: RefundIntentID, refundReferenceID: String, idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> RefundIntent {
        try await caller.post(
            "/v1/refund-intents/\(id)/commit", Commit(refundReferenceID: refundReferenceID),
            idempotencyKey)
    }

    /// Says that the refund was not made and will not be. The same release again changes nothing.
    @discardableResult
    public func release(
        _ id: RefundIntentID, idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> RefundIntent {
        try await caller.post("/v1/refund-intents/\(id)/release", idempotencyKey)
    }

    private struct Commit: Encodable {
        let refundReferenceID: String

        enum CodingKeys: String, CodingKey {
            case refundReferenceID = "refund_reference_id"
        }
    }
}

extension ParryClient {
    /// `/v1/refund-intents`.
    public var refundIntents: RefundIntentCalls { RefundIntentCalls(caller: caller) }
}
