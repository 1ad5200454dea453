package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `api_key`. Only hashes of keys are here.
package struct APIKeyStore {
    /// A key with the mode of its partner and the limit that the operator set for its owner.
    package struct Found: Sendable {
        package let key: APIKey
        package let mode: AccountMode
        /// The organisation's, or else the partner's; nil for the server's.
        package fileprivate(set) var rateLimit: Int64?
    }

    static let columns: SQL = """
        k.id, k.partner_id, k.group_id, k.organisation_id, g.is_admin, k.abilities, k.expires_at,
        k.revoked_at, k.created_at, k.name, k.last_used_at
        """

    /// The key with this hash, revoked or expired ones too; nil when its organisation is deleted.
    package static func find(hash: String, _ tx: any ReadTransaction) throws -> Found? {
        let found = try tx.row(
            """
            SELECT p.mode, p.rate_limit, \(columns)
            FROM api_key k JOIN partner p ON p.id = k.partner_id
            LEFT JOIN partner_group g ON g.id = k.group_id WHERE k.hash = \(hash)
            """
        ) { row in
            let mode: AccountMode = try row.word()
            let limit = try row.integerOrNull()
            return Found(key: try read(&row), mode: mode, rateLimit: limit)
        }
        guard var found, case .organisation(let id, _) = found.key.owner else { return found }
        let organisation = try tx.row(
            """
            SELECT rate_limit FROM organisation
            WHERE id = \(id.text) AND slot = \(id.slot) AND deleted_at IS NULL
            """
        ) { try $0.integerOrNull() }
        guard let organisation else { return nil }
        found.rateLimit = organisation ?? found.rateLimit
        return found
    }

    /// Every key, newest first, for the operator.
    package static func all(_ tx: any ReadTransaction) throws -> [APIKey] {
        try tx.rows(
            """
            SELECT \(columns) FROM api_key k LEFT JOIN partner_group g ON g.id = k.group_id
            ORDER BY k.created_at DESC, k.id DESC
            """, read)
    }

    /// Adds a key.
    package static func insert(
        _ key: APIKey, hash: String, _ tx: any WriteTransaction
    ) throws {
        var group: String?
        var organisation: String?
        switch key.owner {
        case .adminGroup(let id, _), .restrictedGroup(let id, _): group = id.text
        case .organisation(let id, _): organisation = id.text
        }
        let abilities = key.abilities.map(\.rawValue).sorted().joined(separator: " ")
        try tx.execute(
            """
            INSERT INTO api_key
                (id, partner_id, group_id, organisation_id, hash, abilities, expires_at, created_at,
                name)
            VALUES (\(key.id.text), \(key.owner.partnerID.text), \(group), \(organisation),
                \(hash), \(abilities), \(key.expiresAt?.milliseconds),
                \(key.createdAt.milliseconds), \(key.name))
            """)
    }

    /// Ends a key; a key that has ended stays so.
    ///
    /// - Returns: Whether there is such a key.
    package static func revoke(
        _ id: APIKeyID, now: Timestamp, _ tx: any WriteTransaction
    ) throws -> Bool {
        try tx.execute(
            """
            UPDATE api_key SET revoked_at = coalesce(revoked_at, \(now.milliseconds))
            WHERE id = \(id.text)
            """) == 1
    }

    /// Has a key end at a time, unless it ends sooner already.
    package static func expire(
        _ id: APIKeyID, at end: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE api_key SET expires_at = \(end.milliseconds) WHERE id = \(id.text)
            AND (expires_at IS NULL OR expires_at > \(end.milliseconds))
            """)
    }

    /// Notes when keys were used.
    package static func use(
        _ times: [APIKeyID: Timestamp], _ tx: any WriteTransaction
    ) throws {
        for (id, time) in times.sorted(by: { $0.key.text < $1.key.text }) {
            try tx.execute(
                """
                UPDATE api_key SET last_used_at = \(time.milliseconds) WHERE id = \(id.text)
                AND (last_used_at IS NULL OR last_used_at < \(time.milliseconds))
                """)
        }
    }

    /// The names of keys, for lists that name them.
    package static func names(
        of ids: [String], _ tx: any ReadTransaction
    ) throws -> [String: String] {
        let rows = try tx.rows("SELECT id, name FROM api_key WHERE id IN \(anyOf: ids)") {
            (try $0.text(), try $0.text())
        }
        return Dictionary(rows) { first, _ in first }
    }

    static func read(_ row: inout RowReader) throws -> APIKey {
        let id = APIKeyID(stored: try row.text())
        let partner = PartnerID(stored: try row.text())
        let group = try row.textOrNull().map(PartnerGroupID.init(stored:))
        let organisation = try row.textOrNull().map(OrganisationID.init(stored:))
        let isAdmin = try row.integerOrNull() == 1
        let words = try row.text().split(separator: " ")
        let abilities = Set(words.compactMap { Ability(rawValue: String($0)) })
        let (expiresAt, revokedAt) = (try row.timestampOrNull(), try row.timestampOrNull())
        let (createdAt, name) = (try row.timestamp(), try row.text())
        return APIKey(
            id: id, name: name,
            owner: try owner(group, organisation, isAdmin: isAdmin, partner: partner),
            abilities: abilities,
            expiresAt: expiresAt, revokedAt: revokedAt, createdAt: createdAt,
            lastUsedAt: try row.timestampOrNull())
    }

    private static func owner(
        _ group: PartnerGroupID?, _ organisation: OrganisationID?, isAdmin: Bool,
        partner: PartnerID
    ) throws -> Owner {
        if let organisation { return .organisation(organisation, partner: partner) }
        guard let group else { throw DatabaseError(.unexpectedValue, "a key without an owner") }
        return isAdmin
            ? .adminGroup(group, partner: partner) : .restrictedGroup(group, partner: partner)
    }
}
