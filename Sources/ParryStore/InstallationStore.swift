package import ParryDatabase
package import ParryDomain
package import ParryWire

/// What an operator asks of a whole installation. These read large tables and belong to commands, not to
/// requests.
package struct InstallationStore {
    /// The webhook queue at this moment.
    package static func queue(
        now: Timestamp, _ tx: any ReadTransaction
    ) throws -> WebhookQueueStatus {
        let pending = try count("delivery", tx)
        let due: SQL = """
            delivery d JOIN webhook_endpoint e ON e.id = d.endpoint_id
            WHERE due_at <= \(now.milliseconds) AND e.is_paused = 0 AND e.deleted_at IS NULL
            """
        let oldest = try tx.row("SELECT min(due_at) FROM \(due)") { try $0.timestampOrNull() }
        return WebhookQueueStatus(
            pending: pending, due: try count(due, tx), oldestDue: oldest ?? nil)
    }

    /// How much of the webhook queue waits for what.
    package static func queueDepth(
        now: Timestamp, _ tx: any ReadTransaction
    ) throws -> WebhookQueueDepth {
        let counts = try tx.rows(
            """
            SELECT CASE WHEN e.is_paused = 1 THEN 2 WHEN d.due_at <= \(now.milliseconds) THEN 0
                ELSE 1 END AS reason, count(*), min(d.due_at)
            FROM delivery d JOIN webhook_endpoint e ON e.id = d.endpoint_id GROUP BY 1
            """
        ) { (reason: try $0.integer(), count: try $0.integer(), oldest: try $0.timestamp()) }
        let byReason = Dictionary(uniqueKeysWithValues: counts.map { ($0.reason, $0) })
        return WebhookQueueDepth(
            due: byReason[0]?.count ?? 0, waiting: byReason[1]?.count ?? 0,
            paused: byReason[2]?.count ?? 0, oldestDue: byReason[0]?.oldest,
            oldestPaused: byReason[2]?.oldest,
            unnumberedEvents: try count("event WHERE position IS NULL", tx))
    }

    /// Rows of each table, by name.
    package static func counts(_ tx: any ReadTransaction) throws -> [(table: String, rows: Int64)] {
        try tables.map { (String($0.text.filter { $0 != "\"" }), try count($0, tx)) }
    }

    /// Rows that should not be, by what is wrong with them; all of them are 0 in a sound database.
    package static func faults(_ tx: any ReadTransaction) throws -> [(fault: String, rows: Int64)] {
        try checks.map { ($0.name, try count($0.rows, tx)) }
    }

    private static func count(_ rows: SQL, _ tx: any ReadTransaction) throws -> Int64 {
        try tx.row("SELECT count(*) FROM \(rows)") { try $0.integer() } ?? 0
    }

    private static let tables: [SQL] = [
        "partner", "organisation", "partner_group", "api_key", "merchant", "integration",
        "enrolment", "enrolment_identifier", #""order""#, "order_transaction", "alert",
        "webhook_endpoint", "event", "delivery", "delivery_ended", "delivery_attempt",
    ]

    /// A row of a tenant's table whose owner is missing from another. They lie in the same slot.
    private static func orphans(of table: SQL, _ column: SQL, in owners: SQL) -> SQL {
        """
        \(table) c WHERE c.\(column) IS NOT NULL AND NOT EXISTS
            (SELECT 1 FROM \(owners) o WHERE o.id = c.\(column) AND o.slot = c.slot)
        """
    }

    /// The same for a table that all share, which has no slot.
    private static func sharedOrphans(of table: SQL, _ column: SQL, in owners: SQL) -> SQL {
        "\(table) WHERE \(column) IS NOT NULL AND \(column) NOT IN (SELECT id FROM \(owners))"
    }

    /// What waits and what has ended.
    private static let deliveries: SQL = """
        (SELECT id, slot, event_id, endpoint_id FROM delivery
        UNION ALL SELECT id, slot, event_id, endpoint_id FROM delivery_ended)
        """

    private static let checks: [(name: String, rows: SQL)] = [
        (
            "api_keys_without_organisation",
            sharedOrphans(of: "api_key", "organisation_id", in: "organisation")
        ),
        (
            "group_members_without_organisation",
            sharedOrphans(of: "partner_group_organisation", "organisation_id", in: "organisation")
        ),
        (
            "merchants_without_organisation",
            orphans(of: "merchant", "organisation_id", in: "organisation")
        ),
        (
            "integrations_without_organisation",
            orphans(of: "integration", "organisation_id", in: "organisation")
        ),
        (
            "enrolments_without_organisation",
            orphans(of: "enrolment", "organisation_id", in: "organisation")
        ),
        (
            "identifiers_without_enrolment",
            sharedOrphans(of: "enrolment_identifier", "enrolment_id", in: "enrolment")
        ),
        (
            "orders_without_integration",
            orphans(of: #""order""#, "integration_id", in: "integration")
        ),
        (
            "transactions_without_order",
            orphans(of: "order_transaction", "order_id", in: #""order""#)
        ),
        ("alerts_without_enrolment", orphans(of: "alert", "enrolment_id", in: "enrolment")),
        ("deliveries_without_event", orphans(of: Self.deliveries, "event_id", in: "event")),
        (
            "attempts_without_delivery",
            orphans(of: "delivery_attempt", "delivery_id", in: Self.deliveries)
        ),
        (
            "deliveries_without_endpoint",
            sharedOrphans(of: "\(Self.deliveries) AS d", "endpoint_id", in: "webhook_endpoint")
        ),
        ("events_without_deliveries", undelivered),
    ]

    /// Events that an endpoint had subscribed to when they happened, and that no delivery row carries. Those of
    /// organisations whose test clock is ahead are left out: their time is not that of the endpoints.
    private static let undelivered: SQL = """
        (SELECT v.id, e.id AS endpoint_id FROM event v
            JOIN webhook_endpoint e ON e.partner_id = v.partner_id
            JOIN webhook_subscription s ON s.endpoint_id = e.id AND s.event_type = v.type
            WHERE e.created_at < v.created_at
            AND (e.deleted_at IS NULL OR e.deleted_at > v.created_at)
            AND (e.organisation_id IS NULL OR e.organisation_id = v.organisation_id)
            AND v.organisation_id NOT IN (SELECT id FROM organisation WHERE clock_lead > 0)
            EXCEPT SELECT event_id, endpoint_id FROM \(Self.deliveries) AS d) AS missing
        """
}
