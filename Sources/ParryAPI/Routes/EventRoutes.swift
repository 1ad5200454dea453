import HTTPTypes
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// `/v1/events` and `/v1/webhook-deliveries` (amendment 8).
struct EventRoutes: Sendable {
    let service: EventService

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/events", .webhooksRead, .any, list)
                .lists(Event.self, "List events", by: EventParameters.all)
                .noting(
                    """
                    Each as it is sent to webhook endpoints, newest first. With `after` it is a feed
                    instead: every event once, in an order in which none is ever put in before one that
                    was shown. Start with `oldest` or `latest`, go on with the `next_cursor` of each
                    answer, at once while `has_more`. Then there is no `count`, and no `offset` or
                    `sort`.
                    """
                )
                .refusing([.cursorExpired]),
            Endpoint(.get, "/v1/events/{event_id}", .webhooksRead, .any, find)
                .shows(Event.self, "Read an event"),
            Endpoint(.get, "/v1/webhook-deliveries", .webhooksRead, .any, listDeliveries)
                .lists(Delivery.self, "List webhook deliveries", by: DeliveryParameters.all),
            Endpoint(.get, delivery, .webhooksRead, .any, findDelivery)
                .shows(EventService.Delivered.self, "Read a webhook delivery with its attempts"),
            Endpoint(.post, delivery + "/redeliver", .webhooksWrite, .any, redeliver)
                .documented("Send a webhook delivery again") {
                    $0.answer = .object(.ok, Delivery.answerSchema, links: true)
                }
                .noting(
                    """
                    The same body with the same `X-Idempotency-Key`, at once, and again by the whole
                    schedule if need be, whatever became of it before.
                    """
                )
                .refusing([.deliveryExpired]),
        ]
    }

    private var delivery: String { "/v1/webhook-deliveries/{webhook_delivery_id}" }

    private enum EventParameters {
        static let organisationID = Parameter<OrganisationID?>.organisationID
        static let type = Parameter<EventType?>.word("type")
        static let objectID = Parameter.text("object_id")
        static let after = Parameter<FeedStart?>.cursor("after")
        static let createdAt = RangeParameter("created_at")
        static let sort = SortParameter(standard: EventStore.Filter.Sort.createdAt)
        static let all =
            [
                after.declaration, organisationID.declaration, type.declaration,
                objectID.declaration,
            ] + createdAt.declarations + [sort.declaration]
    }

    private enum DeliveryParameters {
        static let endpointID = Parameter<WebhookEndpointID?>.id("webhook_endpoint_id")
        static let eventID = Parameter<EventID?>.id("event_id")
        static let state = Parameter<DeliveryState?>.word("state")
        static let createdAt = RangeParameter("created_at")
        static let sort = SortParameter(standard: DeliveryStore.Filter.Sort.createdAt)
        static let all =
            [endpointID.declaration, eventID.declaration, state.declaration]
            + createdAt.declarations + [sort.declaration]
    }

    private func list(_ call: Call) async throws -> Answer {
        let query = try call.query()
        var filter = EventStore.Filter()
        filter.organisationID = try query[EventParameters.organisationID]
        filter.type = try query[EventParameters.type]
        filter.objectID = try query[EventParameters.objectID]
        (filter.createdFrom, filter.createdTo) = try query.range(EventParameters.createdAt)
        (filter.sort, filter.direction) = try query.sort(EventParameters.sort)
        let page = try query.page()
        if let after = try query[EventParameters.after] {
            return try await feed(after, filter, page: page, call)
        }
        return .ok(try await service.list(filter, page: page, by: call.principal).json)
    }

    private func feed(
        _ start: FeedStart, _ filter: EventStore.Filter, page: Page, _ call: Call
    ) async throws -> Answer {
        guard page.offset == 0 else {
            throw Problem(
                field: "offset", code: "INVALID_VALUE", "offset does not go together with after")
        }
        let found = try await service.feed(
            from: start, filter, limit: page.limit, by: call.principal)
        return .ok(found.json)
    }

    private func find(_ call: Call) async throws -> Answer {
        .ok(try await service.find(call.id("event"), by: call.principal).json())
    }

    private func listDeliveries(_ call: Call) async throws -> Answer {
        let query = try call.query()
        var filter = DeliveryStore.Filter()
        filter.endpointID = try query[DeliveryParameters.endpointID]
        filter.eventID = try query[DeliveryParameters.eventID]
        filter.state = try query[DeliveryParameters.state]
        (filter.createdFrom, filter.createdTo) = try query.range(DeliveryParameters.createdAt)
        (filter.sort, filter.direction) = try query.sort(DeliveryParameters.sort)
        let page = try query.page()
        return .ok(try await service.deliveries(filter, page: page, by: call.principal).json)
    }

    private func findDelivery(_ call: Call) async throws -> Answer {
        .ok(try await service.delivery(call.id("webhook delivery"), by: call.principal).json())
    }

    private func redeliver(_ call: Call) async throws -> Answer {
        let id: DeliveryID = try call.id("webhook delivery")
        return try await call.changing {
            try await service.redeliver(id, by: call.principal, now: call.now)
        }
    }
}

extension EventService.FeedPage {
    fileprivate var json: [UInt8] {
        var json = JSONWriter(capacity: 1_024 * max(1, events.count))
        json.beginObject()
        json.key("items")
        json.beginArray()
        for event in events { event.write(to: &json, links: false) }
        json.endArray()
        json.field("next_cursor", next.text)
        json.field("has_more", hasMore)
        json.endObject()
        return json.bytes
    }
}
