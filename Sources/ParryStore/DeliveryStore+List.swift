package import ParryDatabase
package import ParryDomain
package import ParryWire

extension DeliveryStore {
    /// What a list lets through (amendment 8).
    package struct Filter: Sendable {
        package var endpointID: WebhookEndpointID?
        package var eventID: EventID?
        package var state: DeliveryState?
        /// Inclusive, in milliseconds.
        package var createdFrom: Timestamp?
        package var createdTo: Timestamp?
        /// Of the event.
        package var eventType: EventType?
        /// Behind this one in the list, newest first: for who reads all of it.
        package var behind: DeliveryID?
        /// Down to this one in the list, newest first: the end of a stretch.
        package var downTo: DeliveryID?
        /// Whether the rows are counted. A type stands in the events alone, so that counting reads each of them.
        package var isCounted = true
        package var sort: Sort = .createdAt
        package var direction: SortDirection = .descending

        /// What a list can be ordered by.
        package enum Sort: String, Sendable, CaseIterable {
            case createdAt = "created_at"
        }

        package init() {}

        /// Ids begin with the time and the slot, and a delivery is made at the time of its event.
        fileprivate func conditions(on table: SQL) -> [SQL] {
            var conditions: [SQL] = []
            if let behind { conditions.append("id < \(behind.text)") }
            if let downTo { conditions.append("id >= \(downTo.text)") }
            if let type = eventType {
                conditions.append(
                    """
                    EXISTS (SELECT 1 FROM event v WHERE v.id = \(table).event_id
                    AND v.slot = \(table).slot AND v.type = \(type.rawValue))
                    """)
            }
            if let id = eventID {
                let bounds = DeliveryID.bounds(like: id)
                conditions.append("id >= \(bounds.first.text) AND id <= \(bounds.last.text)")
                conditions.append("event_id = \(id.text)")
            }
            if let from = createdFrom {
                conditions.append("id >= \(DeliveryID.bounds(at: from).first.text)")
            }
            if let to = createdTo {
                conditions.append("id <= \(DeliveryID.bounds(at: to).last.text)")
            }
            return conditions
        }
    }

    private static let waiting: SQL = """
        id, slot, event_id, endpoint_id, 'PENDING' AS state, attempt_count, due_at, created_at
        """
    private static let ended: SQL = """
        id, slot, event_id, endpoint_id, state, attempt_count, ended_at, created_at
        """

    /// The page of deliveries to endpoints that this owner sees.
    package static func list(
        _ filter: Filter, for owner: Owner, page: Page, _ tx: any ReadTransaction
    ) throws -> Listing<Delivery> {
        let one: SQL = filter.endpointID.map { "AND id = \($0.text)" } ?? .empty
        let parts = try ListParts(
            "endpoint_id",
            among: """
                SELECT id, CAST(NULL AS BIGINT) AS slot FROM webhook_endpoint
                WHERE \(owner.seesEndpoint) \(one)
                """, tx)
        let tables = tables(filter)
        let listing = try ListQuery(
            table: tables[0].name, columns: tables[0].columns, parts: parts,
            index: tables[0].index, rest: tables.dropFirst().first,
            conditions: tables[0].conditions, order: ListOrder(byID: filter.direction), page: page,
            count: count(filter, tables, parts, tx.dialect)
        ).run(tx, read)
        return Listing(items: try hidingPaused(listing.items, tx), count: listing.count)
    }

    /// The last of the newest deliveries that the filter lets through, whatever their events' type; nil when there are
    /// fewer of them.
    package static func end(
        ofNewest count: Int, _ filter: Filter, for owner: Owner, _ tx: any ReadTransaction
    ) throws -> DeliveryID? {
        var all = filter
        (all.eventType, all.isCounted) = (nil, false)
        let page = Page(limit: 1, offset: Int64(count) - 1)
        return try list(all, for: owner, page: page, tx).items.first?.id
    }

