package import ParryDatabase
import ParryDomain
import ParryMatching
import ParryStore
package import ParryWire

// Who acts: a chore in each process. Orders that arrive or change plan reviews in their own commit; a review matches
// and judges one alert again in one transaction, together with its event and with what its network is told.
//
// What a crash leaves: reviews that are not done yet are still on the list.

/// Matches and judges alerts again when orders come late.
package struct AlertReviewService: Sendable {
    private let database: any Database
    private let wake: Wake

    package init(database: any Database, wake: Wake) {
        self.database = database
        self.wake = wake
    }

    /// Reviews some alerts; says whether there may be more.
    package func step(now: Timestamp) async throws -> Bool {
        let limit = Limits.alertsReviewedAtOnceMax
        let due = try await database.lookUp { try AlertReviewStore.due(now, limit: limit, $0) }
        var failure: (any Error)?
        for review in due {
            do {
                try await database.write { tx in
                    try Self.review(review.alertID, now: now, tx)
                    _ = try AlertReviewStore.take(review, tx)
                }
            } catch {
                // One that cannot be reviewed does not hold up the others.
                failure = error
                let later = now.adding(seconds: Limits.failedReviewSeconds)
                try await database.write {
                    try AlertReviewStore.plan([review.alertID], at: later, $0)
                }
            }
        }
        if !due.isEmpty { wake() }
        if let failure { throw failure }
        return due.count == limit
    }

    private static func review(
        _ id: AlertID, now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        guard let seen = try AlertStore.named(id, tx), let known = try AlertCaseStore.find(id, tx),
            let tenant = try OrganisationStore.tenant(seen.organisationID, tx),
            let enrolment = try EnrolmentStore.named([seen.enrolmentID], tx).first,
            let mode = try EnrolmentStore.mode(of: enrolment.id, tx)
        else { return }
        let outcomes = OutcomeQueue(mode: mode, now: now)
        let moment = tenant.moment(now)
        guard known.originalID == nil else {
            // Its original may have ended while this one was stored.
            return try outcomes.tell(seen, known, tx)
        }
        guard !known.isSetByHand else { return }
        let judgement = AlertJudgement(
            enrolment: enrolment, isLive: true, settings: tenant.settings)
        let told = NetworkAlert(seen, known)
        // The order is locked before the alert, as everywhere.
        let match = try judgement.match(told, tx)
        // A person, or another process, may have been quicker: the case counts as it is under the lock.
        guard let old = try AlertStore.named(id, lock: .update, tx),
            let record = try AlertCaseStore.find(id, tx), !record.isSetByHand,
            record.originalID == nil,
            let judged = try judge(old, record, match, judgement, now: moment.shown, tx)
        else { return }
        // What a ruleset decided when the alert came stays with it.
        var judgedAgain = judged.record
        judgedAgain.decision = record.decision
        try AlertCaseStore.save(judgedAgain, tx)
        guard judged.alert.state != old.state else { return }
        var new = judged.alert
        new.updatedAt = moment.shown
        try AlertStore.save(new, tx)
        try EventRecorder(partnerID: tenant.partner, now: moment).updated(from: old, to: new, tx)
        let flagging = AlertFlagging(
            recorder: EventRecorder(partnerID: tenant.partner, now: moment))
        if match.tellsOfRefund, new.isDeclined {
            try flagging.flag(id, .refundedAfterDecline, tx)
        }
        try flagging.flagSecondRefund(new, tx)
        // Only what was open can have ended now: the first outcome is final.
        if old.state.status == .actionRequired { try outcomes.tell(new, judgedAgain, tx) }
    }

    /// What the alert becomes; nil when it stays as it is. A match that exists is never replaced by none, and what was
    /// decided on a transaction stays with it.
    private static func judge(
        _ old: Alert, _ record: AlertCaseStore.Case, _ match: AlertJudgement.Match,
        _ judgement: AlertJudgement, now: Timestamp, _ tx: any ReadTransaction
    ) throws -> AlertJudgement.Judged? {
        let isOpen = old.state.status == .actionRequired
        let hadMatch = old.state.integrationID != nil
        guard isOpen || !hadMatch, match.verdict.winner != nil || !hadMatch else { return nil }
        var alert = old
        alert.state.take(match.verdict.winner)
        alert.merchantID = match.merchant ?? old.merchantID
        if isOpen {
            // What others are duplicates of is none itself.
            let isOriginal = try !AlertCaseStore.duplicates(
                of: alert.id, isSimulated: record.isSimulated, tx
            ).isEmpty
            // They were judged by the sale that it has: it stays there.
            if isOriginal, hadMatch, alert.state != old.state { return nil }
            let original =
                isOriginal
                ? nil : try AlertStore.original(of: alert, isSimulated: record.isSimulated, tx)
            return judgement.judge(
                alert, NetworkAlert(old, record), match, original: original, now: now)
        }
        var record = record
        record.verdict = match.verdict.stored
        record.judgedAt = now
        return AlertJudgement.Judged(alert: alert, record: record)
    }
}

extension Alert.State {
    fileprivate mutating func take(_ winner: JudgedCandidate?) {
        integrationID = winner?.candidate.integrationID
        integrationTransactionID = winner?.candidate.referenceID
    }
}

extension NetworkAlert {
    /// The alert as its network told it.
    fileprivate init(_ alert: Alert, _ record: AlertCaseStore.Case) {
        self.init(
            networkID: alert.networkID, category: record.category, alertedAt: record.alertedAt,
            transaction: alert.transaction, transactionAt: record.transactionAt,
            reasonCode: record.reasonCode)
        isSimulated = record.isSimulated
        fillers = record.fillers
    }
}
