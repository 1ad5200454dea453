package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `delivery`, a queue of what waits, of `delivery_ended` and of `delivery_attempt`.
///
/// The life of a delivery: due → claimed, which puts `due_at` at the end of the lease and gives it a new
/// `lease` number → the send's result is written where the lease is still the same: a later `due_at`, or out of
/// the queue into `delivery_ended` as `DELIVERED` or `FAILED`. A process that dies leaves the row due at the end
/// of its lease; a process that comes back late finds another lease and changes nothing.
package struct DeliveryStore {
    /// When the next delivery is due, if any waits.
    package static func nextDue(_ tx: any ReadTransaction) throws -> Timestamp? {
        try tx.row("SELECT min(due_at) FROM delivery") { try $0.timestampOrNull() } ?? nil
    }

    /// What a claim took.
    package struct Claimed: Sendable {
        package let deliveries: [ClaimedDelivery]
        /// nil when nothing was asked for.
        package let look: DeliveryLook?

        /// Nothing was asked for.
        package static let nothing = Claimed(deliveries: [], look: nil)
    }

    /// Claims what is due and wanted: tenants in turn, each one's endpoints in turn, of each the longest due
    /// first. What is due to an endpoint that was deleted meanwhile is given up instead.
    ///
    /// - Parameter isDistributed: Whether the tables are spread over the nodes of Citus.
    package static func claim(
        _ appetite: DeliveryAppetite, lease: Int64, isDistributed: Bool = false, now: Timestamp,
        _ tx: any WriteTransaction
    ) throws -> Claimed {
        try DeliveryClaim(
            appetite: appetite, lease: lease, now: now, isDistributed: isDistributed
        ).run(tx)
    }

    /// Whether a claim could find something.
    package static func hasWork(
        for appetite: DeliveryAppetite, now: Timestamp, _ tx: any ReadTransaction
    ) throws -> Bool {
        try DeliveryClaim(appetite: appetite, lease: 0, now: now, isDistributed: false)
            .hasWork(tx)
    }

    /// Writes results; a delivery whose lease is lost is left alone.
    ///
    /// - Returns: How many leases were lost.
    @discardableResult
    package static func record(
        _ results: [EndedDelivery], now: Timestamp, _ tx: any WriteTransaction
    ) throws -> Int {
        var ended: [[SQLValue]] = []
        for (state, results) in [
            (DeliveryState.delivered, results.filter { $0.next == .delivered }),
            (.failed, results.filter { $0.next == .failed }),
        ] {
            for (lease, results) in Dictionary(grouping: results, by: \.delivery.lease) {
                ended += try takeOut(
                    results.map(\.delivery.id), as: state, tries: 1, now: now,
                    where: "lease = \(lease)", tx)
            }
        }
        var written = ended.count
        try tx.insert(ended, by: endedInsertion)
        for result in results {
            if case .retry(let time) = result.next {
                written += try putOff(result, until: time, tx)
            }
        }
        try tx.insert(results.map(row), by: insertion)
        return results.count - written
    }

    /// Ends deliveries untried.
    static func giveUp(
        _ ids: [DeliveryID], now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        guard !ids.isEmpty else { return }
        let rows = try takeOut(ids, as: .failed, tries: 0, now: now, where: "1 = 1", tx)
        try tx.insert(rows, by: endedInsertion)
    }

    /// Takes deliveries out of the queue and gives their rows of those that have ended.
    private static func takeOut(
        _ ids: [DeliveryID], as state: DeliveryState, tries: Int64, now: Timestamp,
        where condition: SQL, _ tx: any WriteTransaction
    ) throws -> [[SQLValue]] {
        try tx.rows(
            """
            DELETE FROM delivery WHERE id IN \(anyOf: ids.map(\.text))
            AND slot IN \(anyOf: slots(ids)) AND \(condition)
            RETURNING id, slot, event_id, endpoint_id, attempt_count, created_at
            """
        ) { row in
            [
                .text(try row.text()), .integer(try row.integer()), .text(try row.text()),
                .text(try row.text()), .text(state.rawValue), .integer(try row.integer() + tries),
                .integer(try row.integer()), .integer(now.milliseconds),
            ]
        }
    }

    private static let endedInsertion = Insertion(
        into: "delivery_ended",
        [
            Column("id", .text), Column("slot", .integer), Column("event_id", .text),
            Column("endpoint_id", .text), Column("state", .text), Column("attempt_count", .integer),
            Column("created_at", .integer), Column("ended_at", .integer),
        ])

    /// Makes due what waits for its next try. The breaker keeps the number of those small.
    static func bringForward(
        of endpoint: WebhookEndpointID, now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE delivery SET due_at = \(now.milliseconds)
            WHERE endpoint_id = \(endpoint.text) AND due_at > \(now.milliseconds) AND lease = 0
            """)
    }

    /// Gives claimed deliveries back untried, so that they are due at once.
    package static func release(
        _ deliveries: [ClaimedDelivery], now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        for (lease, deliveries) in Dictionary(grouping: deliveries, by: \.lease) {
            let ids = deliveries.map(\.id)
            try tx.execute(
                """
                UPDATE delivery SET due_at = \(now.milliseconds), lease = 0
                WHERE id IN \(anyOf: ids.map(\.text)) AND slot IN \(anyOf: slots(ids))
                AND lease = \(lease)
                """)
        }
    }

    /// In which slots these are: on Citus only those shards are asked.
    static func slots(_ ids: [DeliveryID]) -> [Int64] {
        Set(ids.map { Int64($0.slot) }).sorted()
    }

    private static func putOff(
        _ result: EndedDelivery, until due: Timestamp, _ tx: any WriteTransaction
    ) throws -> Int {
        try tx.execute(
            """
            UPDATE delivery SET attempt_count = attempt_count + 1, due_at = \(due.milliseconds),
                lease = 0
            WHERE id = \(result.delivery.id.text) AND slot = \(result.delivery.id.slot)
            AND lease = \(result.delivery.lease)
            """)
    }

    /// Results whose commit was in doubt are written again; the lease makes them the same row.
    private static let insertion = Insertion(
        into: "delivery_attempt",
        [
            Column("delivery_id", .text), Column("slot", .integer), Column("lease", .integer),
            Column("number", .integer),
            Column("started_at", .integer), Column("duration_in_ms", .integer),
            Column("status_code", .integer), Column("error", .text), Column("address", .text),
            Column("answer", .text),
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
            .init(result.attempt.address), .init(result.attempt.answer),
        ]
    }
}
