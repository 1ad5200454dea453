import HTTPTypes
import Hummingbird
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// One webhook endpoint: how it fares, its form, its secret, a test.
enum EndpointPages {
    static let routes: [Route] = [
        .show("/webhooks/{id}", .webhooks, show),
        .change("/webhooks/{id}", .webhooks, "webhook_endpoint.update", update),
        .change("/webhooks/{id}/pause", .webhooks, "webhook_endpoint.update", pause),
        .change(
            "/webhooks/{id}/secret", .webhooks, "webhook_endpoint.reveal", confirmed: true, reveal),
        .change(
            "/webhooks/{id}/rotate", .webhooks, "webhook_endpoint.rotate_secret", confirmed: true,
            rotate),
        .change("/webhooks/{id}/test", .webhooks, "webhook_endpoint.test", test),
        .show("/webhooks/{id}/delete", .webhooks, askToDelete),
        .change("/webhooks/{id}/delete", .webhooks, "webhook_endpoint.delete", delete),
        // Where a browser comes back to after the password, or by its reload.
        .show("/webhooks/{id}/pause", .webhooks, backToEndpoint),
        .show("/webhooks/{id}/secret", .webhooks, backToEndpoint),
        .show("/webhooks/{id}/rotate", .webhooks, backToEndpoint),
        .show("/webhooks/{id}/test", .webhooks, backToEndpoint),
    ]

    /// Deliveries that the endpoint's own page shows.
    private static let deliveriesShown = 10

    private static func show(_ visit: SeatVisit) async throws -> Response {
        let id: WebhookEndpointID = try visit.id("webhook endpoint")
        return try await page(id, visit)
    }

    private static func backToEndpoint(_ visit: SeatVisit) async throws -> Response {
        let id: WebhookEndpointID = try visit.id("webhook endpoint")
        return visit.redirect(to: "/webhooks/\(id)")
    }

    /// The endpoint's page with what was just done on it.
    private static func page(
        _ id: WebhookEndpointID, _ visit: SeatVisit, status: HTTPResponse.Status = .ok,
        _ add: (inout EndpointModel) -> Void = { _ in }
    ) async throws -> Response {
        let services = visit.base.site.services
        let overview = try await services.webhooks.overview(
            of: id, by: visit.principal, now: visit.now)
        var filter = DeliveryStore.Filter()
        filter.endpointID = id
        filter.isCounted = false
        let log = try await services.events.log(
            filter, page: Page(limit: deliveriesShown, offset: 0), by: visit.principal)
        var model = EndpointModel(overview, log.items, visit)
        add(&model)
        return visit.page(
            "webhook", title: "Webhook endpoint", .webhooks, model, status: status)
    }

    private static func update(_ visit: SeatVisit) async throws -> Response {
        let id: WebhookEndpointID = try visit.id("webhook endpoint")
        let sent = try await visit.form()
        var form = EndpointForm(sent)
        do {
            let request = try WebhookEndpointRequest.update.decode(form.members(of: .change))
            _ = try await visit.base.site.services.webhooks.update(
                id, request, seen: sent["version"].flatMap { Int64($0) }, by: visit.principal,
                now: visit.now)
            return visit.redirect(to: "/webhooks/\(id)", Notice("saved"))
        } catch is ChangedMeanwhile {
            return try await page(id, visit, status: .conflict) { $0.refill(form, isStale: true) }
        } catch {
            form.faults = try EndpointFaults(of: error)
        }
        return try await page(id, visit, status: .unprocessableContent) {
            $0.refill(form, isStale: false)
        }
    }

    private static func pause(_ visit: SeatVisit) async throws -> Response {
        let id: WebhookEndpointID = try visit.id("webhook endpoint")
        let isPaused = try await visit.form()["is_paused"] == "true"
        let request = try WebhookEndpointRequest.update.decode([("is_paused", .flag(isPaused))])
        _ = try await visit.base.site.services.webhooks.update(
            id, request, by: visit.principal, now: visit.now)
        return visit.redirect(to: "/webhooks/\(id)", Notice(isPaused ? "paused" : "resumed"))
    }

    private static func reveal(_ visit: SeatVisit) async throws -> Response {
        let id: WebhookEndpointID = try visit.id("webhook endpoint")
        let revealed = try await visit.base.site.services.webhooks.reveal(
            id, by: visit.principal)
        return try await page(id, visit) { $0.secret = SecretModel(revealed.secret, isNew: false) }
    }

    private static func rotate(_ visit: SeatVisit) async throws -> Response {
        let id: WebhookEndpointID = try visit.id("webhook endpoint")
        let form = try await visit.form()
        let hours = form.text("overlap_hours")
        do {
            let request = try WebhookEndpointRequest.rotate.decode([
                ("overlap_hours", .number(hours))
            ])
            // Who reloads the answer must not end the former secret by a second rotation.
            let isFirst = try await visit.base.site.services.sentForms.take(
                form["_once"] ?? "", of: visit.visitor.person.id, now: visit.now)
            guard isFirst else {
                return visit.redirect(to: "/webhooks/\(id)", Notice("secret-rotated"))
            }
            let rotated = try await visit.base.site.services.webhooks.rotate(
                id, overlapHours: request[WebhookEndpointRequest.overlapHours],
                by: visit.principal, now: visit.now)
            return try await page(id, visit) {
                $0.secret = SecretModel(rotated.secret, isNew: true)
            }
        } catch let errors as FormErrors {
            return try await page(id, visit, status: .unprocessableContent) {
                $0.overlap = EndpointModel.overlap(
                    hours,
                    error: errors["overlap_hours"] == nil
                        ? nil : "Write a whole number from 0 to 168.")
            }
        }
    }

    private static func test(_ visit: SeatVisit) async throws -> Response {
        let id: WebhookEndpointID = try visit.id("webhook endpoint")
        let services = visit.base.site.services
        let result = try await services.webhooks.test(
            id, by: visit.principal, through: services.webhookSender, now: visit.now)
        return try await page(id, visit) { $0.test = TestModel(result) }
    }

    private static func askToDelete(_ visit: SeatVisit) async throws -> Response {
        let overview = try await visit.base.site.services.webhooks.overview(
            of: visit.id("webhook endpoint"), by: visit.principal, now: visit.now)
        let path = visit.path("/webhooks/\(overview.endpoint.id)")
        return visit.page(
            "webhook-delete", title: "Delete the endpoint?", .webhooks,
            DeleteModel(
                url: overview.endpoint.details.url, path: path,
                waiting: TallyText(overview.tally).waiting,
                hasWaiting: overview.tally.waiting.number > 0))
    }

    private static func delete(_ visit: SeatVisit) async throws -> Response {
        try await visit.base.site.services.webhooks.delete(
            visit.id("webhook endpoint"), by: visit.principal, now: visit.now)
        return visit.redirect(to: "/webhooks", Notice("deleted"))
    }

    /// The question before an endpoint is deleted.
    struct DeleteModel: Sendable {
        let url: String
        let path: String
        let waiting: String
        let hasWaiting: Bool
    }
}
