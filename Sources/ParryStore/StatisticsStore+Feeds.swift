package import ParryDatabase
import ParryDomain
package import ParryWire

extension StatisticsStore {
    /// What became of the orders that one integration got on one day of UTC, in real time.
    package struct FeedDay: Sendable, Hashable {
        package let integrationID: IntegrationID
        package let daysAgo: Int64
        package let tally: OrderFeedTally
        /// When the day's last upload was.
        package let lastAt: Timestamp
    }

    /// The uploads of some integrations, whoever sees them, on as many days as are asked for.
    package static func feedDays(
        of integrations: [IntegrationID], days: Int, now: Timestamp, _ tx: any ReadTransaction
    ) throws -> [FeedDay] {
        guard !integrations.isEmpty else { return [] }
        let today = OrderFeedDayStore.day(now)
        return try tx.rows(
            """
            SELECT integration_id, day, max(last_at), CAST(sum(accepted) AS BIGINT),
                CAST(sum(updated) AS BIGINT), CAST(sum(failed) AS BIGINT),
                CAST(sum(duplicate) AS BIGINT)
            FROM order_feed_day WHERE integration_id IN \(anyOf: integrations.map(\.text))
            \(tx.dialect.inSlots(Set(integrations.map { Int64($0.slot) }).sorted()))
            AND day BETWEEN \(today - Int64(days) + 1) AND \(today)
            GROUP BY integration_id, day ORDER BY integration_id, day
            """
        ) { row in
            let (id, day) = (try row.text(), try row.integer())
            let lastAt = try row.timestamp()
            return FeedDay(
                integrationID: .init(stored: id), daysAgo: today - day,
                tally: try OrderFeedDayStore.read(&row), lastAt: lastAt)
        }
    }

    /// When an integration last stored an order, and the documents of the newest ones, each with when it was stored.
    package static func newestOrders(
        of integration: IntegrationID, limit: Int, _ tx: any ReadTransaction
    ) throws -> [(createdAt: Timestamp, document: [UInt8])] {
        try tx.rows(
            """
            SELECT created_at, document FROM "order" \(tx.dialect.indexed(by: "order_integration"))
            WHERE integration_id = \(integration.text)
            ORDER BY created_at DESC, id DESC LIMIT \(limit)
            """
        ) { (createdAt: try $0.timestamp(), document: Array(try $0.text().utf8)) }
    }
}
