package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `organisation`. A deleted organisation is not there for any reader.
package struct OrganisationStore {
    private static let columns: SQL =
        "o.id, o.partner_id, o.name, o.mode, o.created_at, o.updated_at, o.version"

    /// The organisation, if this owner sees it.
    package static func find(
        _ id: OrganisationID, for owner: Owner, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> Organisation? {
        try tx.row(
            """
            SELECT \(columns) FROM organisation o WHERE o.id = \(id.text) AND o.slot = \(id.slot)
            AND \(owner.sees(organisation: "o")) \(tx.dialect.suffix(lock))
            """, read)
    }

    /// The page of organisations that this owner sees, newest first.
    ///
    /// - Parameter name: Only those whose name holds this text, without regard to case.
    package static func list(
        for owner: Owner, name: String? = nil, page: Page, _ tx: any ReadTransaction
    ) throws -> Listing<Organisation> {
        var conditions = [owner.sees(organisation: "o")]
        if let name {
            conditions.append("lower(o.name) LIKE \(Fold.containing(name)) ESCAPE '\\'")
        }
        return try ListQuery(
            table: "organisation o", id: "o.id", columns: columns, conditions: conditions,
            order: ListOrder(by: "o.created_at", .descending, id: "o.id"),
            page: page
        ).run(tx, read)
    }

    /// What SQLite calls the index of the primary key. Without its name all organisations of the partner would be read.
    private static let key: SQL = "sqlite_autoindex_organisation_1"

    /// The names of organisations that this owner sees, by id, for lists that name them.
    package static func names(
        of ids: [String], for owner: Owner, _ tx: any ReadTransaction
    ) throws -> [String: String] {
        let rows = try tx.rows(
            """
            SELECT o.id, o.name FROM organisation o \(tx.dialect.indexed(by: key))
            WHERE o.id IN \(anyOf: ids) AND \(owner.sees(organisation: "o"))
            """
        ) { (try $0.text(), try $0.text()) }
        return Dictionary(rows) { first, _ in first }
    }

    /// What those of these organisations are called that this owner sees.
    package static func names(
        of ids: [OrganisationID], for owner: Owner, _ tx: any ReadTransaction
    ) throws -> [OrganisationID: String] {
        guard !ids.isEmpty else { return [:] }
        let rows = try tx.rows(
            """
            SELECT o.id, o.name FROM organisation o \(tx.dialect.indexed(by: key))
            WHERE o.id IN \(anyOf: ids.map(\.text))
            \(tx.dialect.inSlots(Set(ids.map { Int64($0.slot) }).sorted(), "o.slot"))
            AND \(owner.sees(organisation: "o"))
            """
        ) { (OrganisationID(stored: try $0.text()), try $0.text()) }
        return Dictionary(rows) { $1 }
    }

    /// The organisations whose rows this owner sees, as the parts of a list of such rows.
    static func parts(
        for owner: Owner, only organisation: OrganisationID?, _ tx: any ReadTransaction
    ) throws -> ListParts {
        let one: SQL = organisation.map { "AND o.id = \($0.text)" } ?? .empty
        return try ListParts(
            "organisation_id",
            among:
                "SELECT o.id, o.slot FROM organisation o WHERE \(owner.sees(organisation: "o")) \(one)",
            tx)
    }

    /// What the operator set for the organisation; nil without such an organisation.
    package static func settings(
        of id: OrganisationID, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> OrganisationSettings? {
        try tx.row(
            """
            SELECT settings FROM organisation WHERE id = \(id.text) AND slot = \(id.slot)
            AND deleted_at IS NULL \(tx.dialect.suffix(lock))
            """
        ) { try OrganisationSettings(stored: try $0.textOrNull()) }
    }

    /// What the platform's own work has to know of an organisation.
    package struct Tenant: Sendable {
        /// Who is told.
        package let partner: PartnerID
        package let mode: AccountMode
        package let settings: OrganisationSettings
        /// By how many milliseconds its test clock is ahead.
        package let clockLead: Int64

        /// This moment in the organisation.
        package func moment(_ now: Timestamp) -> Moment { Moment(now, lead: clockLead) }
    }

    /// The organisation that something of a network belongs to, whoever sees it. nil when it is deleted.
    package static func tenant(
        _ id: OrganisationID, _ tx: any ReadTransaction
    ) throws -> Tenant? {
        try tx.row(
            """
            SELECT partner_id, mode, settings, clock_lead FROM organisation
            WHERE id = \(id.text) AND slot = \(id.slot) AND deleted_at IS NULL
            """
        ) { row in
            Tenant(
                partner: .init(stored: try row.text()), mode: try row.word(),
                settings: try OrganisationSettings(stored: try row.textOrNull()),
                clockLead: try row.integer())
        }
    }

    /// This moment in an organisation. What becomes due in it is written by the time that its clock shows until the
    /// transaction ends: nobody sets the clock meanwhile.
    package static func moment(
        _ now: Timestamp, in id: OrganisationID, _ mode: AccountMode, _ tx: any WriteTransaction
    ) throws -> Moment {
        guard mode == .test else { return Moment(now) }
        return Moment(now, lead: try clockLead(of: id, lock: .share, tx) ?? 0)
    }

    /// By how many milliseconds an organisation's clock is ahead; nil without such an organisation.
    package static func clockLead(
        of id: OrganisationID, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> Int64? {
        try tx.row(
            """
            SELECT clock_lead FROM organisation WHERE id = \(id.text) AND slot = \(id.slot)
            AND deleted_at IS NULL \(tx.dialect.suffix(lock))
            """
        ) { try $0.integer() }
    }

    /// Sets the clock of an organisation that its caller has locked.
    package static func setClockLead(
        _ lead: Int64, of id: OrganisationID, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE organisation SET clock_lead = \(lead)
            WHERE id = \(id.text) AND slot = \(id.slot)
            """)
    }

    /// Sets everything that the operator can set.
    package static func setSettings(
        _ settings: OrganisationSettings, of id: OrganisationID, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE organisation SET settings = \(settings.stored)
            WHERE id = \(id.text) AND slot = \(id.slot)
            """)
    }

    /// Sets the limit of the organisation's keys, for the operator.
    ///
    /// - Returns: Whether there is such an organisation.
    package static func setRateLimit(
        _ limit: Int64?, of id: OrganisationID, _ tx: any WriteTransaction
    ) throws -> Bool {
        try tx.execute(
            """
            UPDATE organisation SET rate_limit = \(limit)
            WHERE id = \(id.text) AND slot = \(id.slot) AND deleted_at IS NULL
            """) == 1
    }

    /// Adds a new organisation.
    package static func insert(_ organisation: Organisation, _ tx: any WriteTransaction) throws {
        try tx.execute(
            """
            INSERT INTO organisation
                (id, slot, partner_id, name, mode, created_at, updated_at, version)
            VALUES (\(organisation.id.text), \(organisation.id.slot),
                \(organisation.partnerID.text), \(organisation.name),
                \(organisation.mode.rawValue), \(organisation.createdAt.milliseconds),
                \(organisation.updatedAt.milliseconds), \(organisation.version))
            """)
    }

    /// Saves a changed organisation.
    package static func save(_ organisation: Organisation, _ tx: any WriteTransaction) throws {
        try tx.executeVersioned(
            """
            UPDATE organisation SET name = \(organisation.name),
                updated_at = \(organisation.updatedAt.milliseconds), version = version + 1
            WHERE id = \(organisation.id.text) AND slot = \(organisation.id.slot)
            AND version = \(organisation.version)
            """)
    }

    /// Marks as deleted; the rows stay until retention (amendment 12).
    package static func markDeleted(
        _ organisation: Organisation, now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try tx.executeVersioned(
            """
            UPDATE organisation SET deleted_at = \(now.milliseconds), version = version + 1
            WHERE id = \(organisation.id.text) AND slot = \(organisation.id.slot)
            AND version = \(organisation.version)
            """)
    }

    private static func read(_ row: inout RowReader) throws -> Organisation {
        Organisation(
            id: .init(stored: try row.text()), partnerID: .init(stored: try row.text()),
            name: try row.text(), mode: try row.word(), createdAt: try row.timestamp(),
            updatedAt: try row.timestamp(), version: try row.integer())
    }
}
