import ParryDatabase
import ParryDomain
import ParryWire

/// Leases chosen deliveries to this process.
struct DeliveryLease {
    let number: Int64
    let now: Timestamp

    private var end: Timestamp { now.adding(seconds: Limits.deliveryLeaseSeconds) }

    private static let columns: SQL = "d.id, v.body, d.attempt_count, d.deadline_at"

    /// Differs by necessity: an SQLite file has one writer, which takes all in one statement. Processes on
    /// PostgreSQL take side by side what no other has locked, within one slot at a time, because Citus locks
    /// rows of one shard only.
    func take(
        _ chosen: [DeliveryClaim.Candidate], _ tx: any WriteTransaction
    ) throws -> [ClaimedDelivery] {
        guard !chosen.isEmpty else { return [] }
        let endpoints = Dictionary(
            chosen.map { ($0.id, $0.endpoint) }, uniquingKeysWith: { first, _ in first })
        switch tx.dialect {
        case .sqlite:
            return try take(chosen.map(\.id), endpoints, tx)
        case .postgreSQL:
            // Processes that claim at the same time begin at different slots.
            return try Dictionary(grouping: chosen, by: \.slot).shuffled().flatMap { slot, of in
                try take(of.map(\.id), in: slot, endpoints, tx)
            }
        }
    }

    private func take(
        _ ids: [String], _ endpoints: [String: DeliveryClaim.Waiting], _ tx: any WriteTransaction
    ) throws -> [ClaimedDelivery] {
        let found = try tx.rows(
            """
            SELECT \(Self.columns) FROM delivery d
            JOIN event v ON v.id = d.event_id AND v.slot = d.slot WHERE d.id IN \(anyOf: ids)
            """
        ) { try read(&$0, endpoints) }
        try tx.execute(
            """
            UPDATE delivery SET due_at = \(end.milliseconds), lease = \(number)
            WHERE id IN \(anyOf: ids)
            """)
        return found.compactMap { $0 }
    }

    private func take(
        _ ids: [String], in slot: Int64, _ endpoints: [String: DeliveryClaim.Waiting],
        _ tx: any WriteTransaction
    ) throws -> [ClaimedDelivery] {
        try tx.rows(
            """
            UPDATE delivery d SET due_at = \(end.milliseconds), lease = \(number)
            FROM event v
            WHERE d.slot = \(slot) AND d.id IN (
                SELECT id FROM delivery
                WHERE slot = \(slot) AND id IN \(anyOf: ids) AND due_at <= \(now.milliseconds)
                \(tx.dialect.forUpdateSkipLocked))
            AND v.id = d.event_id AND v.slot = \(slot)
            RETURNING \(Self.columns)
            """
        ) { try read(&$0, endpoints) }.compactMap { $0 }
    }

    private func read(
        _ row: inout RowReader, _ endpoints: [String: DeliveryClaim.Waiting]
    ) throws -> ClaimedDelivery? {
        let id = try row.text()
        let body = Array(try row.text().utf8)
        let attempts = try row.integer()
        let deadline = try row.timestampOrNull()
        guard let endpoint = endpoints[id] else { return nil }
        return ClaimedDelivery(
            id: DeliveryID(stored: id), endpointID: endpoint.id, partnerID: endpoint.partnerID,
            url: endpoint.url, encryptedSecret: endpoint.encryptedSecret,
            formerEncryptedSecret: endpoint.formerEncryptedSecret, body: body,
            attemptCount: attempts, lease: number, leaseEndsAt: end, deadline: deadline)
    }
}
