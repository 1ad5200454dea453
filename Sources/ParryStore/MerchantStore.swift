package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `merchant`.
package struct MerchantStore {
    /// What a list lets through, and in which order.
    package struct Filter: Sendable {
        package var organisationID: OrganisationID?
        package var type: MerchantType?
        /// Part of the name, whatever the case.
        package var name: String?
        package var externalID: String?
        package var sort: Sort = .createdAt
        package var direction: SortDirection = .descending

        /// What a list can be ordered by (CONTRACT.md 4).
        package enum Sort: String, Sendable, CaseIterable {
            case name
            case type
            case createdAt = "created_at"
            case updatedAt = "updated_at"

            fileprivate var column: SQL {
                switch self {
                case .name: "name"
                case .type: "type"
                case .createdAt: "created_at"
                case .updatedAt: "updated_at"
                }
            }
        }

        package init() {}
    }

    private static let columns: SQL = """
        id, organisation_id, name, type, external_id, default_representment_service_type,
        created_at, updated_at, version
        """

    /// The merchant, if this owner sees it.
    package static func find(
        _ id: MerchantID, for owner: Owner, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> Merchant? {
        try tx.row(
            """
            SELECT \(columns) FROM merchant WHERE id = \(id.text) AND slot = \(id.slot)
            AND deleted_at IS NULL AND \(owner.sees(rowOf: "merchant"))
            \(tx.dialect.suffix(lock))
            """, read)
    }

    /// The name of a merchant, whoever sees it.
    package static func name(of id: MerchantID, _ tx: any ReadTransaction) throws -> String? {
        try tx.row(
            "SELECT name FROM merchant WHERE id = \(id.text) AND slot = \(id.slot)"
        ) { try $0.text() }
    }

    /// What those of these merchants are called that this owner sees, deleted ones too: ended enrolments name them.
    package static func names(
        of ids: [MerchantID], for owner: Owner, _ tx: any ReadTransaction
    ) throws -> [MerchantID: String] {
        guard !ids.isEmpty else { return [:] }
        let rows = try tx.rows(
            """
            SELECT id, name FROM merchant WHERE id IN \(anyOf: ids.map(\.text))
            \(tx.dialect.inSlots(Set(ids.map { Int64($0.slot) }).sorted()))
            AND \(owner.sees(rowOf: "merchant"))
            """
        ) { (MerchantID(stored: try $0.text()), try $0.text()) }
        return Dictionary(rows) { $1 }
    }

    /// The page of merchants that the filter lets through and this owner sees.
    package static func list(
        _ filter: Filter, for owner: Owner, page: Page, _ tx: any ReadTransaction
    ) throws -> Listing<Merchant> {
        var conditions: [SQL] = ["deleted_at IS NULL", owner.seesAnyOrganisation]
        if let id = filter.organisationID { conditions.append("organisation_id = \(id.text)") }
        if let type = filter.type { conditions.append("type = \(type.rawValue)") }
        if let name = filter.name {
            conditions.append("name_folded LIKE \(Fold.containing(name)) ESCAPE '\\'")
        }
        if let id = filter.externalID { conditions.append("external_id = \(id)") }
        return try ListQuery(
            table: "merchant", columns: columns, conditions: conditions,
            order: ListOrder(by: filter.sort.column, filter.direction), page: page
        ).run(tx, read)
    }

    /// Whether the organisation has a merchant that is not deleted.
    package static func exists(
        in organisation: OrganisationID, _ tx: any ReadTransaction
    ) throws -> Bool {
        try tx.row(
            """
            SELECT 1 FROM merchant WHERE organisation_id = \(organisation.text)
            AND slot = \(organisation.slot) AND deleted_at IS NULL LIMIT 1
            """
        ) { try $0.integer() } != nil
    }

    /// Whether an integration or an enrolment names the merchant.
    package static func isLinked(_ id: MerchantID, _ tx: any ReadTransaction) throws -> Bool {
        try tx.row(
            """
            SELECT 1 WHERE EXISTS (SELECT 1 FROM integration_merchant
                WHERE merchant_id = \(id.text) AND slot = \(id.slot))
            OR EXISTS (SELECT 1 FROM enrolment_merchant
                WHERE merchant_id = \(id.text) AND slot = \(id.slot))
            """
        ) { try $0.integer() } != nil
    }

    /// Whether something that is still alive needs the merchant: an integration, an enrolment that
    /// has not ended, or any alert (CONTRACT.md 4).
    package static func isInUse(_ id: MerchantID, _ tx: any ReadTransaction) throws -> Bool {
        try tx.row(
            """
            SELECT 1 WHERE EXISTS (SELECT 1 FROM integration_merchant
                WHERE merchant_id = \(id.text) AND slot = \(id.slot))
            OR EXISTS (SELECT 1 FROM alert WHERE merchant_id = \(id.text) AND slot = \(id.slot))
            OR EXISTS (SELECT 1 FROM enrolment_merchant m
                JOIN enrolment e ON e.id = m.enrolment_id AND e.slot = m.slot
                WHERE m.merchant_id = \(id.text) AND m.slot = \(id.slot)
                AND e.status NOT IN \(anyOf: EnrolmentStatus.ended))
            """
        ) { try $0.integer() } != nil
    }

    /// Adds a new merchant.
    package static func insert(_ merchant: Merchant, _ tx: any WriteTransaction) throws {
        let details = merchant.details
        try tx.execute(
            """
            INSERT INTO merchant (id, slot, organisation_id, name, name_folded, type, external_id,
                default_representment_service_type, created_at, updated_at, version)
            VALUES (\(merchant.id.text), \(merchant.id.slot), \(merchant.organisationID.text),
                \(details.name), \(Fold.fold(details.name)), \(details.type.rawValue),
                \(details.externalID), \(details.defaultRepresentmentServiceType?.rawValue),
                \(merchant.createdAt.milliseconds), \(merchant.updatedAt.milliseconds),
                \(merchant.version))
            """)
    }

    /// Saves a changed merchant.
    package static func save(_ merchant: Merchant, _ tx: any WriteTransaction) throws {
        let details = merchant.details
        try tx.executeVersioned(
            """
            UPDATE merchant SET name = \(details.name), name_folded = \(Fold.fold(details.name)),
                type = \(details.type.rawValue), external_id = \(details.externalID),
                default_representment_service_type =
                    \(details.defaultRepresentmentServiceType?.rawValue),
                updated_at = \(merchant.updatedAt.milliseconds), version = version + 1
            WHERE id = \(merchant.id.text) AND slot = \(merchant.id.slot)
            AND version = \(merchant.version)
            """)
    }

    /// Marks as deleted; the rows stay until retention (amendment 12).
    package static func markDeleted(
        _ merchant: Merchant, now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try tx.executeVersioned(
            """
            UPDATE merchant SET deleted_at = \(now.milliseconds), version = version + 1
            WHERE id = \(merchant.id.text) AND slot = \(merchant.id.slot)
            AND version = \(merchant.version)
            """)
    }

    private static func read(_ row: inout RowReader) throws -> Merchant {
        Merchant(
            id: .init(stored: try row.text()), organisationID: .init(stored: try row.text()),
            details: .init(
                name: try row.text(), type: try row.word(), externalID: try row.textOrNull(),
                defaultRepresentmentServiceType: try row.wordOrNull()),
            createdAt: try row.timestamp(), updatedAt: try row.timestamp(),
            version: try row.integer())
    }
}
