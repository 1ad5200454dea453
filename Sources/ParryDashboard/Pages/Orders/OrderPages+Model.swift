import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// The list of orders.
struct OrderListModel: Sendable {
    /// Feeds to choose from at once; of more the id is typed.
    private static let feedsMax = 200

    let head: ListHead
    let orders: [OrderRow]
    let pager: Pager
    let feedsPath: String
    let healthPath: String

    init(_ list: ListPage<OrderStore.Filter, OrderStore.Stored>.Shown) async throws {
        let visit = list.visit
        let names = try await visit.base.site.services.integrations.names(
            of: Set(list.items.map(\.integrationID)), by: visit.principal)
        head = list.head(try await Self.filters(list.filter, visit))
        orders = list.items.map { OrderRow($0, names, visit) }
        pager = list.pager
        feedsPath = visit.path("/integrations")
        healthPath = visit.path("/overview/feeds")
    }

    private static func filters(
        _ asked: OrderStore.Filter, _ visit: SeatVisit
    ) async throws -> [ListFilter] {
        let query = visit.query
        let organisation = try await OrganisationOffer(visit)?.filter(asked.organisationID)
        return [ListFilter("q", "Whole reference or ARN", value: query["q"])]
            + [organisation].compactMap(\.self)
            + [
                try await feed(asked, visit),
                ListFilter(
                    "status", "Status", chosen: asked.orderStatus, called: OrderRow.status),
                ListFilter(
                    "created_from", "Created from", type: "date", value: query["created_from"]),
                ListFilter("created_to", "Created to", type: "date", value: query["created_to"]),
            ]
    }

    /// The feeds of the organisation, if one is chosen.
    private static func feed(
        _ asked: OrderStore.Filter, _ visit: SeatVisit
    ) async throws -> ListFilter {
        var filter = IntegrationStore.Filter()
        filter.organisationID = asked.organisationID
        let found = try await visit.base.site.services.integrations.list(
            filter, page: Page(limit: feedsMax, offset: 0), by: visit.principal)
        let chosen = asked.integrationID?.text
        let isOffered = chosen == nil || found.items.contains { $0.id.text == chosen }
        guard isOffered, found.count <= feedsMax else {
            return ListFilter("integration", "Order feed's id", value: chosen)
        }
        return ListFilter(
            "integration", "Order feed", chosen: chosen,
            found.items.map { ($0.id.text, $0.details.name) })
    }
}

/// An order in the list.
struct OrderRow: Sendable {
    let path: String
    let reference: String
    let status: String
    /// The total; nil where the order does not say.
    let amount: String?
    let transactionCount: Int
    /// Whether a processor sent it, without what a partner's own system knows.
    let isPartial: Bool
    let feedPath: String
    let feed: String
    let createdAt: TimeText
    let updatedAt: TimeText

    /// - Parameter names: Of order feeds.
    init(
        _ order: OrderStore.Stored, _ names: [IntegrationID: String], _ visit: SeatVisit
    ) {
        let root = order.document.root
        path = visit.path("/orders/\(order.id.text)")
        reference = order.referenceID
        let word = root["order_status"]?.string
        status = word.flatMap { OrderStatus(rawValue: $0) }.map(Self.status) ?? word ?? ""
        amount = OrderModel.money(root["order_total_amount_in_cents"], root["order_currency"])
        transactionCount = root["transactions"]?.count ?? 0
        isPartial = order.type == .partial
        feedPath = visit.path("/integrations/\(order.integrationID.text)")
        feed = names[order.integrationID] ?? order.integrationID.text
        createdAt = TimeText(order.createdAt)
        updatedAt = TimeText(order.updatedAt)
    }

    /// As people say it.
    static func status(_ status: OrderStatus) -> String {
        switch status {
        case .openPending: "Open"
        case .openPendingReturn: "Open, return pending"
        case .closedComplete: "Complete"
        case .closedCancelled: "Cancelled"
        case .other: "Other"
        }
    }

    /// The columns of the file.
    static let columns: [Export<OrderStore.Stored>.Column] = [
        .init("id") { .text($0.id.text) },
        .init("reference_id") { .text($0.referenceID) },
        .init("organisation_id") { .text($0.organisationID.text) },
        .init("integration_id") { .text($0.integrationID.text) },
        .init("type") { .text($0.type.rawValue) },
        .init("order_status") { .text($0.document.root["order_status"]?.string) },
        .init("order_total_amount_in_cents") {
            .number($0.document.root["order_total_amount_in_cents"]?.integer)
        },
        .init("order_currency") { .text($0.document.root["order_currency"]?.string) },
        .init("transactions") { .number(Int64($0.document.root["transactions"]?.count ?? 0)) },
        .init("created_at") { .time($0.createdAt.truncatedToSecond) },
        .init("updated_at") { .time($0.updatedAt.truncatedToSecond) },
    ]
}

/// An order's page.
struct OrderModel: Sendable {
    let row: OrderRow
    let id: String
    let organisation: NamedLink
    let listPath: String
    let transactions: [Transaction]
    /// The document as the API has it, indented.
    let document: String

    /// What matching compares of a transaction.
    struct Transaction: Sendable {
        let reference: String
        let amount: String?
        let status: String
        let arn: String?
        let code: String?
        let card: String?
        let descriptor: String?
        let time: TimeText?
        /// The alerts that are about it.
        let alertsPath: String
    }

    init(_ order: OrderStore.Stored, _ visit: SeatVisit) async throws {
        let names = try await visit.base.site.services.integrations.names(
            of: [order.integrationID], by: visit.principal)
        row = OrderRow(order, names, visit)
        id = order.id.text
        organisation = try await SetUpNames(visit, organisations: [order.organisationID])
            .organisation(order.organisationID)
        listPath = visit.path("/orders")
        transactions =
            order.document.root["transactions"]?.elements.map { Transaction($0, visit) } ?? []
        document = PrettyJSON.text(order.json())
    }

    /// An amount of a document with its currency.
    static func money(_ amount: JSONValue?, _ currency: JSONValue?) -> String? {
        guard let amount = amount?.integer, let currency = currency?.string else { return nil }
        return Money.text(amount, currency)
    }
}

extension OrderModel.Transaction {
    fileprivate init(_ json: JSONValue, _ visit: SeatVisit) {
        reference = json["reference_id"]?.string ?? ""
        alertsPath =
            visit.path("/alerts")
            + FormFields.query([(name: "view", value: "all"), (name: "q", value: reference)])
        amount = OrderModel.money(json["amount_in_cents"], json["currency"])
        status = json["authorisation_status"]?.string ?? ""
        arn = json["acquirer_reference_number"]?.string
        code = json["authorisation_code"]?.string
        let bin = json["payment_method_card_bin"]?.string
        let last = json["payment_method_card_last_4"]?.string
        card = bin == nil && last == nil ? nil : "\(bin ?? "??????")…\(last ?? "????")"
        descriptor = json["descriptor"]?.string
        time = TimeText(json["authorised_at"]?.string.flatMap { Timestamp(iso8601: $0) })
    }
}
