public import ParryWire

/// `/v1/rulesets`: what is to be decided about alerts without a person.
public struct RulesetCalls: Sendable {
    let caller: Caller

    /// What a list of rulesets is sorted by.
    public enum Sort: String, Sendable, CaseIterable {
        case newest = "-created_at"
        case oldest = "created_at"
        case lastChanged = "-updated_at"
        case firstChanged = "updated_at"
    }

    /// All that the filter lets through, the newest first unless told.
    public func list(
        organisationID: OrganisationID? = nil, sort: Sort? = nil, pageSize: Int = 100
    ) -> Listing<Ruleset> {
        let query = Query(["organisation_id": organisationID, "sort": sort?.rawValue])
        return Listing(caller, "/v1/rulesets", query, pageSize: pageSize)
    }

    /// Makes a ruleset with all its rules, or not at all.
    public func create(
        _ ruleset: NewRuleset, idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> Ruleset {
        try await caller.post("/v1/rulesets", ruleset, idempotencyKey)
    }

    /// Reads a ruleset.
    public func get(_ id: RulesetID) async throws(ClientError) -> Ruleset {
        try await caller.get("/v1/rulesets/\(id)")
    }

    /// Changes a ruleset; for its rules see ``RuleCalls``.
    @discardableResult
    public func update(
        _ id: RulesetID, _ change: RulesetChange
    ) async throws(ClientError) -> Ruleset {
        try await caller.patch("/v1/rulesets/\(id)", change)
    }

    /// Deletes a ruleset; its enrolments are free for another.
    public func delete(_ id: RulesetID) async throws(ClientError) {
        try await caller.delete("/v1/rulesets/\(id)")
    }

    /// Tries a ruleset as it is saved on the past alerts of its enrolments. Nothing is written.
    ///
    /// - Parameters:
    ///   - from: The first moment of `alert_received_at`.
    ///   - to: The last one; without a fraction it covers its whole second.
    public func backtest(
        _ id: RulesetID, from: Timestamp, to: Timestamp, idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> Backtest {
        let body = Span(from: from, to: to)
        return try await caller.post("/v1/rulesets/\(id)/backtest", body, idempotencyKey)
    }

    /// Tries a ruleset that is not saved; its enrolments may have a ruleset already.
    ///
    /// - Parameters:
    ///   - from: The first moment of `alert_received_at`.
    ///   - to: The last one; without a fraction it covers its whole second.
    public func backtest(
        _ draft: NewRuleset, from: Timestamp, to: Timestamp, idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> Backtest {
        let body = Draft(ruleset: draft, span: Span(from: from, to: to))
        return try await caller.post("/v1/rulesets/backtest", body, idempotencyKey)
    }

    private struct Span: Encodable {
        let from: Timestamp
        let to: Timestamp
    }

    /// The members of both in one object.
    private struct Draft: Encodable {
        let ruleset: NewRuleset
        let span: Span

        func encode(to encoder: any Encoder) throws {
            try ruleset.encode(to: encoder)
            try span.encode(to: encoder)
        }
    }
}

extension ParryClient {
    /// `/v1/rulesets`.
    public var rulesets: RulesetCalls { RulesetCalls(caller: caller) }
}
