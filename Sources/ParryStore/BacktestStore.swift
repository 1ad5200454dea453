package import ParryDatabase
package import ParryDomain
package import ParryWire

/// Reads alerts with what rules look at, and nothing else.
package enum BacktestStore {
    /// Gives each alert of some enrolments that came in a time, the oldest first.
    ///
    /// - Parameter limit: Alerts at most.
    package static func forEach(
        of enrolments: [EnrolmentID], in organisation: OrganisationID, from: Timestamp,
        to: Timestamp, limit: Int, _ tx: any ReadTransaction,
        _ body: (Backtest.Subject) -> Void
    ) throws {
        _ = try tx.rows(
            """
            SELECT a.id, a.enrolment_type, a.transaction_amount_in_cents,
                a.transaction_currency_code, a.status, a.transaction_refund_outcome,
                a.transaction_statement_descriptor, a.alert_received_at, c.alerted_at, c.fillers
            FROM alert a LEFT JOIN alert_case c ON c.alert_id = a.id AND c.slot = a.slot
            WHERE a.organisation_id = \(organisation.text) AND a.slot = \(organisation.slot)
            AND a.alert_received_at BETWEEN \(from.milliseconds) AND \(to.milliseconds)
            AND a.enrolment_id IN \(anyOf: enrolments.map(\.text))
            ORDER BY a.alert_received_at, a.id LIMIT \(limit)
            """
        ) { body(try read(&$0)) }
    }

    private static func read(_ row: inout RowReader) throws -> Backtest.Subject {
        let id = AlertID(stored: try row.text())
        let type: EnrolmentType = try row.word()
        let (amount, currency) = (try row.integer(), try row.text())
        let status: AlertStatus = try row.word()
        let outcome: RefundOutcome? = try row.wordOrNull()
        let descriptor = try row.textOrNull()
        let received = try row.timestamp()
        let alerted = try row.timestampOrNull()
        let fillers = try row.textOrNull() ?? ""
        return Backtest.Subject(
            id: id, type: type,
            told: RuleSubject(
                amount: fillers.contains(AlertFiller.amount.rawValue) ? nil : amount,
                currency: fillers.contains(AlertFiller.currency.rawValue) ? nil : currency,
                descriptor: descriptor, time: alerted ?? received),
            amount: amount, currency: currency, status: status, refundOutcome: outcome)
    }
}
