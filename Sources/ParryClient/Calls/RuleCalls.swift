public import ParryWire

/// `/v1/rulesets/{ruleset_id}/rules`: the rules of a ruleset, which change one by one.
public struct RuleCalls: Sendable {
    let caller: Caller

    /// The rules of a ruleset, the oldest first.
    public func list(in rulesetID: RulesetID, pageSize: Int = 100) -> Listing<ResolutionRule> {
        Listing(caller, "/v1/rulesets/\(rulesetID)/rules", pageSize: pageSize)
    }

    /// Adds a rule; a ruleset has at most one of each type.
    public func create(
        _ rule: NewRule, in rulesetID: RulesetID, idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> ResolutionRule {
        try await caller.post("/v1/rulesets/\(rulesetID)/rules", rule, idempotencyKey)
    }

    /// Reads a rule.
    public func get(
        _ id: RuleID, in rulesetID: RulesetID
    ) async throws(ClientError) -> ResolutionRule {
        try await caller.get("/v1/rulesets/\(rulesetID)/rules/\(id)")
    }

    /// Changes a rule.
    @discardableResult
    public func update(
        _ id: RuleID, in rulesetID: RulesetID, _ change: RuleChange
    ) async throws(ClientError) -> ResolutionRule {
        try await caller.patch("/v1/rulesets/\(rulesetID)/rules/\(id)", change)
    }

    /// Takes a rule out.
    public func delete(_ id: RuleID, in rulesetID: RulesetID) async throws(ClientError) {
        try await caller.delete("/v1/rulesets/\(rulesetID)/rules/\(id)")
    }
}

extension ParryClient {
    /// `/v1/rulesets/{ruleset_id}/rules`.
    public var rules: RuleCalls { RuleCalls(caller: caller) }
}
