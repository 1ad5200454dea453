public import ParryWire

/// `/v1/alerts`: what networks tell of, and what is answered.
public struct AlertCalls: Sendable {
    let caller: Caller

    /// What a list of alerts is sorted by.
    public enum Sort: String, Sendable, CaseIterable {
        case newest = "-alert_received_at"
        case oldest = "alert_received_at"
        /// Alerts without a deadline come last.
        case soonestDeadline = "action_required_deadline"
        case latestDeadline = "-action_required_deadline"
    }

    /// All that the filters let through, the newest first unless told.
    ///
    /// - Parameters:
    ///   - receivedFrom: The first moment of `alert_received_at`.
    ///   - receivedTo: The last one; without a fraction it covers its whole second.
    public func list(
        status: AlertStatus? = nil, organisationID: OrganisationID? = nil,
        merchantID: MerchantID? = nil, needsAttention: Bool? = nil,
        receivedFrom: Timestamp? = nil, receivedTo: Timestamp? = nil, sort: Sort? = nil,
        pageSize: Int = 100
    ) -> Listing<Alert> {
        let query = Query([
            "status": status?.rawValue, "organisation_id": organisationID,
            "merchant_id": merchantID, "needs_attention": needsAttention,
            "alert_received_at_gte": receivedFrom?.iso8601,
            "alert_received_at_lte": receivedTo?.iso8601, "sort": sort?.rawValue,
        ])
        return Listing(caller, "/v1/alerts", query, pageSize: pageSize)
    }

    /// Reads an alert.
    public func get(_ id: AlertID) async throws(ClientError) -> Alert {
        try await caller.get("/v1/alerts/\(id)")
    }

    /// Declares what was done about an alert. The platform moves no money: refund first, then say so.
    ///
    /// An action can be taken once. When an earlier try got no answer and the platform says now that there is nothing
    /// to act on, the alert is read: it is returned where it ended as the action means it.
    ///
    /// - Parameters:
    ///   - note: At most 1,024 characters; nil leaves the note as it is.
    ///   - force: Declares a refund although the network has refunded the sale.
    @discardableResult
    public func act(
        _ action: AlertAction, on id: AlertID, note: String? = nil, force: Bool = false
    ) async throws(ClientError) -> Alert {
        do {
            let body = Act(action: action, note: note, force: force ? true : nil)
            return try await caller.patch("/v1/alerts/\(id)", body)
        } catch {
            guard case .refused(let refusal) = error, refusal.isRepeated,
                refusal.code == .alertNotActionable
            else { throw error }
            let alert = try await get(id)
            guard alert.hasEnded(by: action) else { throw error }
            return alert
        }
    }

    /// Writes a note on an alert, in any status.
    ///
    /// - Parameter note: At most 1,024 characters; nil clears it.
    @discardableResult
    public func note(_ note: String?, on id: AlertID) async throws(ClientError) -> Alert {
        try await caller.patch("/v1/alerts/\(id)", Note(note: note.map(Change.set) ?? .clear))
    }

    /// Takes an alert off the list of those that somebody has to look at.
    @discardableResult
    public func clearAttention(of id: AlertID) async throws(ClientError) -> Alert {
        try await caller.patch("/v1/alerts/\(id)", Attention(needsAttention: false))
    }

    /// Reads how an alert was matched.
    public func match(of id: AlertID) async throws(ClientError) -> AlertMatch {
        try await caller.get("/v1/alerts/\(id)/match")
    }

    /// Sets an alert's transaction by hand; matching leaves the alert alone from then on.
    ///
    /// - Parameters:
    ///   - transactionID: The `reference_id` of a transaction; nil says that it is none of the known ones.
    ///   - integrationID: Needed only where several integrations have such a transaction.
    @discardableResult
    public func setMatch(
        of id: AlertID, transactionID: String?, integrationID: IntegrationID? = nil
    ) async throws(ClientError) -> AlertMatch {
        let body = Match(
            transactionID: transactionID.map(Change.set) ?? .clear, integrationID: integrationID)
        return try await caller.put("/v1/alerts/\(id)/match", body)
    }

    private struct Act: Encodable {
        let action: AlertAction
        let note: String?
        let force: Bool?
    }

    private struct Note: Encodable {
        let note: Change<String>
    }

    private struct Attention: Encodable {
        let needsAttention: Bool

        enum CodingKeys: String, CodingKey {
            case needsAttention = "needs_attention"
        }
    }

    private struct Match: Encodable {
        let transactionID: Change<String>
        let integrationID: IntegrationID?

        enum CodingKeys: String, CodingKey {
            case transactionID = "integration_transaction_id"
            case integrationID = "integration_id"
        }
    }
}

extension Alert {
    /// Whether it is as the action would have left it.
    fileprivate func hasEnded(by action: AlertAction) -> Bool {
        guard status == .resolved else { return false }
        return switch action {
        case .refund, .refundAndCancel: transactionRefundOutcome == .refunded
        case .acceptDispute: transactionRefundOutcome == .notRefunded
        case .cancel: subscriptionCancelOutcome == .cancelled
        }
    }
}

extension ParryClient {
    /// `/v1/alerts`.
    public var alerts: AlertCalls { AlertCalls(caller: caller) }
}
