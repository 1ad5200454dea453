package import ParryDatabase
import ParryDomain
package import ParryWire

/// The rows of `alert_review`: alerts that are to be matched and judged again, because orders have arrived or
/// changed.
package struct AlertReviewStore {
    /// An alert that is due.
    package struct Due: Sendable, Hashable {
        package let alertID: AlertID
        /// As it was read: a later plan is not taken away with this one.
        package let dueAt: Timestamp
    }

    /// What new or changed transactions of one organisation can be recognised by.
    package struct Traces: Sendable {
        package var references: [(integration: IntegrationID, reference: String)] = []
        package var acquirerReferenceNumbers: Set<String> = []
        package var authorisationCodes: Set<String> = []
        package var cardLast4s: Set<String> = []

        package init() {}

        /// Lists that are short enough for one statement.
        fileprivate func parts() -> [Part] {
            let lists = [cardLast4s, acquirerReferenceNumbers, authorisationCodes].map {
                $0.sorted()
            }
            let length = lists.map(\.count).max() ?? 0
            return stride(from: 0, to: length, by: Limits.tracesLookedForMax).map { start in
                let cut = lists.map {
                    Array($0.dropFirst(start).prefix(Limits.tracesLookedForMax))
                }
                return Part(
                    cardLast4s: cut[0], acquirerReferenceNumbers: cut[1],
                    authorisationCodes: cut[2])
            }
        }
    }

    fileprivate struct Part {
        let cardLast4s: [String]
        let acquirerReferenceNumbers: [String]
        let authorisationCodes: [String]
    }

    /// Plans reviews, in the order of the ids, so that two transactions never wait for each other. The latest plan of an
    /// alert counts, so that a review under way does not take it off the list.
    package static func plan(
        _ ids: [AlertID], at due: Timestamp, _ tx: any WriteTransaction
    ) throws {
        for id in Set(ids).sorted(by: { $0.text < $1.text }) {
            try tx.execute(
                """
                INSERT INTO alert_review (alert_id, slot, due_at)
                VALUES (\(id.text), \(id.slot), \(due.milliseconds))
                ON CONFLICT (alert_id, slot) DO UPDATE SET due_at = excluded.due_at
                """)
        }
    }

    /// Alerts that could be about these: those without a sale, and open ones, whose right sale may come only now. Each
    /// identifier has an index of its own, so that many such alerts do not slow orders down.
    package static func seeking(
        _ traces: Traces, of organisation: OrganisationID, since: Timestamp,
        _ tx: any ReadTransaction
    ) throws -> [AlertID] {
        var found: [AlertID] = []
        for query in queries(traces, of: organisation, since: since)
        where found.count < Limits.alertsReviewedByOrdersMax {
            found += try tx.rows(query) { AlertID(stored: try $0.text()) }
        }
        return found
    }

    /// What is asked for these traces, each short enough for one statement.
    package static func queries(
        _ traces: Traces, of organisation: OrganisationID, since: Timestamp
    ) -> [SQL] {
        let open: SQL = """
            SELECT id, alert_received_at FROM alert WHERE organisation_id = \(organisation.text)
            AND slot = \(organisation.slot) AND (integration_id IS NULL OR status = 'ACTION_REQUIRED')
            AND alert_received_at >= \(since.milliseconds)
            """
        return traces.parts().map { part in
            """
            SELECT id FROM (
                \(open) AND transaction_card_last4 IN \(anyOf: part.cardLast4s)
                UNION \(open) AND transaction_acquirer_reference_number
                    IN \(anyOf: part.acquirerReferenceNumbers)
                UNION \(open) AND transaction_authorisation_code
                    IN \(anyOf: part.authorisationCodes)) found
            WHERE EXISTS (SELECT 1 FROM alert_case c
                WHERE c.alert_id = found.id AND c.slot = \(organisation.slot)
                AND c.is_set_by_hand = 0)
            ORDER BY alert_received_at DESC LIMIT \(Limits.alertsReviewedByOrdersMax)
            """
        }
    }

    /// Whether the organisation has any such alert: nearly always the only question.
    package static func hasSeeking(
        _ organisation: OrganisationID, since: Timestamp, _ tx: any ReadTransaction
    ) throws -> Bool {
        try tx.row(
            """
            SELECT 1 FROM alert WHERE organisation_id = \(organisation.text)
            AND slot = \(organisation.slot) AND (integration_id IS NULL OR status = 'ACTION_REQUIRED')
            AND alert_received_at >= \(since.milliseconds) LIMIT 1
            """
        ) { try $0.integer() } != nil
    }

    /// Open alerts that are matched to one of these transactions.
    package static func matched(
        to traces: Traces, _ tx: any ReadTransaction
    ) throws -> [AlertID] {
        try Dictionary(grouping: traces.references, by: \.integration).flatMap {
            integration, references in
            try tx.rows(
                """
                SELECT id FROM alert WHERE integration_id = \(integration.text)
                AND integration_transaction_id IN \(anyOf: references.map(\.reference))
                AND slot = \(integration.slot) AND status = 'ACTION_REQUIRED'
                LIMIT \(Limits.alertsReviewedByOrdersMax)
                """
            ) { AlertID(stored: try $0.text()) }
        }
    }

    /// What is due, the longest due first.
    package static func due(
        _ now: Timestamp, limit: Int, _ tx: any ReadTransaction
    ) throws -> [Due] {
        try tx.rows(
            """
            SELECT alert_id, due_at FROM alert_review WHERE due_at <= \(now.milliseconds)
            ORDER BY due_at LIMIT \(limit)
            """
        ) { Due(alertID: .init(stored: try $0.text()), dueAt: try $0.timestamp()) }
    }

    /// Takes a review off the list, unless it was planned anew; of several processes one does.
    ///
    /// - Returns: Whether it was there.
    package static func take(_ due: Due, _ tx: any WriteTransaction) throws -> Bool {
        try tx.execute(
            """
            DELETE FROM alert_review WHERE alert_id = \(due.alertID.text)
            AND slot = \(due.alertID.slot) AND due_at = \(due.dueAt.milliseconds)
            """) == 1
    }
}
