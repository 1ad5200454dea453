import HTTPTypes
import Hummingbird
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// Jobs that send many deliveries of an endpoint again.
enum RedeliveryPages {
    static let routes: [Route] = [
        .show("/webhooks/{id}/redeliver", .webhooks, ask),
        .change("/webhooks/{id}/redeliver", .webhooks, "webhook_redelivery.create", create),
        .show("/webhooks/redeliveries", .webhooks, list),
        .show("/webhooks/redeliveries/{id}", .webhooks, show),
    ]

    private static func ask(_ visit: SeatVisit) async throws -> Response {
        try await ask(RedeliveryQuery(visit.query), visit, status: .ok)
    }

    /// The question, with the number that it is about.
    private static func ask(
        _ asked: RedeliveryQuery, _ visit: SeatVisit, status: HTTPResponse.Status
    ) async throws -> Response {
        let services = visit.base.site.services
        let endpoint = try await services.webhooks.find(
            visit.id("webhook endpoint"), by: visit.principal)
        var model = RedeliverModel(endpoint, asked, visit)
        do {
            model.count(
                try await services.redeliveries.count(
                    for: endpoint.id, states: asked.states, from: asked.from, to: asked.to,
                    by: visit.principal, now: visit.now))
        } catch let error as WebhookError {
            model.error = error.redeliverySentence
        }
        return visit.page(
            "webhook-redeliver", title: "Send again", .webhooks, model,
            status: model.error == nil ? status : .unprocessableContent)
    }

    private static func create(_ visit: SeatVisit) async throws -> Response {
        let asked = RedeliveryQuery(try await visit.form())
        let id: WebhookEndpointID = try visit.id("webhook endpoint")
        guard asked.ignored.isEmpty else {
            return try await ask(asked, visit, status: .unprocessableContent)
        }
        do {
            let job = try await visit.base.site.services.redeliveries.create(
                for: id, states: asked.states, from: asked.from, to: asked.to,
                by: visit.principal, now: visit.now)
            return visit.redirect(
                to: "/webhooks/redeliveries/\(job.id)", Notice("redelivery-started"))
        } catch is WebhookError {
            return try await ask(asked, visit, status: .unprocessableContent)
        }
    }

    private static func list(_ visit: SeatVisit) async throws -> Response {
        let services = visit.base.site.services
        let page = Pager.page(visit.query)
        let listing = try await services.redeliveries.list(page: page, by: visit.principal)
        let urls = try await services.webhooks.urls(
            of: Set(listing.items.map(\.request.endpointID)), by: visit.principal)
        let path = visit.path("/webhooks/redeliveries")
        return visit.page(
            "webhook-redeliveries", title: "Redeliveries", .webhooks,
            RedeliveryListModel(
                jobs: listing.items.map { RedeliveryModel($0, urls, visit) },
                hasJobs: !listing.items.isEmpty, listPath: visit.path("/webhooks"),
                pager: Pager(page, count: listing.count, path: path, query: visit.query)))
    }

    private static func show(_ visit: SeatVisit) async throws -> Response {
        let services = visit.base.site.services
        let job = try await services.redeliveries.find(
            visit.id("webhook redelivery"), by: visit.principal)
        let urls = try await services.webhooks.urls(
            of: [job.request.endpointID], by: visit.principal)
        return visit.page(
            "webhook-redelivery", title: "Redelivery", .webhooks, RedeliveryModel(job, urls, visit))
    }
}
