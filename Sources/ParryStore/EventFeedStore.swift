package import ParryDatabase
package import ParryDomain
package import ParryWire

// The feed of a partner's events, which have positions from 1 on. Where a writing transaction is alone it numbers
// its own, once nothing is left unnumbered. Elsewhere transactions end in another order than they began, so events are committed without a position,
// and the sequencer numbers what is committed in a transaction of its own; only one does so at a time. A reader
// sees numbered events alone, so behind a position that it has seen nothing is ever put in before it.

/// The positions of `event`, and `event_feed_end` with the last of each partner.
package struct EventFeedStore {
    /// A page of the feed.
    package struct Page: Sendable {
        package let events: [Event]
        /// The position of the last event, or the one that was asked for when there is none.
        package let end: Int64
        package let hasMore: Bool
    }

    /// Where the feed of a partner begins and ends.
    package struct Ends: Sendable {
        /// The last position that retention has removed; 0 for none.
        package let removedTo: Int64
        package let last: Int64
    }

    /// Who holds this row of `setting` is the one that numbers.
    private static let token = "sequencer"

    /// The positions of new events; nil of those that the sequencer will number. On SQLite those are what an older version
    /// left without, and all behind them: the order of ids is kept, and retention removes by it.
    static func positions(
        for events: [Event], _ tx: any WriteTransaction
    ) throws -> [Int64?] {
        guard try tx.dialect.hasOneWriter && !hasUnnumbered(tx) else {
            return events.map { _ in nil }
        }
        var next: [PartnerID: Int64] = [:]
        for (partner, events) in Dictionary(grouping: events, by: \.partnerID) {
            next[partner] = try lengthen(partner, by: events.count, tx) - Int64(events.count)
        }
        return events.map { event in
            next[event.partnerID]? += 1
            return next[event.partnerID]
        }
    }

    /// - Returns: The last position since.
    private static func lengthen(
        _ partner: PartnerID, by count: Int, _ tx: any WriteTransaction
    ) throws -> Int64 {
        try tx.row(
            """
            INSERT INTO event_feed_end (partner_id, position, removed_to)
            VALUES (\(partner.text), \(count), 0) ON CONFLICT (partner_id)
            DO UPDATE SET position = event_feed_end.position + excluded.position
            RETURNING position
            """
        ) { try $0.integer() } ?? 0
    }

    /// Whether an event waits for its number.
    package static func hasUnnumbered(_ tx: any ReadTransaction) throws -> Bool {
        try tx.row("SELECT id FROM event WHERE position IS NULL ORDER BY id LIMIT 1") {
            try $0.text()
        } != nil
    }

    /// Numbers events that are committed and have no position.
    ///
    /// - Returns: How many; 0 also when another process is at it.
    package static func number(limit: Int, _ tx: any WriteTransaction) throws -> Int {
        let holdsToken = try tx.row(
            """
            SELECT value FROM setting WHERE key = \(token) \(tx.dialect.forUpdateSkipLocked)
            """
        ) { try $0.text() }
        guard holdsToken != nil else { return 0 }
        let rows = try tx.rows(
            """
            UPDATE event SET position = n.next_position FROM (
                SELECT e.id AS next_id, e.slot AS next_slot, coalesce(f.position, 0)
                    + row_number() OVER (PARTITION BY e.partner_id ORDER BY e.id) AS next_position
                FROM (SELECT id, slot, partner_id FROM event WHERE position IS NULL
                    ORDER BY id LIMIT \(limit)) AS e
                LEFT JOIN event_feed_end f ON f.partner_id = e.partner_id) AS n
            WHERE id = n.next_id AND slot = n.next_slot
            RETURNING partner_id, position
            """
        ) { (partner: try $0.text(), position: try $0.integer()) }
        for (partner, rows) in Dictionary(grouping: rows, by: \.partner) {
            let end = rows.map(\.position).max() ?? 0
            try tx.execute(
                """
                INSERT INTO event_feed_end (partner_id, position, removed_to)
                VALUES (\(partner), \(end), 0)
                ON CONFLICT (partner_id) DO UPDATE SET position = excluded.position
                """)
        }
        return rows.count
    }

    /// Where the partner's feed begins and ends.
    package static func ends(of partner: PartnerID, _ tx: any ReadTransaction) throws -> Ends {
        try tx.row(
            """
            SELECT removed_to, position FROM event_feed_end WHERE partner_id = \(partner.text)
            """
        ) { Ends(removedTo: try $0.integer(), last: try $0.integer()) }
            ?? Ends(removedTo: 0, last: 0)
    }

    /// The next events behind a position that this owner sees.
    package static func page(
        behind position: Int64, _ filter: EventStore.Filter, for owner: Owner, limit: Int,
        _ tx: any ReadTransaction
    ) throws -> Page {
        let rows = try tx.rows(
            try query(behind: position, filter, for: owner, limit: limit + 1, tx)
        ) { row in (event: try EventStore.read(&row), position: try row.integer()) }
        let shown = rows.prefix(limit)
        return Page(
            events: shown.map(\.event), end: shown.last?.position ?? position,
            hasMore: rows.count > limit)
    }

    /// An administrator sees all of the partner; for others the feeds of organisations are merged.
    private static func query(
        behind position: Int64, _ filter: EventStore.Filter, for owner: Owner, limit: Int,
        _ tx: any ReadTransaction
    ) throws -> SQL {
        let rest = SQL.joined(
            ["position > \(position)"] + filter.conditions, separator: " AND ")
        let columns: SQL = "\(EventStore.columns), position"
        if case .adminGroup(_, let partner) = owner, filter.organisationID == nil {
            return """
                SELECT \(columns) FROM event WHERE partner_id = \(partner.text) AND \(rest)
                ORDER BY position LIMIT \(limit)
                """
        }
        let parts = try OrganisationStore.parts(for: owner, only: filter.organisationID, tx)
        guard case .few(let streams) = parts.found else {
            return """
                SELECT \(columns) FROM event WHERE partner_id = \(owner.partnerID.text)
                AND \(parts.condition) AND \(rest) ORDER BY position LIMIT \(limit)
                """
        }
        guard !streams.isEmpty else { return "SELECT \(columns) FROM event WHERE 1 = 0" }
        return tx.dialect.merged(
            streams.map {
                "SELECT \(columns) FROM event WHERE organisation_id = \($0.id) AND \(rest)"
            }, order: "position", limit: limit, offset: 0)
    }
}
