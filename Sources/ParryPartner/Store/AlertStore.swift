package import ParryDatabase
import ParryWire

/// Alerts as the platform last showed them, with what is decided and how far it is done.
package struct AlertStore {
    /// Reads an alert.
    package static func find(_ id: String, _ tx: any ReadTransaction) throws -> AlertCase? {
        try tx.row("\(columns) WHERE id = \(id)", AlertCase.init(row:))
    }

    /// Open alerts, those with the nearest deadline first.
    package static func open(limit: Int, _ tx: any ReadTransaction) throws -> [AlertCase] {
        try tx.rows(
            """
            \(columns) WHERE status = 'ACTION_REQUIRED'
            ORDER BY deadline IS NULL, deadline, id LIMIT \(limit)
            """, AlertCase.init(row:))
    }

    /// Alerts whose next step is due.
    static func due(
        _ now: Timestamp, limit: Int, _ tx: any ReadTransaction
    ) throws -> [AlertCase] {
        try tx.rows(
            """
            \(columns) WHERE due_at <= \(now.milliseconds)
            ORDER BY deadline IS NULL, deadline, due_at LIMIT \(limit)
            """, AlertCase.init(row:))
    }

    /// Adds or replaces an alert.
    static func save(_ alert: AlertCase, _ tx: any WriteTransaction) throws {
        try tx.execute(
            """
            INSERT INTO alert (id, organisation_id, status, deadline, document, step, decision, note,
                integration_id, transaction_reference, amount, currency, refund_intent_id,
                refund_reference, reason, round, attempts, due_at, warned_minutes, seen_at)
            VALUES (\(alert.id), \(alert.organisationID), \(alert.status),
                \(alert.deadline?.milliseconds), \(SQLValue.blob(alert.document)),
                \(alert.step.rawValue), \(alert.decision?.rawValue), \(alert.note),
                \(alert.integrationID), \(alert.transactionReference), \(alert.amount),
                \(alert.currency), \(alert.refundIntentID), \(alert.refundReference),
                \(alert.reason), \(alert.round), \(alert.attempts),
                \(alert.dueAt?.milliseconds), \(alert.warnedMinutes), \(alert.seenAt.milliseconds))
            ON CONFLICT (id) DO UPDATE SET status = excluded.status, deadline = excluded.deadline,
                document = excluded.document, step = excluded.step, decision = excluded.decision,
                note = excluded.note, integration_id = excluded.integration_id,
                transaction_reference = excluded.transaction_reference,
                amount = excluded.amount, currency = excluded.currency,
                refund_intent_id = excluded.refund_intent_id,
                refund_reference = excluded.refund_reference, reason = excluded.reason,
                round = excluded.round,
                attempts = excluded.attempts, due_at = excluded.due_at,
                warned_minutes = excluded.warned_minutes, seen_at = excluded.seen_at
            """)
    }

    private static let columns: SQL = """
        SELECT id, organisation_id, status, deadline, document, step, decision, note, integration_id,
            transaction_reference, amount, currency, refund_intent_id, refund_reference, reason,
            round, attempts, due_at, warned_minutes, seen_at
        FROM alert
        """
}

extension AlertCase {
    fileprivate init(row: inout RowReader) throws {
        id = try row.text()
        organisationID = try row.text()
        status = try row.text()
        deadline = try row.integerOrNull().map { Timestamp(milliseconds: $0) }
        document = try row.blob()
        step = Step(rawValue: try row.text()) ?? .decide
        decision = try row.textOrNull().flatMap(Decision.init)
        note = try row.textOrNull()
        integrationID = try row.textOrNull()
        transactionReference = try row.textOrNull()
        amount = try row.integerOrNull()
        currency = try row.textOrNull()
        refundIntentID = try row.textOrNull()
        refundReference = try row.textOrNull()
        reason = try row.textOrNull()
        round = try row.integer()
        attempts = try row.integer()
        dueAt = try row.integerOrNull().map { Timestamp(milliseconds: $0) }
        warnedMinutes = try row.integerOrNull()
        seenAt = Timestamp(milliseconds: try row.integer())
    }
}
