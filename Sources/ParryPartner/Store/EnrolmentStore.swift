package import ParryDatabase
package import ParryWire

/// Enrolments as the platform last showed them.
package struct EnrolmentStore {
    /// An enrolment.
    package struct Seen: Sendable, Hashable {
        package let id: String
        package let organisationID: String
        package let status: String
        package let document: [UInt8]
        /// Since when it is live for customers, and how we know; nil while it is not.
        package let liveSince: Timestamp?
        package let liveBy: String?
        package let seenAt: Timestamp
    }

    /// Keeps what the platform showed. Only its own word makes an enrolment live.
    ///
    /// - Parameter source: What made us look: an event's id, or `poll`.
    static func see(
        _ document: [UInt8], from source: String, at now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        guard let root = try? JSONDocument.parse(document).root, let id = root["id"]?.string,
            let status = root["status"]?.string
        else { throw PartnerError("the platform's answer is no enrolment") }
        let isLive = status == EnrolmentStatus.enabled.rawValue
        let before = try find(id, tx)
        let since = isLive ? before?.liveSince ?? now : nil
        let by = isLive ? before?.liveBy ?? source : nil
        try tx.execute(
            """
            INSERT INTO enrolment (id, organisation_id, status, document, live_since, live_by, seen_at)
            VALUES (\(id), \(root["organisation_id"]?.string ?? ""), \(status),
                \(SQLValue.blob(document)), \(since?.milliseconds), \(by), \(now.milliseconds))
            ON CONFLICT (id) DO UPDATE SET status = excluded.status, document = excluded.document,
                live_since = excluded.live_since, live_by = excluded.live_by,
                seen_at = excluded.seen_at
            """)
        guard before?.status != status else { return }
        try PartnerDatabase.note("is \(status) (\(source))", about: id, at: now, tx)
    }

    /// Reads an enrolment.
    package static func find(_ id: String, _ tx: any ReadTransaction) throws -> Seen? {
        try tx.row("\(columns) WHERE id = \(id)", read)
    }

    /// All, by organisation.
    package static func all(limit: Int, _ tx: any ReadTransaction) throws -> [Seen] {
        try tx.rows("\(columns) ORDER BY organisation_id, id LIMIT \(limit)", read)
    }

    private static let columns: SQL = """
        SELECT id, organisation_id, status, document, live_since, live_by, seen_at FROM enrolment
        """

    private static func read(_ row: inout RowReader) throws -> Seen {
        Seen(
            id: try row.text(), organisationID: try row.text(), status: try row.text(),
            document: try row.blob(),
            liveSince: try row.integerOrNull().map { Timestamp(milliseconds: $0) },
            liveBy: try row.textOrNull(), seenAt: Timestamp(milliseconds: try row.integer()))
    }
}
