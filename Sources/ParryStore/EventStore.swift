package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `event`, which is append-only and at once the outbox: each event's deliveries are rows of
/// `delivery` that are written in the same transaction.
package struct EventStore {
    /// Appends an event and a delivery for each endpoint that subscribed to its type.
    ///
    /// - Parameter deadline: When the alert that it tells of has to be actioned, if one waits.
    /// - Returns: How many deliveries now wait.
    @discardableResult
    package static func append(
        _ event: Event, deadline: Timestamp? = nil, dueAt: Timestamp? = nil,
        _ tx: any WriteTransaction
    ) throws -> Int {
        let slot = event.organisationID.slot
        let due = dueAt ?? event.createdAt
        try tx.insert(
            [
                [
                    .text(event.id.text), .integer(Int64(slot)), .text(event.organisationID.text),
                    .text(event.partnerID.text), .text(event.type.rawValue),
                    .text(event.objectID), .text(String(decoding: event.body, as: UTF8.self)),
                    .integer(event.createdAt.milliseconds),
                ]
            ], by: eventInsertion)
        let endpoints = try subscribers(of: event, tx)
        let deliveries: [[SQLValue]] = endpoints.map { endpoint in
            [
                .text(DeliveryID.make(at: due, slot: slot).text),
                .integer(Int64(slot)), .text(event.id.text), .text(endpoint),
                .integer(0), .integer(due.milliseconds), .integer(0),
                .init(deadline?.milliseconds), .integer(due.milliseconds),
            ]
        }
        try tx.insert(deliveries, by: deliveryInsertion)
        return endpoints.count
    }

    /// What a list lets through, newest first (amendment 8).
    package struct Filter: Sendable {
        package var organisationID: OrganisationID?
        package var type: EventType?
        package var objectID: String?
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

        var conditions: [SQL] {
            var conditions: [SQL] = []
            if let type { conditions.append("type = \(type.rawValue)") }
            if let id = objectID { conditions.append("object_id = \(id)") }
            if let from = createdFrom { conditions.append("created_at >= \(from.milliseconds)") }
            if let to = createdTo { conditions.append("created_at <= \(to.milliseconds)") }
            return conditions
        }
    }

    static let columns: SQL =
        "id, organisation_id, partner_id, type, object_id, body, created_at"

    /// The page of events of organisations that this owner sees.
    package static func list(
        _ filter: Filter, for owner: Owner, page: Page, _ tx: any ReadTransaction
    ) throws -> Listing<Event> {
        try ListQuery(
            table: "event", columns: columns,
            parts: OrganisationStore.parts(for: owner, only: filter.organisationID, tx),
            index: "event_organisation", conditions: filter.conditions,
            order: ListOrder(by: "created_at", filter.direction), page: page
        ).run(tx, read)
    }

    /// The event, if this owner sees its organisation.
    package static func find(
        _ id: EventID, for owner: Owner, _ tx: any ReadTransaction
    ) throws -> Event? {
        try tx.row(
            """
            SELECT \(columns) FROM event WHERE id = \(id.text) AND slot = \(id.slot)
            AND \(owner.sees(rowOf: "event"))
            """, read)
    }

    static func read(_ row: inout RowReader) throws -> Event {
        Event(
            id: .init(stored: try row.text()), organisationID: .init(stored: try row.text()),
            partnerID: .init(stored: try row.text()), type: try row.word(),
            objectID: try row.text(), body: Array(try row.text().utf8),
            createdAt: try row.timestamp())
    }

    private static let eventInsertion = Insertion(
        into: "event",
        [
            Column("id", .text), Column("slot", .integer), Column("organisation_id", .text),
            Column("partner_id", .text), Column("type", .text), Column("object_id", .text),
            Column("body", .text), Column("created_at", .integer),
        ], makesNewIDs: true)

    static let deliveryInsertion = Insertion(
        into: "delivery",
        [
            Column("id", .text), Column("slot", .integer), Column("event_id", .text),
            Column("endpoint_id", .text), Column("attempt_count", .integer),
            Column("due_at", .integer), Column("lease", .integer), Column("deadline_at", .integer),
            Column("created_at", .integer),
        ])

    private static func subscribers(
        of event: Event, _ tx: any ReadTransaction
    ) throws -> [String] {
        try tx.rows(
            """
            SELECT e.id FROM webhook_endpoint e JOIN webhook_subscription s ON s.endpoint_id = e.id
            WHERE e.partner_id = \(event.partnerID.text) AND e.deleted_at IS NULL
            AND (e.organisation_id IS NULL OR e.organisation_id = \(event.organisationID.text))
            AND s.event_type = \(event.type.rawValue)
            """
        ) { try $0.text() }
    }
}
