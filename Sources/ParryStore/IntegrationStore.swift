package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `integration` and `integration_merchant`.
package struct IntegrationStore {
    private static let columns: SQL =
        "id, organisation_id, type, name, status, created_at, updated_at, version"
    private static let links = MerchantLinks(
        table: "integration_merchant", owner: "integration_id")

    /// The integration, if this owner sees it.
    package static func find(
        _ id: IntegrationID, for owner: Owner, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> Integration? {
        let found = try tx.row(
            """
            SELECT \(columns) FROM integration WHERE id = \(id.text) AND slot = \(id.slot)
            AND \(owner.sees(rowOf: "integration")) \(tx.dialect.suffix(lock))
            """, read)
        return try found.map { try withMerchants([$0], tx) }?.first
    }

    /// What those of these integrations are called that this owner sees.
    package static func names(
        of ids: Set<IntegrationID>, for owner: Owner, _ tx: any ReadTransaction
    ) throws -> [IntegrationID: String] {
        guard !ids.isEmpty else { return [:] }
        let rows = try tx.rows(
            """
            SELECT id, name FROM integration WHERE id IN \(anyOf: ids.map(\.text).sorted())
            \(tx.dialect.inSlots(Set(ids.map { Int64($0.slot) }).sorted()))
            AND \(owner.sees(rowOf: "integration"))
            """
        ) { (IntegrationID(stored: try $0.text()), try $0.text()) }
        return Dictionary(rows) { $1 }
    }

    /// What orders need to know of their integration.
    package struct Feed: Sendable {
        package let id: IntegrationID
        package let organisationID: OrganisationID
        package let type: IntegrationType
        package let status: IntegrationStatus
        /// What COMPLETE orders of the organisation must have besides.
        package let requiredOrderFields: [String]
        /// By how many milliseconds the organisation's test clock is ahead.
        package let clockLead: Int64
    }

    /// The integration of an organisation, if this owner sees both: one look-up, because every batch of
    /// orders begins with it.
    package static func feed(
        _ id: IntegrationID, of organisation: OrganisationID, for owner: Owner,
        _ tx: any ReadTransaction
    ) throws -> Feed? {
        try tx.row(
            """
            SELECT i.id, o.id, i.type, i.status, o.settings, o.clock_lead FROM integration i
            JOIN organisation o ON o.id = i.organisation_id AND o.slot = i.slot
            WHERE i.id = \(id.text) AND i.slot = \(id.slot) AND o.id = \(organisation.text)
            AND \(owner.sees(organisation: "o"))
            """
        ) { row in
            Feed(
                id: .init(stored: try row.text()), organisationID: .init(stored: try row.text()),
                type: try row.word(), status: try row.word(),
                requiredOrderFields: try OrganisationSettings(stored: try row.textOrNull())
                    .requiredOrderFields,
                clockLead: try row.integer())
        }
    }

    /// A query for the ids and slots of integrations that this owner sees: of one organisation, one alone, or those that
    /// take a type of orders.
    static func ids(
        of organisation: OrganisationID?, only integration: IntegrationID?,
        taking type: OrderType?, for owner: Owner
    ) -> SQL {
        var conditions = [owner.seesAnyOrganisation]
        if let organisation { conditions.append("organisation_id = \(organisation.text)") }
        if let integration { conditions.append("id = \(integration.text)") }
        let customOrders = IntegrationType.customOrders.rawValue
        switch type {
        case .complete: conditions.append("type = \(customOrders)")
        case .partial: conditions.append("type <> \(customOrders)")
        case nil: break
        }
        return
            "SELECT id, slot FROM integration WHERE \(SQL.joined(conditions, separator: " AND "))"
    }

    /// What a list lets through.
    package struct Filter: Sendable {
        package var organisationID: OrganisationID?
        package var merchantID: MerchantID?
        package var status: IntegrationStatus?

        package init() {}
    }

    /// The page of integrations that the filter lets through and this owner sees, newest first.
    package static func list(
        _ filter: Filter = Filter(), for owner: Owner, page: Page, _ tx: any ReadTransaction
    ) throws -> Listing<Integration> {
        var conditions = [owner.seesAnyOrganisation]
        if let id = filter.organisationID { conditions.append("organisation_id = \(id.text)") }
        if let id = filter.merchantID {
            conditions.append(
                """
                id IN (SELECT integration_id FROM integration_merchant
                WHERE merchant_id = \(id.text) AND slot = \(id.slot))
                """)
        }
        if let status = filter.status { conditions.append("status = \(status.rawValue)") }
        let listing = try ListQuery(
            table: "integration", columns: columns, conditions: conditions,
            order: ListOrder(by: "created_at", .descending), page: page
        ).run(tx, read)
        return Listing(items: try withMerchants(listing.items, tx), count: listing.count)
    }

    /// How many orders came in by those of these integrations that this owner sees.
    package static func orderCounts(
        of ids: [IntegrationID], for owner: Owner, _ tx: any ReadTransaction
    ) throws -> [IntegrationID: Int64] {
        guard !ids.isEmpty else { return [:] }
        let rows = try tx.rows(
            """
            SELECT c.integration_id, CAST(sum(c.delta) AS BIGINT) FROM order_count c
            JOIN integration ON id = c.integration_id AND integration.slot = c.slot
            WHERE c.integration_id IN \(anyOf: ids.map(\.text))
            \(tx.dialect.inSlots(Set(ids.map { Int64($0.slot) }).sorted(), "c.slot"))
            AND \(owner.sees(rowOf: "integration")) GROUP BY c.integration_id
            """
        ) { (IntegrationID(stored: try $0.text()), try $0.integer()) }
        return Dictionary(rows) { $1 }
    }

    /// The ENABLED integrations of these merchants of one organisation, each with its merchants.
    package static func feeds(
        of merchants: [MerchantID], in organisation: OrganisationID, _ tx: any ReadTransaction
    ) throws -> [IntegrationID: [MerchantID]] {
        let rows = try tx.rows(
            """
            SELECT i.id, m.merchant_id FROM integration_merchant m
            JOIN integration i ON i.id = m.integration_id AND i.slot = m.slot
            WHERE m.merchant_id IN \(anyOf: merchants.map(\.text)) AND m.slot = \(organisation.slot)
            AND i.organisation_id = \(organisation.text) AND i.status = 'ENABLED'
            ORDER BY i.id, m.position
            """
        ) { (IntegrationID(stored: try $0.text()), MerchantID(stored: try $0.text())) }
        return Dictionary(grouping: rows, by: \.0).mapValues { $0.map(\.1) }
    }

    /// Adds a new integration.
    package static func insert(_ integration: Integration, _ tx: any WriteTransaction) throws {
        try tx.execute(
            """
            INSERT INTO integration
                (id, slot, organisation_id, name, type, status, created_at, updated_at, version)
            VALUES (\(integration.id.text), \(integration.id.slot),
                \(integration.organisationID.text), \(integration.details.name),
                \(integration.type.rawValue), \(integration.details.status.rawValue),
                \(integration.createdAt.milliseconds), \(integration.updatedAt.milliseconds),
                \(integration.version))
            """)
        try links.insert(
            integration.details.merchantIDs, of: integration.id.text, slot: integration.id.slot, tx)
    }

    /// Saves a changed integration with its merchants.
    package static func save(_ integration: Integration, _ tx: any WriteTransaction) throws {
        try tx.executeVersioned(
            """
            UPDATE integration SET name = \(integration.details.name),
                status = \(integration.details.status.rawValue),
                updated_at = \(integration.updatedAt.milliseconds), version = version + 1
            WHERE id = \(integration.id.text) AND slot = \(integration.id.slot)
            AND version = \(integration.version)
            """)
        try links.replace(
            integration.details.merchantIDs, of: integration.id.text, slot: integration.id.slot, tx)
    }

    private static func withMerchants(
        _ integrations: [Integration], _ tx: any ReadTransaction
    ) throws -> [Integration] {
        let merchants = try links.merchants(of: integrations.map(\.id.text), tx)
        return integrations.map { integration in
            var whole = integration
            whole.details.merchantIDs = merchants[integration.id.text] ?? []
            return whole
        }
    }

    private static func read(_ row: inout RowReader) throws -> Integration {
        Integration(
            id: .init(stored: try row.text()), organisationID: .init(stored: try row.text()),
            type: try row.word(),
            details: .init(name: try row.text(), status: try row.word(), merchantIDs: []),
            createdAt: try row.timestamp(), updatedAt: try row.timestamp(),
            version: try row.integer())
    }
}
