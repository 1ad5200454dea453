public import ParryWire

/// What a ruleset would have decided about past alerts.
public struct Backtest: Codable, Sendable, Hashable {
    /// nil for a draft.
    public let rulesetID: RulesetID?
    public let from: Timestamp
    public let to: Timestamp
    /// The alerts that were looked at; those that are `INVALID` are counted apart.
    public let alertCount: Int64
    public let invalidCount: Int64
    public let outcomes: [BacktestOutcome]
    public let rules: [BacktestRule]
    /// How many alerts would have ended otherwise.
    public let flipCount: Int64
    /// The first 100 of them, the oldest first.
    public let flips: [BacktestFlip]

    enum CodingKeys: String, CodingKey {
        case from, to, outcomes, rules, flips
        case rulesetID = "ruleset_id"
        case alertCount = "alert_count"
        case invalidCount = "invalid_count"
        case flipCount = "flip_count"
    }
}

/// How many alerts an outcome is for.
public struct BacktestOutcome: Codable, Sendable, Hashable {
    /// nil for those that the ruleset does not hold for.
    public let outcome: Word<AlertAction>?
    public let alertCount: Int64
    public let money: [BacktestMoney]

    enum CodingKeys: String, CodingKey {
        case outcome, money
        case alertCount = "alert_count"
    }
}

/// Amounts of one currency together.
public struct BacktestMoney: Codable, Sendable, Hashable {
    public let currency: String
    public let amountInCents: Int64

    enum CodingKeys: String, CodingKey {
        case currency
        case amountInCents = "amount_in_cents"
    }
}

/// How often a rule holds, whatever the others say.
public struct BacktestRule: Codable, Sendable, Hashable {
    /// nil in a draft.
    public let ruleID: RuleID?
    public let type: Word<RuleType>
    public let heldCount: Int64
    /// How often it had nothing to compare.
    public let blockedCount: Int64

    enum CodingKeys: String, CodingKey {
        case type
        case ruleID = "rule_id"
        case heldCount = "held_count"
        case blockedCount = "blocked_count"
    }
}

/// An alert that would have ended otherwise.
public struct BacktestFlip: Codable, Sendable, Hashable {
    public let alertID: AlertID
    public let outcome: Word<AlertAction>?
    public let was: Word<RefundOutcome>
    public let wouldBe: Word<RefundOutcome>
    public let amountInCents: Int64?
    public let currency: String?

    enum CodingKeys: String, CodingKey {
        case outcome, was, currency
        case alertID = "alert_id"
        case wouldBe = "would_be"
        case amountInCents = "amount_in_cents"
    }
}
