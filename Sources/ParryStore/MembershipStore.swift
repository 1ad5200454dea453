package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `membership`, and of `member_user`: one for each e-mail address of a partner.
package struct MembershipStore {
    private static let columns: SQL = """
        id, organisation_id, user_id, first_name, last_name, email, role,
        mails_alert_action_required, mails_alert_resolved, mails_alert_dismissed,
        mails_evidence_requested, created_at, updated_at, version
        """

    /// The membership, if this owner sees it.
    package static func find(
        _ id: MembershipID, for owner: Owner, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> Membership? {
        try tx.row(
            """
            SELECT \(columns) FROM membership WHERE id = \(id.text) AND slot = \(id.slot)
            AND \(owner.sees(rowOf: "membership")) \(tx.dialect.suffix(lock))
            """, read)
    }

    /// The page of memberships of one organisation, or of all that this owner sees, newest first.
    package static func list(
        of organisation: OrganisationID?, for owner: Owner, page: Page, _ tx: any ReadTransaction
    ) throws -> Listing<Membership> {
        var conditions = [owner.seesAnyOrganisation]
        if let organisation { conditions.append("organisation_id = \(organisation.text)") }
        return try ListQuery(
            table: "membership", columns: columns, conditions: conditions,
            order: ListOrder(by: "created_at", .descending), page: page
        ).run(tx, read)
    }

    /// The user with this e-mail address, made if the partner has none. The address is compared without
    /// regard to case.
    package static func user(
        email: String, of partner: PartnerID, now: Timestamp, _ tx: any WriteTransaction
    ) throws -> UserID {
        let folded = Fold.fold(email)
        try tx.execute(
            """
            INSERT INTO member_user (id, partner_id, email_folded, created_at)
            VALUES (\(UserID.make(at: now, slot: 0).text), \(partner.text), \(folded),
                \(now.milliseconds))
            ON CONFLICT (partner_id, email_folded) DO NOTHING
            """)
        let found = try tx.row(
            """
            SELECT id FROM member_user
            WHERE partner_id = \(partner.text) AND email_folded = \(folded)
            """
        ) { UserID(stored: try $0.text()) }
        guard let found else { throw DatabaseError(.internalFailure, "a user is not there") }
        return found
    }

    /// Whether the user is a member of the organisation.
    package static func exists(
        _ user: UserID, in organisation: OrganisationID, _ tx: any ReadTransaction
    ) throws -> Bool {
        try tx.row(
            """
            SELECT 1 FROM membership WHERE organisation_id = \(organisation.text)
            AND slot = \(organisation.slot) AND user_id = \(user.text)
            """
        ) { try $0.integer() } != nil
    }

    /// Adds a new membership.
    package static func insert(_ membership: Membership, _ tx: any WriteTransaction) throws {
        let settings = membership.settings
        try tx.execute(
            """
            INSERT INTO membership (slot, \(columns))
            VALUES (\(membership.id.slot), \(membership.id.text),
                \(membership.organisationID.text), \(membership.userID.text),
                \(membership.firstName), \(membership.lastName), \(membership.email),
                \(settings.role.rawValue), \(settings.mailsAlertActionRequired),
                \(settings.mailsAlertResolved), \(settings.mailsAlertDismissed),
                \(settings.mailsEvidenceRequested), \(membership.createdAt.milliseconds),
                \(membership.updatedAt.milliseconds), \(membership.version))
            """)
    }

    /// Saves changed settings.
    package static func save(_ membership: Membership, _ tx: any WriteTransaction) throws {
        let settings = membership.settings
        try tx.executeVersioned(
            """
            UPDATE membership SET role = \(settings.role.rawValue),
                mails_alert_action_required = \(settings.mailsAlertActionRequired),
                mails_alert_resolved = \(settings.mailsAlertResolved),
                mails_alert_dismissed = \(settings.mailsAlertDismissed),
                mails_evidence_requested = \(settings.mailsEvidenceRequested),
                updated_at = \(membership.updatedAt.milliseconds), version = version + 1
            WHERE id = \(membership.id.text) AND slot = \(membership.id.slot)
            AND version = \(membership.version)
            """)
    }

    /// Deletes.
    package static func delete(_ membership: Membership, _ tx: any WriteTransaction) throws {
        try tx.executeVersioned(
            """
            DELETE FROM membership WHERE id = \(membership.id.text)
            AND slot = \(membership.id.slot) AND version = \(membership.version)
            """)
    }

    private static func read(_ row: inout RowReader) throws -> Membership {
        Membership(
            id: .init(stored: try row.text()), organisationID: .init(stored: try row.text()),
            userID: .init(stored: try row.text()), firstName: try row.text(),
            lastName: try row.text(), email: try row.text(),
            settings: .init(
                role: try row.word(), mailsAlertActionRequired: try row.boolean(),
                mailsAlertResolved: try row.boolean(), mailsAlertDismissed: try row.boolean(),
                mailsEvidenceRequested: try row.boolean()),
            createdAt: try row.timestamp(), updatedAt: try row.timestamp(),
            version: try row.integer())
    }
}
