import HTTPTypes
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// `/v1/webhook-endpoints` (amendment 8).
struct WebhookRoutes: Sendable {
    let service: WebhookService
    let sender: any WebhookSender

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/webhook-endpoints", .webhooksRead, .any, list)
                .lists(
                    WebhookEndpoint.self, "List webhook endpoints",
                    by: [Self.organisationID.declaration]),
            Endpoint(.post, "/v1/webhook-endpoints", .webhooksWrite, .any, create)
                .creates(
                    EndpointWithSecret.self, "Create a webhook endpoint",
                    from: .object(WebhookEndpointRequest.create)
                )
                .showingSecrets()
                .noting(
                    """
                    The answer shows the secret that signs what is sent there, this once. Without an
                    organisation it is the endpoint of the whole partner, which administrators make; a
                    key of an organisation makes that organisation's.
                    """
                )
                .refusing([.tooManyWebhookEndpoints]),
            Endpoint(.get, item, .webhooksRead, .any, find)
                .shows(WebhookEndpoint.self, "Read a webhook endpoint"),
            Endpoint(.patch, item, .webhooksWrite, .any, update)
                .changes(
                    WebhookEndpoint.self, "Change, pause or resume a webhook endpoint",
                    by: WebhookEndpointRequest.update
                )
                .noting(
                    """
                    While it is paused nothing is sent; what it would get waits, and is sent at once
                    when it is resumed. New event types count for events from then on.
                    """),
            Endpoint(.delete, item, .webhooksWrite, .any, delete)
                .deletes("Delete a webhook endpoint"),
            Endpoint(.post, item + "/rotate-secret", .webhooksWrite, .any, rotate)
                .changes(
                    EndpointWithSecret.self, "Rotate the secret of a webhook endpoint",
                    by: WebhookEndpointRequest.rotate
                )
                .showingSecrets()
                .noting(
                    """
                    For `overlap_hours`, 24 unless given, `X-Signature` has a `v1` of both secrets, so
                    that a receiver can change over at any time.
                    """),
            Endpoint(.post, item + "/test", .webhooksWrite, .any, test)
                .documented("Send a test event to a webhook endpoint") {
                    $0.answer = .object(.ok, WebhookTest.answerSchema, links: false)
                }
                .noting(
                    """
                    At once, and the answer tells what came of it, which can take 20 seconds. The event
                    has the type `webhook_endpoint.test` and the endpoint as its object, is signed like
                    any other, is tried once, and is in no list. A paused endpoint gets it too.
                    """),
        ]
    }

    private static let organisationID = Parameter<OrganisationID?>.organisationID
    private var item: String { "/v1/webhook-endpoints/{webhook_endpoint_id}" }

    private func list(_ call: Call) async throws -> Answer {
        let query = try call.query()
        let organisation = try query[Self.organisationID]
        let page = try query.page()
        return .ok(
            try await service.list(of: organisation, page: page, by: call.principal).json)
    }

    private func create(_ call: Call) async throws -> Answer {
        let body = try await WebhookEndpointRequest.create.decode(call.body())
        return try await call.creating {
            try await service.create(body, by: call.principal, now: call.now)
        }
    }

    private func find(_ call: Call) async throws -> Answer {
        .ok(try await service.find(call.id("webhook endpoint"), by: call.principal).json())
    }

    private func update(_ call: Call) async throws -> Answer {
        let id: WebhookEndpointID = try call.id("webhook endpoint")
        _ = try await service.find(id, by: call.principal)
        let body = try await WebhookEndpointRequest.update.decode(call.body())
        return .ok(
            try await service.update(id, body, by: call.principal, now: call.now).json())
    }

    private func delete(_ call: Call) async throws -> Answer {
        try await service.delete(call.id("webhook endpoint"), by: call.principal, now: call.now)
        return .noContent
    }

    private func test(_ call: Call) async throws -> Answer {
        let result = try await service.test(
            call.id("webhook endpoint"), by: call.principal, through: sender, now: call.now)
        return .ok(result.json(links: false))
    }

    private func rotate(_ call: Call) async throws -> Answer {
        let id: WebhookEndpointID = try call.id("webhook endpoint")
        _ = try await service.find(id, by: call.principal)
        let body = try await WebhookEndpointRequest.rotate.decode(call.body())
        return try await call.changing {
            try await service.rotate(
                id, overlapHours: body[WebhookEndpointRequest.overlapHours], by: call.principal,
                now: call.now)
        }
    }
}
