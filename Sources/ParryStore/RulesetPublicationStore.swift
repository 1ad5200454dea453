package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `ruleset_publication`: for each RDR enrolment that has or had a ruleset, what the network is to have and
/// what it confirmed. The version counts the changes of the enrolment's rules, whichever ruleset they are of, because
/// at the network the greatest one wins.
package struct RulesetPublicationStore {
    /// What the network is to have of an enrolment.
    package struct Wanted: Sendable {
        package let version: Int64
        /// As JSON in our own words; nil where no ruleset decides any more.
        package let body: String?
    }

    /// Notes what an enrolment's rules are now.
    ///
    /// - Parameter ruleset: nil where none decides any more.
    package static func want(
        _ ruleset: Ruleset?, for enrolment: EnrolmentID, now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO ruleset_publication (enrolment_id, slot, version, ruleset_id,
                ruleset_version, body, status, published_version, error, updated_at)
            VALUES (\(enrolment.text), \(enrolment.slot), 1, \(ruleset?.id.text),
                \(ruleset?.version), \(ruleset?.stored), 'PENDING', NULL, NULL,
                \(now.milliseconds))
            ON CONFLICT (enrolment_id, slot) DO UPDATE SET
                version = ruleset_publication.version + 1, status = 'PENDING', error = NULL,
                published_version = CASE WHEN ruleset_publication.ruleset_id = excluded.ruleset_id
                    THEN ruleset_publication.published_version END,
                ruleset_id = excluded.ruleset_id, ruleset_version = excluded.ruleset_version,
                body = excluded.body, updated_at = excluded.updated_at
            """)
    }

    /// What the network is to have of an enrolment; nil where no ruleset ever decided.
    package static func wanted(
        for enrolment: EnrolmentID, _ tx: any ReadTransaction
    ) throws -> Wanted? {
        try tx.row(
            """
            SELECT version, body FROM ruleset_publication
            WHERE enrolment_id = \(enrolment.text) AND slot = \(enrolment.slot)
            """
        ) { row in
            let version = try row.integer()
            let body = try row.textOrNull()
            return Wanted(version: version, body: body)
        }
    }

    /// Has an enrolment's rules published anew, as to a network that enrolled it anew.
    package static func renew(
        _ enrolment: EnrolmentID, now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE ruleset_publication SET version = version + 1, status = 'PENDING', error = NULL,
                updated_at = \(now.milliseconds)
            WHERE enrolment_id = \(enrolment.text) AND slot = \(enrolment.slot)
            """)
    }

    /// Notes what the network said of a version, unless there is a newer one.
    package static func settle(
        _ enrolment: EnrolmentID, version: Int64, _ answer: NetworkAnswer, now: Timestamp,
        _ tx: any WriteTransaction
    ) throws {
        let change: SQL
        switch answer {
        case .taken:
            change = "status = 'PUBLISHED', published_version = ruleset_version, error = NULL"
        case .final(let reason):
            change = "status = 'FAILED', error = \(String(reason.prefix(Limits.networkErrorMax)))"
        case .recoverable(let reason):
            change = "error = \(String(reason.prefix(Limits.networkErrorMax)))"
        }
        try tx.execute(
            """
            UPDATE ruleset_publication SET \(change), updated_at = \(now.milliseconds)
            WHERE enrolment_id = \(enrolment.text) AND slot = \(enrolment.slot)
            AND version = \(version)
            """)
    }

    private static let nobodyTells: SQL = """
        p.status = 'PENDING' AND NOT EXISTS (SELECT 1 FROM network_request r
            WHERE r.subject_id = p.enrolment_id AND r.slot = p.slot AND r.kind = 'PUBLISH'
            AND r.state = 'WAITING')
        """

    /// Enrolments whose rules the network should have been told, and that nobody tells.
    package static func untold(
        _ mode: AccountMode, limit: Int, _ tx: any ReadTransaction
    ) throws -> [EnrolmentID] {
        try tx.rows(
            """
            SELECT p.enrolment_id FROM ruleset_publication p
            JOIN enrolment e ON e.id = p.enrolment_id AND e.slot = p.slot
            JOIN organisation o ON o.id = e.organisation_id AND o.slot = e.slot
            WHERE \(nobodyTells) AND e.status = 'ENABLED' AND o.mode = \(mode.rawValue)
            AND o.deleted_at IS NULL
            AND EXISTS (SELECT 1 FROM network_request r WHERE r.subject_id = e.id
                AND r.slot = e.slot AND r.kind = 'ENROL' AND r.network_id IS NOT NULL)
            ORDER BY p.enrolment_id LIMIT \(limit)
            """
        ) { EnrolmentID(stored: try $0.text()) }
    }

    /// Whether nobody tells the rules of an enrolment, which the caller has locked.
    package static func isUntold(
        _ enrolment: EnrolmentID, _ tx: any ReadTransaction
    ) throws -> Bool {
        try tx.row(
            """
            SELECT 1 FROM ruleset_publication p
            WHERE p.enrolment_id = \(enrolment.text) AND p.slot = \(enrolment.slot)
            AND \(nobodyTells)
            """
        ) { try $0.integer() } != nil
    }

    /// Notes that a version is on its way again.
    package static func retry(
        _ enrolment: EnrolmentID, now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE ruleset_publication SET status = 'PENDING', updated_at = \(now.milliseconds)
            WHERE enrolment_id = \(enrolment.text) AND slot = \(enrolment.slot)
            AND status = 'FAILED'
            """)
    }

    /// How far rulesets have come to the network; those of Ethoca enrolments are not among them, nor are enrolments that
    /// have ended.
    package static func publications(
        of rulesets: [RulesetID], _ tx: any ReadTransaction
    ) throws -> [RulesetID: RulesetPublication] {
        guard !rulesets.isEmpty else { return [:] }
        let rows = try tx.rows(
            """
            SELECT p.ruleset_id, p.status, p.published_version FROM ruleset_publication p
            JOIN enrolment e ON e.id = p.enrolment_id AND e.slot = p.slot
            WHERE p.ruleset_id IN \(anyOf: rulesets.map(\.text))
            \(tx.dialect.inSlots(Set(rulesets.map { Int64($0.slot) }).sorted(), "p.slot"))
            AND NOT (e.status IN \(anyOf: EnrolmentStatus.ended))
            """
        ) { row in
            let id = RulesetID(stored: try row.text())
            let status: PublicationStatus = try row.word()
            return (
                id,
                RulesetPublication.Part(
                    status: status, publishedVersion: try row.integerOrNull())
            )
        }
        return Dictionary(grouping: rows, by: \.0)
            .compactMapValues { RulesetPublication($0.map(\.1)) }
    }
}

extension RulesetPublicationStore {
    /// What one enrolment's rules have come to, in full.
    package struct Told: Sendable {
        package let rulesetID: RulesetID
        package let enrolmentID: EnrolmentID
        package let part: RulesetPublication.Part
        /// What the network last said against it.
        package let error: String?
        package let updatedAt: Timestamp
    }

    /// How far rulesets have come for each of their enrolments; as ``publications(of:_:)``.
    package static func told(
        of rulesets: [RulesetID], _ tx: any ReadTransaction
    ) throws -> [Told] {
        guard !rulesets.isEmpty else { return [] }
        return try tx.rows(
            """
            SELECT p.ruleset_id, p.enrolment_id, p.status, p.published_version, p.error,
                p.updated_at
            FROM ruleset_publication p
            JOIN enrolment e ON e.id = p.enrolment_id AND e.slot = p.slot
            WHERE p.ruleset_id IN \(anyOf: rulesets.map(\.text))
            \(tx.dialect.inSlots(Set(rulesets.map { Int64($0.slot) }).sorted(), "p.slot"))
            AND NOT (e.status IN \(anyOf: EnrolmentStatus.ended))
            ORDER BY p.enrolment_id
            """
        ) { row in
            let ruleset = RulesetID(stored: try row.text())
            let enrolment = EnrolmentID(stored: try row.text())
            let status: PublicationStatus = try row.word()
            let part = RulesetPublication.Part(
                status: status, publishedVersion: try row.integerOrNull())
            let error = try row.textOrNull()
            return Told(
                rulesetID: ruleset, enrolmentID: enrolment, part: part, error: error,
                updatedAt: try row.timestamp())
        }
    }
}
