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
        package var sort: Sort = .createdAt
        package var direction: SortDirection = .descending

        /// What a list can be ordered by.
        package enum Sort: String, Sendable, CaseIterable {
            case createdAt = "created_at"
        }

        package init() {}

        fileprivate var conditions: [SQL] {
            var conditions: [SQL] = []
            if let id = eventID { conditions.append("event_id = \(id.text)") }
            if let state { conditions.append("state = \(state.rawValue)") }
            if let from = createdFrom { conditions.append("created_at >= \(from.milliseconds)") }
            if let to = createdTo { conditions.append("created_at <= \(to.milliseconds)") }
            return conditions
        }
    }

    private static let columns: SQL =
        "id, event_id, endpoint_id, state, attempt_count, due_at, created_at"

    /// The page of deliveries to endpoints that this owner sees.
    package static func list(
        _ filter: Filter, for owner: Owner, page: Page, _ tx: any ReadTransaction
    ) throws -> Listing<Delivery> {
        let one: SQL = filter.endpointID.map { "AND id = \($0.text)" } ?? .empty
        return try ListQuery(
            table: "delivery", columns: columns,
            parts: ListParts(
                "endpoint_id",
                among: """
                    SELECT id, CAST(NULL AS BIGINT) AS slot FROM webhook_endpoint
                    WHERE \(owner.seesEndpoint) \(one)
                    """, tx), index: filter.eventID == nil ? "delivery_endpoint" : "delivery_event",
            conditions: filter.conditions, order: ListOrder(by: "created_at", filter.direction),
            page: page
        ).run(tx, read)
    }

    /// The delivery, if this owner sees its endpoint.
    package static func find(
        _ id: DeliveryID, for owner: Owner, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> Delivery? {
        try tx.row(
            """
            SELECT \(columns) FROM delivery WHERE id = \(id.text) AND slot = \(id.slot)
            AND endpoint_id IN (SELECT id FROM webhook_endpoint WHERE \(owner.seesEndpoint))
            \(tx.dialect.suffix(lock))
            """, read)
    }

    /// The tries that ended, oldest first.
    package static func attempts(
        of id: DeliveryID, _ tx: any ReadTransaction
    ) throws -> [DeliveryAttempt] {
        try tx.rows(
            """
            SELECT started_at, duration_in_ms, status_code, error FROM delivery_attempt
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
                outcome: status.map { .answered(Int($0)) } ?? .failed(error ?? ""))
        }
    }

    /// Sends a delivery again from the start of the schedule: the same body with the same delivery id.
    ///
    /// - Parameter due: When; the caller keeps the endpoint from being paused or resumed meanwhile.
    package static func redeliver(
        _ delivery: Delivery, due: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE delivery SET state = 'PENDING', attempt_count = 0, lease = 0,
                due_at = \(due.milliseconds)
            WHERE id = \(delivery.id.text) AND slot = \(delivery.id.slot)
            """)
    }

    private static func read(_ row: inout RowReader) throws -> Delivery {
        let id = DeliveryID(stored: try row.text())
        let event = EventID(stored: try row.text())
        let endpoint = WebhookEndpointID(stored: try row.text())
        let state: DeliveryState = try row.word()
        let attempts = try row.integer()
        let due = try row.timestamp()
        return Delivery(
            id: id, eventID: event, endpointID: endpoint, state: state, attemptCount: attempts,
            nextAttemptAt: state == .pending && due < .parked ? due : nil,
            createdAt: try row.timestamp())
    }
}
