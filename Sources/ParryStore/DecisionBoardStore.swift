package import ParryDatabase
package import ParryDomain
import ParryWire

/// Reads who decides about RDR cases. Whatever changes that counts up one number in its own commit, so that every process
/// sees in one cheap look whether its board is stale.
package enum DecisionBoardStore {
    private static let setting = "decision_board"

    /// The number of the last change.
    package static func version(_ tx: any ReadTransaction) throws -> Int64 {
        try tx.row(
            "SELECT CAST(value AS BIGINT) FROM setting WHERE key = \(setting)"
        ) { try $0.integer() } ?? 0
    }

    /// Notes a change of a ruleset, an RDR enrolment or the exchange rates.
    static func noteChange(_ tx: any WriteTransaction) throws {
        try tx.execute(
            """
            UPDATE setting SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT)
            WHERE key = \(setting)
            """)
    }

    /// Everything, as one moment has it.
    ///
    /// - Parameter day: Today, in days since 1970-01-01 UTC.
    package static func board(
        on day: Int64, _ tx: any ReadTransaction
    ) throws -> DecisionBoard {
        let version = try version(tx)
        let rulesets = try RulesetStore.deciding(for: .verifiRDR, tx)
        var evaluators: [EnrolmentID: RulesetEvaluator] = [:]
        for ruleset in rulesets {
            let evaluator = RulesetEvaluator(ruleset)
            for enrolment in ruleset.details.enrolmentIDs { evaluators[enrolment] = evaluator }
        }
        // Of several with one identifier, as in TEST, the last one counts: the one that receives cases, then the newest.
        let held = try tx.rows(
            """
            SELECT i.mode, i.identifier, i.enrolment_id FROM enrolment_identifier i
            JOIN enrolment e ON e.id = i.enrolment_id
            WHERE i.type = \(EnrolmentType.verifiRDR.rawValue) AND i.is_held = 1
            ORDER BY CASE e.status WHEN 'ENABLED' THEN 1 ELSE 0 END, e.changed_at, e.id
            """
        ) { row in
            let key = DecisionBoard.Key(mode: try row.word(), identifier: try row.text())
            return (key, EnrolmentID(stored: try row.text()))
        }
        return DecisionBoard(
            version: version,
            evaluators: Dictionary(
                held.map { ($0, evaluators[$1]) }, uniquingKeysWith: { $1 }),
            rates: try ExchangeRateStore.rates(since: day - Limits.decisionRateDays, tx))
    }
}
