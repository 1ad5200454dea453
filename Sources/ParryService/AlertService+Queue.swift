import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

extension AlertService {
    /// A part of the queue, and what stands beside it; read in one snapshot.
    package struct Queue: Sendable {
        package let alerts: Listing<Alert>
        /// This moment in each of their organisations.
        package let moments: [OrganisationID: Moment]
        /// What their organisations are called.
        package let organisations: [OrganisationID: String]
        /// Whether `CANCEL` may be declared in one of them.
        package let allowsCancel: Bool
        /// Of all that the principal sees, whatever the filter.
        package let waiting: AlertStore.Waiting
        /// The last position of the partner's events that this tells of.
        package let position: Int64
    }

    /// The page of the queue that the filter lets through.
    ///
    /// - Throws: ``NotFound`` for an organisation, merchant or enrolment filter that the principal does not see.
    package func queue(
        _ filter: AlertStore.Filter, page: Page, by principal: Principal, now: Timestamp
    ) async throws -> Queue {
        try await database.read { tx in
            let owner = principal.owner
            let filter = try Self.admit(filter, by: principal, tx)
            let alerts = try AlertStore.list(filter, for: owner, page: page, tx)
            let organisations = Set(alerts.items.map(\.organisationID)).sorted { $0.text < $1.text }
            return Queue(
                alerts: alerts, moments: try Self.moments(of: organisations, now: now, tx),
                organisations: try OrganisationStore.names(of: organisations, for: owner, tx),
                allowsCancel: try organisations.contains {
                    try OrganisationStore.settings(of: $0, tx)?.allowsCancelActions == true
                }, waiting: try AlertStore.waiting(for: owner, tx),
                position: try EventFeedStore.ends(of: owner.partnerID, tx).last)
        }
    }

    /// The alerts behind one of a list, in its order.
    ///
    /// - Parameter last: nil for the first ones.
    /// - Throws: As ``queue(_:page:by:now:)``.
    package func next(
        _ filter: AlertStore.Filter, behind last: Alert?, limit: Int, by principal: Principal
    ) async throws -> [Alert] {
        try await database.read { tx in
            let filter = try Self.admit(filter, by: principal, tx)
            return try AlertStore.next(
                filter, behind: last, for: principal.owner, limit: limit, tx)
        }
    }

    /// The filter, with the organisation that an enrolment implies: the alerts of others need not be looked at.
    private static func admit(
        _ filter: AlertStore.Filter, by principal: Principal, _ tx: any ReadTransaction
    ) throws -> AlertStore.Filter {
        if let id = filter.organisationID {
            _ = try OrganisationService.load(id, by: principal, tx)
        }
        if let id = filter.merchantID { _ = try MerchantService.load(id, by: principal, tx) }
        guard let id = filter.enrolmentID else { return filter }
        let enrolment = try EnrolmentService.load(id, by: principal, tx)
        var narrow = filter
        narrow.organisationID = filter.organisationID ?? enrolment.organisationID
        return narrow
    }

    static func moments(
        of organisations: [OrganisationID], now: Timestamp, _ tx: any ReadTransaction
    ) throws -> [OrganisationID: Moment] {
        var moments: [OrganisationID: Moment] = [:]
        for id in organisations {
            moments[id] = Moment(now, lead: try OrganisationStore.clockLead(of: id, tx) ?? 0)
        }
        return moments
    }
}
