package import ParryDatabase
package import ParryDomain
package import ParryWire

extension OrderStore {
    /// What a list lets through, and in which order (CONTRACT.md 8).
    package struct Filter: Sendable {
        package var organisationID: OrganisationID?
        package var integrationID: IntegrationID?
        package var referenceID: String?
        /// A reference of an order or a transaction, or an ARN, whole.
        package var search: String?
        /// Only orders that come after this one in the list newest first: for who reads all of it. They are not counted,
        /// which would be done again for every page.
        package var after: (createdAt: Timestamp, id: OrderID)?
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
            if let (time, id) = after {
                conditions.append(
                    """
                    created_at <= \(time.milliseconds)
                    AND (created_at < \(time.milliseconds) OR id < \(id.text))
                    """)
            }
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
        if let search = filter.search {
            query.conditions.append(
                "id IN (\(Self.found(search, among: integrations, filter, owner)))")
            query.conditions.append(
                "integration_id IN (SELECT id FROM (\(integrations)) AS i)")
        } else if let reference = filter.referenceID {
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
        if filter.after != nil { query.count = "SELECT 0" }
        return query
    }

    /// The ids of orders with this reference, with a transaction of this reference, or with this ARN.
    private static func found(
        _ text: String, among integrations: SQL, _ filter: Filter, _ owner: Owner
    ) -> SQL {
        let own: SQL = "integration_id IN (SELECT id FROM (\(integrations)) AS i)"
        return """
            SELECT id FROM "order" WHERE \(own) AND reference_id = \(text)
            UNION SELECT order_id FROM order_transaction WHERE \(own) AND reference_id = \(text)
            UNION SELECT order_id FROM order_transaction
            WHERE \(owner.seesAnyOrganisation) AND acquirer_reference_number = \(text)
            """
    }
}
