package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The key of a partner's single sign-on, in `partner`, and whom it may sign in (CONTRACT.md 2.4).
package struct SignOnStore {
    /// The key, encrypted; nil where none was made.
    package static func key(
        of id: PartnerID, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> String? {
        try tx.row(
            """
            SELECT sign_on_key FROM partner WHERE id = \(id.text) \(tx.dialect.suffix(lock))
            """
        ) { try $0.textOrNull() } ?? nil
    }

    /// Every key, for a change of the master key.
    package static func keys(
        _ tx: any ReadTransaction
    ) throws -> [(partner: PartnerID, key: String)] {
        try tx.rows("SELECT id, sign_on_key FROM partner WHERE sign_on_key IS NOT NULL") {
            (PartnerID(stored: try $0.text()), try $0.text())
        }
    }

    /// Takes a key, encrypted, or none.
    package static func setKey(
        _ key: String?, of id: PartnerID, _ tx: any WriteTransaction
    ) throws {
        try tx.execute("UPDATE partner SET sign_on_key = \(key) WHERE id = \(id.text)")
    }

    /// The person with this address, who is a member of the partner's organisations and of nothing else.
    ///
    /// - Throws: ``SignInError/singleSignOn(_:)``.
    package static func member(
        email: String, of partner: PartnerID, now: Timestamp, _ tx: any WriteTransaction
    ) throws -> Person {
        let folded = Fold.fold(email)
        let memberships = try tx.rows(
            """
            SELECT o.partner_id, m.email, m.first_name, m.last_name FROM member_user u
            JOIN membership m ON m.user_id = u.id
            JOIN organisation o ON o.id = m.organisation_id AND o.slot = m.slot
            WHERE u.email_folded = \(folded) AND o.deleted_at IS NULL ORDER BY m.created_at, m.id
            """
        ) { row in
            (
                partner: try row.text(), email: try row.text(),
                name: try row.text() + " " + row.text()
            )
        }
        guard let own = memberships.first(where: { $0.partner == partner.text }) else {
            throw SignInError.singleSignOn(.notMember)
        }
        let person = try PersonStore.findOrInsert(
            Person(
                id: .make(at: now, slot: 0), email: own.email, name: own.name, isOperator: false,
                hasPassword: false, createdAt: now), tx)
        let isGroupMember =
            try tx.row("SELECT 1 FROM group_member WHERE person_id = \(person.id.text) LIMIT 1") {
                try $0.integer()
            } != nil
        guard !person.isOperator, !isGroupMember,
            memberships.allSatisfy({ $0.partner == partner.text })
        else { throw SignInError.singleSignOn(.memberElsewhere) }
        guard person.endedAt == nil else { throw SignInError.singleSignOn(.notMember) }
        return person
    }
}
