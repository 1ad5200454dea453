import CoreMetrics
import ParryDatabase
import ParryDomain
import ParryMatching
import ParryStore
import ParryWire

/// Matches an alert to a sale of its organisation and judges whether it is valid (CONTRACT.md 12 and 13).
struct AlertJudgement {
    let enrolment: Enrolment
    /// Whether the enrolment receives alerts.
    let isLive: Bool
    let settings: OrganisationSettings

    /// From the first look-up to the verdict.
    private static let seconds = Timer(label: "parry_alert_matching_seconds")

    /// What matching found, with what validity needs of it.
    struct Match {
        let verdict: MatchVerdict
        let rates: ExchangeRates
        /// Of the matched sale.
        let history: OrderHistory?
        /// The merchant of the matched sale's integration.
        let merchant: MerchantID?

        /// Whether the matched sale was refunded, as its order tells.
        var tellsOfRefund: Bool {
            guard let reference = verdict.winner?.candidate.referenceID else { return false }
            return history?.refunds(of: reference).contains { $0.status == "SUCCEEDED" } == true
        }

        /// How an alert begins that nothing is wrong with.
        var state: Alert.State {
            let winner = verdict.winner?.candidate
            return Alert.State(
                status: .actionRequired, refundOutcome: nil,
                integrationID: winner?.integrationID,
                integrationTransactionID: winner?.referenceID)
        }
    }

    /// An alert with its case.
    struct Judged {
        var alert: Alert
        var record: AlertCaseStore.Case
    }

    /// Finds the sale that an alert is about.
    func match(_ alert: NetworkAlert, _ tx: any ReadTransaction) throws -> Match {
        var subject = MatchSubject(alert.transaction, alertedAt: alert.alertedAt)
        subject.transactionAt = alert.transactionAt
        subject.amount = alert.amount
        subject.currency = alert.currency
        let started = ContinuousClock.now
        defer {
            let took = ContinuousClock.now - started
            Self.seconds.recordNanoseconds(Int64(took / .nanoseconds(1)))
        }
        return try match(subject, tx)
    }

    /// Finds the sale that a subject is about. The matched order is locked, so that of two alerts about it one
    /// is judged first.
    private func match(_ subject: MatchSubject, _ tx: any ReadTransaction) throws -> Match {
        let organisation = enrolment.organisationID
        let feeds = try IntegrationStore.feeds(of: enrolment.merchantIDs, in: organisation, tx)
        let search = try CandidateLookUp(
            organisationID: organisation, integrations: feeds.keys.sorted { $0.text < $1.text }
        ).run(subject, tx)
        let rates = try Self.rates(subject, search.candidates, tx)
        let verdict = Matching.judge(
            subject, search.candidates, mode: settings.matchingMode, rates: rates,
            isComplete: search.isComplete)
        guard let winner = verdict.winner?.candidate else {
            return Match(verdict: verdict, rates: rates, history: nil, merchant: nil)
        }
        let order = try OrderStore.named(
            [winner.orderID], of: organisation, lock: .update, tx
        ).first
        let merchants = feeds[winner.integrationID] ?? []
        return Match(
            verdict: verdict, rates: rates, history: order.map { OrderHistory($0.document.root) },
            merchant: enrolment.merchantIDs.first(where: merchants.contains))
    }

    /// A matched alert whose end was decided elsewhere: nothing is judged.
    func record(
        _ alert: Alert, _ told: NetworkAlert, _ match: Match, now: Timestamp
    ) -> Judged {
        Judged(
            alert: alert,
            record: AlertCaseStore.Case(
                told, of: alert.id, verdict: match.verdict.stored, judgedAt: now))
    }

    /// Judges a matched alert; one that is invalid needs nobody to act.
    ///
    /// That nothing was found is no reason here: an order may still come, and in strict mode a person looks first
    /// (CONTRACT.md 12).
    /// - Parameter original: Whose duplicate it would be.
    func judge(
        _ alert: Alert, _ told: NetworkAlert, _ match: Match, original: Alert?, now: Timestamp
    ) -> Judged {
        var judged = record(alert, told, match, now: now)
        let reason = AlertValidity.judge(
            facts(told, match, isDuplicate: original != nil), rates: match.rates)
        guard let reason else { return judged }
        judged.alert.state.status = .invalid
        judged.record.invalidReason = reason.rawValue
        if reason == .duplicate { judged.record.originalID = original?.id }
        return judged
    }

    private func facts(
        _ told: NetworkAlert, _ match: Match, isDuplicate: Bool
    ) -> ValidityFacts {
        var facts = ValidityFacts(
            alertedAt: told.alertedAt, mode: .soft, outcome: match.verdict.outcome)
        facts.amount = told.amount
        facts.currency = told.currency
        facts.isDuplicate = isDuplicate
        facts.isWrongMerchant = !isLive
        guard let winner = match.verdict.winner?.candidate else { return facts }
        facts.saleAmount = winner.amount
        facts.saleCurrency = winner.currency
        facts.refunds = match.history?.refunds(of: winner.referenceID) ?? []
        facts.disputes = match.history?.disputes(of: winner.referenceID) ?? []
        return facts
    }

    /// The rates that could be needed: none where all is in one currency.
    private static func rates(
        _ subject: MatchSubject, _ candidates: [MatchCandidate], _ tx: any ReadTransaction
    ) throws -> ExchangeRates {
        let currencies = Set(
            candidates.compactMap(\.currency) + [subject.currency].compactMap(\.self))
        guard currencies.count > 1 else { return .none }
        let time = subject.transactionAt ?? subject.networkAlertedAt
        return try ExchangeRateStore.rates(
            around: ExchangeRates.day(of: time), of: currencies.sorted(), tx)
    }
}
