package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The groups of a partner, the organisations assigned to them and their members.
package struct GroupStore {
    /// A group with how many organisations and people belong to it.
    package struct Summary: Sendable {
        package let group: PartnerGroup
        package let organisationCount: Int64
        package let memberCount: Int64
    }

    /// The groups of a partner, the admin group first.
    package static func list(
        of partner: PartnerID, _ tx: any ReadTransaction
    ) throws -> [Summary] {
        try tx.rows(
            """
            SELECT id, partner_id, name, is_admin, created_at,
                (SELECT count(*) FROM partner_group_organisation o WHERE o.group_id = g.id),
                (SELECT count(*) FROM group_member m WHERE m.group_id = g.id)
            FROM partner_group g WHERE partner_id = \(partner.text)
            ORDER BY is_admin DESC, created_at, id
            """
        ) { row in
            Summary(
                group: PartnerGroup(
                    id: .init(stored: try row.text()), partnerID: .init(stored: try row.text()),
                    name: try row.text(), isAdmin: try row.boolean(),
                    createdAt: try row.timestamp()),
                organisationCount: try row.integer(), memberCount: try row.integer())
        }
    }

    /// Renames.
    package static func rename(
        _ group: PartnerGroupID, to name: String, _ tx: any WriteTransaction
    ) throws {
        try tx.execute("UPDATE partner_group SET name = \(name) WHERE id = \(group.text)")
    }

    /// Adds a member; one who is there already stays.
    package static func add(
        _ person: PersonID, to group: PartnerGroupID, now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO group_member (group_id, person_id, created_at)
            VALUES (\(group.text), \(person.text), \(now.milliseconds)) ON CONFLICT DO NOTHING
            """)
    }

    /// Takes a member out.
    ///
    /// - Returns: Whether the person was one.
    package static func remove(
        _ person: PersonID, from group: PartnerGroupID, _ tx: any WriteTransaction
    ) throws -> Bool {
        try tx.execute(
            """
            DELETE FROM group_member WHERE group_id = \(group.text) AND person_id = \(person.text)
            """) == 1
    }
}
