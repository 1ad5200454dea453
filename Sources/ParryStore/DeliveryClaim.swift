import ParryDatabase
import ParryDomain
import ParryWire

/// One claim of due deliveries.
struct DeliveryClaim {
    let limit: Int
    let lease: Int64
    let now: Timestamp

    /// A claimed delivery, and whether nobody is there any more to get it.
    struct Found {
        let delivery: ClaimedDelivery
        let isOrphan: Bool
        /// Its endpoint was paused after the delivery became due.
        let isPaused: Bool
    }

    /// Differs by necessity: an SQLite file has one writer, which claims in one statement. Processes on
    /// PostgreSQL claim side by side: each takes what no other has locked, within one slot at a time,
    /// because Citus locks rows of one shard only.
    func run(_ tx: any WriteTransaction) throws -> (found: [Found], mayHaveMore: Bool) {
        switch tx.dialect {
        case .sqlite: try claimAll(tx)
        case .postgreSQL: try claimBySlot(tx)
        }
    }

    private var leaseEnd: Timestamp { now.adding(seconds: Limits.deliveryLeaseSeconds) }

    private static let columns: SQL =
        """
        d.id, d.endpoint_id, e.url, e.secret, v.body, d.attempt_count, e.deleted_at, e.is_paused,
        e.former_secret, e.former_secret_until
        """

    private func claimAll(
        _ tx: any WriteTransaction
    ) throws -> (found: [Found], mayHaveMore: Bool) {
        let found = try tx.rows(
            """
            SELECT \(Self.columns) FROM delivery d JOIN webhook_endpoint e ON e.id = d.endpoint_id
            JOIN event v ON v.id = d.event_id AND v.slot = d.slot
            WHERE d.state = 'PENDING' AND d.due_at <= \(now.milliseconds)
            ORDER BY d.due_at LIMIT \(limit)
            """, read)
        guard !found.isEmpty else { return ([], false) }
        try tx.execute(
            """
            UPDATE delivery SET due_at = \(leaseEnd.milliseconds), lease = \(lease)
            WHERE id IN \(anyOf: found.map(\.delivery.id.text))
            """)
        return (found, found.count == limit)
    }

    private func claimBySlot(
        _ tx: any WriteTransaction
    ) throws -> (found: [Found], mayHaveMore: Bool) {
        var found: [Found] = []
        let due = try due(tx)
        // Processes that claim at the same time begin at different slots.
        for (slot, ids) in due.shuffled().prefix(Limits.deliveryClaimSlotsMax)
        where found.count < limit {
            found += try claim(ids, in: slot, limit: limit - found.count, tx)
        }
        // Slots that were left out, or rows that another process is claiming.
        return (found, due.reduce(0) { $0 + $1.ids.count } > found.count)
    }

    /// What has been due longest, by slot; more than is wanted, since others claim of it too.
    private func due(_ tx: any WriteTransaction) throws -> [(slot: Int64, ids: [String])] {
        let rows = try tx.rows(
            """
            SELECT id, slot FROM delivery WHERE state = 'PENDING' AND due_at <= \(now.milliseconds)
            ORDER BY due_at LIMIT \(limit * Self.candidatesPerClaim)
            """
        ) { (id: try $0.text(), slot: try $0.integer()) }
        return Dictionary(grouping: rows, by: \.slot).map { ($0.key, $0.value.map(\.id)) }
    }

    private static let candidatesPerClaim = 4

    private func claim(
        _ ids: [String], in slot: Int64, limit: Int, _ tx: any WriteTransaction
    ) throws -> [Found] {
        try tx.rows(
            """
            UPDATE delivery d SET due_at = \(leaseEnd.milliseconds), lease = \(lease)
            FROM webhook_endpoint e, event v
            WHERE d.slot = \(slot) AND d.id IN (
                SELECT id FROM delivery
                WHERE slot = \(slot) AND id IN \(anyOf: ids)
                AND state = 'PENDING' AND due_at <= \(now.milliseconds)
                ORDER BY due_at LIMIT \(limit) \(tx.dialect.forUpdateSkipLocked))
            AND e.id = d.endpoint_id AND v.id = d.event_id AND v.slot = \(slot)
            RETURNING \(Self.columns)
            """, read)
    }

    private func read(_ row: inout RowReader) throws -> Found {
        let id = DeliveryID(stored: try row.text())
        let endpoint = WebhookEndpointID(stored: try row.text())
        let (url, secret) = (try row.text(), try row.text())
        let body = Array(try row.text().utf8)
        let attempts = try row.integer()
        let isOrphan = try row.integerOrNull() != nil
        let isPaused = try row.integer() == 1
        let former = try row.textOrNull()
        let end = try row.timestampOrNull()
        return Found(
            delivery: ClaimedDelivery(
                id: id, endpointID: endpoint, url: url, encryptedSecret: secret,
                formerEncryptedSecret: end.map { $0 > now } == true ? former : nil, body: body,
                attemptCount: attempts, lease: lease, leaseEndsAt: leaseEnd),
            isOrphan: isOrphan, isPaused: isPaused)
    }
}
