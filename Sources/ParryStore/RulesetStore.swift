package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `ruleset`, `ruleset_enrolment`, `ruleset_rule` and `ruleset_version`. Every change of a
/// ruleset, its deletion included, leaves a version behind, so that it can be told later by what an alert
/// was judged.
package struct RulesetStore {
    /// What a list lets through, and in which order.
    package struct Filter: Sendable {
        package var organisationID: OrganisationID?
        package var sort: Sort = .createdAt
        package var direction: SortDirection = .descending

        /// What a list can be ordered by (CONTRACT.md 10).
        package enum Sort: String, Sendable, CaseIterable {
            case createdAt = "created_at"
            case updatedAt = "updated_at"

            fileprivate var column: SQL {
                switch self {
                case .createdAt: "created_at"
                case .updatedAt: "updated_at"
                }
            }
        }

        package init() {}
    }

    private static let columns: SQL = """
        id, organisation_id, outcome, join_operator, is_enabled, created_at, updated_at, version
        """

    /// The ruleset, if this owner sees it.
    package static func find(
        _ id: RulesetID, for owner: Owner, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> Ruleset? {
        let row = try tx.row(
            """
            SELECT \(columns) FROM ruleset WHERE id = \(id.text) AND slot = \(id.slot)
            AND \(owner.sees(rowOf: "ruleset")) \(tx.dialect.suffix(lock))
            """, read)
        return try row.flatMap { try withPublications(whole([$0], tx), tx).first }
    }

    private static func withPublications(
        _ rulesets: [Ruleset], _ tx: any ReadTransaction
    ) throws -> [Ruleset] {
        let known = try RulesetPublicationStore.publications(of: rulesets.map(\.id), tx)
        return rulesets.map { ruleset in
            var ruleset = ruleset
            ruleset.publication = known[ruleset.id]
            return ruleset
        }
    }

    /// The ruleset that decides for an enrolment, as it is saved now; nobody changes it before the transaction ends.
    package static func deciding(
        for enrolment: EnrolmentID, _ tx: any ReadTransaction
    ) throws -> Ruleset? {
        let row = try tx.row(
            """
            SELECT \(columns) FROM ruleset WHERE slot = \(enrolment.slot)
            AND id = (SELECT ruleset_id FROM ruleset_enrolment
                WHERE enrolment_id = \(enrolment.text) AND slot = \(enrolment.slot))
            \(tx.dialect.suffix(.share))
            """, read)
        return try row.flatMap { try whole([$0], tx).first }
    }

    /// Every ruleset of enrolments of a type.
    static func deciding(
        for type: EnrolmentType, _ tx: any ReadTransaction
    ) throws -> [Ruleset] {
        let rows = try tx.rows(
            """
            SELECT \(columns) FROM ruleset WHERE id IN (
                SELECT l.ruleset_id FROM ruleset_enrolment l
                JOIN enrolment e ON e.id = l.enrolment_id AND e.slot = l.slot
                WHERE e.type = \(type.rawValue)) ORDER BY id
            """, read)
        var rulesets: [Ruleset] = []
        for start in stride(from: 0, to: rows.count, by: Limits.rulesetsReadAtOnceMax) {
            let end = min(start + Limits.rulesetsReadAtOnceMax, rows.count)
            rulesets += try whole(Array(rows[start..<end]), tx)
        }
        return rulesets
    }

    /// The page of rulesets that the filter lets through and this owner sees.
    package static func list(
        _ filter: Filter, for owner: Owner, page: Page, _ tx: any ReadTransaction
    ) throws -> Listing<Ruleset> {
        var conditions = [owner.seesAnyOrganisation]
        if let id = filter.organisationID { conditions.append("organisation_id = \(id.text)") }
        let listing = try ListQuery(
            table: "ruleset", columns: columns, conditions: conditions,
            order: ListOrder(by: filter.sort.column, filter.direction), page: page
        ).run(tx, read)
        return Listing(
            items: try withPublications(whole(listing.items, tx), tx), count: listing.count)
    }

    /// Whether another ruleset decides for one of the enrolments.
    package static func isTaken(
        _ enrolments: [EnrolmentID], except id: RulesetID?, _ tx: any ReadTransaction
    ) throws -> Bool {
        try tx.row(
            """
            SELECT 1 FROM ruleset_enrolment WHERE enrolment_id IN \(anyOf: enrolments.map(\.text))
            \(tx.dialect.inSlots(Set(enrolments.map { Int64($0.slot) }).sorted()))
            AND ruleset_id <> \(id?.text ?? "") LIMIT 1
            """
        ) { try $0.integer() } != nil
    }

    /// Adds a new ruleset.
    ///
    /// - Throws: `DatabaseError.uniqueViolation` when another one took an enrolment meanwhile.
    package static func insert(
        _ ruleset: Ruleset, by actor: Actor, _ tx: any WriteTransaction
    ) throws {
        let details = ruleset.details
        try tx.execute(
            """
            INSERT INTO ruleset (slot, \(columns))
            VALUES (\(ruleset.id.slot), \(ruleset.id.text), \(ruleset.organisationID.text),
                \(details.outcome.rawValue), \(details.joinOperator.rawValue),
                \(details.isEnabled), \(ruleset.createdAt.milliseconds),
                \(ruleset.updatedAt.milliseconds), \(ruleset.version))
            """)
        try insertParts(ruleset, version: ruleset.version, by: actor, tx)
    }

    /// Saves a changed ruleset with its enrolments and rules.
    ///
    /// - Throws: As ``insert(_:_:)``.
    package static func save(
        _ ruleset: Ruleset, by actor: Actor, _ tx: any WriteTransaction
    ) throws {
        let details = ruleset.details
        try tx.executeVersioned(
            """
            UPDATE ruleset SET outcome = \(details.outcome.rawValue),
                join_operator = \(details.joinOperator.rawValue),
                is_enabled = \(details.isEnabled),
                updated_at = \(ruleset.updatedAt.milliseconds), version = version + 1
            WHERE id = \(ruleset.id.text) AND slot = \(ruleset.id.slot)
            AND version = \(ruleset.version)
            """)
        try deleteParts(ruleset.id, tx)
        try insertParts(ruleset, version: ruleset.version + 1, by: actor, tx)
    }

    /// Deletes; its versions stay, with an empty one at the end.
    package static func delete(
        _ ruleset: Ruleset, by actor: Actor, now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try deleteParts(ruleset.id, tx)
        try tx.executeVersioned(
            """
            DELETE FROM ruleset WHERE id = \(ruleset.id.text) AND slot = \(ruleset.id.slot)
            AND version = \(ruleset.version)
            """)
        try remember(
            ruleset, version: ruleset.version + 1, body: nil, by: actor, at: now, tx)
    }

    private static func insertParts(
        _ ruleset: Ruleset, version: Int64, by actor: Actor, _ tx: any WriteTransaction
    ) throws {
        let slot = Int64(ruleset.id.slot)
        let enrolments: [[SQLValue]] = ruleset.details.enrolmentIDs.enumerated().map {
            [.text(ruleset.id.text), .integer(slot), .text($1.text), .integer(Int64($0))]
        }
        try tx.insert(enrolments, by: enrolmentInsertion)
        let rules: [[SQLValue]] = ruleset.rules.enumerated().map { position, rule in
            [
                .text(rule.id.text), .integer(slot), .text(ruleset.id.text),
                .text(rule.condition.type.rawValue), .text(rule.condition.stored),
                .integer(Int64(position)),
                .integer(rule.createdAt.milliseconds), .integer(rule.updatedAt.milliseconds),
            ]
        }
        try tx.insert(rules, by: ruleInsertion)
        try remember(
            ruleset, version: version, body: ruleset.stored, by: actor, at: ruleset.updatedAt, tx)
    }

    private static func deleteParts(_ id: RulesetID, _ tx: any WriteTransaction) throws {
        for table in ["ruleset_enrolment", "ruleset_rule"] as [SQL] {
            try tx.execute(
                "DELETE FROM \(table) WHERE ruleset_id = \(id.text) AND slot = \(id.slot)")
        }
    }

    private static func remember(
        _ ruleset: Ruleset, version: Int64, body: String?, by actor: Actor, at now: Timestamp,
        _ tx: any WriteTransaction
    ) throws {
        try tx.insert(
            [
                [
                    .text(ruleset.id.text), .integer(Int64(ruleset.id.slot)), .integer(version),
                    .text(ruleset.organisationID.text), .init(body), .integer(now.milliseconds),
                    .text(actor.id),
                ]
            ], by: versionInsertion)
        try DecisionBoardStore.noteChange(tx)
    }
}

extension RulesetStore {
    /// A ruleset before its enrolments and rules are read.
    private struct Row {
        let id: RulesetID
        let organisationID: OrganisationID
        let outcome: AlertAction
        let joinOperator: JoinOperator
        let isEnabled: Bool
        let createdAt: Timestamp
        let updatedAt: Timestamp
        let version: Int64
    }

    private static func read(_ row: inout RowReader) throws -> Row {
        Row(
            id: .init(stored: try row.text()), organisationID: .init(stored: try row.text()),
            outcome: try row.word(), joinOperator: try row.word(), isEnabled: try row.boolean(),
            createdAt: try row.timestamp(), updatedAt: try row.timestamp(),
            version: try row.integer())
    }

    private static func whole(_ rows: [Row], _ tx: any ReadTransaction) throws -> [Ruleset] {
        guard !rows.isEmpty else { return [] }
        let ids = rows.map(\.id.text)
        let slots = Set(rows.map { Int64($0.id.slot) }).sorted()
        let enrolments = Dictionary(
            grouping: try tx.rows(
                """
                SELECT ruleset_id, enrolment_id FROM ruleset_enrolment
                WHERE ruleset_id IN \(anyOf: ids) \(tx.dialect.inSlots(slots))
                ORDER BY ruleset_id, position
                """
            ) { (try $0.text(), EnrolmentID(stored: try $0.text())) }, by: \.0)
        let rules = Dictionary(
            grouping: try tx.rows(
                """
                SELECT ruleset_id, id, type, parameters, created_at, updated_at FROM ruleset_rule
                WHERE ruleset_id IN \(anyOf: ids) \(tx.dialect.inSlots(slots))
                ORDER BY ruleset_id, position
                """, readRule), by: \.ruleset)
        return rows.map { row in
            Ruleset(
                id: row.id, organisationID: row.organisationID,
                details: .init(
                    enrolmentIDs: enrolments[row.id.text]?.map(\.1) ?? [], outcome: row.outcome,
                    joinOperator: row.joinOperator, isEnabled: row.isEnabled),
                rules: rules[row.id.text]?.map(\.rule) ?? [], createdAt: row.createdAt,
                updatedAt: row.updatedAt, version: row.version)
        }
    }

    private static func readRule(
        _ row: inout RowReader
    ) throws -> (ruleset: String, rule: ResolutionRule) {
        let ruleset = try row.text()
        let id = RuleID(stored: try row.text())
        let type: RuleType = try row.word()
        let rule = ResolutionRule(
            id: id, condition: try RuleCondition(stored: try row.text(), type),
            createdAt: try row.timestamp(), updatedAt: try row.timestamp())
        return (ruleset, rule)
    }

    private static let enrolmentInsertion = Insertion(
        into: "ruleset_enrolment",
        [
            Column("ruleset_id", .text), Column("slot", .integer), Column("enrolment_id", .text),
            Column("position", .integer),
        ])

    private static let ruleInsertion = Insertion(
        into: "ruleset_rule",
        [
            Column("id", .text), Column("slot", .integer), Column("ruleset_id", .text),
            Column("type", .text), Column("parameters", .text),
            Column("position", .integer), Column("created_at", .integer),
            Column("updated_at", .integer),
        ])

    private static let versionInsertion = Insertion(
        into: "ruleset_version",
        [
            Column("ruleset_id", .text), Column("slot", .integer), Column("version", .integer),
            Column("organisation_id", .text), Column("body", .text), Column("created_at", .integer),
            Column("actor", .text),
        ])
}
