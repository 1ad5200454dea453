import HTTPTypes
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// `/v1/orders` (CONTRACT.md 8).
struct OrderRoutes: Sendable {
    let service: OrderService

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/orders", .ordersRead, .any, list),
            Endpoint(.post, "/v1/orders", .ordersWrite, .any, create),
            Endpoint(.get, item, .ordersRead, .any, find),
            Endpoint(.patch, item, .ordersUpdate, .any, update),
        ]
    }

    private var item: String { "/v1/orders/{order_id}" }

    private func list(_ call: Call) async throws -> Answer {
        let query = try call.query()
        var filter = OrderStore.Filter()
        filter.organisationID = try query.id("organisation_id", of: "organisation")
        filter.integrationID = try query.id("integration_id", of: "integration")
        filter.referenceID = try query.text("reference_id")
        filter.type = try query.word("type")
        filter.orderStatus = try query.word("order_status")
        (filter.createdFrom, filter.createdTo) = try query.range("created_at")
        (filter.sort, filter.direction) = try query.sort(default: .createdAt)
        let page = try query.page()
        return .ok(try await service.list(filter, page: page, by: call.principal).json)
    }

    /// 201 when an order was stored, 200 when every order was refused on its own (CONTRACT.md 8.6).
    private func create(_ call: Call) async throws -> Answer {
        let orders = try await OrderRequest.create.decodeArray(
            call.body(), count: RequestLimits.ordersPerBatch)
        return try await call.answering(Self.answer) {
            try await service.create(orders, by: call.principal, now: call.now)
        }
    }

    private static func answer(_ result: OrderBatchResult) throws -> Answer {
        let json = try result.json(Problem.describe)
        return result.created.isEmpty ? .ok(json) : .created(json)
    }

    private func find(_ call: Call) async throws -> Answer {
        .ok(try await service.find(call.id("order"), by: call.principal).json())
    }

    private func update(_ call: Call) async throws -> Answer {
        let id: OrderID = try call.id("order")
        _ = try await service.find(id, by: call.principal)
        let patch = try await OrderRequest.update.decode(call.body())
        return .ok(try await service.update(id, patch, by: call.principal, now: call.now).json())
    }
}
