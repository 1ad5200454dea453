import ParryDatabase
package import ParryDomain
import ParryStore
package import ParryWire

extension NetworkIntake {
    /// Takes in a notice of an RDR case; returns once it is durable. The same case and status again change nothing.
    ///
    /// A case that was decided becomes a resolved alert, matched to its sale; one that is taken back turns its alert
    /// INVALID, and stays so whatever is told later. RDR cases are never duplicates: money moved.
    ///
    /// - Parameter body: The message as it came, without full card numbers.
    package func receive(
        _ notice: NetworkCase, body: [UInt8], mode: AccountMode, now: Timestamp
    ) async throws -> Fate {
        let key = Self.key(notice, notice.status, mode)
        let fate = try await database.write { tx -> Fate in
            guard let message = try NetworkMessageStore.insert(key, body: body, receivedAt: now, tx)
            else { return .known }
            try NetworkMessageStore.waitAlone(for: notice.alert.networkID, tx)
            let alert = try Self.apply(notice, mode: mode, now: now, tx)
            try NetworkMessageStore.settle(message, key, subject: alert?.text, tx)
            return alert.map(Fate.raised) ?? .unrouted
        }
        if fate != .known { wake() }
        return fate
    }

    private static func key(
        _ notice: NetworkCase, _ status: NetworkCase.Status, _ mode: AccountMode
    ) -> NetworkMessageStore.Key {
        NetworkMessageStore.Key(
            mode: mode, network: .verifi, kind: .notification,
            networkID: notice.alert.networkID + " " + status.rawValue)
    }

    private static func apply(
        _ notice: NetworkCase, mode: AccountMode, now: Timestamp, _ tx: any WriteTransaction
    ) throws -> AlertID? {
        for status in NetworkCase.Status.allCases where status != notice.status {
            let known = try NetworkMessageStore.subject(of: key(notice, status, mode), tx)
            if let known {
                try change(AlertID(stored: known), to: notice, now: now, tx)
                return AlertID(stored: known)
            }
        }
        return try raise(notice, mode: mode, now: now, tx)
    }

    private static func change(
        _ id: AlertID, to notice: NetworkCase, now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        guard let seen = try AlertStore.named(id, tx),
            let tenant = try OrganisationStore.tenant(seen.organisationID, tx)
        else { return }
        try seen.sale?.lockOrder(of: seen.organisationID, tx)
        guard let old = try AlertStore.named(id, lock: .update, tx), old.state.status != .invalid
        else { return }
        var new = old
        let state = notice.state(
            integrationID: old.state.integrationID,
            transaction: old.state.integrationTransactionID)
        new.state.status = state.status
        // A case that was taken back keeps what it was told to have done.
        if notice.status != .deleted { new.state.refundOutcome = state.refundOutcome }
        guard new.state != old.state else { return }
        if notice.status != .accepted, new.attention?.reason == .refundedTwice {
            new.attention = nil
        }
        let moment = tenant.moment(now)
        new.updatedAt = moment.shown
        try AlertStore.save(new, tx)
        if var record = try AlertCaseStore.find(id, tx),
            let evaluation = record.decision.flatMap(RulesetDecision.init(stored:))
        {
            record.decision = evaluation.carriedOut(notice.status).stored
            try AlertCaseStore.save(record, tx)
        }
        let recorder = EventRecorder(partnerID: tenant.partner, now: moment)
        try recorder.updated(from: old, to: new, tx)
        if notice.status == .deleted, old.state.refundOutcome == .refunded {
            try AlertFlagging(recorder: recorder).flag(id, .caseDeleted, tx)
        }
        try AlertFlagging(recorder: recorder).flagSecondRefund(new, tx)
    }

    private static func raise(
        _ notice: NetworkCase, mode: AccountMode, now: Timestamp, _ tx: any WriteTransaction
    ) throws -> AlertID? {
        guard let enrolment = try enrolment(of: notice, mode: mode, tx),
            let tenant = try OrganisationStore.tenant(enrolment.organisationID, tx),
            let merchant = enrolment.merchantIDs.first
        else { return nil }
        let judgement = AlertJudgement(
            enrolment: enrolment, isLive: true, settings: tenant.settings)
        let moment = try OrganisationStore.moment(now, in: enrolment.organisationID, mode, tx)
        let told = notice.alert.shown(at: moment)
        let match = try judgement.match(told, tx)
        let alert = Alert.raised(
            told,
            through: AlertSource(
                id: enrolment.id, organisationID: enrolment.organisationID,
                merchantID: match.merchant ?? merchant, type: enrolment.type),
            deadline: nil,
            state: notice.state(
                integrationID: match.state.integrationID,
                transaction: match.state.integrationTransactionID), now: moment)
        var judged = judgement.record(alert, told, match, now: moment.shown)
        judged.record.decision = try decision(notice, mode, tx)
        try AlertRaising(tenant: tenant, now: moment).raise(judged, tx)
        return alert.id
    }

    /// What our ruleset decided when the network asked about the case.
    private static func decision(
        _ notice: NetworkCase, _ mode: AccountMode, _ tx: any ReadTransaction
    ) throws -> String? {
        guard let id = notice.decisionID else { return nil }
        let key = NetworkMessageStore.Key(
            mode: mode, network: .verifi, kind: .decision, networkID: id)
        guard let answer = try NetworkMessageStore.answer(to: key, tx),
            let evaluation = CaseAnswer(stored: answer)?.evaluation
        else { return nil }
        return evaluation.carriedOut(notice.status).stored
    }

    /// What receives cases comes before what does not, the one changed last before others.
    private static func enrolment(
        of notice: NetworkCase, mode: AccountMode, _ tx: any ReadTransaction
    ) throws -> Enrolment? {
        for identifier in notice.identifiers {
            let ids = try EnrolmentIdentifierStore.enrolments(
                of: [identifier], type: .verifiRDR, mode: mode, tx)
            let found = try EnrolmentStore.named(ids, lock: .share, tx).max { left, right in
                let places = [left, right].map {
                    ($0.status == .enabled ? 1 : 0, $0.changedAt.milliseconds)
                }
                return places[0] < places[1]
            }
            if let found { return found }
        }
        return nil
    }
}

extension RulesetDecision {
    /// The decision with whether the network did so.
    fileprivate func carriedOut(_ status: NetworkCase.Status) -> RulesetDecision {
        var decision = self
        decision.isCarriedOut =
            status != .deleted
            && (CaseDecision(outcome) == .accept) == (status == .accepted)
        return decision
    }
}
