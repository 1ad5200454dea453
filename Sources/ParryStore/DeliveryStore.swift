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
    /// - Parameter isDistributed: Whether the tables are spread over the nodes of Citus.
    /// - Returns: How many leases were lost.
    @discardableResult
    package static func record(
        _ results: [EndedDelivery], isDistributed: Bool = false, now: Timestamp,
        _ tx: any WriteTransaction
    ) throws -> Int {
        guard !results.isEmpty else { return 0 }
        let written = try DeliveryRecord(isDistributed: isDistributed, now: now)
            .write(results, tx)
        return results.count - written
    }

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

    /// Has the deliveries that an organisation's events wait for due so much earlier: its clock was set forward. What is
    /// being sent at this moment is left alone.
    package static func bringForward(
        of organisation: OrganisationID, partner: PartnerID, by milliseconds: Int64,
        _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE delivery SET due_at = due_at - \(milliseconds),
                deadline_at = deadline_at - \(milliseconds)
            WHERE endpoint_id IN (
                SELECT id FROM webhook_endpoint WHERE partner_id = \(partner.text))
            AND lease = 0 AND slot = \(organisation.slot) AND EXISTS (SELECT 1 FROM event e
                WHERE e.id = delivery.event_id AND e.slot = delivery.slot
                AND e.organisation_id = \(organisation.text))
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
                WHERE id IN \(anyOf: ids.map(\.text)) \(tx.dialect.inSlots(slots(ids)))
                AND lease = \(lease)
                """)
        }
    }

    /// Makes due what a lease holds besides these: a claim whose answer was lost. It looks through what waits, so it is for
    /// broken connections alone.
    package static func release(
        lease: Int64, but known: Set<DeliveryID>, now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE delivery SET due_at = \(now.milliseconds), lease = 0 WHERE lease = \(lease)
            AND NOT (id IN \(anyOf: known.isEmpty ? [""] : known.map(\.text).sorted()))
            """)
    }

    /// Deliveries to stand after `IN` on SQLite, as one argument: to bind each would take longer than to find it.
    static func list(of ids: [String]) -> SQL {
        var json = JSONWriter(capacity: 32 * ids.count + 2)
        json.beginArray()
        for id in ids { json.string(id) }
        json.endArray()
        return "(SELECT value FROM json_each(\(String(decoding: json.bytes, as: UTF8.self))))"
    }

    /// In which slots these are: on Citus only those shards are asked.
    static func slots(_ ids: [DeliveryID]) -> [Int64] {
        Set(ids.map { Int64($0.slot) }).sorted()
    }
}
