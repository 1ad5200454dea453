public import ParryWire

/// How an alert was matched to a transaction, and what a ruleset decided about it.
public struct AlertMatch: Codable, Sendable, Hashable {
    public let alertID: AlertID
    public let outcome: Word<MatchOutcomeWord>
    /// `EXACT`, `HIGH` or `LOW`; nil without a match.
    public let confidence: String?
    public let isSetByHand: Bool?
    public let integrationID: IntegrationID?
    /// The `reference_id` of the matched transaction.
    public let integrationTransactionID: String?
    public let judgedAt: Timestamp?
    /// What a person should know besides the fields, such as `PARTIAL_AMOUNT`.
    public let flags: [String]?
    public let candidateCount: Int64?
    /// How far the best candidate is before the next one; nil with less than two.
    public let margin: Int64?
    /// The best ones first.
    public let candidates: [MatchCandidate]?
    /// nil where no ruleset was asked.
    public let decision: AlertDecision?

    enum CodingKeys: String, CodingKey {
        case outcome, confidence, flags, margin, candidates, decision
        case alertID = "alert_id"
        case isSetByHand = "is_set_by_hand"
        case integrationID = "integration_id"
        case integrationTransactionID = "integration_transaction_id"
        case judgedAt = "judged_at"
        case candidateCount = "candidate_count"
    }
}

/// A transaction that an alert may be about.
public struct MatchCandidate: Codable, Sendable, Hashable {
    public let integrationID: IntegrationID?
    public let integrationTransactionID: String
    public let orderID: OrderID?
    public let amountInCents: Int64?
    public let currency: String?
    public let authorisedAt: Timestamp?
    /// The strongest rule that it satisfies, such as `ARN`; nil for a near miss.
    public let rule: String?
    /// Ten points are a factor of ten.
    public let score: Int64?
    public let flags: [String]?
    public let evidence: [MatchEvidence]?

    enum CodingKeys: String, CodingKey {
        case currency, rule, score, flags, evidence
        case integrationID = "integration_id"
        case integrationTransactionID = "integration_transaction_id"
        case orderID = "order_id"
        case amountInCents = "amount_in_cents"
        case authorisedAt = "authorised_at"
    }
}

/// What one field of an alert says about a candidate.
public struct MatchEvidence: Codable, Sendable, Hashable {
    /// Such as `AUTHORISATION_CODE`.
    public let field: String
    /// `EQUAL`, `NEAR`, `ABSENT` or `CONTRADICTS`.
    public let result: String
}

/// What a ruleset decided about an alert, and by what.
public struct AlertDecision: Codable, Sendable, Hashable {
    public let rulesetID: RulesetID
    public let rulesetVersion: Int64?
    /// nil when the ruleset did not hold.
    public let outcome: Word<AlertAction>?
    /// False for a recommendation.
    public let isCarriedOut: Bool?
    public let rules: [RuleFinding]?

    enum CodingKeys: String, CodingKey {
        case outcome, rules
        case rulesetID = "ruleset_id"
        case rulesetVersion = "ruleset_version"
        case isCarriedOut = "is_carried_out"
    }
}

/// What one rule found.
public struct RuleFinding: Codable, Sendable, Hashable {
    public let ruleID: RuleID
    public let type: Word<RuleType>?
    public let holds: Bool?
    /// What an `AMOUNT` rule compared, in cents of US dollars.
    public let amountInCents: Int64?
    /// What a `DESCRIPTOR` rule compared.
    public let descriptor: String?
    /// Why there was nothing to compare: `NOT_TOLD` or `NO_RATE`.
    public let obstacle: String?

    enum CodingKeys: String, CodingKey {
        case type, holds, descriptor, obstacle
        case ruleID = "rule_id"
        case amountInCents = "amount_in_cents"
    }
}
