package import ParryDatabase
import ParryDomain
package import ParryWire

/// How the deliveries to an endpoint went of late, each number as far as it was counted.
package struct DeliveryTally: Sendable, Hashable {
    package let delivered: Count
    package let failed: Count
    package let waiting: Count
    /// Those of the oldest that wait that were tried and not taken.
    package let refused: Count
    /// Since when the oldest of what waits is due; nil when nothing waits.
    package let dueSince: Timestamp?

    /// A number that may be greater than it says.
    package struct Count: Sendable, Hashable {
        package let number: Int64
        package let isCut: Bool

        /// - Parameter found: One more than the bound stands for all beyond it.
        init(_ found: Int64, isCut: Bool = false) {
            let max = Int64(Limits.deliveriesTalliedMax)
            number = min(found, max)
            self.isCut = isCut || found > max
        }
    }
}

extension DeliveryStore {
    /// Counts what waits for an endpoint, and what became of the deliveries of late.
    ///
    /// A bounded stretch of an index each, however many there are.
    ///
    /// - Parameter since: Events from then on.
    package static func tally(
        of endpoint: WebhookEndpointID, since: Timestamp, _ tx: any ReadTransaction
    ) throws -> DeliveryTally {
        let id = endpoint.text
        let first = DeliveryID.bounds(at: since).first.text
        let limit = Limits.deliveriesTalliedMax + 1
        let tally = try tx.row(
            """
            SELECT (SELECT count(*) FROM (SELECT id FROM delivery
                    WHERE endpoint_id = \(id) LIMIT \(limit)) AS waiting),
                (SELECT count(*) FROM (SELECT attempt_count FROM delivery
                    WHERE endpoint_id = \(id) ORDER BY id LIMIT \(limit)) AS oldest
                    WHERE attempt_count > 0),
                (SELECT min(due_at) FROM delivery WHERE endpoint_id = \(id)),
                (SELECT count(*) FROM (SELECT id FROM delivery_ended
                    \(tx.dialect.indexed(by: "delivery_ended_endpoint"))
                    WHERE endpoint_id = \(id) AND id >= \(first) LIMIT \(limit)) AS ended),
                (SELECT count(*) FROM (SELECT id FROM delivery_ended
                    \(tx.dialect.indexed(by: "delivery_ended_failed"))
                    WHERE endpoint_id = \(id) AND id >= \(first) AND state = 'FAILED'
                    LIMIT \(limit)) AS failed)
            """
        ) { row in
            let waiting = try row.integer()
            let refused = try row.integer()
            let due = try row.timestampOrNull()
            let (ended, failed) = (try row.integer(), try row.integer())
            return DeliveryTally(
                delivered: .init(max(0, ended - failed), isCut: ended == Int64(limit)),
                failed: .init(failed), waiting: .init(waiting),
                refused: .init(refused, isCut: refused > 0 && waiting == Int64(limit)),
                dueSince: due)
        }
        return tally
            ?? DeliveryTally(
                delivered: .init(0), failed: .init(0), waiting: .init(0), refused: .init(0),
                dueSince: nil)
    }
}
