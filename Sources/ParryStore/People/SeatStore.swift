package import ParryDatabase
package import ParryDomain
package import ParryWire

/// Which accounts a person may work in: read from `partner`, `group_member` and `membership` each time, so
/// that whoever is taken out is out at once.
package struct SeatStore {
    /// Accounts of all kinds, TEST and LIVE, by name.
    ///
    /// - Parameters:
    ///   - partner: Only organisations of this one, for who signed in through it.
    ///   - name: Only those whose name holds this text, without regard to case.
    package static func list(
        of person: Person, through partner: PartnerID?, name: String, limit: Int,
        _ tx: any ReadTransaction
    ) throws -> [Seat] {
        var seats: [Seat] = []
        if partner == nil {
            if person.isOperator { seats += try partners(name: name, limit: limit, tx) }
            seats += try groups(of: person, tx).filter { seat in
                !seats.contains { $0.id == seat.id }
                    && (name.isEmpty || Fold.fold(seat.name).contains(Fold.fold(name)))
            }
        }
        seats += try organisations(
            of: person, through: partner, name: name, limit: limit, tx)
        return Array(seats.prefix(limit))
    }

    /// The account that a page names, if the person may work there.
    package static func find(
        _ id: String, of person: Person, through partner: PartnerID?, _ tx: any ReadTransaction
    ) throws -> Seat? {
        if let organisation = OrganisationID(id) {
            return try find(organisation, of: person, through: partner, tx)
        }
        guard partner == nil else { return nil }
        if person.isOperator, let partner = PartnerID(id) {
            return try self.partner(partner, tx)
        }
        return try groups(of: person, tx).first { $0.id == id }
    }

    /// The best of what the person has there: by the partner, by a group, or as a member.
    private static func find(
        _ id: OrganisationID, of person: Person, through partner: PartnerID?,
        _ tx: any ReadTransaction
    ) throws -> Seat? {
        let found = try tx.row(
            """
            SELECT o.name, p.id, p.name, p.mode, m.role FROM organisation o
            JOIN partner p ON p.id = o.partner_id
            LEFT JOIN member_user u ON u.partner_id = p.id
                AND u.email_folded = \(Fold.fold(person.email))
            LEFT JOIN membership m ON m.organisation_id = o.id AND m.slot = o.slot
                AND m.user_id = u.id \(joined(person, through: partner))
            WHERE o.id = \(id.text) AND o.slot = \(id.slot) AND o.deleted_at IS NULL
            """
        ) { row in
            (
                name: try row.text(), partner: PartnerID(stored: try row.text()),
                partnerName: try row.text(), mode: try row.word() as AccountMode,
                role: try row.wordOrNull() as MembershipRole?
            )
        }
        guard let found, partner == nil || partner == found.partner else { return nil }
        var role = found.role.map(SeatRole.init)
        if partner == nil {
            role = try above(found.partner, id, of: person, tx) ?? role
        }
        guard let role else { return nil }
        return Seat(
            owner: .organisation(id, partner: found.partner), role: role, mode: found.mode,
            name: found.name, partnerName: found.partnerName)
    }

    /// The role that a person has in an organisation by what is above it.
    private static func above(
        _ partner: PartnerID, _ organisation: OrganisationID, of person: Person,
        _ tx: any ReadTransaction
    ) throws -> SeatRole? {
        if person.isOperator { return .operator }
        let isAdmin = try tx.rows(
            """
            SELECT g.is_admin FROM group_member m JOIN partner_group g ON g.id = m.group_id
            WHERE m.person_id = \(person.id.text) AND g.partner_id = \(partner.text)
            AND (g.is_admin = 1 OR g.id IN (SELECT group_id FROM partner_group_organisation
                WHERE organisation_id = \(organisation.text)))
            """
        ) { try $0.boolean() }
        if isAdmin.contains(true) { return .partnerAdministrator }
        return isAdmin.isEmpty ? nil : .groupMember
    }

    private static func partner(_ id: PartnerID, _ tx: any ReadTransaction) throws -> Seat? {
        try tx.row(
            "SELECT id, name, mode FROM partner WHERE id = \(id.text)", readPartner)
    }

    private static func partners(
        name: String, limit: Int, _ tx: any ReadTransaction
    ) throws -> [Seat] {
        try tx.rows(
            """
            SELECT id, name, mode FROM partner WHERE \(holds("name", name))
            ORDER BY lower(name), id LIMIT \(limit)
            """, readPartner)
    }

    private static func readPartner(_ row: inout RowReader) throws -> Seat {
        let id = PartnerID(stored: try row.text())
        let name = try row.text()
        return Seat(
            owner: .adminGroup(.init(stored: "operator"), partner: id), role: .operator,
            mode: try row.word(), name: name, partnerName: name)
    }

    private static func groups(of person: Person, _ tx: any ReadTransaction) throws -> [Seat] {
        try tx.rows(
            """
            SELECT g.id, g.name, g.is_admin, p.id, p.name, p.mode FROM group_member m
            JOIN partner_group g ON g.id = m.group_id JOIN partner p ON p.id = g.partner_id
            WHERE m.person_id = \(person.id.text) ORDER BY lower(p.name), g.id
            """
        ) { row in
            let id = PartnerGroupID(stored: try row.text())
            let (name, isAdmin) = (try row.text(), try row.boolean())
            let partner = PartnerID(stored: try row.text())
            let partnerName = try row.text()
            return Seat(
                owner: isAdmin
                    ? .adminGroup(id, partner: partner) : .restrictedGroup(id, partner: partner),
                role: isAdmin ? .partnerAdministrator : .groupMember, mode: try row.word(),
                name: isAdmin ? partnerName : name, partnerName: partnerName)
        }
    }

    private static func organisations(
        of person: Person, through partner: PartnerID?, name: String, limit: Int,
        _ tx: any ReadTransaction
    ) throws -> [Seat] {
        let only: SQL = partner.map { " AND p.id = \($0.text)" } ?? .empty
        return try tx.rows(
            """
            SELECT o.id, o.name, p.id, p.name, p.mode, m.role FROM member_user u
            JOIN membership m ON m.user_id = u.id
            JOIN organisation o ON o.id = m.organisation_id AND o.slot = m.slot
            JOIN partner p ON p.id = o.partner_id
            WHERE u.email_folded = \(Fold.fold(person.email)) AND o.deleted_at IS NULL
            \(joined(person, through: partner))
            AND \(holds("o.name", name)) \(only) ORDER BY lower(o.name), o.id LIMIT \(limit)
            """
        ) { row in
            let id = OrganisationID(stored: try row.text())
            let name = try row.text()
            let partner = PartnerID(stored: try row.text())
            let partnerName = try row.text()
            let mode: AccountMode = try row.word()
            let role: MembershipRole = try row.word()
            return Seat(
                owner: .organisation(id, partner: partner), role: SeatRole(role), mode: mode,
                name: name, partnerName: partnerName)
        }
    }

    /// An address alone proves nothing: anybody can invite it. So an organisation is open to who took its own invitation,
    /// and to whom its partner vouches for.
    private static func joined(_ person: Person, through partner: PartnerID?) -> SQL {
        guard partner == nil else { return .empty }
        return """
            AND o.id IN (SELECT organisation_id FROM person_organisation
            WHERE person_id = \(person.id.text))
            """
    }

    private static func holds(_ column: SQL, _ text: String) -> SQL {
        guard !text.isEmpty else { return "1 = 1" }
        return "lower(\(column)) LIKE \(Fold.containing(text)) ESCAPE '\\'"
    }
}

extension SeatRole {
    fileprivate init(_ role: MembershipRole) {
        switch role {
        case .admin: self = .organisationAdmin
        case .standard: self = .organisationStandard
        }
    }
}
