package import ParryDatabase
import ParryDomain
import ParryStore
package import ParryWire

// Who acts: a chore in each process. It takes the open alerts that are due, reminds their partners, and ends those whose
// deadline has passed. An alert is locked while it is looked at, so of several processes, and of a process and a partner
// who acts at this moment, one wins.
//
// What a crash leaves: alerts that were not committed are due still. Whether a deadline has passed is asked of the alert
// itself, so neither a long stop nor a jump of the clock ends one twice or too early.

/// Reminds of deadlines, and ends alerts whose deadline has passed.
package struct DeadlineService: Sendable {
    private let database: any Database
    private let wake: Wake

    /// - Parameter wake: Tells that events were written, and that networks are to be told something.
    package init(database: any Database, wake: Wake) {
        self.database = database
        self.wake = wake
    }

    /// Looks at some due alerts; says whether there may be more.
    package func step(now: Timestamp) async throws -> Bool {
        let limit =
            database.dialect == .sqlite
            ? Limits.alertsDueAtOnceMax : Limits.alertsDueSideBySideMax
        let due = try await database.lookUp { try AlertStore.due(now, limit: limit, $0) }
        guard !due.isEmpty else { return false }
        let attended: Int
        do {
            attended = try await work(now) { try AlertStore.lockedDue(now, limit: limit, $0) }
        } catch {
            attended = try await workApart(due, now: now)
        }
        // Where other processes have them all, they go on by themselves.
        guard attended > 0 else { return false }
        wake()
        return due.count == limit
    }

    /// - Returns: To how many it attended.
    private func work(
        _ now: Timestamp,
        _ lock: @escaping @Sendable (any WriteTransaction) throws -> [AlertStore.DueAlert]
    ) async throws -> Int {
        try await database.write { tx in
            var tenants: [OrganisationID: OrganisationStore.Tenant?] = [:]
            var ended: [Ended] = []
            let locked = try lock(tx)
            for (remindedAt, alert) in locked {
                let id = alert.organisationID
                let tenant = try tenants[id] ?? OrganisationStore.tenant(id, tx)
                tenants[id] = .some(tenant)
                if let end = Ended(alert, of: tenant, now: now) {
                    ended.append(end)
                } else {
                    try Self.attend(alert, remindedAt: remindedAt, of: tenant, now: now, tx)
                }
            }
            try Self.save(ended, now: now, tx)
            return locked.count
        }
    }

    /// One that cannot be worked on is put off, and does not hold up the others.
    private func workApart(_ ids: [AlertID], now: Timestamp) async throws -> Int {
        var attended = 0
        var failure: (any Error)?
        for id in ids {
            do {
                attended += try await work(now) { try AlertStore.lockedDue(id, at: now, $0) }
            } catch {
                failure = error
                let later = now.adding(seconds: Limits.failedReviewSeconds)
                try await database.write { try AlertStore.setDue(later, of: id, $0) }
            }
        }
        if attended > 0 { wake() }
        if let failure { throw failure }
        return attended
    }

    /// An alert whose deadline has passed.
    private struct Ended {
        let old: Alert
        let new: Alert
        let mode: AccountMode
        let recorder: EventRecorder

        /// nil for one that has not ended.
        init?(_ alert: Alert, of tenant: OrganisationStore.Tenant?, now: Timestamp) {
            guard let tenant else { return nil }
            let moment = tenant.moment(now)
            var ended = alert
            guard ended.expire(now: moment.shown) else { return nil }
            old = alert
            new = ended
            mode = tenant.mode
            recorder = EventRecorder(partnerID: tenant.partner, now: moment)
        }
    }

    /// Ends alerts in few statements: very many can be due in one minute.
    private static func save(
        _ ended: [Ended], now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        guard !ended.isEmpty else { return }
        try AlertStore.saveExpired(ended.map(\.new), tx)
        try EventStore.append(
            ended.compactMap { try $0.recorder.update(from: $0.old, to: $0.new) }, tx)
        for group in Dictionary(grouping: ended, by: \.new.organisationID).values {
            try AlertFlagging(recorder: group[0].recorder).flagCommitted(group.map(\.new), tx)
        }
        for (mode, ended) in Dictionary(grouping: ended, by: \.mode) {
            try OutcomeQueue(mode: mode, now: now).tell(ended.map(\.new), tx)
        }
    }

    private static func attend(
        _ alert: Alert, remindedAt: Timestamp?, of tenant: OrganisationStore.Tenant?,
        now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        guard let tenant else { return try AlertStore.setDue(nil, of: alert.id, tx) }
        let moment = tenant.moment(now)
        let outcomes = OutcomeQueue(mode: tenant.mode, now: now)
        guard alert.state.status == .actionRequired else {
            return try tellLate(alert, outcomes, now: moment, tx)
        }
        let schedule = tenant.settings.schedule
        if schedule.hasReminder(of: alert, after: remindedAt, until: moment.shown) {
            try EventRecorder(partnerID: tenant.partner, now: moment).reminded(of: alert, tx)
        }
        let next = schedule.next(of: alert, after: moment.shown)
        try AlertStore.attended(alert.id, next: moment.real(of: next), at: moment.shown, tx)
    }

    /// A duplicate waits for what its original is told, but not beyond its own deadline (CONTRACT.md 13).
    private static func tellLate(
        _ alert: Alert, _ outcomes: OutcomeQueue, now: Moment, _ tx: any WriteTransaction
    ) throws {
        guard alert.state.status == .invalid, let deadline = alert.actionRequiredDeadline,
            let record = try AlertCaseStore.find(alert.id, tx), record.originalID != nil
        else { return try AlertStore.setDue(nil, of: alert.id, tx) }
        guard now.shown >= deadline else {
            return try AlertStore.setDue(now.real(of: deadline), of: alert.id, tx)
        }
        try outcomes.tellLate(alert, record, tx)
        try AlertStore.setDue(nil, of: alert.id, tx)
    }
}
