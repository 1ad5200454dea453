package import ParryDatabase
package import ParryDomain
import ParryStore
package import ParryWire

// What a crash leaves: the clock and everything that waits by it are set together or not at all. What is due by the new
// time is done after that, here or by the chore that does it anyway.

/// The test clocks of TEST organisations (amendment 8).
package struct TestClockService: Sendable {
    private let database: any Database
    private let deadlines: DeadlineService
    private let wake: Wake

    /// - Parameter wake: Tells the dispatcher of this process that something may be due.
    package init(database: any Database, wake: Wake) {
        self.database = database
        self.wake = wake
        deadlines = DeadlineService(database: database, wake: wake)
    }

    /// The clock of an organisation.
    ///
    /// - Throws: ``NotFound``, ``SimulationError/organisationNotTestMode``.
    package func find(
        _ organisation: OrganisationID, by principal: Principal, now: Timestamp
    ) async throws -> TestClock {
        try await database.lookUp { tx in
            let id = try OrganisationService.load(organisation, by: principal, tx).id
            guard principal.mode == .test else { throw SimulationError.organisationNotTestMode }
            let lead = try OrganisationStore.clockLead(of: id, tx) ?? 0
            return TestClock(of: id, at: Moment(now, lead: lead))
        }
    }

    /// Sets the clock forward, and brings forward what waits by it: deadlines, reminders and the next tries of webhooks.
    ///
    /// - Throws: ``NotFound``, ``SimulationError/organisationNotTestMode``, ``TestClockError``.
    package func set(
        _ organisation: String, _ change: TestClock.Change, by principal: Principal, now: Timestamp
    ) async throws -> TestClock {
        let clock = try await database.write { tx in
            guard let id = OrganisationID(organisation) else { throw NotFound("organisation") }
            _ = try OrganisationService.load(id, by: principal, lock: .update, tx)
            guard principal.mode == .test else { throw SimulationError.organisationNotTestMode }
            let lead = try OrganisationStore.clockLead(of: id, tx) ?? 0
            var clock = TestClock(of: id, at: Moment(now, lead: lead))
            let step = try clock.change(change)
            guard step > 0 else { return clock }
            try OrganisationStore.setClockLead(clock.moment.lead, of: id, tx)
            try AlertStore.bringForward(of: id, by: step, tx)
            try DeliveryStore.bringForward(
                of: id, partner: principal.owner.partnerID, by: step, tx)
            return clock
        }
        await workOff(clock.organisationID, now: now)
        wake()
        return clock
    }

    /// Whoever advances the clock sees what came of it. The clock is set already: what cannot be done here, and very much, is
    /// left to the chore, which may be at work on it at this moment.
    private func workOff(_ organisation: OrganisationID, now: Timestamp) async {
        for _ in 0..<Limits.deadlineStepsPerClockMax {
            do {
                let isMore = try await deadlines.step(now: now)
                let isDue = try await database.lookUp {
                    try AlertStore.isDue(in: organisation, at: now, $0)
                }
                guard isMore || isDue else { return }
                if !isMore { try await Task.sleep(for: .milliseconds(20)) }
            } catch {
                return
            }
        }
    }
}
