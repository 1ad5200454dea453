import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

extension StatisticsService {
    /// How an order feed fares.
    package struct FeedHealth: Sendable {
        package let integration: Integration
        /// The days on which anything was uploaded, the oldest first.
        package let days: [StatisticsStore.FeedDay]
        package let sample: FeedSample
    }

    /// The page of order feeds, newest first, each with how it fares.
    ///
    /// - Parameter isSampled: Whether the newest orders are looked into.
    /// - Throws: ``NotFound`` for an organisation that the caller does not see.
    package func feeds(
        of organisation: OrganisationID?, days: Int, page: Page, isSampled: Bool = true,
        by principal: Principal, now: Timestamp
    ) async throws -> Listing<FeedHealth> {
        var filter = IntegrationStore.Filter()
        filter.organisationID = organisation
        let found = try await database.read { [filter] tx in
            if let id = filter.organisationID {
                _ = try OrganisationService.load(id, by: principal, tx)
            }
            let listing = try IntegrationStore.list(
                filter, for: principal.owner, page: page, tx)
            return Listing(
                items: try Self.read(
                    listing.items, days: days, isSampled: isSampled, now: now, tx),
                count: listing.count)
        }
        return Listing(items: found.items.map(FeedHealth.init), count: found.count)
    }

    /// One order feed.
    ///
    /// - Throws: ``NotFound``.
    package func feed(
        _ id: IntegrationID, days: Int, by principal: Principal, now: Timestamp
    ) async throws -> FeedHealth {
        let found = try await database.read { tx in
            try Self.read(
                [try IntegrationService.load(id, by: principal, tx)], days: days,
                isSampled: true, now: now, tx)
        }
        guard let feed = found.first else { throw NotFound("integration") }
        return FeedHealth(feed)
    }
}

extension StatisticsService {
    /// What is read inside of the transaction; the documents are looked into afterwards.
    fileprivate struct FeedRows: Sendable {
        let integration: Integration
        let days: [StatisticsStore.FeedDay]
        let orders: [(createdAt: Timestamp, document: [UInt8])]
    }

    private static func read(
        _ integrations: [Integration], days: Int, isSampled: Bool, now: Timestamp,
        _ tx: any ReadTransaction
    ) throws -> [FeedRows] {
        let limit = min(
            Limits.feedOrdersSampledMax / max(integrations.count, 1),
            Limits.ordersSampledPerFeedMax)
        let found = try StatisticsStore.feedDays(
            of: integrations.map(\.id), days: days, now: now, tx)
        let byFeed = Dictionary(grouping: found, by: \.integrationID)
        return try integrations.map { integration in
            FeedRows(
                integration: integration, days: byFeed[integration.id] ?? [],
                orders: isSampled
                    ? try StatisticsStore.newestOrders(of: integration.id, limit: limit, tx) : [])
        }
    }
}

extension StatisticsService.FeedHealth {
    fileprivate init(_ rows: StatisticsService.FeedRows) {
        integration = rows.integration
        days = rows.days
        sample = FeedSample(rows.orders)
    }
}
