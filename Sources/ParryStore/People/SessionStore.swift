package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `person_session`. Only hashes of what a browser holds are here.
package struct SessionStore {
    private static let columns: SQL = """
        id, person_id, partner_id, client, agent, created_at, seen_at, confirmed_at, ended_at
        """

    /// The session with this hash, whether or not it has ended.
    package static func find(hash: String, _ tx: any ReadTransaction) throws -> Session? {
        try tx.row("SELECT \(columns) FROM person_session WHERE hash = \(hash)", read)
    }

    /// The sessions of a person that may still be live, newest first.
    package static func list(
        of person: PersonID, since start: Timestamp, _ tx: any ReadTransaction
    ) throws -> [Session] {
        try tx.rows(
            """
            SELECT \(columns) FROM person_session WHERE person_id = \(person.text)
            AND created_at > \(start.milliseconds) AND ended_at IS NULL
            ORDER BY created_at DESC, id DESC
            """, read)
    }

    /// Adds a session; those of the person that are too old to be live are removed.
    package static func insert(
        _ session: Session, hash: String, _ tx: any WriteTransaction
    ) throws {
        let end = session.createdAt.adding(seconds: -Limits.sessionSecondsMax)
        try tx.execute(
            """
            DELETE FROM person_session WHERE person_id = \(session.personID.text)
            AND created_at < \(end.milliseconds)
            """)
        try tx.execute(
            """
            INSERT INTO person_session (hash, \(columns))
            VALUES (\(hash), \(session.id.text), \(session.personID.text),
                \(session.partnerID?.text), \(session.client), \(session.agent),
                \(session.createdAt.milliseconds), \(session.seenAt.milliseconds),
                \(session.confirmedAt.milliseconds), \(session.endedAt?.milliseconds))
            """)
    }

    /// Notes that it was used.
    package static func see(_ id: SessionID, now: Timestamp, _ tx: any WriteTransaction) throws {
        try tx.execute(
            "UPDATE person_session SET seen_at = \(now.milliseconds) WHERE id = \(id.text)")
    }

    /// Notes that the password was given again, and what the browser holds from now on.
    package static func confirm(
        _ id: SessionID, hash: String, now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE person_session SET confirmed_at = \(now.milliseconds), hash = \(hash)
            WHERE id = \(id.text)
            """)
    }

    /// Ends a session of a person.
    ///
    /// - Returns: Whether the person has such a session.
    package static func end(
        _ id: SessionID, of person: PersonID, now: Timestamp, _ tx: any WriteTransaction
    ) throws -> Bool {
        try tx.execute(
            """
            UPDATE person_session SET ended_at = coalesce(ended_at, \(now.milliseconds))
            WHERE id = \(id.text) AND person_id = \(person.text)
            """) == 1
    }

    /// Ends every session of a person, but for one.
    package static func endAll(
        of person: PersonID, except kept: SessionID?, now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE person_session SET ended_at = \(now.milliseconds)
            WHERE person_id = \(person.text) AND ended_at IS NULL AND id <> \(kept?.text ?? "")
            """)
    }

    /// Ends every session of who came through a partner.
    package static func endAll(
        through partner: PartnerID, now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE person_session SET ended_at = \(now.milliseconds)
            WHERE partner_id = \(partner.text) AND ended_at IS NULL
            """)
    }

    private static func read(_ row: inout RowReader) throws -> Session {
        Session(
            id: .init(stored: try row.text()), personID: .init(stored: try row.text()),
            partnerID: try row.textOrNull().map(PartnerID.init(stored:)),
            client: try row.text(), agent: try row.text(), createdAt: try row.timestamp(),
            seenAt: try row.timestamp(), confirmedAt: try row.timestamp(),
            endedAt: try row.timestampOrNull())
    }
}
