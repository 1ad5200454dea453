package import ParryDatabase
package import ParryDomain
package import ParryWire

/// Which organisations are assigned to a group.
extension GroupStore {
    /// An organisation of the partner, as a group sees it or not.
    package struct Assignment: Sendable {
        package let organisation: OrganisationID
        package let name: String
        package let isAssigned: Bool
    }

    /// The partner's organisations whose name holds a text: those of the group first, by name.
    package static func assignments(
        of group: PartnerGroup, name: String, page: Page, _ tx: any ReadTransaction
    ) throws -> Listing<Assignment> {
        let table: SQL = """
            organisation o LEFT JOIN partner_group_organisation a
                ON a.organisation_id = o.id AND a.group_id = \(group.id.text)
            WHERE o.partner_id = \(group.partnerID.text) AND o.deleted_at IS NULL
            AND \(holds(name))
            """
        let items = try tx.rows(
            """
            SELECT o.id, o.name, a.group_id IS NOT NULL AS is_assigned FROM \(table)
            ORDER BY (a.group_id IS NULL), lower(o.name), o.id
            LIMIT \(page.limit) OFFSET \(page.offset)
            """
        ) { row in
            Assignment(
                organisation: .init(stored: try row.text()), name: try row.text(),
                isAssigned: try row.boolean())
        }
        let count = try tx.row("SELECT count(*) FROM \(table)") { try $0.integer() }
        return Listing(items: items, count: count ?? 0)
    }

    private static func holds(_ name: String) -> SQL {
        guard !name.isEmpty else { return "1 = 1" }
        return "lower(o.name) LIKE \(Fold.containing(name)) ESCAPE '\\'"
    }

    /// Assigns organisations; one that is assigned already stays.
    package static func assign(
        _ organisations: [OrganisationID], to group: PartnerGroupID, _ tx: any WriteTransaction
    ) throws {
        for id in Set(organisations).sorted(by: { $0.text < $1.text }) {
            try tx.execute(
                """
                INSERT INTO partner_group_organisation (group_id, organisation_id)
                VALUES (\(group.text), \(id.text)) ON CONFLICT DO NOTHING
                """)
        }
    }

    /// Takes organisations away from a group.
    package static func unassign(
        _ organisations: [OrganisationID], from group: PartnerGroupID, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            DELETE FROM partner_group_organisation WHERE group_id = \(group.text)
            AND organisation_id IN \(anyOf: organisations.map(\.text))
            """)
    }
}
