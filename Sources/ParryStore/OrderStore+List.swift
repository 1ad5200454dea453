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

            fileprivate var column: SQL {
                switch self {
                case .createdAt: "created_at"
                case .orderDatetime: "order_datetime"
                }
            }
        }

        package init() {}

        /// Whether it lets all orders of integrations through, which are counted already.
        fileprivate var countsWhole: Bool {
            referenceID == nil && type == nil && orderStatus == nil && createdFrom == nil
                && createdTo == nil
        }

        fileprivate var conditions: [SQL] {
            var conditions: [SQL] = []
            if let id = organisationID { conditions.append("organisation_id = \(id.text)") }
            if let id = integrationID { conditions.append("integration_id = \(id.text)") }
            if let id = referenceID { conditions.append("reference_id = \(id)") }
            if let type { conditions.append("type = \(type.rawValue)") }
            if let status = orderStatus { conditions.append("order_status = \(status.rawValue)") }
            if let from = createdFrom { conditions.append("created_at >= \(from.milliseconds)") }
            if let to = createdTo { conditions.append("created_at <= \(to.milliseconds)") }
            return conditions
        }
    }

    /// The page of orders that the filter lets through and this owner sees.
    ///
    /// A reference alone is looked up through the integrations that the owner sees, because references
    /// are unique, and indexed, per integration.
    package static func list(
        _ filter: Filter, for owner: Owner, page: Page, _ tx: any ReadTransaction
    ) throws -> Listing<Stored> {
        var conditions = filter.conditions + [owner.seesAnyOrganisation]
        if filter.referenceID != nil, filter.integrationID == nil {
            conditions.append(
                """
                integration_id IN
                (SELECT id FROM integration WHERE \(owner.seesAnyOrganisation))
                """)
        }
        return try ListQuery(
            table: #""order""#, columns: listColumns, conditions: conditions,
            order: filter.direction.order(by: filter.sort.column), page: page,
            count: filter.countsWhole
                ? OrderCountStore.count(
                    of: filter.organisationID, integration: filter.integrationID, for: owner)
                : nil
        ).run(tx, read)
    }
}
