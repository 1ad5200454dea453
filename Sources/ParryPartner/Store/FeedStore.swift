package import ParryDatabase
package import ParryWire

/// What of a feed was sent, and what is on its way.
package struct FeedStore {
    /// An order that was sent before, or is on its way.
    struct Known: Sendable {
        let digest: [UInt8]
        /// nil while the platform has not said so.
        let orderID: String?
        /// Whether a request about it has no answer yet.
        let isOnItsWay: Bool
    }

    /// A request that is kept until its answer is: after a crash the same bytes go out with the same key.
    struct Batch: Sendable {
        let id: Int64
        let key: String
        /// The order that is changed; nil for new orders.
        let orderID: String?
        let body: [UInt8]
    }

    /// Counts of a feed since its beginning.
    package struct Totals: Sendable, Hashable {
        package var accepted: Int64 = 0
        package var changed: Int64 = 0
        package var refused: Int64 = 0
        package var duplicates: Int64 = 0
        package var lacksARN: Int64 = 0
        package var lacksAuthorisationCode: Int64 = 0
        package var lacksBIN: Int64 = 0
        package var lastSentAt: Timestamp?
    }

    /// What is known of these references.
    static func known(
        _ references: [String], in feed: String, _ tx: any ReadTransaction
    ) throws -> [String: Known] {
        var found: [String: Known] = [:]
        for reference in references {
            found[reference] = try tx.row(
                """
                SELECT digest, order_id, batch_id IS NOT NULL FROM feed_order
                WHERE feed = \(feed) AND reference = \(reference)
                """
            ) {
                Known(
                    digest: try $0.blob(), orderID: try $0.textOrNull(),
                    isOnItsWay: try $0.integer() == 1)
            }
        }
        return found
    }

    /// Keeps a request before it is sent.
    static func begin(
        _ batch: (key: String, orderID: String?, body: [UInt8]),
        _ orders: [(reference: String, digest: [UInt8])], in feed: String, at now: Timestamp,
        _ tx: any WriteTransaction
    ) throws -> Int64 {
        let id =
            try tx.row(
                """
                INSERT INTO feed_batch (feed, idempotency_key, order_id, body, created_at)
                VALUES (\(feed), \(batch.key), \(batch.orderID), \(SQLValue.blob(batch.body)),
                    \(now.milliseconds))
                RETURNING id
                """
            ) { try $0.integer() } ?? 0
        // Of a change the row keeps what the platform has until it has the new one.
        for order in orders {
            try tx.execute(
                """
                INSERT INTO feed_order (feed, reference, digest, batch_id)
                VALUES (\(feed), \(order.reference), \(SQLValue.blob(order.digest)), \(id))
                ON CONFLICT (feed, reference) DO UPDATE SET batch_id = excluded.batch_id
                """)
        }
        return id
    }

    /// Requests whose answer is not known, the oldest first.
    static func unanswered(in feed: String, _ tx: any ReadTransaction) throws -> [Batch] {
        try tx.rows(
            """
            SELECT id, idempotency_key, order_id, body FROM feed_batch WHERE feed = \(feed)
            ORDER BY id
            """
        ) {
            Batch(
                id: try $0.integer(), key: try $0.text(), orderID: try $0.textOrNull(),
                body: try $0.blob())
        }
    }

    /// The platform has the order.
    static func stored(
        _ reference: String, as order: String, digest: [UInt8]?, in feed: String,
        _ tx: any WriteTransaction
    ) throws {
        let digest = digest.map(SQLValue.blob) ?? .null
        try tx.execute(
            """
            UPDATE feed_order SET order_id = \(order), batch_id = NULL,
                digest = COALESCE(\(digest), digest)
            WHERE feed = \(feed) AND reference = \(reference)
            """)
    }

    /// The platform has this version of an order now, whether or not we knew of the order.
    static func keep(
        _ reference: String, as order: String, _ digest: [UInt8], in feed: String,
        _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO feed_order (feed, reference, digest, order_id)
            VALUES (\(feed), \(reference), \(SQLValue.blob(digest)), \(order))
            ON CONFLICT (feed, reference) DO UPDATE SET digest = excluded.digest,
                order_id = excluded.order_id, batch_id = NULL
            """)
    }

    /// The answer is kept.
    static func end(_ batch: Int64, _ tx: any WriteTransaction) throws {
        try tx.execute("DELETE FROM feed_order WHERE batch_id = \(batch) AND order_id IS NULL")
        try tx.execute("UPDATE feed_order SET batch_id = NULL WHERE batch_id = \(batch)")
        try tx.execute("DELETE FROM feed_batch WHERE id = \(batch)")
    }

    /// Adds to what the feed had so far.
    static func add(_ more: Totals, to feed: String, _ tx: any WriteTransaction) throws {
        try tx.execute(
            """
            INSERT INTO feed_total (feed, accepted, changed, refused, duplicates, lacks_arn,
                lacks_authorisation_code, lacks_bin, last_sent_at)
            VALUES (\(feed), \(more.accepted), \(more.changed), \(more.refused),
                \(more.duplicates), \(more.lacksARN), \(more.lacksAuthorisationCode),
                \(more.lacksBIN), \(more.lastSentAt?.milliseconds))
            ON CONFLICT (feed) DO UPDATE SET accepted = accepted + excluded.accepted,
                changed = changed + excluded.changed, refused = refused + excluded.refused,
                duplicates = duplicates + excluded.duplicates,
                lacks_arn = lacks_arn + excluded.lacks_arn,
                lacks_authorisation_code =
                    lacks_authorisation_code + excluded.lacks_authorisation_code,
                lacks_bin = lacks_bin + excluded.lacks_bin,
                last_sent_at = COALESCE(excluded.last_sent_at, last_sent_at)
            """)
    }

    /// All feeds that something was sent of.
    package static func totals(_ tx: any ReadTransaction) throws -> [(feed: String, Totals)] {
        try tx.rows(
            """
            SELECT feed, accepted, changed, refused, duplicates, lacks_arn,
                lacks_authorisation_code, lacks_bin, last_sent_at
            FROM feed_total ORDER BY feed
            """
        ) {
            (
                feed: try $0.text(),
                Totals(
                    accepted: try $0.integer(), changed: try $0.integer(),
                    refused: try $0.integer(), duplicates: try $0.integer(),
                    lacksARN: try $0.integer(), lacksAuthorisationCode: try $0.integer(),
                    lacksBIN: try $0.integer(),
                    lastSentAt: try $0.integerOrNull().map { Timestamp(milliseconds: $0) })
            )
        }
    }
}
