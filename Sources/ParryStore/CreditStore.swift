package import ParryDatabase
package import ParryDomain
package import ParryWire

/// Invalid alerts of an organisation, as a report of credits reads them. Simulated ones are none: nobody bills for
/// them.
package enum CreditStore {
    /// The credits of a month, the alert received first before others.
    ///
    /// - Parameters:
    ///   - last: Begins after this one; nil with the first.
    ///   - limit: Credits at most.
    package static func page(
        of organisation: OrganisationID, _ month: CalendarMonth, after last: Credit?, limit: Int,
        _ tx: any ReadTransaction
    ) throws -> [Credit] {
        let from = last?.receivedAt ?? month.begin
        return try tx.rows(
            """
            SELECT a.id, a.alert_network_id, a.enrolment_type, a.alert_received_at, c.invalid_reason,
                c.original_alert_id, a.transaction_amount_in_cents, a.transaction_currency_code,
                a.integration_id, a.integration_transaction_id,
                CASE WHEN r.state = 'DONE' THEN r.ended_at END
            FROM alert a JOIN alert_case c ON c.alert_id = a.id AND c.slot = a.slot
            LEFT JOIN network_request r
                ON r.subject_id = a.id AND r.slot = a.slot AND r.kind = 'OUTCOME'
            WHERE a.organisation_id = \(organisation.text) AND a.slot = \(organisation.slot)
            AND a.alert_received_at >= \(from.milliseconds)
            AND a.alert_received_at < \(month.end.milliseconds)
            AND (a.alert_received_at > \(from.milliseconds) OR a.id > \(last?.alertID.text ?? ""))
            AND a.status = 'INVALID' AND c.is_simulated = 0
            ORDER BY a.alert_received_at, a.id LIMIT \(limit)
            """, read)
    }

    /// The organisation's alerts of a month, simulated ones left out.
    package static func alertCount(
        of organisation: OrganisationID, _ month: CalendarMonth, _ tx: any ReadTransaction
    ) throws -> Int64 {
        try tx.row(
            """
            SELECT count(*) FROM alert a JOIN alert_case c ON c.alert_id = a.id AND c.slot = a.slot
            WHERE a.organisation_id = \(organisation.text) AND a.slot = \(organisation.slot)
            AND a.alert_received_at >= \(month.begin.milliseconds)
            AND a.alert_received_at < \(month.end.milliseconds) AND c.is_simulated = 0
            """
        ) { try $0.integer() } ?? 0
    }

    private static func read(_ row: inout RowReader) throws -> Credit {
        Credit(
            alertID: .init(stored: try row.text()), networkID: try row.text(),
            network: (try row.word() as EnrolmentType).network, receivedAt: try row.timestamp(),
            reason: try row.textOrNull() ?? Credit.takenBack,
            originalID: try row.textOrNull().map(AlertID.init(stored:)),
            amount: try row.integer(), currency: try row.text(),
            integrationID: try row.textOrNull().map(IntegrationID.init(stored:)),
            transactionID: try row.textOrNull(), toldAt: try row.timestampOrNull())
    }
}
