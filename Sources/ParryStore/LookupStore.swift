package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `lookup`.
package struct LookupStore {
    /// What a list lets through; the newest is first unless asked otherwise (CONTRACT.md 17).
    package struct Filter: Sendable {
        package var organisationID: OrganisationID?
        package var enrolmentID: EnrolmentID?
        package var parentID: LookupID?
        package var type: LookupType?
        package var status: LookupStatus?
        package var deflectionStatus: DeflectionStatus?
        /// Inclusive, in milliseconds.
        package var createdFrom: Timestamp?
        package var createdTo: Timestamp?
        package var direction: SortDirection = .descending

        /// What a list can be ordered by.
        package enum Sort: String, Sendable, CaseIterable {
            case createdAt = "created_at"
        }

        package init() {}

        fileprivate var conditions: [SQL] {
            var conditions: [SQL] = []
            if let id = enrolmentID { conditions.append("enrolment_id = \(id.text)") }
            if let id = parentID { conditions.append("parent_lookup_id = \(id.text)") }
            if let type { conditions.append("type = \(type.rawValue)") }
            if let status { conditions.append("lookup_status = \(status.rawValue)") }
            if let word = deflectionStatus {
                conditions.append("deflection_status = \(word.rawValue)")
            }
            if let from = createdFrom { conditions.append("created_at >= \(from.milliseconds)") }
            if let to = createdTo { conditions.append("created_at <= \(to.milliseconds)") }
            return conditions
        }
    }

    private static let columns: SQL = """
        id, organisation_id, enrolment_id, parent_lookup_id, type, lookup_status,
        deflection_status, \(NoticeTransaction.columns), created_at, updated_at
        """

    /// The lookup, if this owner sees it.
    package static func find(
        _ id: LookupID, for owner: Owner, _ tx: any ReadTransaction
    ) throws -> Lookup? {
        try tx.row(
            """
            SELECT \(columns) FROM lookup WHERE id = \(id.text) AND slot = \(id.slot)
            AND \(owner.sees(rowOf: "lookup"))
            """, read)
    }

    /// The page of lookups that the filter lets through and this owner sees.
    package static func list(
        _ filter: Filter, for owner: Owner, page: Page, _ tx: any ReadTransaction
    ) throws -> Listing<Lookup> {
        try ListQuery(
            table: "lookup", columns: columns,
            parts: OrganisationStore.parts(for: owner, only: filter.organisationID, tx),
            conditions: filter.conditions,
            order: ListOrder(by: "created_at", filter.direction), page: page
        ).run(tx, read)
    }

    /// Adds a new lookup.
    package static func insert(_ lookup: Lookup, _ tx: any WriteTransaction) throws {
        try tx.execute(
            """
            INSERT INTO lookup (slot, \(columns)) VALUES (\(lookup.id.slot), \(lookup.id.text),
                \(lookup.organisationID.text), \(lookup.enrolmentID?.text),
                \(lookup.parentID?.text), \(lookup.type.rawValue), \(lookup.status.rawValue),
                \(lookup.deflectionStatus.rawValue), \(lookup.transaction.values),
                \(lookup.createdAt.milliseconds), \(lookup.updatedAt.milliseconds))
            """)
    }

    private static func read(_ row: inout RowReader) throws -> Lookup {
        Lookup(
            id: .init(stored: try row.text()), organisationID: .init(stored: try row.text()),
            enrolmentID: try row.textOrNull().map(EnrolmentID.init(stored:)),
            parentID: try row.textOrNull().map(LookupID.init(stored:)), type: try row.word(),
            status: try row.word(), deflectionStatus: try row.word(),
            transaction: try NoticeTransaction(&row), createdAt: try row.timestamp(),
            updatedAt: try row.timestamp())
    }
}
