import Hummingbird
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// The log of what was sent to an endpoint, and one delivery with its tries.
enum DeliveryPages {
    static let routes: [Route] = [
        .show("/webhooks/{id}/deliveries", .webhooks, list),
        .show("/webhooks/{id}/deliveries/export.csv", .webhooks) { try await export(.csv, $0) },
        .show("/webhooks/{id}/deliveries/export.json", .webhooks) { try await export(.json, $0) },
        .show("/webhooks/deliveries/{id}", .webhooks, show),
        .change(
            "/webhooks/deliveries/{id}/redeliver", .webhooks, "webhook_delivery.redeliver",
            redeliver),
    ]

    private static func list(_ visit: SeatVisit) async throws -> Response {
        let services = visit.base.site.services
        let endpoint = try await services.webhooks.find(
            visit.id("webhook endpoint"), by: visit.principal)
        var asked = DeliveryQuery(visit.query)
        asked.filter.endpointID = endpoint.id
        let model: DeliveryListModel
        if asked.filter.eventType != nil {
            let found = try await services.events.search(
                asked.filter, limit: Pager.size, by: visit.principal)
            model = DeliveryListModel(endpoint, asked, found, visit)
        } else {
            let page = Pager.page(visit.query)
            let log = try await services.events.log(asked.filter, page: page, by: visit.principal)
            model = DeliveryListModel(endpoint, asked, log, page, visit)
        }
        return visit.page("deliveries", title: "Deliveries", .webhooks, model)
    }

    private static func export(
        _ format: ExportFormat, _ visit: SeatVisit
    ) async throws -> Response {
        let (events, principal) = (visit.base.site.services.events, visit.principal)
        var filter = DeliveryQuery(visit.query).filter
        filter.endpointID = try visit.id("webhook endpoint")
        filter.isCounted = false
        let wanted = filter
        return try await Export<EventService.Logged>(
            "webhook-deliveries", DeliveryListModel.columns
        ) { _, last in
            try await rows(wanted, behind: last?.delivery.id, events, principal)
        }.response(format)
    }

    /// The next rows of the file. For a type as many stretches of the log are looked through as it takes to fill them.
    private static func rows(
        _ filter: DeliveryStore.Filter, behind last: DeliveryID?, _ events: EventService,
        _ principal: Principal
    ) async throws -> [EventService.Logged] {
        let max = Export<EventService.Logged>.rowsMax
        var next = filter
        next.behind = last
        guard filter.eventType != nil else {
            return try await events.log(next, page: Page(limit: max, offset: 0), by: principal)
                .items
        }
        var rows: [EventService.Logged] = []
        repeat {
            let found = try await events.search(next, limit: max - rows.count, by: principal)
            rows += found.items
            next.behind = found.next
        } while rows.count < max && next.behind != nil
        return rows
    }

    private static func show(_ visit: SeatVisit) async throws -> Response {
        let services = visit.base.site.services
        let delivered = try await services.events.delivery(
            visit.id("webhook delivery"), by: visit.principal)
        let endpoint = try await services.webhooks.find(
            delivered.delivery.endpointID, by: visit.principal)
        return visit.page(
            "delivery", title: "Webhook delivery", .webhooks,
            DeliveryModel(
                delivered, endpoint, try await event(of: delivered.delivery, visit), visit))
    }

    /// nil when its organisation is not there any more.
    private static func event(
        of delivery: Delivery, _ visit: SeatVisit
    ) async throws -> EventModel? {
        let events = visit.base.site.services.events
        do {
            let event = try await events.find(delivery.eventID, by: visit.principal)
            let names = try await events.organisationNames(of: [event], by: visit.principal)
            return EventModel(event, names, visit)
        } catch is NotFound {
            return nil
        }
    }

    private static func redeliver(_ visit: SeatVisit) async throws -> Response {
        let delivery = try await visit.base.site.services.events.redeliver(
            visit.id("webhook delivery"), by: visit.principal, now: visit.now)
        return visit.redirect(
            to: "/webhooks/deliveries/\(delivery.id)", Notice("redelivering", number: 1))
    }
}
