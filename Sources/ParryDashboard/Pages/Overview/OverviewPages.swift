import Hummingbird
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// How alerts, order feeds, webhooks and enrolments go.
enum OverviewPages {
    static let routes: [Route] = [
        .show("", .view, show),
        .show("/overview/export.csv", .view) { try await export(.csv, $0) },
        .show("/overview/export.json", .view) { try await export(.json, $0) },
        .show("/overview/feeds", .view, FeedHealthPages.list),
        .show("/overview/feeds/export.csv", .view) { try await FeedHealthPages.export(.csv, $0) },
        .show("/overview/feeds/export.json", .view) {
            try await FeedHealthPages.export(.json, $0)
        },
    ]

    /// Endpoints whose deliveries the overview adds up.
    private static let endpointsMax = 20

    private static func show(_ visit: SeatVisit) async throws -> Response {
        let range = OverviewRange(visit.query)
        let services = visit.base.site.services
        let found = try await services.statistics.alerts(
            range.asked, by: visit.principal, now: visit.now)
        var webhooks: WebhookHealth?
        if visit.allows(.webhooks) {
            let endpoints = try await services.webhooks.overviews(
                page: Page(limit: endpointsMax, offset: 0), by: visit.principal, now: visit.now)
            webhooks = WebhookHealth(endpoints, visit)
        }
        let head = try await OverviewHead(visit, "", range)
        return visit.page(
            "overview", title: "Overview", .overview,
            OverviewModel(found, head, webhooks, range, visit))
    }

    private static func export(
        _ format: ExportFormat, _ visit: SeatVisit
    ) async throws -> Response {
        let range = OverviewRange(visit.query)
        let found = try await visit.base.site.services.statistics.counts(
            range.asked, by: visit.principal, now: visit.now)
        let days = OverviewNumbers(found.counts, days: range.days, lastDay: found.lastDay).days
        return try await Export("alerts-by-day", columns) { offset, _ in
            offset == 0 ? days : []
        }.response(format)
    }

    private static let columns: [Export<OverviewNumbers.Day>.Column] = [
        .init("day") { .text($0.date) },
        .init("received") { .number($0.received) },
        .init("refunded") { .number($0.count(.refunded)) },
        .init("not_refunded") { .number($0.count(.notRefunded)) },
        .init("expired") { .number($0.count(.expired)) },
        .init("invalid") { .number($0.count(.invalid)) },
        .init("open") { .number($0.count(.open)) },
        .init("sale_looked_for") { .number($0.searched) },
        .init("sale_found") { .number($0.matched) },
    ]
}
