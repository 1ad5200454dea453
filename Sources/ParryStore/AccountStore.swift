package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `partner`, `partner_group` and `partner_group_organisation`: the operator's, so they are
/// found without a key's scope.
package struct AccountStore {
    /// The partner account.
    package static func partner(_ id: PartnerID, _ tx: any ReadTransaction) throws -> Partner? {
        try tx.row(
            "SELECT id, name, mode, created_at FROM partner WHERE id = \(id.text)"
        ) { row in
            Partner(
                id: .init(stored: try row.text()), name: try row.text(), mode: try row.word(),
                createdAt: try row.timestamp())
        }
    }

    /// The group.
    package static func group(
        _ id: PartnerGroupID, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> PartnerGroup? {
        try tx.row(
            """
            SELECT id, partner_id, name, is_admin, created_at FROM partner_group
            WHERE id = \(id.text) \(tx.dialect.suffix(lock))
            """
        ) { row in
            PartnerGroup(
                id: .init(stored: try row.text()), partnerID: .init(stored: try row.text()),
                name: try row.text(), isAdmin: try row.boolean(), createdAt: try row.timestamp())
        }
    }

    /// The partner of an organisation, for the operator's commands.
    package static func partner(
        ofOrganisation id: OrganisationID, _ tx: any ReadTransaction
    ) throws -> PartnerID? {
        try tx.row(
            """
            SELECT partner_id FROM organisation
            WHERE id = \(id.text) AND slot = \(id.slot) AND deleted_at IS NULL
            """
        ) { PartnerID(stored: try $0.text()) }
    }

    /// Sets the limit of the partner's keys.
    ///
    /// - Returns: Whether there is such a partner.
    package static func setRateLimit(
        _ limit: Int64?, of id: PartnerID, _ tx: any WriteTransaction
    ) throws -> Bool {
        try tx.execute("UPDATE partner SET rate_limit = \(limit) WHERE id = \(id.text)") == 1
    }

    /// Adds a partner.
    package static func insert(_ partner: Partner, _ tx: any WriteTransaction) throws {
        try tx.execute(
            """
            INSERT INTO partner (id, name, mode, created_at)
            VALUES (\(partner.id.text), \(partner.name), \(partner.mode.rawValue),
                \(partner.createdAt.milliseconds))
            """)
    }

    /// Adds a group with the organisations assigned to it.
    package static func insert(
        _ group: PartnerGroup, organisations: [OrganisationID], _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO partner_group (id, partner_id, name, is_admin, created_at)
            VALUES (\(group.id.text), \(group.partnerID.text), \(group.name), \(group.isAdmin),
                \(group.createdAt.milliseconds))
            """)
        for organisation in organisations {
            try tx.execute(
                """
                INSERT INTO partner_group_organisation (group_id, organisation_id)
                VALUES (\(group.id.text), \(organisation.text)) ON CONFLICT DO NOTHING
                """)
        }
    }
}
