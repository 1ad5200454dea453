import ParryDatabase
import ParryDomain
import ParryWire

/// Leases chosen deliveries to this process.
struct DeliveryLease {
    let number: Int64
    let now: Timestamp

    private var end: Timestamp { now.adding(seconds: Limits.deliveryLeaseSeconds) }

    private static let columns: SQL = "d.id, v.body, d.attempt_count, d.deadline_at"

    /// Whether the tables are spread over the nodes of Citus.
    let isDistributed: Bool

    /// Differs by necessity: an SQLite file has one writer. Processes on PostgreSQL take side by side what no
    /// other has locked; within one slot at a time where Citus could lock rows of one shard only.
    func take(
        _ chosen: [DeliveryClaim.Candidate], _ tx: any WriteTransaction
    ) throws -> [ClaimedDelivery] {
        guard !chosen.isEmpty else { return [] }
        let endpoints = Dictionary(
            chosen.map { ($0.id, $0.endpoint) }, uniquingKeysWith: { first, _ in first })
        switch tx.dialect {
        case .sqlite: return try take(chosen.map(\.id), endpoints, tx)
        case .postgreSQL where isDistributed:
            return try Dictionary(grouping: chosen, by: \.slot).flatMap { _, chosen in
                try takeUnlocked(chosen, endpoints, tx)
            }
        case .postgreSQL: return try takeUnlocked(chosen, endpoints, tx)
        }
    }

    private func take(
        _ ids: [String], _ endpoints: [String: DeliveryClaim.Waiting], _ tx: any WriteTransaction
    ) throws -> [ClaimedDelivery] {
        let list = DeliveryStore.list(of: ids)
        let found = try tx.rows(
            """
            SELECT \(Self.columns) FROM delivery d
            JOIN event v ON v.id = d.event_id AND v.slot = d.slot WHERE d.id IN \(list)
            """
        ) { try read(&$0, endpoints) }
        try tx.execute(
            """
            UPDATE delivery SET due_at = \(end.milliseconds), lease = \(number)
            WHERE id IN \(list)
            """)
        return found.compactMap { $0 }
    }

    /// What is not locked is chosen apart, once: as a condition the planner may run it again for every row, when it
    /// takes the queue for empty.
    private func takeUnlocked(
        _ chosen: [DeliveryClaim.Candidate], _ endpoints: [String: DeliveryClaim.Waiting],
        _ tx: any WriteTransaction
    ) throws -> [ClaimedDelivery] {
        let slots = Set(chosen.map(\.slot)).sorted()
        return try tx.rows(
            """
            WITH picked AS MATERIALIZED (
                SELECT id, slot FROM delivery WHERE slot IN \(anyOf: slots)
                AND id IN \(anyOf: chosen.map(\.id)) AND due_at <= \(now.milliseconds)
                \(tx.dialect.forUpdateSkipLocked))
            UPDATE delivery d SET due_at = \(end.milliseconds), lease = \(number)
            FROM picked p, event v
            WHERE d.id = p.id AND d.slot = p.slot AND d.slot IN \(anyOf: slots)
            AND v.id = d.event_id AND v.slot = d.slot
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
