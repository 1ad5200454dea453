package import ParryDatabase
import ParryDomain
package import ParryWire

// What became of uploaded orders, counted as `OrderCountStore` counts orders: every transaction adds one row for each
// integration, so that no two of them wait for one row; now and then one of them takes the rows of a day together.

/// What became of orders that were uploaded to one integration.
package struct OrderFeedTally: Sendable, Hashable {
    package var accepted: Int64 = 0
    package var updated: Int64 = 0
    /// Refused, but for duplicates.
    package var failed: Int64 = 0
    /// Stored already, by the order's reference or by a transaction's.
    package var duplicate: Int64 = 0

    package init(
        accepted: Int64 = 0, updated: Int64 = 0, failed: Int64 = 0, duplicate: Int64 = 0
    ) {
        self.accepted = accepted
        self.updated = updated
        self.failed = failed
        self.duplicate = duplicate
    }

    /// Member by member.
    package static func += (left: inout OrderFeedTally, right: OrderFeedTally) {
        left.accepted += right.accepted
        left.updated += right.updated
        left.failed += right.failed
        left.duplicate += right.duplicate
    }
}

/// The rows of `order_feed_day`.
package struct OrderFeedDayStore {
    /// What a transaction adds.
    package struct Entry: Sendable {
        let integration: IntegrationID
        /// Made anew for this very transaction: the id of an order of it.
        let part: String
        let tally: OrderFeedTally

        package init(_ integration: IntegrationID, part: String, _ tally: OrderFeedTally) {
            self.integration = integration
            self.part = part
            self.tally = tally
        }
    }

    static let dayMilliseconds: Int64 = 86_400_000
    /// A fold takes as many rows as this at most, so that it stays short.
    private static let foldedMax = 256

    /// Counts what one transaction did.
    package static func add(
        _ entries: [Entry], at now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        var rows: [[SQLValue]] = []
        for entry in entries {
            rows.append(
                row(
                    entry.integration, day(now), entry.part, entry.tally,
                    last: now.milliseconds))
            if folds(entry.part) { rows += try fold(entry.integration, entry.part, at: now, tx) }
        }
        try tx.insert(rows, by: insertion)
    }

    /// Days since 1970, in UTC.
    package static func day(_ time: Timestamp) -> Int64 { time.milliseconds / dayMilliseconds }

    /// One in 58: the last character of an id is random, and base58.
    private static func folds(_ part: String) -> Bool { part.utf8.last == UInt8(ascii: "1") }

    private static let insertion = Insertion(
        into: "order_feed_day",
        [
            Column("integration_id", .text), Column("day", .integer), Column("part", .text),
            Column("slot", .integer), Column("accepted", .integer), Column("updated", .integer),
            Column("failed", .integer), Column("duplicate", .integer),
            Column("last_at", .integer),
        ], skipsRepeats: true)

    private static func row(
        _ integration: IntegrationID, _ day: Int64, _ part: String, _ tally: OrderFeedTally,
        last: Int64
    ) -> [SQLValue] {
        [
            .text(integration.text), .integer(day), .text(part),
            .integer(Int64(integration.slot)), .integer(tally.accepted), .integer(tally.updated),
            .integer(tally.failed), .integer(tally.duplicate), .integer(last),
        ]
    }

    /// Takes rows of yesterday and today out and gives one row for each day with their sum. Rows that another transaction
    /// is folding are left to it.
    private static func fold(
        _ integration: IntegrationID, _ part: String, at now: Timestamp,
        _ tx: any WriteTransaction
    ) throws -> [[SQLValue]] {
        let whose: SQL = "integration_id = \(integration.text) AND slot = \(integration.slot)"
        let parts = try tx.rows(
            """
            SELECT day, part, last_at, accepted, updated, failed, duplicate FROM order_feed_day
            WHERE \(whose) AND day >= \(day(now) - 1)
            ORDER BY day, part LIMIT \(foldedMax) \(tx.dialect.forUpdateSkipLocked)
            """
        ) { row in
            (
                day: try row.integer(), part: try row.text(), last: try row.integer(),
                tally: try read(&row)
            )
        }
        return try Dictionary(grouping: parts, by: \.day).map { day, parts in
            try tx.execute(
                """
                DELETE FROM order_feed_day WHERE \(whose) AND day = \(day)
                AND part IN \(anyOf: parts.map(\.part))
                """)
            let sum = parts.reduce(into: OrderFeedTally()) { $0 += $1.tally }
            let last = parts.map(\.last).max() ?? 0
            return row(integration, day, part + "-sum", sum, last: last)
        }
    }

    static func read(_ row: inout RowReader) throws -> OrderFeedTally {
        OrderFeedTally(
            accepted: try row.integer(), updated: try row.integer(), failed: try row.integer(),
            duplicate: try row.integer())
    }
}
