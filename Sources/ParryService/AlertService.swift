package import ParryDatabase
package import ParryDomain
import ParryMatching
package import ParryStore
package import ParryWire

/// Use cases of alerts (CONTRACT.md 9 and 14.2). Every change and its event commit together.
package struct AlertService: Sendable {
    let database: any Database
    private let wake: Wake

    package init(database: any Database, wake: Wake) {
        self.database = database
        self.wake = wake
    }

    /// What a caller wants of an alert.
    package struct Change: Sendable {
        /// The word as sent; it must be an ``AlertAction``.
        package let action: String?
        /// nil leaves the note; `.some(nil)` clears it.
        package let note: String??
        /// Refunds although the network has.
        package let isForced: Bool
        /// Takes the alert off the list of those that somebody has to look at.
        package let isSeen: Bool
        /// The note that the new one is meant to replace; nil where that makes no difference.
        package var formerNote: String??

        package init(
            action: String?, note: String??, isForced: Bool = false, isSeen: Bool = false
        ) {
            self.action = action
            self.note = note
            self.isForced = isForced
            self.isSeen = isSeen
        }
    }

    /// - Throws: ``NotFound``.
    package func find(_ id: AlertID, by principal: Principal) async throws -> Alert {
        try await database.lookUp { try Self.load(id, by: principal, $0) }
    }

    /// - Throws: ``NotFound`` for an organisation or merchant filter that the key does not see.
    package func list(
        _ filter: AlertStore.Filter, page: Page, by principal: Principal
    ) async throws -> Listing<Alert> {
        try await database.read { tx in
            if let id = filter.organisationID {
                _ = try OrganisationService.load(id, by: principal, tx)
            }
            if let id = filter.merchantID { _ = try MerchantService.load(id, by: principal, tx) }
            return try AlertStore.list(filter, for: principal.owner, page: page, tx)
        }
    }

    /// Takes the partner's declaration and note. Of two that act at once, one wins and the other hears
    /// that the alert is no longer actionable.
    ///
    /// - Throws: ``NotFound``, ``AlertError``; ``NoteChanged`` when the note was another one already.
    package func update(
        _ id: AlertID, _ change: Change, by principal: Principal, now: Timestamp
    ) async throws -> Alert {
        let alert = try await database.write { tx in
            let action = try Self.action(change.action)
            let seen = try Self.load(id, by: principal, tx)
            let moment = try OrganisationStore.moment(
                now, in: seen.organisationID, principal.mode, tx)
            let isRefunding = action?.refundOutcome == .refunded && !change.isForced
            // A case that is taken in at this moment comes before the action or after it.
            if isRefunding { try seen.sale?.lockOrder(of: seen.organisationID, tx) }
            let old = try Self.load(id, by: principal, lock: .update, tx)
            if let former = change.formerNote, old.state.note != former {
                throw NoteChanged(alert: old)
            }
            let isRefunded = try isRefunding && Self.isRefundedAtNetwork(old, tx)
            var new = old
            let context = ActionContext(
                allowsCancel: try action?.cancels == true
                    && OrganisationStore.settings(of: old.organisationID, tx)?
                        .allowsCancelActions == true,
                isRefundedAtNetwork: isRefunded)
            guard
                try new.update(
                    action: action, note: change.note, isSeen: change.isSeen, context,
                    now: moment.shown)
            else { return old }
            try AlertStore.save(new, tx)
            let recorder = Self.recorder(principal, moment)
            try recorder.updated(from: old, to: new, tx)
            if old.state.status == .actionRequired {
                try OutcomeQueue(mode: principal.mode, now: now).tell(new, tx)
            }
            let isFlagged =
                try !old.isDeclined && AlertFlagging(recorder: recorder).flagCommitted([new], tx)
            return isFlagged ? try Self.load(id, by: principal, tx) : new
        }
        wake()
        return alert
    }

    /// Raises an alert as a network would, in a TEST organisation; matched and judged where that is wanted.
    ///
    /// - Throws: ``NotFound`` for the organisation or enrolment, ``SimulationError``.
    package func simulate(
        _ simulation: AlertSimulation, organisation: String, enrolment: String,
        by principal: Principal, now: Timestamp
    ) async throws -> Alert {
        let alert = try await database.write { tx in
            let source = try Self.source(organisation, enrolment, by: principal, tx)
            let moment = try OrganisationStore.moment(
                now, in: source.organisationID, principal.mode, tx)
            let alert = try Alert.simulated(simulation, through: source, now: moment)
            if simulation.isMatched {
                return try Self.raise(alert, simulation, through: source, at: moment, tx)
            }
            let settings = try OrganisationStore.settings(of: alert.organisationID, tx)
            let due = (settings ?? .standard).schedule.next(of: alert, after: moment.shown)
            try AlertStore.insert(alert, due: moment.real(of: due), tx)
            try Self.recorder(principal, moment).created(alert, tx)
            return alert
        }
        wake()
        return alert
    }

    /// Whether an RDR case refunded the alert's sale.
    static func isRefundedAtNetwork(
        _ alert: Alert, _ tx: any ReadTransaction
    ) throws -> Bool {
        guard let sale = alert.sale else { return false }
        return try AlertStore.refunding(sale, tx).contains { $0.enrolmentType == .verifiRDR }
    }

    /// As from a network, except for a status that the caller asked for.
    private static func raise(
        _ alert: Alert, _ simulation: AlertSimulation, through enrolment: Enrolment,
        at moment: Moment, _ tx: any WriteTransaction
    ) throws -> Alert {
        guard let tenant = try OrganisationStore.tenant(enrolment.organisationID, tx) else {
            throw NotFound("organisation")
        }
        let told = NetworkAlert(simulation, of: alert)
        let judgement = AlertJudgement(
            enrolment: enrolment, isLive: true, settings: tenant.settings)
        let match = try judgement.match(told, tx)
        var matched = alert
        matched.merchantID = match.merchant ?? alert.merchantID
        matched.state.integrationID = match.state.integrationID
        matched.state.integrationTransactionID = match.state.integrationTransactionID
        matched.transaction.fill(told.fillers, from: match.verdict.winner?.candidate)
        let now = alert.createdAt
        let judged =
            alert.state.status == .actionRequired
            ? judgement.judge(
                matched, told, match,
                original: try AlertStore.original(of: matched, isSimulated: true, tx), now: now)
            : judgement.record(matched, told, match, now: now)
        return try AlertRaising(tenant: tenant, now: moment).raise(judged, tx)
    }

    private static func source(
        _ organisation: String, _ enrolment: String, by principal: Principal,
        _ tx: any ReadTransaction
    ) throws -> Enrolment {
        guard let organisationID = OrganisationID(organisation) else {
            throw NotFound("organisation")
        }
        _ = try OrganisationService.load(organisationID, by: principal, tx)
        guard let enrolmentID = EnrolmentID(enrolment) else { throw NotFound("enrolment") }
        let source = try EnrolmentService.load(enrolmentID, by: principal, lock: .share, tx)
        guard principal.mode == .test else { throw SimulationError.organisationNotTestMode }
        guard source.organisationID == organisationID else {
            throw SimulationError.enrolmentOrganisationMismatch
        }
        return source
    }

    private static func action(_ word: String?) throws -> AlertAction? {
        guard let word else { return nil }
        guard let action = AlertAction(rawValue: word) else { throw AlertError.unknownAction }
        return action
    }

    static func load(
        _ id: AlertID, by principal: Principal, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> Alert {
        let found = try AlertStore.find(id, for: principal.owner, lock: lock, tx)
        guard let found else { throw NotFound("alert") }
        return found
    }

    private static func recorder(_ principal: Principal, _ now: Moment) -> EventRecorder {
        EventRecorder(partnerID: principal.owner.partnerID, now: now)
    }
}

/// Somebody else wrote another note meanwhile.
package struct NoteChanged: Error, Sendable {
    /// As it is now.
    package let alert: Alert
}

extension AlertTransaction {
    /// What nobody gave is shown as the sale has it, where one was found.
    fileprivate mutating func fill(_ fillers: Set<AlertFiller>, from sale: MatchCandidate?) {
        guard let sale else { return }
        if fillers.contains(.currency) { currency = sale.currency ?? currency }
        if fillers.contains(.amount), sale.currency == currency { amount = sale.amount ?? amount }
    }
}
