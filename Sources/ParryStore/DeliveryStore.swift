package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `delivery` and `delivery_attempt`: a queue.
///
/// The life of a row: `PENDING` and due → claimed, which puts `due_at` at the end of the lease and gives
/// it a new `lease` number → the send's result is written where the lease is still the same: `DELIVERED`,
/// `PENDING` again with a later `due_at`, or `FAILED`. A process that dies leaves the row `PENDING` and
/// due at the end of its lease; a process that comes back late finds another lease and changes nothing.
package struct DeliveryStore {
    /// When the next pending delivery is due, if there is one.
    package static func nextDue(_ tx: any ReadTransaction) throws -> Timestamp? {
        try tx.row("SELECT min(due_at) FROM delivery WHERE state = 'PENDING'") {
            try $0.timestampOrNull()
        } ?? nil
    }

    /// Claims what is due, the longest due first.
    package static func claim(
        limit: Int, lease: Int64, now: Timestamp, _ tx: any WriteTransaction
    ) throws -> [ClaimedDelivery] {
        let end = now.adding(seconds: Limits.deliveryLeaseSeconds)
        let claimed = try tx.rows(
            """
            SELECT d.id, d.endpoint_id, e.url, e.secret, v.body, d.attempt_count
            FROM delivery d JOIN webhook_endpoint e ON e.id = d.endpoint_id
            JOIN event v ON v.id = d.event_id AND v.slot = d.slot
            WHERE d.state = 'PENDING' AND d.due_at <= \(now.milliseconds)
            ORDER BY d.due_at LIMIT \(limit)
            """
        ) { row in
            ClaimedDelivery(
                id: .init(stored: try row.text()), endpointID: .init(stored: try row.text()),
                url: try row.text(), encryptedSecret: try row.text(),
                body: Array(try row.text().utf8), attemptCount: try row.integer(), lease: lease,
                leaseEndsAt: end)
        }
        guard !claimed.isEmpty else { return [] }
        try tx.execute(
            """
            UPDATE delivery SET due_at = \(end.milliseconds), lease = \(lease)
            WHERE id IN \(anyOf: claimed.map(\.id.text))
            """)
        return claimed
    }

    /// Writes results; one whose lease is lost is left alone.
    package static func record(_ results: [EndedDelivery], _ tx: any WriteTransaction) throws {
        let delivered = results.filter { $0.next == .delivered }
        for lease in Set(delivered.map(\.delivery.lease)) {
            let ids = delivered.filter { $0.delivery.lease == lease }.map(\.delivery.id.text)
            try tx.execute(
                """
                UPDATE delivery SET state = 'DELIVERED', attempt_count = attempt_count + 1
                WHERE id IN \(anyOf: ids) AND lease = \(lease) AND state = 'PENDING'
                """)
        }
        for result in results {
            switch result.next {
            case .delivered: break
            case .retry(let time): try end(result, state: .pending, due: time, tx)
            case .failed: try end(result, state: .failed, due: result.attempt.startedAt, tx)
            }
        }
        try tx.insert(results.map(row), by: insertion)
    }

    /// Gives claimed deliveries back untried, so that they are due at once.
    package static func release(
        _ deliveries: [ClaimedDelivery], now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        for delivery in deliveries {
            try tx.execute(
                """
                UPDATE delivery SET due_at = \(now.milliseconds), lease = 0
                WHERE id = \(delivery.id.text) AND slot = \(delivery.id.slot)
                AND lease = \(delivery.lease) AND state = 'PENDING'
                """)
        }
    }

    private static func end(
        _ result: EndedDelivery, state: DeliveryState, due: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE delivery SET state = \(state.rawValue), attempt_count = attempt_count + 1,
                due_at = \(due.milliseconds)
            WHERE id = \(result.delivery.id.text) AND slot = \(result.delivery.id.slot)
            AND lease = \(result.delivery.lease) AND state = 'PENDING'
            """)
    }

    private static let insertion = Insertion(
        into: "delivery_attempt",
        [
            Column("delivery_id", .text), Column("slot", .integer), Column("lease", .integer),
            Column("number", .integer),
            Column("started_at", .integer), Column("duration_in_ms", .integer),
            Column("status_code", .integer), Column("error", .text),
        ])

    private static func row(_ result: EndedDelivery) -> [SQLValue] {
        var status: Int64?
        var error: String?
        switch result.attempt.outcome {
        case .answered(let code): status = Int64(code)
        case .failed(let reason): error = reason
        }
        return [
            .text(result.delivery.id.text), .integer(Int64(result.delivery.id.slot)),
            .integer(result.delivery.lease), .integer(result.delivery.attemptCount + 1),
            .integer(result.attempt.startedAt.milliseconds),
            .integer(result.attempt.durationMilliseconds), .init(status), .init(error),
        ]
    }
}
