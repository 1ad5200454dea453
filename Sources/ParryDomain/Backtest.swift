package import ParryWire

/// What a ruleset would have done to alerts that were decided already; nothing is touched.
package struct Backtest: Sendable {
    /// An alert as it was.
    package struct Subject: Sendable {
        package let id: AlertID
        package let type: EnrolmentType
        /// What rules look at.
        package let told: RuleSubject
        /// As the alert shows it.
        package let amount: Int64
        package let currency: String
        package let status: AlertStatus
        /// What became of it; nil while it is open.
        package let refundOutcome: RefundOutcome?
        /// Whether its sale is known.
        package let isMatched: Bool

        package init(
            id: AlertID, type: EnrolmentType, told: RuleSubject, amount: Int64, currency: String,
            status: AlertStatus, refundOutcome: RefundOutcome?, isMatched: Bool
        ) {
            self.id = id
            self.type = type
            self.told = told
            self.amount = amount
            self.currency = currency
            self.status = status
            self.refundOutcome = refundOutcome
            self.isMatched = isMatched
        }
    }

    /// What the ruleset decided how often.
    package struct Tally: Sendable {
        /// nil: it does not hold.
        package let outcome: AlertAction?
        package fileprivate(set) var count: Int64 = 0
        /// By currency, in its minor units.
        package fileprivate(set) var money: [String: Int64] = [:]
        /// What really became of them; those that are open are not among them.
        package fileprivate(set) var became: [RefundOutcome: Int64] = [:]
        /// The first ``Limits/backtestExamplesMax``.
        package fileprivate(set) var examples: [Subject] = []
    }

    /// How often one rule held.
    package struct RuleHits: Sendable {
        /// nil for a draft's, which has no rules with ids.
        package let ruleID: RuleID?
        package let type: RuleType
        package fileprivate(set) var held: Int64 = 0
        /// How often it could not look at what it wanted to.
        package fileprivate(set) var blocked: Int64 = 0
        /// Of the alerts for which it held, by currency.
        package fileprivate(set) var money: [String: Int64] = [:]
    }

    /// An alert that would have ended otherwise.
    package struct Flip: Sendable {
        package let alertID: AlertID
        package let amount: Int64
        package let currency: String
        package let outcome: AlertAction?
        package let was: RefundOutcome
        package let wouldBe: RefundOutcome
    }

    /// The alerts that were looked at.
    package private(set) var alertCount: Int64 = 0
    /// Those that were left out, because they are INVALID.
    package private(set) var invalidCount: Int64 = 0
    package private(set) var tallies: [Tally]
    package private(set) var rules: [RuleHits]
    package private(set) var flipCount: Int64 = 0
    /// The first ``Limits/backtestFlipsMax``.
    package private(set) var flips: [Flip] = []
    /// Of those that would have ended otherwise, by currency.
    package private(set) var flipMoney: [String: Int64] = [:]

    private let evaluator: RulesetEvaluator
    private let rates: ExchangeRates
    private let isStrict: Bool

    /// - Parameters:
    ///   - isDraft: Whether the ruleset is not stored, so that its rules have no ids to speak of.
    ///   - isStrict: Whether Ethoca alerts without a sale wait for people whatever a rule says.
    package init(
        of ruleset: Ruleset, isDraft: Bool, isStrict: Bool = false, rates: ExchangeRates
    ) {
        self.isStrict = isStrict
        evaluator = RulesetEvaluator(ruleset)
        self.rates = rates
        tallies = [ruleset.details.outcome, nil].map { Tally(outcome: $0) }
        rules = ruleset.rules.map {
            RuleHits(ruleID: isDraft ? nil : $0.id, type: $0.condition.type)
        }
    }

    /// Decides about one alert.
    package mutating func add(_ subject: Subject) {
        guard subject.status != .invalid else {
            invalidCount += 1
            return
        }
        alertCount += 1
        let decision = evaluator.decide(subject.told, rates: rates)
        tallies[decision.outcome == nil ? 1 : 0].add(subject)
        for (index, finding) in decision.findings.enumerated() {
            if finding.holds { rules[index].hold(subject) }
            if finding.obstacle != nil { rules[index].blocked += 1 }
        }
        note(decision.outcome, of: subject)
    }

    private mutating func note(_ outcome: AlertAction?, of subject: Subject) {
        let waits = isStrict && subject.type == .ethocaAlert && !subject.isMatched
        guard !waits, let was = subject.refundOutcome,
            let wouldBe = Self.refundOutcome(of: outcome, subject.type), was != wouldBe
        else { return }
        flipCount += 1
        flipMoney.add(subject)
        guard flips.count < Limits.backtestFlipsMax else { return }
        flips.append(
            Flip(
                alertID: subject.id, amount: subject.amount, currency: subject.currency,
                outcome: outcome, was: was, wouldBe: wouldBe))
    }

    /// RDR cases that no rule decides are refunded; Ethoca alerts wait for people, who decide as they did.
    private static func refundOutcome(
        of outcome: AlertAction?, _ type: EnrolmentType
    ) -> RefundOutcome? {
        switch (outcome, type) {
        case (let outcome?, _): outcome.refundOutcome
        case (nil, .verifiRDR): .refunded
        case (nil, .ethocaAlert): nil
        }
    }
}

extension Backtest.Tally {
    fileprivate mutating func add(_ subject: Backtest.Subject) {
        count += 1
        money.add(subject)
        if let outcome = subject.refundOutcome { became[outcome, default: 0] += 1 }
        if examples.count < Limits.backtestExamplesMax { examples.append(subject) }
    }
}

extension Backtest.RuleHits {
    fileprivate mutating func hold(_ subject: Backtest.Subject) {
        held += 1
        money.add(subject)
    }
}

extension [String: Int64] {
    /// Adds an alert's amount to those of its currency; the greatest number is the end.
    fileprivate mutating func add(_ subject: Backtest.Subject) {
        let (sum, overflow) = self[subject.currency, default: 0]
            .addingReportingOverflow(subject.amount)
        self[subject.currency] = overflow ? .max : sum
    }
}
