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
            Endpoint(.get, "/v1/orders", .ordersRead, .any, list)
                .lists(OrderStore.Stored.self, "List orders", by: Parameters.all),
            Endpoint(.post, "/v1/orders", .ordersWrite, .any, create)
                .documented("Upload orders") {
                    $0.body = .batch(OrderRequest.create)
                    $0.answer = .batch(OrderBatchResult.answerSchema)
                }
                .noting(
                    """
                    Always an array, of 1 to 100 orders. It is checked in two stages: a field of the
                    wrong kind refuses the whole request with 422 and nothing is processed; after that
                    each order stands or falls by itself, and `errors` has one entry for each that was
                    refused. The answer is 201 when at least one order was stored. Sending again is
                    safe: an order that was stored is refused as DUPLICATE_ORDER, with the `order_id`
                    of the stored one and whether it is `identical`.
                    """),
            Endpoint(.get, item, .ordersRead, .any, find)
                .shows(OrderStore.Stored.self, "Read an order"),
            Endpoint(.patch, item, .ordersUpdate, .any, update)
                .changes(
                    OrderStore.Stored.self, "Add to an order, or change it",
                    by: OrderRequest.update,
                    refusing: [
                        .missingField, .duplicateTransaction, .invalidReference, .immutableField,
                        .orderTooLarge,
                    ]
                )
                .noting(
                    """
                    One object, not an array. Elements of lists are found by `reference_id` and merged,
                    or added; none is removed. Other members are replaced, or cleared by null.
                    """),
        ]
    }

    private enum Parameters {
        static let organisationID = Parameter<OrganisationID?>.organisationID
        static let integrationID = Parameter<IntegrationID?>.id("integration_id")
        static let referenceID = Parameter.text("reference_id")
        static let type = Parameter<OrderType?>.word("type")
        static let orderStatus = Parameter<OrderStatus?>.word("order_status")
        static let createdAt = RangeParameter("created_at")
        static let sort = SortParameter(standard: OrderStore.Filter.Sort.createdAt)
        static let all =
            [
                organisationID.declaration, integrationID.declaration, referenceID.declaration,
                type.declaration, orderStatus.declaration,
            ] + createdAt.declarations + [sort.declaration]
    }

    private var item: String { "/v1/orders/{order_id}" }

    private func list(_ call: Call) async throws -> Answer {
        let query = try call.query()
        var filter = OrderStore.Filter()
        filter.organisationID = try query[Parameters.organisationID]
        filter.integrationID = try query[Parameters.integrationID]
        filter.referenceID = try query[Parameters.referenceID]
        filter.type = try query[Parameters.type]
        filter.orderStatus = try query[Parameters.orderStatus]
        (filter.createdFrom, filter.createdTo) = try query.range(Parameters.createdAt)
        (filter.sort, filter.direction) = try query.sort(Parameters.sort)
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
