package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `audit`: who changed what. Nothing changes them; retention removes them.
package struct AuditStore {
    /// What a list lets through, newest first.
    package struct Filter: Sendable {
        package var organisationID: OrganisationID?
        package var actor: String?
        /// The beginning of the action: `alert.` for all that was done to alerts.
        package var action: String?
        package var subjectID: String?
        package var from: Timestamp?
        package var to: Timestamp?
        /// Behind this one in the list, newest first: for who reads all of it. They are not counted, which would be done
        /// again for every page.
        package var behind: AuditEntry?

        package init() {}

        fileprivate var conditions: [SQL] {
            var conditions: [SQL] = []
            if let id = organisationID { conditions.append("organisation_id = \(id.text)") }
            if let actor { conditions.append("actor = \(actor)") }
            if let action {
                conditions.append("action LIKE \(Fold.startingWith(action)) ESCAPE '\\'")
            }
            if let subjectID { conditions.append("subject_id = \(subjectID)") }
            if let from { conditions.append("created_at >= \(from.milliseconds)") }
            if let to { conditions.append("created_at <= \(to.milliseconds)") }
            if let behind {
                let time = behind.createdAt.milliseconds
                conditions.append("created_at <= \(time)")
                conditions.append("(created_at < \(time) OR id < \(behind.id.text))")
            }
            return conditions
        }
    }

    private static let columns: SQL = """
        id, actor, partner_id, organisation_id, action, subject_id, detail, created_at
        """

    /// Writes down what was done.
    package static func append(_ entry: AuditEntry, _ tx: any WriteTransaction) throws {
        try tx.execute(
            """
            INSERT INTO audit (slot, \(columns))
            VALUES (\(entry.id.slot), \(entry.id.text), \(entry.actor), \(entry.partnerID?.text),
                \(entry.organisationID?.text), \(entry.action), \(entry.subjectID),
                \(entry.detail), \(entry.createdAt.milliseconds))
            """)
    }

    /// The page of what an owner may know: an administrator of all that is the partner's, an organisation of itself.
    package static func list(
        _ filter: Filter, for owner: Owner, page: Page, _ tx: any ReadTransaction
    ) throws -> Listing<AuditEntry> {
        try ListQuery(
            table: "audit", columns: columns,
            conditions: [scope(of: owner)] + filter.conditions,
            order: ListOrder(by: "created_at", .descending), page: page,
            count: filter.behind == nil ? nil : "SELECT 0"
        ).run(tx, read)
    }

    /// What was done to one thing, the oldest first, as far as an owner may know.
    package static func about(
        _ subject: String, for owner: Owner, limit: Int, _ tx: any ReadTransaction
    ) throws -> [AuditEntry] {
        try tx.rows(
            """
            SELECT \(columns) FROM audit \(tx.dialect.indexed(by: "audit_subject"))
            WHERE subject_id = \(subject) AND \(scope(of: owner))
            ORDER BY created_at, id LIMIT \(limit)
            """, read)
    }

    private static func scope(of owner: Owner) -> SQL {
        switch owner {
        case .adminGroup(_, let partner): "partner_id = \(partner.text)"
        case .restrictedGroup: owner.seesAnyOrganisation
        case .organisation(let id, _): "organisation_id = \(id.text)"
        }
    }

    private static func read(_ row: inout RowReader) throws -> AuditEntry {
        AuditEntry(
            id: .init(stored: try row.text()), actor: try row.text(),
            partnerID: try row.textOrNull().map(PartnerID.init(stored:)),
            organisationID: try row.textOrNull().map(OrganisationID.init(stored:)),
            action: try row.text(), subjectID: try row.textOrNull(), detail: try row.text(),
            createdAt: try row.timestamp())
    }
}
