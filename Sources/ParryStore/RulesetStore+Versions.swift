package import ParryDatabase
package import ParryDomain
package import ParryWire

extension RulesetStore {
    /// A ruleset as it once was.
    package struct Version: Sendable {
        package let number: Int64
        /// nil where it was deleted.
        package let body: Body?
        /// The id of the person or key, or `command`; nil for versions older than the dashboard.
        package let actor: String?
        package let createdAt: Timestamp
    }

    /// What a version decided by.
    package struct Body: Sendable, Hashable {
        package let details: Ruleset.Details
        package let conditions: [RuleCondition]
    }

    /// What a ruleset was, newest first; the caller has seen that it is its owner's.
    package static func versions(
        of id: RulesetID, limit: Int, _ tx: any ReadTransaction
    ) throws -> [Version] {
        try tx.rows(
            """
            SELECT version, body, actor, created_at FROM ruleset_version
            WHERE ruleset_id = \(id.text) AND slot = \(id.slot)
            ORDER BY version DESC LIMIT \(limit)
            """
        ) { row in
            let number = try row.integer()
            let body = try row.textOrNull().map(Body.init(stored:))
            let actor = try row.textOrNull()
            return Version(
                number: number, body: body, actor: actor, createdAt: try row.timestamp())
        }
    }

    /// Which rulesets decide for these enrolments.
    package static func deciders(
        of enrolments: [EnrolmentID], _ tx: any ReadTransaction
    ) throws -> [EnrolmentID: RulesetID] {
        guard !enrolments.isEmpty else { return [:] }
        let rows = try tx.rows(
            """
            SELECT enrolment_id, ruleset_id FROM ruleset_enrolment
            WHERE enrolment_id IN \(anyOf: enrolments.map(\.text))
            \(tx.dialect.inSlots(Set(enrolments.map { Int64($0.slot) }).sorted()))
            """
        ) { (EnrolmentID(stored: try $0.text()), RulesetID(stored: try $0.text())) }
        return Dictionary(rows) { first, _ in first }
    }
}

extension RulesetStore.Body {
    /// Reads what `Ruleset.stored` writes.
    fileprivate init(stored text: String) throws {
        let root: JSONValue
        do throws(JSONError) {
            root = try JSONDocument.parse(Array(text.utf8)).root
        } catch {
            throw DatabaseError(.unexpectedValue, "a stored ruleset is not JSON")
        }
        guard let outcome = root["outcome"]?.string.flatMap(AlertAction.init),
            let joinOperator = root["join_operator"]?.string.flatMap(JoinOperator.init)
        else { throw DatabaseError(.unexpectedValue, "a stored ruleset lacks a member") }
        let enrolments = root["enrolment_ids"]?.elements.compactMap(\.string) ?? []
        details = Ruleset.Details(
            enrolmentIDs: enrolments.map(EnrolmentID.init(stored:)), outcome: outcome,
            joinOperator: joinOperator, isEnabled: root["is_enabled"]?.boolean ?? true)
        conditions = try root["rules"]?.elements.map(Self.condition) ?? []
    }

    private static func condition(_ rule: JSONValue) throws -> RuleCondition {
        guard let type = rule["type"]?.string.flatMap(RuleType.init),
            let parameters = rule["parameters"]
        else { throw DatabaseError(.unexpectedValue, "a stored rule lacks a member") }
        return try RuleCondition(stored: parameters, type)
    }
}
