package import ParryWire

/// What a ruleset looks at of an alert or a case (CONTRACT.md 10).
package struct RuleSubject: Sendable, Hashable {
    /// The disputed amount in minor units of the currency; nil is unknown, and then no AMOUNT rule holds.
    package let amount: Int64?
    package let currency: String?
    package let descriptor: String?
    /// Whose day's rate converts the amount.
    package let time: Timestamp

    package init(amount: Int64?, currency: String?, descriptor: String?, time: Timestamp) {
        self.amount = amount
        self.currency = currency
        self.descriptor = descriptor
        self.time = time
    }
}

/// Why a rule could not look at what it wanted to; it does not hold then.
package enum RuleObstacle: String, Sendable, CaseIterable {
    /// Nobody said how much, or what descriptor.
    case notTold = "NOT_TOLD"
    /// There is no exchange rate to US dollars of that day.
    case noRate = "NO_RATE"
}

/// What one rule found.
package struct RuleFinding: Sendable, Hashable {
    package let ruleID: RuleID
    package let type: RuleType
    package let holds: Bool
    /// What an AMOUNT rule compared, in cents of US dollars.
    package let amount: Int64?
    /// What a DESCRIPTOR rule compared.
    package let descriptor: String?
    package let obstacle: RuleObstacle?

    package init(
        ruleID: RuleID, type: RuleType, holds: Bool, amount: Int64?, descriptor: String?,
        obstacle: RuleObstacle?
    ) {
        self.ruleID = ruleID
        self.type = type
        self.holds = holds
        self.amount = amount
        self.descriptor = descriptor
        self.obstacle = obstacle
    }
}

/// What a ruleset decided, and by what.
package struct RulesetDecision: Sendable, Hashable {
    package let rulesetID: RulesetID
    /// Of the ruleset, which keeps every version that it had.
    package let version: Int64
    /// nil: the ruleset does not hold, and what is usual without one is done.
    package let outcome: AlertAction?
    package let findings: [RuleFinding]
    /// False for a recommendation.
    package var isCarriedOut = false
    /// Whether it could have been otherwise with an exchange rate that was not there.
    package var lacksRate = false

    package init(
        rulesetID: RulesetID, version: Int64, outcome: AlertAction?, findings: [RuleFinding]
    ) {
        self.rulesetID = rulesetID
        self.version = version
        self.outcome = outcome
        self.findings = findings
    }
}

/// A ruleset made ready to decide: spaces and case are out of its descriptors already.
package struct RulesetEvaluator: Sendable {
    private enum Test: Sendable {
        case amount(AmountOperator, cents: Int64)
        case descriptor([(key: [UInt8], matchType: DescriptorMatchType)])
    }

    private let id: RulesetID
    private let version: Int64
    private let outcome: AlertAction
    private let joinOperator: JoinOperator
    private let isEnabled: Bool
    private let tests: [(rule: RuleID, type: RuleType, test: Test)]

    package init(_ ruleset: Ruleset) {
        id = ruleset.id
        version = ruleset.version
        outcome = ruleset.details.outcome
        joinOperator = ruleset.details.joinOperator
        isEnabled = ruleset.details.isEnabled
        tests = ruleset.rules.map { rule in
            let test: Test
            switch rule.condition {
            case .amount(let comparison, let cents): test = .amount(comparison, cents: cents)
            case .descriptor(let all):
                test = .descriptor(all.map { (Self.key($0.value), $0.matchType) })
            }
            return (rule.id, rule.condition.type, test)
        }
    }

    /// Decides about one alert or case. A ruleset that is disabled or has no rules never holds.
    package func decide(_ subject: RuleSubject, rates: ExchangeRates) -> RulesetDecision {
        let findings = tests.map { find($0.rule, $0.type, $0.test, subject, rates) }
        let holds: Bool
        switch joinOperator {
        case .and: holds = findings.allSatisfy(\.holds)
        case .or: holds = findings.contains(where: \.holds)
        }
        let isDecided = isEnabled && !findings.isEmpty && holds
        var decision = RulesetDecision(
            rulesetID: id, version: version, outcome: isDecided ? outcome : nil, findings: findings)
        decision.lacksRate = lacksRate(findings)
        return decision
    }

    private func lacksRate(_ findings: [RuleFinding]) -> Bool {
        guard isEnabled, findings.contains(where: { $0.obstacle == .noRate }) else { return false }
        let others = findings.filter { $0.obstacle != .noRate }
        switch joinOperator {
        case .and: return others.allSatisfy(\.holds)
        case .or: return !others.contains(where: \.holds)
        }
    }

    private func find(
        _ rule: RuleID, _ type: RuleType, _ test: Test, _ subject: RuleSubject,
        _ rates: ExchangeRates
    ) -> RuleFinding {
        switch test {
        case .amount(let comparison, let cents):
            guard let amount = subject.amount, let currency = subject.currency else {
                return Self.blocked(rule, type, .notTold)
            }
            guard
                let worth = rates.convert(amount, from: currency, to: "USD", on: subject.time)
            else { return Self.blocked(rule, type, .noRate) }
            return RuleFinding(
                ruleID: rule, type: type, holds: comparison.holds(worth, cents), amount: worth,
                descriptor: nil, obstacle: nil)
        case .descriptor(let wanted):
            guard let text = subject.descriptor else {
                return Self.blocked(rule, type, .notTold)
            }
            let key = Self.key(text)
            let holds = wanted.contains { one in
                switch one.matchType {
                case .exactMatch: key == one.key
                case .startsWith: key.starts(with: one.key)
                }
            }
            return RuleFinding(
                ruleID: rule, type: type, holds: holds, amount: nil, descriptor: text,
                obstacle: nil)
        }
    }

    private static func blocked(
        _ rule: RuleID, _ type: RuleType, _ obstacle: RuleObstacle
    ) -> RuleFinding {
        RuleFinding(
            ruleID: rule, type: type, holds: false, amount: nil, descriptor: nil,
            obstacle: obstacle)
    }

    /// Without spaces around it and in lower case.
    private static func key(_ text: String) -> [UInt8] {
        var letters = Substring(text)
        while letters.first?.isWhitespace == true { letters.removeFirst() }
        while letters.last?.isWhitespace == true { letters.removeLast() }
        return Array(letters.lowercased().utf8)
    }
}

extension AmountOperator {
    fileprivate func holds(_ amount: Int64, _ bound: Int64) -> Bool {
        switch self {
        case .greaterThan: amount > bound
        case .greaterThanOrEqual: amount >= bound
        case .lessThan: amount < bound
        case .lessThanOrEqual: amount <= bound
        case .equal: amount == bound
        case .notEqual: amount != bound
        }
    }
}
