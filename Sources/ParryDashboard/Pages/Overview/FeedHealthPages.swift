import Hummingbird
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// How order feeds fare: what was uploaded, what it has of what matching looks for, how late it came.
enum FeedHealthPages {
    /// Feeds of a page.
    private static let size = 20

    static func list(_ visit: SeatVisit) async throws -> Response {
        let range = OverviewRange(visit.query)
        let statistics = visit.base.site.services.statistics
        let page = Pager.page(visit.query, size: size)
        if let text = visit.query.text("integration") {
            guard let id = IntegrationID(text) else { throw Refusal.notHere("integration") }
            let feed = try await statistics.feed(
                id, days: range.days, by: visit.principal, now: visit.now)
            return try await show(Listing(items: [feed], count: 1), page, range, visit)
        }
        let feeds = try await statistics.feeds(
            of: range.organisationID, days: range.days, page: page, by: visit.principal,
            now: visit.now)
        return try await show(feeds, page, range, visit)
    }

    private static func show(
        _ feeds: Listing<StatisticsService.FeedHealth>, _ page: Page, _ range: OverviewRange,
        _ visit: SeatVisit
    ) async throws -> Response {
        let head = try await OverviewHead(visit, "/overview/feeds", range)
        let pager = Pager(
            page, count: feeds.count, path: visit.path("/overview/feeds"), query: visit.query)
        return visit.page(
            "feed-health", title: "Order-feed health", .overview,
            FeedHealthModel(feeds.items, head, pager, range, visit))
    }

    /// A day of a feed in the file.
    private struct Line: Sendable {
        let page: Int64
        let feed: Integration
        let day: String
        let tally: OrderFeedTally
    }

    static func export(_ format: ExportFormat, _ visit: SeatVisit) async throws -> Response {
        let range = OverviewRange(visit.query)
        let one = visit.query.text("integration")
        return try await Export<Line>("order-feeds-by-day", columns) { _, last in
            if let one { return last == nil ? try await lines(of: one, range, visit) : [] }
            return try await lines(from: last.map { $0.page + 1 } ?? 0, range, visit)
        }.response(format)
    }

    private static func lines(
        of feed: String, _ range: OverviewRange, _ visit: SeatVisit
    ) async throws -> [Line] {
        guard let id = IntegrationID(feed) else { throw Refusal.notHere("integration") }
        let found = try await visit.base.site.services.statistics.feed(
            id, days: range.days, by: visit.principal, now: visit.now)
        return lines(of: found, page: 0, visit)
    }

    /// Some pages of feeds, until there are as many lines as are written at once.
    private static func lines(
        from start: Int64, _ range: OverviewRange, _ visit: SeatVisit
    ) async throws -> [Line] {
        var lines: [Line] = []
        var number = start
        var hasMore = true
        while hasMore, lines.count < Export<Line>.rowsMax {
            let page = Page(limit: size, offset: number * Int64(size))
            let feeds = try await visit.base.site.services.statistics.feeds(
                of: range.organisationID, days: range.days, page: page, isSampled: false,
                by: visit.principal, now: visit.now
            ).items
            lines += feeds.flatMap { Self.lines(of: $0, page: number, visit) }
            number += 1
            hasMore = feeds.count == size
        }
        return lines
    }

    private static func lines(
        of feed: StatisticsService.FeedHealth, page: Int64, _ visit: SeatVisit
    ) -> [Line] {
        let today = OrderFeedDayStore.day(visit.now)
        return feed.days.map {
            Line(
                page: page, feed: feed.integration, day: OverviewNumbers.date(today - $0.daysAgo),
                tally: $0.tally)
        }
    }

    private static let columns: [Export<Line>.Column] = [
        .init("day") { .text($0.day) },
        .init("integration_id") { .text($0.feed.id.text) },
        .init("integration_name") { .text($0.feed.details.name) },
        .init("accepted") { .number($0.tally.accepted) },
        .init("updated") { .number($0.tally.updated) },
        .init("failed") { .number($0.tally.failed) },
        .init("duplicate") { .number($0.tally.duplicate) },
    ]
}
