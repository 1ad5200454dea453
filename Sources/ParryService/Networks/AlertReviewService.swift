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
        for review in due {
            try await database.write { tx in
                guard try AlertReviewStore.take(review, tx) else { return }
                try Self.review(review.alertID, now: now, tx)
            }
        }
        if !due.isEmpty { wake() }
        return due.count == limit
    }

    private static func review(
        _ id: AlertID, now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        guard let old = try AlertStore.named(id, lock: .update, tx),
            let record = try AlertCaseStore.find(id, tx), !record.isSetByHand,
            let tenant = try OrganisationStore.tenant(old.organisationID, tx),
            let enrolment = try EnrolmentStore.named([old.enrolmentID], tx).first,
            let mode = try EnrolmentStore.mode(of: enrolment.id, tx)
        else { return }
        let judgement = AlertJudgement(
            enrolment: enrolment, isLive: enrolment.status == .enabled, settings: tenant.settings)
        let told = NetworkAlert(old, record)
        let match = try judgement.match(told, tx)
        var judged = AlertJudgement.Judged(alert: old, record: record)
        judged.record.verdict = match.verdict.stored
        judged.record.judgedAt = now
        if old.state.status == .actionRequired {
            judged.alert.state.take(match.verdict.winner)
            judged = try judgement.judge(judged.alert, told, match, now: now, tx)
        } else if old.state.integrationID == nil {
            judged.alert.state.take(match.verdict.winner)
        } else {
            // What was decided on a transaction stays with it.
            return
        }
        try AlertCaseStore.save(judged.record, tx)
        guard judged.alert.state != old.state else { return }
        judged.alert.updatedAt = now
        try AlertStore.save(judged.alert, tx)
        try EventRecorder(partnerID: tenant.partner, now: now)
            .updated(from: old, to: judged.alert, tx)
        // Only what was open can have ended now: the first outcome is final.
        if old.state.status == .actionRequired {
            try OutcomeQueue(mode: mode, now: now).tell(judged.alert, judged.record, tx)
        }
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
    }
}
