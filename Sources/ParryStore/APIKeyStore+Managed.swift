package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The keys that an account manages: an administrator all of the partner's and its organisations', a group or an
/// organisation its own.
extension APIKeyStore {
    /// Which keys a list shows.
    package struct Filter: Sendable, Hashable {
        package let state: APIKeyState?
        /// The id of the group or organisation that owns them.
        package let owner: String?

        package init(state: APIKeyState? = nil, owner: String? = nil) {
            self.state = state
            self.owner = owner
        }
    }

    /// Newest first.
    package static func list(
        for owner: Owner, _ filter: Filter, page: Page, now: Timestamp, _ tx: any ReadTransaction
    ) throws -> Listing<APIKey> {
        var conditions = [manages(owner)]
        if let state = filter.state {
            conditions.append(isIn(state, of: owner.partnerID, now))
        }
        if let id = filter.owner {
            conditions.append("(k.group_id = \(id) OR k.organisation_id = \(id))")
        }
        return try ListQuery(
            table: "api_key k LEFT JOIN partner_group g ON g.id = k.group_id", id: "k.id",
            columns: columns, conditions: conditions,
            order: ListOrder(by: "k.created_at", .descending, id: "k.id"), page: page
        ).run(tx, read)
    }

    /// A key that an owner may manage.
    package static func find(
        _ id: APIKeyID, for owner: Owner, _ tx: any ReadTransaction
    ) throws -> APIKey? {
        try tx.row(
            """
            SELECT \(columns) FROM api_key k LEFT JOIN partner_group g ON g.id = k.group_id
            WHERE k.id = \(id.text) AND \(manages(owner))
            """, read)
    }

    private static func manages(_ owner: Owner) -> SQL {
        switch owner {
        case .adminGroup(_, let partner): "k.partner_id = \(partner.text)"
        case .restrictedGroup(let group, _): "k.group_id = \(group.text)"
        case .organisation(let id, _): "k.organisation_id = \(id.text)"
        }
    }

    /// The condition for what ``APIKey/state(at:isOwned:)`` says.
    private static func isIn(
        _ state: APIKeyState, of partner: PartnerID, _ now: Timestamp
    ) -> SQL {
        let isValid: SQL = """
            k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > \(now.milliseconds))
            """
        let deleted: SQL = """
            (SELECT o.id FROM organisation o
            WHERE o.partner_id = \(partner.text) AND o.deleted_at IS NOT NULL)
            """
        return switch state {
        case .revoked: "k.revoked_at IS NOT NULL"
        case .expired: "k.revoked_at IS NULL AND k.expires_at <= \(now.milliseconds)"
        case .active:
            "\(isValid) AND (k.organisation_id IS NULL OR k.organisation_id NOT IN \(deleted))"
        case .organisationDeleted: "\(isValid) AND k.organisation_id IN \(deleted)"
        }
    }
}
