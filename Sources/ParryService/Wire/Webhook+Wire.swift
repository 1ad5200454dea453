package import ParryDomain
package import ParryWire

extension WebhookEndpoint: ShapedObject {
    package static let shape = Shape<WebhookEndpoint>(
        "WebhookEndpoint", in: "/v1/webhook-endpoints", id: { $0.id.text }, members { $0 })

    /// What the endpoint shows alone and with its secret.
    fileprivate static func members<Version>(
        _ endpoint: @escaping @Sendable (Version) -> WebhookEndpoint
    ) -> [ShapeMember<Version>] {
        [
            .id("id") { endpoint($0).id }, .text("url") { endpoint($0).details.url },
            .words("event_types") { endpoint($0).details.eventTypes },
            .id("organisation_id") { endpoint($0).organisationID },
            .boolean("is_paused") { endpoint($0).details.isPaused },
            .time("created_at") { endpoint($0).createdAt },
            .time("updated_at") { endpoint($0).updatedAt },
        ]
    }
}

extension EndpointWithSecret: ShapedObject {
    package static let shape = Shape<EndpointWithSecret>(
        "WebhookEndpointWithSecret", in: "/v1/webhook-endpoints", id: { $0.endpoint.id.text },
        WebhookEndpoint.members { $0.endpoint } + [.text("secret") { $0.secret }])
}

extension Event: WireObject {
    /// The envelope of webhooks (CONTRACT.md 15.3).
    package static let answerSchema = AnswerSchema(
        "Event",
        [
            AnswerMember("id", .id(prefix: EventResource.idPrefix)),
            AnswerMember("type", .word(EventType.allCases.map(\.rawValue))),
            AnswerMember("created_at", .timestamp), AnswerMember("data", .object(dataSchema)),
            AnswerMember("api_version", .text),
        ],
        pageMembers: [
            AnswerMember("next_cursor", .text, isAlwaysThere: false),
            AnswerMember("has_more", .boolean, isAlwaysThere: false),
        ])

    private static let dataSchema = AnswerSchema(
        "EventData",
        [
            AnswerMember("object", .anyObject),
            AnswerMember("previous_attributes", .anyObject, isAlwaysThere: false),
        ])

    /// The very bytes that are signed and sent.
    package func write(to json: inout JSONWriter, links: Bool) {
        json.raw(body)
    }
}

extension Delivery: ShapedObject {
    package static let shape = Shape<Delivery>(
        "WebhookDelivery", in: "/v1/webhook-deliveries", id: { $0.id.text }, members { $0 })

    /// What the delivery shows alone and with its tries.
    fileprivate static func members<Version>(
        _ delivery: @escaping @Sendable (Version) -> Delivery
    ) -> [ShapeMember<Version>] {
        [
            .id("id") { delivery($0).id }, .id("event_id") { delivery($0).eventID },
            .id("webhook_endpoint_id") { delivery($0).endpointID },
            .word("state") { delivery($0).state },
            .integer("attempt_count") { delivery($0).attemptCount },
            .time("next_attempt_at") { delivery($0).nextAttemptAt },
            .time("created_at") { delivery($0).createdAt },
        ]
    }
}

extension EventService.Delivered: ShapedObject {
    package static let shape = Shape<EventService.Delivered>(
        "WebhookDeliveryWithAttempts", in: "/v1/webhook-deliveries", id: { $0.delivery.id.text },
        Delivery.members { $0.delivery } + [
            .list("attempts", DeliveryAttempt.shape) { $0.attempts }
        ])
}

extension DeliveryAttempt {
    fileprivate static let shape = Shape<DeliveryAttempt>("WebhookAttempt", members { $0 })

    /// What the try shows alone and as the result of a test.
    fileprivate static func members<Version>(
        _ attempt: @escaping @Sendable (Version) -> DeliveryAttempt
    ) -> [ShapeMember<Version>] {
        [
            .time("started_at") { attempt($0).startedAt },
            .integer("duration_in_ms") { attempt($0).durationMilliseconds },
            .integer("status_code") {
                if case .answered(let status) = attempt($0).outcome { Int64(status) } else { nil }
            },
            .text("error") {
                if case .failed(let reason) = attempt($0).outcome { reason } else { nil }
            },
            .text("ip_address") { attempt($0).address },
            .text("response_body") { attempt($0).answer },
        ]
    }
}

extension WebhookTest: WireObject {
    private static let shape = Shape<WebhookTest>(
        "WebhookTest",
        [.id("event_id") { $0.eventID }, .boolean("is_success") { $0.attempt.isSuccess }]
            + DeliveryAttempt.members { $0.attempt })

    /// What came of a test event.
    package static var answerSchema: AnswerSchema { shape.schema }

    /// Writes the object, which has no `links`.
    package func write(to json: inout JSONWriter, links: Bool) {
        Self.shape.write(self, to: &json, links: links)
    }
}

extension Redelivery: ShapedObject {
    package static let shape = Shape<Redelivery>(
        "WebhookRedelivery", in: "/v1/webhook-redeliveries", id: { $0.id.text },
        [
            .id("id") { $0.id }, .id("webhook_endpoint_id") { $0.request.endpointID },
            .word("status") { $0.status },
            .words("states") { job in
                job.request.states.compactMap { EndedDeliveryState(rawValue: $0.rawValue) }
            },
            .time("created_at_gte") { $0.request.createdFrom },
            .time("created_at_lte") { $0.request.createdTo },
            .text("requested_by") { $0.request.requestedBy },
            .integer("redelivered_count") { $0.redeliveredCount },
            .time("created_at") { $0.createdAt }, .time("updated_at") { $0.updatedAt },
        ])
}
