import Hummingbird
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// What happened, as it is told to webhook endpoints.
enum EventPages {
    static let routes: [Route] = [
        .show("/webhooks/events", .webhooks, list),
        .show("/webhooks/events/export.csv", .webhooks) { try await export(.csv, $0) },
        .show("/webhooks/events/export.json", .webhooks) { try await export(.json, $0) },
        .show("/webhooks/events/{id}", .webhooks, show),
    ]

    /// Deliveries of one event that its page shows: one for each endpoint that heard of it.
    private static let deliveriesShownMax = 100

    private static func list(_ visit: SeatVisit) async throws -> Response {
        var asked = EventQuery(visit.query)
        asked.filter.isCounted = asked.filter.objectID == nil
        let page = Pager.page(visit.query)
        let services = visit.base.site.services
        let listing = try await services.events.list(
            asked.filter, page: asked.filter.isCounted ? page : Pager.uncounted(page),
            by: visit.principal)
        let names = try await services.events.organisationNames(
            of: listing.items, by: visit.principal)
        let path = visit.path("/webhooks/events")
        let pager =
            asked.filter.isCounted
            ? Pager(page, count: listing.count, path: path, query: visit.query)
            : Pager(page, found: listing.items.count, path: path, query: visit.query)
        return visit.page(
            "events", title: "Events", .webhooks,
            EventListModel(asked, Array(listing.items.prefix(page.limit)), names, visit, pager))
    }

    private static func export(
        _ format: ExportFormat, _ visit: SeatVisit
    ) async throws -> Response {
        let (events, principal) = (visit.base.site.services.events, visit.principal)
        let filter = EventQuery(visit.query).filter
        return try await Export<Event>("events", EventListModel.columns) { _, last in
            var next = filter
            next.behind = last
            next.isCounted = false
            let page = Page(limit: Export<Event>.rowsMax, offset: 0)
            return try await events.list(next, page: page, by: principal).items
        }.response(format)
    }

    private static func show(_ visit: SeatVisit) async throws -> Response {
        let services = visit.base.site.services
        let event = try await services.events.find(visit.id("event"), by: visit.principal)
        var filter = DeliveryStore.Filter()
        filter.eventID = event.id
        let log = try await services.events.deliveries(
            filter, page: Page(limit: deliveriesShownMax, offset: 0), by: visit.principal)
        let urls = try await services.webhooks.urls(
            of: Set(log.items.map(\.endpointID)), by: visit.principal)
        return visit.page(
            "event", title: "Event \(event.type.rawValue)", .webhooks,
            EventPageModel(
                EventModel(
                    event,
                    try await services.events.organisationNames(of: [event], by: visit.principal),
                    visit), log, urls, visit))
    }
}
