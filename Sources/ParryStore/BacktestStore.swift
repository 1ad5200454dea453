package import ParryDatabase
package import ParryDomain
package import ParryWire

/// Reads alerts with what rules look at, and nothing else.
package enum BacktestStore {
    /// Which alerts, the oldest first.
    package struct Span: Sendable {
        package let organisationID: OrganisationID
        package let enrolmentIDs: [EnrolmentID]
        package let from: Timestamp
        package let to: Timestamp

        package init(
            organisationID: OrganisationID, enrolmentIDs: [EnrolmentID], from: Timestamp,
            to: Timestamp
        ) {
            self.organisationID = organisationID
            self.enrolmentIDs = enrolmentIDs
            self.from = from
            self.to = to
        }
    }

    /// Gives each alert to `body`. They are read some at a time, so that they are never all in memory.
    package static func forEach(
        in span: Span, limit: Int, _ tx: any ReadTransaction, _ body: (Backtest.Subject) -> Void
    ) throws {
        var last: (at: Timestamp, id: String) = (span.from, "")
        var left = limit
        while left > 0 {
            let page = min(left, Limits.backtestAlertsReadAtOnceMax)
            let found = try tx.rows(query(span, after: last, limit: page), read)
            for (subject, receivedAt) in found {
                body(subject)
                last = (receivedAt, subject.id.text)
            }
            guard found.count == page else { return }
            left -= page
        }
    }

    private static func query(
        _ span: Span, after last: (at: Timestamp, id: String), limit: Int
    ) -> SQL {
        """
        SELECT a.id, a.enrolment_type, a.transaction_amount_in_cents,
            a.transaction_currency_code, a.status, a.transaction_refund_outcome,
            a.transaction_statement_descriptor, a.alert_received_at, a.integration_id,
            c.alerted_at, c.fillers
        FROM alert a LEFT JOIN alert_case c ON c.alert_id = a.id AND c.slot = a.slot
        WHERE a.organisation_id = \(span.organisationID.text)
        AND a.slot = \(span.organisationID.slot)
        AND a.alert_received_at BETWEEN \(last.at.milliseconds) AND \(span.to.milliseconds)
        AND (a.alert_received_at > \(last.at.milliseconds) OR a.id > \(last.id))
        AND a.enrolment_id IN \(anyOf: span.enrolmentIDs.map(\.text))
        ORDER BY a.alert_received_at, a.id LIMIT \(limit)
        """
    }

    private static func read(
        _ row: inout RowReader
    ) throws -> (subject: Backtest.Subject, receivedAt: Timestamp) {
        let id = AlertID(stored: try row.text())
        let type: EnrolmentType = try row.word()
        let (amount, currency) = (try row.integer(), try row.text())
        let status: AlertStatus = try row.word()
        let outcome: RefundOutcome? = try row.wordOrNull()
        let descriptor = try row.textOrNull()
        let received = try row.timestamp()
        let isMatched = try row.textOrNull() != nil
        let alerted = try row.timestampOrNull()
        let fillers = try row.textOrNull() ?? ""
        let subject = Backtest.Subject(
            id: id, type: type,
            told: RuleSubject(
                amount: fillers.contains(AlertFiller.amount.rawValue) ? nil : amount,
                currency: fillers.contains(AlertFiller.currency.rawValue) ? nil : currency,
                descriptor: descriptor, time: alerted ?? received),
            amount: amount, currency: currency, status: status, refundOutcome: outcome,
            isMatched: isMatched)
        return (subject, received)
    }
}
