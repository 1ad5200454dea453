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
        try tx.row(
            "SELECT min(due_at) FROM delivery WHERE state = 'PENDING' AND due_at < \(Timestamp.parked.milliseconds)"
        ) {
            try $0.timestampOrNull()
        } ?? nil
    }

    /// What a claim took, and whether it may have left something that is due.
    package struct Claimed: Sendable {
        package let deliveries: [ClaimedDelivery]
        package let mayHaveMore: Bool

        /// Nothing was asked for.
        package static let nothing = Claimed(deliveries: [], mayHaveMore: false)
    }

    /// Claims what is due, the longest due first. What is due to an endpoint that was deleted meanwhile is
    /// given up instead.
    package static func claim(
        limit: Int, lease: Int64, now: Timestamp, _ tx: any WriteTransaction
    ) throws -> Claimed {
        let (found, mayHaveMore) = try DeliveryClaim(limit: limit, lease: lease, now: now).run(tx)
        let orphans = found.filter(\.isOrphan).map(\.delivery.id)
        if !orphans.isEmpty {
            try tx.execute(
                """
                UPDATE delivery SET state = 'FAILED'
                WHERE id IN \(anyOf: orphans.map(\.text)) AND slot IN \(anyOf: slots(orphans))
                """)
        }
        let paused = found.filter { $0.isPaused && !$0.isOrphan }
        if !paused.isEmpty { try park(paused.map(\.delivery), now: now, tx) }
        return Claimed(
            deliveries: found.filter { !$0.isOrphan && !$0.isPaused }.map(\.delivery),
            mayHaveMore: mayHaveMore)
    }

    /// Puts off claimed deliveries until their endpoints are resumed: those that are still paused, and that
    /// nobody can resume before this transaction ends. Who resumes one holds its row and wants its deliveries,
    /// so it is not waited for; what is meant for such an endpoint comes again a second later.
    private static func park(
        _ deliveries: [ClaimedDelivery], now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        let endpoints = Set(deliveries.map(\.endpointID.text)).sorted()
        let paused = Set(
            try tx.rows(
                """
                SELECT id FROM webhook_endpoint WHERE id IN \(anyOf: endpoints) AND is_paused = 1
                \(tx.dialect.forShareSkipLocked)
                """
            ) { try $0.text() })
        let parked = deliveries.filter { paused.contains($0.endpointID.text) }
        let others = deliveries.filter { !paused.contains($0.endpointID.text) }
        for (group, due) in [(parked, Timestamp.parked), (others, now.adding(seconds: 1))]
        where !group.isEmpty {
            let ids = group.map(\.id)
            try tx.execute(
                """
                UPDATE delivery SET due_at = \(due.milliseconds), lease = 0
                WHERE id IN \(anyOf: ids.map(\.text)) AND slot IN \(anyOf: slots(ids))
                """)
        }
    }

    /// Puts off what waits for an endpoint until it is resumed. What is being sent is parked when it comes
    /// to be claimed again.
    static func park(of endpoint: WebhookEndpointID, _ tx: any WriteTransaction) throws {
        try tx.execute(
            """
            UPDATE delivery SET due_at = \(Timestamp.parked.milliseconds)
            WHERE endpoint_id = \(endpoint.text) AND state = 'PENDING' AND lease = 0
            """)
    }

    /// Makes what was parked due.
    static func resume(
        of endpoint: WebhookEndpointID, now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE delivery SET due_at = \(now.milliseconds)
            WHERE endpoint_id = \(endpoint.text) AND state = 'PENDING'
            AND due_at = \(Timestamp.parked.milliseconds)
            """)
    }

    /// Writes results; one whose lease is lost is left alone.
    package static func record(_ results: [EndedDelivery], _ tx: any WriteTransaction) throws {
        let delivered = results.filter { $0.next == .delivered }
        for lease in Set(delivered.map(\.delivery.lease)) {
            let ids = delivered.filter { $0.delivery.lease == lease }.map(\.delivery.id)
            try tx.execute(
                """
                UPDATE delivery SET state = 'DELIVERED', attempt_count = attempt_count + 1
                WHERE id IN \(anyOf: ids.map(\.text)) AND slot IN \(anyOf: slots(ids))
                AND lease = \(lease) AND state = 'PENDING'
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

    /// In which slots these are: on Citus only those shards are asked.
    private static func slots(_ ids: [DeliveryID]) -> [Int64] {
        Set(ids.map { Int64($0.slot) }).sorted()
    }

    private static func end(
        _ result: EndedDelivery, state: DeliveryState, due: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE delivery SET state = \(state.rawValue), attempt_count = attempt_count + 1,
                due_at = \(due.milliseconds), lease = 0
            WHERE id = \(result.delivery.id.text) AND slot = \(result.delivery.id.slot)
            AND lease = \(result.delivery.lease) AND state = 'PENDING'
            """)
    }

    /// Results whose commit was in doubt are written again; the lease makes them the same row.
    private static let insertion = Insertion(
        into: "delivery_attempt",
        [
            Column("delivery_id", .text), Column("slot", .integer), Column("lease", .integer),
            Column("number", .integer),
            Column("started_at", .integer), Column("duration_in_ms", .integer),
            Column("status_code", .integer), Column("error", .text),
        ], skipsRepeats: true)

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