    /// Where the deliveries lie that the filter lets through.
    private static func tables(_ filter: Filter) -> [ListTable] {
        let waiting = ListTable(
            name: "delivery", columns: waiting, index: "delivery_endpoint",
            conditions: filter.conditions(on: "delivery"))
        // Written out, so that the index of failed ones alone can be used.
        let state: [SQL] =
            switch filter.state {
            case .failed?: ["state = 'FAILED'"]
            case let state?: ["state = \(state.rawValue)"]
            case nil: []
            }
        let ended = ListTable(
            name: "delivery_ended", columns: ended,
            index: filter.state == .failed ? "delivery_ended_failed" : "delivery_ended_endpoint",
            conditions: filter.conditions(on: "delivery_ended") + state)
        switch filter.state {
        case nil: return [waiting, ended]
        case .pending: return [waiting]
        case .delivered, .failed: return [ended]
        }
    }

    /// The deliveries of some events, which are few, to endpoints that this owner sees.
    package static func of(
        _ events: [EventID], for owner: Owner, _ tx: any ReadTransaction
    ) throws -> [Delivery] {
        guard !events.isEmpty else { return [] }
        let parts = events.flatMap { event -> [SQL] in
            let bounds = DeliveryID.bounds(like: event)
            return [("delivery", waiting), ("delivery_ended", ended)].map {
                (table: SQL, columns: SQL) in
                """
                SELECT \(columns) FROM \(table) WHERE id >= \(bounds.first.text)
                AND id <= \(bounds.last.text) AND event_id = \(event.text)
                AND endpoint_id IN (SELECT id FROM webhook_endpoint WHERE \(owner.seesEndpoint))
                """
            }
        }
        let found = try tx.rows(SQL.joined(parts, separator: " UNION ALL "), read)
        return try hidingPaused(found, tx).sorted { $0.id.text < $1.id.text }
    }

    /// Few that failed are found among very many that did not.
    private static func count(
        _ filter: Filter, _ tables: [ListTable], _ parts: ListParts, _ dialect: Dialect
    ) -> SQL? {
        guard filter.isCounted else { return "SELECT 0" }
        guard filter.state == .failed, let table = tables.first else { return nil }
        return """
            SELECT count(*) FROM \(table.name) \(dialect.indexed(by: table.index))
            WHERE \(table.filter(parts.condition))
            """
    }

