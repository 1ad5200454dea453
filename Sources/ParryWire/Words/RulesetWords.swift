/// How the rules of a ruleset are joined (CONTRACT.md 10).
public enum JoinOperator: String, Sendable, CaseIterable, Codable {
    case and = "AND"
    case or = "OR"
}

/// Whether the network has a ruleset as it is saved (beyond the original).
public enum PublicationStatus: String, Sendable, CaseIterable, Codable {
    /// Not confirmed yet: on its way, or waiting for an enrolment to be ENABLED.
    case pending = "PENDING"
    case published = "PUBLISHED"
    /// The network refused it for good; the operator has to look.
    case failed = "FAILED"
}

/// What a rule looks at; a ruleset has at most one of each (CONTRACT.md 10).
public enum RuleType: String, Sendable, CaseIterable, Codable {
    case amount = "AMOUNT"
    case descriptor = "DESCRIPTOR"
}

/// How a rule compares an amount (CONTRACT.md 10).
public enum AmountOperator: String, Sendable, CaseIterable, Codable {
    case greaterThan = "GREATER_THAN"
    case greaterThanOrEqual = "GREATER_THAN_OR_EQUAL"
    case lessThan = "LESS_THAN"
    case lessThanOrEqual = "LESS_THAN_OR_EQUAL"
    case equal = "EQUAL"
    case notEqual = "NOT_EQUAL"
}
