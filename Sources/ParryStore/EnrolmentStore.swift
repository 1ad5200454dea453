package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `enrolment`, `enrolment_merchant` and `enrolment_identifier`.
package struct EnrolmentStore {
    /// What a list lets through.
    package struct Filter: Sendable {
        package var organisationID: OrganisationID?
        package var merchantID: MerchantID?
        package var type: EnrolmentType?
        package var status: EnrolmentStatus?

        package init() {}
    }

    private static let columns: SQL = """
        id, organisation_id, configuration, status, note, created_at, updated_at, changed_at,
        version
        """
    private static let links = MerchantLinks(table: "enrolment_merchant", owner: "enrolment_id")

    /// The enrolment, if this owner sees it.
    package static func find(
        _ id: EnrolmentID, for owner: Owner, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> Enrolment? {
        guard
            let row = try tx.row(
                """
                SELECT \(columns) FROM enrolment WHERE id = \(id.text) AND slot = \(id.slot)
                AND \(owner.sees(rowOf: "enrolment")) \(tx.dialect.suffix(lock))
                """, read)
        else { return nil }
        return try withMerchants([row], tx).first
    }

    /// The enrolments of these ids, whoever sees them: a network's message names one of all.
    package static func named(
        _ ids: [EnrolmentID], lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> [Enrolment] {
        guard !ids.isEmpty else { return [] }
        let slots = Set(ids.map { Int64($0.slot) }).sorted()
        let rows = try tx.rows(
            """
            SELECT \(columns) FROM enrolment WHERE id IN \(anyOf: ids.map(\.text))
            \(tx.dialect.inSlots(slots)) ORDER BY id \(tx.dialect.suffix(lock))
            """, read)
        return try withMerchants(rows, tx)
    }

    /// The account mode of an enrolment; nil when there is none.
    package static func mode(
        of id: EnrolmentID, _ tx: any ReadTransaction
    ) throws -> AccountMode? {
        try tx.row(
            """
            SELECT o.mode FROM enrolment e JOIN organisation o
            ON o.id = e.organisation_id AND o.slot = e.slot
            WHERE e.id = \(id.text) AND e.slot = \(id.slot) AND o.deleted_at IS NULL
            """
        ) { try $0.word() }
    }

    /// The page of enrolments that the filter lets through and this owner sees, newest first.
    package static func list(
        _ filter: Filter, for owner: Owner, page: Page, _ tx: any ReadTransaction
    ) throws -> Listing<Enrolment> {
        var conditions = [owner.seesAnyOrganisation]
        if let id = filter.organisationID { conditions.append("organisation_id = \(id.text)") }
        if let id = filter.merchantID {
            conditions.append(
                """
                id IN (SELECT enrolment_id FROM enrolment_merchant
                WHERE merchant_id = \(id.text) AND slot = \(id.slot))
                """)
        }
        if let type = filter.type { conditions.append("type = \(type.rawValue)") }
        if let status = filter.status { conditions.append("status = \(status.rawValue)") }
        let listing = try ListQuery(
            table: "enrolment", columns: columns, conditions: conditions,
            order: ListOrder(by: "created_at", .descending), page: page
        ).run(tx, read)
        return Listing(items: try withMerchants(listing.items, tx), count: listing.count)
    }

    private static let nobodyAsked: SQL = """
        e.status = 'PENDING' AND NOT EXISTS (SELECT 1 FROM network_request r
            WHERE r.subject_id = e.id AND r.slot = e.slot AND r.kind = 'ENROL'
            AND (r.created_at >= e.changed_at OR r.state = 'WAITING'))
        """

    /// PENDING enrolments that a network was not asked for since they became so, the oldest first.
    package static func unasked(
        _ mode: AccountMode, at networks: Set<CardNetwork>, limit: Int, _ tx: any ReadTransaction
    ) throws -> [EnrolmentID] {
        try tx.rows(
            """
            SELECT e.id FROM enrolment e
            JOIN organisation o ON o.id = e.organisation_id AND o.slot = e.slot
            WHERE \(nobodyAsked) AND o.mode = \(mode.rawValue) AND o.deleted_at IS NULL
            AND e.type IN \(anyOf: networks.map(\.enrolmentType.rawValue).sorted())
            ORDER BY e.id LIMIT \(limit)
            """
        ) { EnrolmentID(stored: try $0.text()) }
    }

    /// Whether an enrolment that the caller has locked still waits to be asked for.
    package static func isUnasked(
        _ enrolment: Enrolment, _ tx: any ReadTransaction
    ) throws -> Bool {
        try tx.row(
            """
            SELECT 1 FROM enrolment e WHERE e.id = \(enrolment.id.text)
            AND e.slot = \(enrolment.id.slot) AND \(nobodyAsked)
            """
        ) { try $0.integer() } != nil
    }

    /// Adds a new enrolment with its merchants and identifiers.
    ///
    /// - Parameter changedAt: In real time; nil where no clock is ahead.
    package static func insert(
        _ enrolment: Enrolment, changedAt: Timestamp? = nil, mode: AccountMode, partner: PartnerID,
        _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO enrolment (id, slot, organisation_id, type, status, note, configuration,
                created_at, updated_at, changed_at, version)
            VALUES (\(enrolment.id.text), \(enrolment.id.slot), \(enrolment.organisationID.text),
                \(enrolment.type.rawValue), \(enrolment.status.rawValue), \(enrolment.note),
                \(enrolment.configuration.stored), \(enrolment.createdAt.milliseconds),
                \(enrolment.updatedAt.milliseconds),
                \((changedAt ?? enrolment.updatedAt).milliseconds), \(enrolment.version))
            """)
        try links.insert(
            enrolment.merchantIDs, of: enrolment.id.text, slot: enrolment.id.slot, tx)
        try EnrolmentIdentifierStore.hold(enrolment, mode: mode, partner: partner, tx)
        if enrolment.type == .verifiRDR { try DecisionBoardStore.noteChange(tx) }
    }

    /// Saves a changed enrolment; an ended one gives its identifiers free.
    ///
    /// - Parameter changedAt: In real time; nil where no clock is ahead.
    package static func save(
        _ enrolment: Enrolment, changedAt: Timestamp? = nil, mode: AccountMode, partner: PartnerID,
        _ tx: any WriteTransaction
    ) throws {
        try tx.executeVersioned(
            """
            UPDATE enrolment SET status = \(enrolment.status.rawValue), note = \(enrolment.note),
                configuration = \(enrolment.configuration.stored),
                updated_at = \(enrolment.updatedAt.milliseconds),
                changed_at = \((changedAt ?? enrolment.updatedAt).milliseconds),
                enabled_at = CASE WHEN \(enrolment.status == .enabled) = 1
                    THEN coalesce(enabled_at, \(enrolment.updatedAt.milliseconds))
                    ELSE enabled_at END,
                version = version + 1
            WHERE id = \(enrolment.id.text) AND slot = \(enrolment.id.slot)
            AND version = \(enrolment.version)
            """)
        if enrolment.status.hasEnded {
            try EnrolmentIdentifierStore.release(enrolment.id, tx)
        } else {
            try EnrolmentIdentifierStore.hold(enrolment, mode: mode, partner: partner, tx)
        }
        if enrolment.type == .verifiRDR { try DecisionBoardStore.noteChange(tx) }
    }

    private static func withMerchants(
        _ rows: [EnrolmentRow], _ tx: any ReadTransaction
    ) throws -> [Enrolment] {
        let merchants = try links.merchants(of: rows.map(\.id.text), tx)
        return rows.map { $0.enrolment(merchants[$0.id.text] ?? []) }
    }

    private static func read(_ row: inout RowReader) throws -> EnrolmentRow {
        EnrolmentRow(
            id: .init(stored: try row.text()), organisationID: .init(stored: try row.text()),
            configuration: try .init(stored: try row.text()), status: try row.word(),
            note: try row.textOrNull(), createdAt: try row.timestamp(),
            updatedAt: try row.timestamp(), changedAt: try row.timestamp(),
            version: try row.integer())
    }
}

/// An enrolment before its merchants are read.
private struct EnrolmentRow {
    let id: EnrolmentID
    let organisationID: OrganisationID
    let configuration: EnrolmentConfiguration
    let status: EnrolmentStatus
    let note: String?
    let createdAt: Timestamp
    let updatedAt: Timestamp
    let changedAt: Timestamp
    let version: Int64

    func enrolment(_ merchantIDs: [MerchantID]) -> Enrolment {
        var enrolment = Enrolment(
            id: id, organisationID: organisationID, merchantIDs: merchantIDs,
            configuration: configuration, status: status, note: note, createdAt: createdAt,
            updatedAt: updatedAt, version: version)
        enrolment.changedAt = changedAt
        return enrolment
    }
}