    /// The delivery, if this owner sees its endpoint.
    package static func find(
        _ id: DeliveryID, for owner: Owner, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> Delivery? {
        // In the order in which they go: one that ends in between is found in the second.
        for (table, columns) in [("delivery", waiting), ("delivery_ended", ended)] as [(SQL, SQL)] {
            let found = try tx.row(
                """
                SELECT \(columns) FROM \(table) WHERE id = \(id.text) AND slot = \(id.slot)
                AND endpoint_id IN (SELECT id FROM webhook_endpoint WHERE \(owner.seesEndpoint))
                \(tx.dialect.suffix(lock))
                """, read)
            if let found { return try hidingPaused([found], tx).first }
        }
        return nil
    }

    /// The tries that ended, oldest first.
    package static func attempts(
        of id: DeliveryID, _ tx: any ReadTransaction
    ) throws -> [DeliveryAttempt] {
        try tx.rows(
            """
            SELECT started_at, duration_in_ms, status_code, error, address, answer
            FROM delivery_attempt
            WHERE delivery_id = \(id.text) AND slot = \(id.slot)
            ORDER BY started_at, number LIMIT \(Limits.attemptsShownMax)
            """
        ) { row in
            let started = try row.timestamp()
            let duration = try row.integer()
            let status = try row.integerOrNull()
            let error = try row.textOrNull()
            return DeliveryAttempt(
                startedAt: started, durationMilliseconds: duration,
                outcome: status.map { .answered(Int($0)) } ?? .failed(error ?? ""),
                address: try row.textOrNull(), answer: try row.textOrNull())
        }
    }

    /// Sends deliveries again from the start of the schedule: the same bodies with the same delivery ids. One
    /// that is being sent is left to it.
    ///
    /// - Returns: How many are due now.
    @discardableResult
    package static func redeliver(
        _ ids: [DeliveryID], now: Timestamp, _ tx: any WriteTransaction
    ) throws -> Int {
        guard !ids.isEmpty else { return 0 }
        return try redeliverWaiting(ids, now: now, tx) + redeliverEnded(ids, now: now, tx)
    }

    private static func redeliverWaiting(
        _ ids: [DeliveryID], now: Timestamp, _ tx: any WriteTransaction
    ) throws -> Int {
        let waiting = try tx.rows(
            "SELECT id, event_id FROM delivery WHERE \(chosen(ids, tx.dialect)) AND lease = 0"
        ) { (id: try $0.text(), event: try $0.text()) }
        let deadlines = try deadlines(ofEvents: Set(waiting.map(\.event)), slots(ids), tx)
        return try waiting.reduce(0) { count, delivery in
            let id = DeliveryID(stored: delivery.id)
            return try count
                + tx.execute(
                    """
                    UPDATE delivery SET attempt_count = 0, due_at = \(now.milliseconds),
                        deadline_at = \(deadlines[delivery.event])
                    WHERE \(chosen([id], tx.dialect)) AND lease = 0
                    """)
        }
    }

    /// The same of those alone that have ended.
    package static func redeliverEnded(
        _ ids: [DeliveryID], now: Timestamp, _ tx: any WriteTransaction
    ) throws -> Int {
        guard !ids.isEmpty else { return 0 }
        let rows = try tx.rows(
            """
            DELETE FROM delivery_ended WHERE \(chosen(ids, tx.dialect))
            RETURNING id, slot, event_id, endpoint_id, created_at
            """
        ) { row in
            (
                id: try row.text(), slot: try row.integer(), event: try row.text(),
                endpoint: try row.text(), createdAt: try row.integer()
            )
        }
        let deadlines = try deadlines(ofEvents: Set(rows.map(\.event)), slots(ids), tx)
        let waiting: [[SQLValue]] = rows.map { row in
            [
                .text(row.id), .integer(row.slot), .text(row.event), .text(row.endpoint),
                .integer(0), .integer(now.milliseconds), .integer(0),
                .init(deadlines[row.event]), .integer(row.createdAt),
            ]
        }
        try tx.insert(waiting, by: EventStore.deliveryInsertion)
        return rows.count
    }

    /// When the alerts that these events are about have to be actioned, in milliseconds of real time; only of those that
    /// still wait for it.
    private static func deadlines(
        ofEvents events: Set<String>, _ slots: [Int64], _ tx: any ReadTransaction
    ) throws -> [String: Int64] {
        guard !events.isEmpty else { return [:] }
        let found = try tx.rows(
            """
            SELECT v.id, a.action_required_deadline - o.clock_lead
            FROM event v JOIN alert a ON a.id = v.object_id AND a.slot = v.slot
            JOIN organisation o ON o.id = v.organisation_id AND o.slot = v.slot
            WHERE v.id IN \(anyOf: events.sorted()) \(tx.dialect.inSlots(slots, "v.slot"))
            AND a.status = 'ACTION_REQUIRED' AND a.action_required_deadline IS NOT NULL
            """
        ) { (try $0.text(), try $0.integer()) }
        return Dictionary(uniqueKeysWithValues: found)
    }

    private static func chosen(_ ids: [DeliveryID], _ dialect: Dialect) -> SQL {
        "id IN \(anyOf: ids.map(\.text)) \(dialect.inSlots(slots(ids)))"
    }

    /// Nothing is planned for an endpoint that is paused.
    private static func hidingPaused(
        _ deliveries: [Delivery], _ tx: any ReadTransaction
    ) throws -> [Delivery] {
        let waiting = Set(deliveries.filter { $0.nextAttemptAt != nil }.map(\.endpointID.text))
        guard !waiting.isEmpty else { return deliveries }
        let paused = Set(
            try tx.rows(
                """
                SELECT id FROM webhook_endpoint
                WHERE id IN \(anyOf: waiting.sorted()) AND is_paused = 1
                """
            ) { try $0.text() })
        return deliveries.map { paused.contains($0.endpointID.text) ? $0.withoutPlan : $0 }
    }

    private static func read(_ row: inout RowReader) throws -> Delivery {
        let id = DeliveryID(stored: try row.text())
        _ = try row.integer()
        let event = EventID(stored: try row.text())
        let endpoint = WebhookEndpointID(stored: try row.text())
        let state: DeliveryState = try row.word()
        let attempts = try row.integer()
        let time = try row.timestamp()
        return Delivery(
            id: id, eventID: event, endpointID: endpoint, state: state, attemptCount: attempts,
            nextAttemptAt: state == .pending ? time : nil, createdAt: try row.timestamp())
    }
}
