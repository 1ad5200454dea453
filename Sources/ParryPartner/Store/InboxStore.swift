package import ParryDatabase
package import ParryWire

/// Events as they came, each once.
package struct InboxStore {
    /// An event that was verified.
    struct Received: Sendable {
        let id: String
        let type: String
        let createdAt: Timestamp
        let apiVersion: String?
        let objectID: String
        let deliveryID: String?
        let body: [UInt8]
    }

    /// An event that is to be worked off.
    struct Waiting: Sendable {
        let id: String
        let type: String
        let objectID: String
        let attempts: Int64
    }

    /// What the inbox has in all.
    package struct Health: Sendable, Hashable {
        package var events: Int64 = 0
        package var copies: Int64 = 0
        package var waiting: Int64 = 0
        package var failing: Int64 = 0
        package var lastReceivedAt: Timestamp?
    }

    /// Keeps an event. One that is there already is counted, and nothing more comes of it.
    ///
    /// - Returns: Whether it is new.
    static func take(
        _ event: Received, at now: Timestamp, _ tx: any WriteTransaction
    ) throws -> Bool {
        try tx.row(
            """
            INSERT INTO inbox_event (id, type, created_at, api_version, object_id, delivery_id, body,
                received_at, due_at)
            VALUES (\(event.id), \(event.type), \(event.createdAt.milliseconds),
                \(event.apiVersion), \(event.objectID), \(event.deliveryID),
                \(SQLValue.blob(event.body)), \(now.milliseconds), \(now.milliseconds))
            ON CONFLICT (id) DO UPDATE SET copies = inbox_event.copies + 1
            RETURNING copies
            """
        ) { try $0.integer() == 0 } ?? false
    }

    /// What is due, the oldest first.
    static func due(
        _ now: Timestamp, limit: Int, _ tx: any ReadTransaction
    ) throws -> [Waiting] {
        try tx.rows(
            """
            SELECT id, type, object_id, attempts FROM inbox_event
            WHERE is_done = 0 AND due_at <= \(now.milliseconds) ORDER BY due_at LIMIT \(limit)
            """
        ) {
            Waiting(
                id: try $0.text(), type: try $0.text(), objectID: try $0.text(),
                attempts: try $0.integer())
        }
    }

    /// All events about one object that came so far are worked off by what was read of it now.
    ///
    /// - Parameter until: What came later tells of something newer, perhaps.
    static func done(
        about object: String, receivedUntil until: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE inbox_event SET is_done = 1, error = NULL
            WHERE object_id = \(object) AND is_done = 0 AND received_at <= \(until.milliseconds)
            """)
    }

    /// Marks one event as worked off.
    static func done(_ id: String, _ tx: any WriteTransaction) throws {
        try tx.execute("UPDATE inbox_event SET is_done = 1, error = NULL WHERE id = \(id)")
    }

    /// Puts an event off.
    static func failed(
        _ id: String, _ reason: String, until due: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE inbox_event SET attempts = attempts + 1, error = \(reason),
                due_at = \(due.milliseconds)
            WHERE id = \(id)
            """)
    }

    /// How the inbox is.
    package static func health(_ tx: any ReadTransaction) throws -> Health {
        try tx.row(
            """
            SELECT COUNT(*), COALESCE(SUM(copies), 0), COALESCE(SUM(is_done = 0), 0),
                COALESCE(SUM(is_done = 0 AND attempts > 0), 0), MAX(received_at) FROM inbox_event
            """
        ) {
            Health(
                events: try $0.integer(), copies: try $0.integer(), waiting: try $0.integer(),
                failing: try $0.integer(),
                lastReceivedAt: try $0.integerOrNull().map { Timestamp(milliseconds: $0) })
        } ?? Health()
    }

    /// Events of a type, about one object or any, that were received since.
    package static func received(
        _ type: String, about object: String?, since: Timestamp, _ tx: any ReadTransaction
    ) throws -> [String] {
        try tx.rows(
            """
            SELECT id FROM inbox_event WHERE type = \(type) AND received_at >= \(since.milliseconds)
            AND (\(object) IS NULL OR object_id = \(object)) ORDER BY received_at
            """
        ) { try $0.text() }
    }
}
