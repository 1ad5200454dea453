import ParryDomain
import ParryService
import ParryWire

/// What a ruleset would have decided about past alerts, drawn and in numbers.
struct BacktestModel: Sendable {
    /// A line of the table, and a bar.
    struct Line: Sendable {
        let label: String
        let count: String
        let money: String
    }

    /// An alert, with what would have been and what was.
    struct Example: Sendable {
        let path: String
        let amount: String
        let descriptor: String
        let wouldBe: String
        let was: String
        /// Whether it would have ended otherwise.
        let differs: Bool
    }

    let summary: String
    let from: TimeText
    /// Said where there were more alerts than it looked at.
    let cut: String?
    let invalid: String?
    let blocked: String?
    let became: String?
    let isEmpty: Bool
    let plot: BacktestPlot
    let lines: [Line]
    let examples: [Example]

    /// - Parameter type: Of the enrolments that it was tried for.
    init(
        _ trial: RulesetService.Trial, of form: RulesetForm, _ type: EnrolmentType?,
        _ visit: SeatVisit
    ) {
        let result = trial.result
        let facts = BacktestFacts(trial, form, type)
        from = TimeText(trial.from)
        isEmpty = result.alertCount == 0
        summary =
            isEmpty
            ? "No alerts of these enrolments came in the last \(form.days) days, so there is nothing "
                + "to try it on. Choose a longer time, or save and see."
            : "Of \(result.alertCount.counted("alert")) of the last \(form.days) days, "
                + "\(Money.count(facts.decided?.count ?? 0)) would have been decided"
                + (form.isEnabled ? "." : ", were it enabled.")
        cut =
            trial.isCut
            ? "There were more: it looked at the newest "
                + "\(Money.count(Int64(Limits.backtestAlertsOnPageMax)))."
            : nil
        invalid =
            result.invalidCount > 0
            ? "Left out: \(result.invalidCount.counted("invalid alert"))." : nil
        blocked = facts.blocked
        became = facts.became
        plot = BacktestPlot(facts.bars, of: result.alertCount)
        lines = facts.bars.map {
            Line(label: $0.label, count: Money.count($0.count), money: $0.money.moneyText)
        }
        let flipped = Set(result.flips.map(\.alertID))
        examples = result.tallies.flatMap { tally in
            tally.examples.map { Example($0, tally.outcome, flipped, visit) }
        }
    }
}

/// The numbers of a backtest by what they are called.
private struct BacktestFacts {
    let decided: Backtest.Tally?
    let bars: [BacktestPlot.Bar]
    let became: String?
    let blocked: String?

    init(_ trial: RulesetService.Trial, _ form: RulesetForm, _ type: EnrolmentType?) {
        let result = trial.result
        decided = result.tallies.first { $0.outcome != nil }
        let left = result.tallies.first { $0.outcome == nil }
        var bars: [BacktestPlot.Bar] = []
        if let decided {
            let label = decided.outcome?.order ?? ""
            bars.append(.init(label: label, count: decided.count, money: decided.money, look: "s1"))
        }
        if let left {
            let label = (type ?? .ethocaAlert).otherwise
            bars.append(.init(label: label, count: left.count, money: left.money, look: "s4"))
        }
        let clauses = form.sentence?.conditions ?? []
        for (hits, condition) in zip(result.rules, clauses) where result.rules.count > 1 {
            let clause = RuleSentence.clause(condition, descriptorsMax: 1)
            bars.append(
                .init(
                    label: "Rule: " + clause, count: hits.held, money: hits.money, look: "s2"))
        }
        bars.append(
            .init(
                label: "Would have ended otherwise", count: result.flipCount,
                money: result.flipMoney, look: "s3"))
        self.bars = bars
        became = decided.flatMap(Self.became)
        let blocked = result.rules.map(\.blocked).max() ?? 0
        self.blocked =
            blocked > 0
            ? "For \(blocked.counted("alert")) a rule could not look: the amount, the descriptor or "
                + "the day's exchange rate is not known." : nil
    }

    private static func became(_ tally: Backtest.Tally) -> String? {
        guard tally.count > 0 else { return nil }
        let refunded = tally.became[.refunded] ?? 0
        let notRefunded = tally.became[.notRefunded] ?? 0
        return "What really became of those that it decides: refunded \(Money.count(refunded)), "
            + "not refunded \(Money.count(notRefunded)), still open "
            + "\(Money.count(tally.count - refunded - notRefunded))."
    }
}

extension BacktestModel.Example {
    init(
        _ subject: Backtest.Subject, _ outcome: AlertAction?, _ flipped: Set<AlertID>,
        _ visit: SeatVisit
    ) {
        path = visit.path("/alerts/\(subject.id.text)")
        amount = Money.text(subject.amount, subject.currency)
        descriptor = subject.told.descriptor ?? "–"
        wouldBe = outcome?.order ?? subject.type.otherwise
        switch subject.refundOutcome {
        case .refunded: was = "Refunded"
        case .notRefunded: was = "Not refunded"
        case nil: was = "Open"
        }
        differs = flipped.contains(subject.id)
    }
}
