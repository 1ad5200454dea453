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
        let limit = Limits.alertsDueAtOnceMax
        let due = try await database.lookUp { try AlertStore.due(now, limit: limit, $0) }
        guard !due.isEmpty else { return false }
        do {
            try await work(due, now: now)
        } catch {
            try await workApart(due, now: now)
        }
        wake()
        return due.count == limit
    }

    private func work(_ ids: [AlertID], now: Timestamp) async throws {
        try await database.write { tx in
            var tenants: [OrganisationID: OrganisationStore.Tenant?] = [:]
            for (due, alert) in try AlertStore.locked(ids, due: now, tx) {
                let id = alert.organisationID
                let tenant = try tenants[id] ?? OrganisationStore.tenant(id, tx)
                tenants[id] = .some(tenant)
                try Self.attend(alert, due: due, of: tenant, now: now, tx)
            }
        }
    }

    /// One that cannot be worked on is put off, and does not hold up the others.
    private func workApart(_ ids: [AlertID], now: Timestamp) async throws {
        var failure: (any Error)?
        for id in ids {
            do {
                try await work([id], now: now)
            } catch {
                failure = error
                let later = now.adding(seconds: Limits.failedReviewSeconds)
                try await database.write { try AlertStore.setDue(later, of: id, $0) }
            }
        }
        if let failure { throw failure }
    }

    private static func attend(
        _ alert: Alert, due: Timestamp, of tenant: OrganisationStore.Tenant?, now: Timestamp,
        _ tx: any WriteTransaction
    ) throws {
        guard let tenant else { return try AlertStore.setDue(nil, of: alert.id, tx) }
        let events = EventRecorder(partnerID: tenant.partner, now: now)
        var ended = alert
        if ended.expire(now: now) {
            try AlertStore.save(ended, tx)
            try events.updated(from: alert, to: ended, tx)
            return try OutcomeQueue(mode: tenant.mode, now: now).tell(ended, tx)
        }
        let schedule = tenant.settings.schedule
        if schedule.isReminder(due, of: alert) { try events.reminded(of: alert, tx) }
        try AlertStore.setDue(schedule.next(of: alert, after: now), of: alert.id, tx)
    }
}
