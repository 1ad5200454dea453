import Hummingbird
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// Where a partner's or an organisation's events are sent.
enum WebhookPages {
    static let routes: [Route] =
        list.routes + [
            .show("/webhooks/new", .webhooks, confirmed: true, new),
            .change("/webhooks", .webhooks, "webhook_endpoint.create", confirmed: true, create),
        ] + EndpointPages.routes + DeliveryPages.routes + RedeliveryPages.routes
        + EventPages.routes

    /// The list.
    struct Model: Sendable {
        let head: ListHead
        let endpoints: [EndpointRow]
        let hasEndpoints: Bool
        let pager: Pager
        let newPath: String
        let eventsPath: String
        let redeliveriesPath: String

        init(_ list: ListPage<Void, WebhookService.Overview>.Shown) {
            let visit = list.visit
            head = list.head([])
            endpoints = list.items.map { EndpointRow($0, visit) }
            hasEndpoints = !endpoints.isEmpty
            pager = list.pager
            newPath = visit.path("/webhooks/new")
            eventsPath = visit.path("/webhooks/events")
            redeliveriesPath = visit.path("/webhooks/redeliveries")
        }
    }

    private static let list = ListPage(
        path: "/webhooks", title: "Webhooks", section: .webhooks, power: .webhooks,
        file: "webhook-endpoints", columns: EndpointRow.columns,
        filter: { _ in },
        rows: { visit, _, page in
            try await visit.base.site.services.webhooks.overviews(
                page: page, by: visit.principal, now: visit.now)
        },
        model: { Model($0) })

    private static func new(_ visit: SeatVisit) async throws -> Response {
        let form = EndpointForm(organisation: visit.query.text("organisation_id"))
        return visit.page(
            "webhook-new", title: "New webhook endpoint", .webhooks,
            try await NewEndpointModel(form, visit))
    }

    private static func create(_ visit: SeatVisit) async throws -> Response {
        var form = EndpointForm(try await visit.form())
        do {
            let request = try WebhookEndpointRequest.create.decode(form.members(of: .new))
            let made = try await visit.base.site.services.webhooks.create(
                request, by: visit.principal, now: visit.now)
            return visit.redirect(to: "/webhooks/\(made.endpoint.id)", Notice("endpoint-created"))
        } catch {
            form.faults = try EndpointFaults(of: error)
        }
        return visit.page(
            "webhook-new", title: "New webhook endpoint", .webhooks,
            try await NewEndpointModel(form, visit), status: .unprocessableContent)
    }
}
