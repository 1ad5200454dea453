package import ParryDatabase
package import ParryDomain
package import ParryWire

/// Reads alerts with what rules look at, and nothing else.
package enum BacktestStore {
    /// From which end alerts are read.
    package enum Order: Sendable {
        case oldestFirst
        case newestFirst
    }

    /// Which alerts.
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

        fileprivate func from(_ time: Timestamp) -> Span {
            Span(
                organisationID: organisationID, enrolmentIDs: enrolmentIDs, from: time, to: to)
        }

        fileprivate func to(_ time: Timestamp) -> Span {
            Span(
                organisationID: organisationID, enrolmentIDs: enrolmentIDs, from: from, to: time)
        }
    }

    /// Gives each alert to `body`. They are read some at a time, so that they are never all in memory.
    package static func forEach(
        in span: Span, _ order: Order = .oldestFirst, limit: Int, _ tx: any ReadTransaction,
        _ body: (Backtest.Subject) -> Void
    ) throws {
        var rest = span
        var lastID: String?
        var left = limit
        while left > 0 {
            let page = min(left, Limits.backtestAlertsReadAtOnceMax)
            let found = try tx.rows(query(rest, order, after: lastID, limit: page), read)
            for (subject, _) in found { body(subject) }
            guard found.count == page, let last = found.last else { return }
            rest = order == .oldestFirst ? rest.from(last.receivedAt) : rest.to(last.receivedAt)
            lastID = last.subject.id.text
            left -= page
        }
    }

    private static func query(
        _ span: Span, _ order: Order, after lastID: String?, limit: Int
    ) -> SQL {
        let (from, to) = (span.from.milliseconds, span.to.milliseconds)
        let rest: SQL
        let direction: SQL
        switch order {
        case .oldestFirst:
            rest = "(a.alert_received_at > \(from) OR a.id > \(lastID ?? ""))"
            direction = "a.alert_received_at, a.id"
        case .newestFirst:
            rest = lastID.map { "(a.alert_received_at < \(to) OR a.id < \($0))" } ?? "1 = 1"
            direction = "a.alert_received_at DESC, a.id DESC"
        }
        return """
            SELECT a.id, a.enrolment_type, a.transaction_amount_in_cents,
                a.transaction_currency_code, a.status, a.transaction_refund_outcome,
                a.transaction_statement_descriptor, a.alert_received_at, a.integration_id,
                c.alerted_at, c.fillers
            FROM alert a LEFT JOIN alert_case c ON c.alert_id = a.id AND c.slot = a.slot
            WHERE a.organisation_id = \(span.organisationID.text)
            AND a.slot = \(span.organisationID.slot)
            AND a.alert_received_at BETWEEN \(from) AND \(to) AND \(rest)
            AND a.enrolment_id IN \(anyOf: span.enrolmentIDs.map(\.text))
            ORDER BY \(direction) LIMIT \(limit)
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
