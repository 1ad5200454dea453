import ParryDatabase
import ParryDomain
import ParryStore
import ParryWire

/// Asks an enrolment's ruleset about a new alert (CONTRACT.md 10). A change of the ruleset counts for alerts that are
/// raised after it is saved.
struct AlertRuling {
    let settings: OrganisationSettings
    let now: Moment

    /// Decides about an open Ethoca alert, keeps by what, and carries out what needs nobody's money.
    ///
    /// In strict mode an alert without a sale waits for a person whatever a rule says.
    func decide(_ judged: inout AlertJudgement.Judged, _ tx: any ReadTransaction) throws {
        let alert = judged.alert
        guard alert.enrolmentType == .ethocaAlert, alert.state.status == .actionRequired,
            let ruleset = try RulesetStore.deciding(for: alert.enrolmentID, tx)
        else { return }
        let subject = RuleSubject(alert, judged.record, now)
        let rates = try Self.rates(subject, tx)
        var decision = RulesetEvaluator(ruleset).decide(subject, rates: rates)
        let isKnown = alert.state.integrationID != nil || settings.matchingMode == .soft
        if isKnown { decision.isCarriedOut = judged.alert.take(decision) }
        judged.record.decision = decision.stored
    }

    /// The rates that could be needed: none for US dollars.
    private static func rates(
        _ subject: RuleSubject, _ tx: any ReadTransaction
    ) throws -> ExchangeRates {
        guard let currency = subject.currency, currency != "USD" else { return .none }
        return try ExchangeRateStore.rates(
            around: ExchangeRates.day(of: subject.time), of: [currency, "USD"], tx)
    }
}

extension RuleSubject {
    /// What was told of an alert: fillers of a simulation are unknown to rules as well. Exchange rates are of real days.
    fileprivate init(_ alert: Alert, _ record: AlertCaseStore.Case, _ now: Moment) {
        let transaction = alert.transaction
        self.init(
            amount: record.fillers.contains(.amount) ? nil : transaction.amount,
            currency: record.fillers.contains(.currency) ? nil : transaction.currency,
            descriptor: transaction.statementDescriptor,
            time: record.alertedAt.adding(milliseconds: -now.lead))
    }
}
