package import ParryDatabase
package import ParryDomain
package import ParryWire

/// Removes what is older than its retention, a bounded number of rows in each call. Ids begin with the time,
/// so the oldest rows are the first of each table's key.
package struct RetentionStore {
    /// The operator's settings.
    package static func policy(_ tx: any ReadTransaction) throws -> RetentionPolicy {
        var days: [RetentionPolicy.Kind: Int] = [:]
        for kind in RetentionPolicy.Kind.allCases {
            days[kind] = try SettingStore.value(key(kind), tx).flatMap { Int($0) }
        }
        return RetentionPolicy(days: days)
    }

    /// Sets the days of one kind.
    package static func set(
        _ kind: RetentionPolicy.Kind, days: Int, _ tx: any WriteTransaction
    ) throws {
        try SettingStore.set(key(kind), to: String(days), tx)
    }

    private static func key(_ kind: RetentionPolicy.Kind) -> String {
        "retention_days_\(kind.rawValue)"
    }

    /// Removes tries that began before a time, of deliveries that were made before it.
    package static func removeAttempts(
        before start: Timestamp, limit: Int, _ tx: any WriteTransaction
    ) throws -> Int {
        let ids = try tx.rows(
            """
            SELECT DISTINCT delivery_id FROM (
                SELECT delivery_id FROM delivery_attempt
                WHERE delivery_id < \(DeliveryID.bounds(at: start).first.text)
                AND started_at < \(start.milliseconds) ORDER BY delivery_id LIMIT \(limit)) AS old
            """
        ) { DeliveryID(stored: try $0.text()) }
        guard !ids.isEmpty else { return 0 }
        return try tx.execute(
            """
            DELETE FROM delivery_attempt WHERE delivery_id IN \(anyOf: ids.map(\.text))
            \(tx.dialect.inSlots(DeliveryStore.slots(ids))) AND started_at < \(start.milliseconds)
            """)
    }

    /// Removes deliveries that ended, with their tries. What still waits is kept, however old it is.
    package static func removeDeliveries(
        before start: Timestamp, limit: Int, _ tx: any WriteTransaction
    ) throws -> Int {
        let ids = try tx.rows(
            """
            SELECT id FROM delivery_ended WHERE \(removable(before: start))
            ORDER BY id LIMIT \(limit)
            """
        ) { DeliveryID(stored: try $0.text()) }
        guard !ids.isEmpty else { return 0 }
        let slots = DeliveryStore.slots(ids)
        try tx.execute(
            """
            DELETE FROM delivery_attempt WHERE delivery_id IN \(anyOf: ids.map(\.text))
            \(tx.dialect.inSlots(slots))
            """)
        return try tx.execute(
            """
            DELETE FROM delivery_ended WHERE id IN \(anyOf: ids.map(\.text))
            \(tx.dialect.inSlots(slots))
            """)
    }

    /// A condition on ended deliveries that are old, and whose events have no other that still waits.
    private static func removable(before start: Timestamp) -> SQL {
        let bound = DeliveryID.bounds(at: start).first.text
        return """
            id < \(bound) AND event_id NOT IN (SELECT event_id FROM delivery WHERE id < \(bound))
            """
    }

    /// Removes events that nothing waits to tell and whose deliveries are gone, and moves the beginning of their partners' feeds.
    package static func removeEvents(
        before start: Timestamp, limit: Int, _ tx: any WriteTransaction
    ) throws -> Int {
        // A delivery is made in the millisecond of its event.
        let left =
            try tx.row(
                "SELECT min(id) FROM delivery_ended WHERE \(removable(before: start))"
            ) { try $0.textOrNull() } ?? nil
        let end = left.map { min(start, DeliveryID(stored: $0).createdAt) } ?? start
        let bound = EventID.bounds(at: end).first.text
        let ids = try tx.rows(
            """
            SELECT id FROM event WHERE id < \(bound) AND position IS NOT NULL AND id NOT IN
                (SELECT event_id FROM delivery
                WHERE id < \(DeliveryID.bounds(at: start).first.text))
            ORDER BY id LIMIT \(limit)
            """
        ) { EventID(stored: try $0.text()) }
        guard !ids.isEmpty else { return 0 }
        let rows = try tx.rows(
            """
            DELETE FROM event WHERE id IN \(anyOf: ids.map(\.text))
            \(tx.dialect.inSlots(Set(ids.map { Int64($0.slot) }).sorted()))
            RETURNING partner_id, position
            """
        ) { (partner: try $0.text(), position: try $0.integer()) }
        for (partner, rows) in Dictionary(grouping: rows, by: \.partner) {
            let last = rows.map(\.position).max() ?? 0
            try tx.execute(
                """
                UPDATE event_feed_end SET removed_to = \(last)
                WHERE partner_id = \(partner) AND removed_to < \(last)
                """)
        }
        return rows.count
    }

    /// Removes what the networks sent, whatever became of it.
    package static func removeNetworkMessages(
        before start: Timestamp, limit: Int, _ tx: any WriteTransaction
    ) throws -> Int {
        let ids = try tx.rows(
            """
            SELECT id FROM network_message
            WHERE id < \(NetworkMessageID.bounds(at: start).first.text) ORDER BY id LIMIT \(limit)
            """
        ) { NetworkMessageID(stored: try $0.text()) }
        guard !ids.isEmpty else { return 0 }
        return try tx.execute(
            """
            DELETE FROM network_message WHERE id IN \(anyOf: ids.map(\.text))
            \(tx.dialect.inSlots(Set(ids.map { Int64($0.slot) }).sorted()))
            """)
    }

    /// Removes lines of the audit log.
    package static func removeAudit(
        before start: Timestamp, limit: Int, _ tx: any WriteTransaction
    ) throws -> Int {
        let ids = try tx.rows(
            """
            SELECT id FROM audit WHERE id < \(AuditID.bounds(at: start).first.text)
            ORDER BY id LIMIT \(limit)
            """
        ) { AuditID(stored: try $0.text()) }
        guard !ids.isEmpty else { return 0 }
        return try tx.execute(
            """
            DELETE FROM audit WHERE id IN \(anyOf: ids.map(\.text))
            \(tx.dialect.inSlots(Set(ids.map { Int64($0.slot) }).sorted()))
            """)
    }

    /// Removes orders with their transactions.
    package static func removeOrders(
        before start: Timestamp, limit: Int, _ tx: any WriteTransaction
    ) throws -> Int {
        let orders = try tx.rows(
            """
            SELECT \(OrderStore.listColumns) FROM "order"
            WHERE id < \(OrderID.bounds(at: start).first.text) ORDER BY id LIMIT \(limit)
            \(tx.dialect.forUpdateSkipLocked)
            """, OrderStore.read)
        for order in orders { try OrderStore.remove(order, tx) }
        return orders.count
    }
}
