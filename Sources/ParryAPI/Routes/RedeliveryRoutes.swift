import HTTPTypes
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// `/v1/webhook-redeliveries` (amendment 8).
struct RedeliveryRoutes: Sendable {
    let service: RedeliveryService

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/webhook-redeliveries", .webhooksRead, .any, list)
                .lists(Redelivery.self, "List redeliveries"),
            Endpoint(.post, "/v1/webhook-redeliveries", .webhooksWrite, .any, create)
                .creates(
                    Redelivery.self, "Send many webhook deliveries again",
                    from: .object(RedeliveryRequest.create)
                )
                .refusing([.deliveryExpired])
                .noting(
                    """
                    Those of an endpoint that failed, or that ended in one of `states`, of events of the
                    given time or of all that is kept. Some hundred at a time are made due, while
                    `status` is `RUNNING`; `redelivered_count` tells how far it has come. What waits to
                    be sent anyway is not touched.
                    """),
            Endpoint(
                .get, "/v1/webhook-redeliveries/{webhook_redelivery_id}", .webhooksRead, .any, find
            )
            .shows(Redelivery.self, "Read a redelivery"),
        ]
    }

    private func list(_ call: Call) async throws -> Answer {
        .ok(try await service.list(page: call.query().page(), by: call.principal).json)
    }

    private func create(_ call: Call) async throws -> Answer {
        let body = try await RedeliveryRequest.create.decode(call.body())
        return try await call.creating {
            try await service.create(body, by: call.principal, now: call.now)
        }
    }

    private func find(_ call: Call) async throws -> Answer {
        .ok(try await service.find(call.id("webhook redelivery"), by: call.principal).json())
    }
}
