import Hummingbird
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// Orders as they were uploaded: to look one up, and to see what a feed sends.
enum OrderPages {
    static let routes: [Route] = list.routes + [.show("/orders/{id}", .view, show)]

    private static let list = ListPage(
        path: "/orders", title: "Orders", section: .orders, file: "orders",
        columns: OrderRow.columns,
        filter: filter,
        rows: { visit, filter, page in
            try await visit.base.site.services.orders.list(filter, page: page, by: visit.principal)
        },
        behind: { $0.after = ($1.createdAt, $1.id) },
        model: { try await OrderListModel($0) })

    private static func filter(_ reader: inout ListFilterReader) -> OrderStore.Filter {
        var filter = OrderStore.Filter()
        filter.search = reader.text("q")
        filter.organisationID = reader.id("organisation")
        filter.integrationID = reader.id("integration")
        filter.orderStatus = reader.word("status")
        (filter.createdFrom, filter.createdTo) = reader.days("created")
        return filter
    }

    private static func show(_ visit: SeatVisit) async throws -> Response {
        let order = try await visit.base.site.services.orders.find(
            visit.id("order"), by: visit.principal)
        return visit.page(
            "order", title: "Order \(order.referenceID)", .orders,
            try await OrderModel(order, visit))
    }
}
