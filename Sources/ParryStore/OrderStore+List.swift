package import ParryDatabase
package import ParryDomain
package import ParryWire

extension OrderStore {
    /// What a list lets through, and in which order (CONTRACT.md 8).
    package struct Filter: Sendable {
        package var organisationID: OrganisationID?
        package var integrationID: IntegrationID?
        package var referenceID: String?
        package var type: OrderType?
        package var orderStatus: OrderStatus?
        /// Inclusive, in milliseconds.
        package var createdFrom: Timestamp?
        package var createdTo: Timestamp?
        package var sort: Sort = .createdAt
        package var direction: SortDirection = .descending

        /// What a list can be ordered by.
        package enum Sort: String, Sendable, CaseIterable {
            case createdAt = "created_at"
            case orderDatetime = "order_datetime"

        }

        package init() {}

        /// Whether it lets all orders of integrations through, which are counted already.
        fileprivate var countsWhole: Bool {
            createdFrom == nil && createdTo == nil
        }

        /// What the parts of the list do not say already.
        fileprivate var conditions: [SQL] {
            var conditions: [SQL] = []
            if let status = orderStatus { conditions.append("order_status = \(status.rawValue)") }
            if let from = createdFrom { conditions.append("created_at >= \(from.milliseconds)") }
            if let to = createdTo { conditions.append("created_at <= \(to.milliseconds)") }
            return conditions
        }

        fileprivate var order: ListOrder {
            switch sort {
            case .createdAt: ListOrder(by: "created_at", direction)
            case .orderDatetime: ListOrder(byNullable: "order_datetime", direction)
            }
        }

        /// The index that has the order.
        fileprivate var index: SQL {
            switch sort {
            case .createdAt: orderStatus == nil ? "order_integration" : "order_status"
            case .orderDatetime: "order_datetime"
            }
        }
    }

    /// The page of orders that the filter lets through and this owner sees.
    package static func list(
        _ filter: Filter, for owner: Owner, page: Page, _ tx: any ReadTransaction
    ) throws -> Listing<Stored> {
        try query(filter, for: owner, page: page, tx).run(tx, read)
    }

    /// Orders lie by integration, and all orders of an integration are of the type that it takes.
    package static func query(
        _ filter: Filter, for owner: Owner, page: Page, _ tx: any ReadTransaction
    ) throws -> ListQuery {
        let integrations = IntegrationStore.ids(
            of: filter.organisationID, only: filter.integrationID, taking: filter.type, for: owner)
        var query = ListQuery(
            table: #""order""#, columns: listColumns, conditions: filter.conditions,
            order: filter.order, page: page)
        if let reference = filter.referenceID {
            // One for each integration at most: found by it, and then sorted.
            query.conditions.append(
                """
                id IN (SELECT id FROM "order"
                WHERE integration_id IN (SELECT id FROM (\(integrations)) AS i) AND reference_id = \(reference))
                """)
        } else {
            query.parts = try ListParts("integration_id", among: integrations, tx)
            query.index = filter.index
            query.count =
                filter.countsWhole
                ? OrderCountStore.count(of: integrations, filter.orderStatus) : nil
        }
        return query
    }
}
