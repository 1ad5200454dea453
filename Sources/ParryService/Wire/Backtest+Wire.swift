import ParryDomain
package import ParryWire

extension RulesetService.Trial: ShapedObject {
    package static let shape = Shape<RulesetService.Trial>(
        "RulesetBacktestResult",
        [
            .id("ruleset_id") { $0.rulesetID }, .time("from") { $0.from }, .time("to") { $0.to },
            .integer("alert_count") { $0.result.alertCount },
            .integer("invalid_count") { $0.result.invalidCount },
            .list("outcomes", Backtest.Tally.shape) { $0.result.tallies },
            .list("rules", Backtest.RuleHits.shape) { $0.result.rules },
            .integer("flip_count") { $0.result.flipCount },
            .list("flips", Backtest.Flip.shape) { $0.result.flips },
        ])
}

extension Backtest.Tally {
    fileprivate static let shape = Shape<Backtest.Tally>(
        "BacktestOutcome",
        [
            .word("outcome") { $0.outcome }, .integer("alert_count") { $0.count },
            .list("money", Money.shape) { tally in
                tally.money.sorted { $0.key < $1.key }.map(Money.init)
            },
        ])
}

/// Amounts of one currency together.
private struct Money: Sendable {
    let currency: String
    let amount: Int64

    static let shape = Shape<Money>(
        "BacktestMoney",
        [.text("currency") { $0.currency }, .integer("amount_in_cents") { $0.amount }])
}

extension Backtest.RuleHits {
    fileprivate static let shape = Shape<Backtest.RuleHits>(
        "BacktestRule",
        [
            .id("rule_id") { $0.ruleID }, .word("type") { $0.type },
            .integer("held_count") { $0.held }, .integer("blocked_count") { $0.blocked },
        ])
}

extension Backtest.Flip {
    fileprivate static let shape = Shape<Backtest.Flip>(
        "BacktestFlip",
        [
            .id("alert_id") { $0.alertID }, .word("outcome") { $0.outcome },
            .word("was") { $0.was }, .word("would_be") { $0.wouldBe },
            .integer("amount_in_cents") { $0.amount }, .text("currency") { $0.currency },
        ])
}
