package import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

/// Counts what overviews show, of what the caller sees.
package struct StatisticsService: Sendable {
    let database: any Database

    package init(database: any Database) {
        self.database = database
    }

    /// Which alerts are counted.
    package struct Asked: Sendable, Hashable {
        /// nil for all organisations.
        package var organisationID: OrganisationID?
        /// The present day and those before it.
        package var days: Int

        package init(organisationID: OrganisationID? = nil, days: Int) {
            self.organisationID = organisationID
            self.days = days
        }
    }

    /// How alerts go; all of it counted at one moment.
    package struct Alerts: Sendable {
        package let waiting: StatisticsStore.Waiting
        /// The present day, in days since 1970.
        package let lastDay: Int64
        package let counts: [StatisticsStore.AlertCount]
        package let issuers: [StatisticsStore.IssuerCount]
        package let saved: [StatisticsStore.Saved]
        package let enrolments: StatisticsStore.EnrolmentCounts
    }

    /// - Throws: ``NotFound`` for an organisation that the caller does not see.
    package func alerts(
        _ asked: Asked, by principal: Principal, now: Timestamp
    ) async throws -> Alerts {
        try await database.read { tx in
            let scope = try Self.scope(asked, by: principal, now: now, tx)
            return Alerts(
                waiting: try StatisticsStore.waiting(
                    in: scope, soon: Limits.alertEndsSoonSeconds, tx),
                lastDay: scope.lastDay,
                counts: try StatisticsStore.alerts(in: scope, tx),
                issuers: try StatisticsStore.issuers(
                    in: scope, limit: Limits.issuersShownMax, tx),
                saved: try StatisticsStore.saved(in: scope, tx),
                enrolments: try StatisticsStore.enrolments(in: scope, tx))
        }
    }

    /// The alerts alone, day by day.
    package struct Counts: Sendable {
        package let counts: [StatisticsStore.AlertCount]
        /// The present day, in days since 1970.
        package let lastDay: Int64
    }

    /// - Throws: ``NotFound`` for an organisation that the caller does not see.
    package func counts(
        _ asked: Asked, by principal: Principal, now: Timestamp
    ) async throws -> Counts {
        try await database.read { tx in
            let scope = try Self.scope(asked, by: principal, now: now, tx)
            return Counts(
                counts: try StatisticsStore.alerts(in: scope, tx), lastDay: scope.lastDay)
        }
    }

    private static func scope(
        _ asked: Asked, by principal: Principal, now: Timestamp, _ tx: any ReadTransaction
    ) throws -> StatisticsScope {
        if let id = asked.organisationID {
            _ = try OrganisationService.load(id, by: principal, tx)
        }
        return try StatisticsScope(
            of: principal.owner, only: asked.organisationID, days: asked.days, now: now, tx)
    }
}
