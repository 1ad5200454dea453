package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `event`, which is append-only and at once the outbox: each event's deliveries are rows of
/// `delivery` that are written in the same transaction.
package struct EventStore {
    /// An event that is to be appended.
    package struct New: Sendable {
        package let event: Event
        /// When the alert that it tells of has to be actioned, if one waits.
        package let deadline: Timestamp?
        /// From when on it is sent, in real time.
        package let dueAt: Timestamp

        package init(_ event: Event, deadline: Timestamp? = nil, dueAt: Timestamp? = nil) {
            self.event = event
            self.deadline = deadline
            self.dueAt = dueAt ?? event.createdAt
        }
    }

    /// Appends an event and a delivery for each endpoint that subscribed to its type.
    ///
    /// - Returns: How many deliveries now wait.
    @discardableResult
    package static func append(_ event: Event, _ tx: any WriteTransaction) throws -> Int {
        try append([New(event)], tx)
    }

    /// The same for several.
    @discardableResult
    package static func append(_ news: [New], _ tx: any WriteTransaction) throws -> Int {
        let events = news.map(\.event)
        let positions = try EventFeedStore.positions(for: events, tx)
        try tx.insert(zip(events, positions).map(row), by: eventInsertion)
        var known: [Audience: [String]] = [:]
        var deliveries: [[SQLValue]] = []
        for new in news {
            let audience = Audience(new.event)
            let endpoints = try known[audience] ?? subscribers(of: new.event, tx)
            known[audience] = endpoints
            deliveries += endpoints.map { delivery(of: new, to: $0) }
        }
        try tx.insert(deliveries, by: deliveryInsertion)
        return deliveries.count
    }

    /// What decides who hears of an event.
    private struct Audience: Hashable {
        let partnerID: PartnerID
        let organisationID: OrganisationID
        let type: EventType

        init(_ event: Event) {
            partnerID = event.partnerID
            organisationID = event.organisationID
            type = event.type
        }
    }

    private static func row(of event: Event, at position: Int64?) -> [SQLValue] {
        [
            .text(event.id.text), .integer(Int64(event.organisationID.slot)),
            .text(event.organisationID.text), .text(event.partnerID.text),
            .text(event.type.rawValue), .text(event.objectID),
            .text(String(decoding: event.body, as: UTF8.self)),
            .integer(event.createdAt.milliseconds), .init(position),
        ]
    }

    private static func delivery(of new: New, to endpoint: String) -> [SQLValue] {
        let slot = new.event.organisationID.slot
        return [
            .text(DeliveryID.make(at: new.dueAt, slot: slot).text), .integer(Int64(slot)),
            .text(new.event.id.text), .text(endpoint), .integer(0),
            .integer(new.dueAt.milliseconds), .integer(0), .init(new.deadline?.milliseconds),
            .integer(new.dueAt.milliseconds),
        ]
    }

    /// What a list lets through, newest first (amendment 8).
    package struct Filter: Sendable {
        package var organisationID: OrganisationID?
        package var type: EventType?
        package var objectID: String?
        /// Inclusive, in milliseconds.
        package var createdFrom: Timestamp?
        package var createdTo: Timestamp?
        /// Behind this one in the list, newest first: for who reads all of it.
        package var behind: Event?
        /// Whether the rows are counted.
        package var isCounted = true
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
            if let behind {
                let time = behind.createdAt.milliseconds
                conditions.append("created_at <= \(time)")
                conditions.append("(created_at < \(time) OR id < \(behind.id.text))")
            }
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
            index: filter.objectID == nil ? "event_organisation" : "event_object",
            conditions: filter.conditions,
            order: ListOrder(by: "created_at", filter.direction), page: page,
            count: filter.isCounted ? nil : "SELECT 0"
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

    /// The events about one resource of an organisation that this owner sees, the oldest first.
    ///
    /// - Parameter organisation: Whose resource it is.
    package static func about(
        _ objectID: String, of organisation: OrganisationID, for owner: Owner, limit: Int,
        _ tx: any ReadTransaction
    ) throws -> [Event] {
        try tx.rows(
            """
            SELECT \(columns) FROM event \(tx.dialect.indexed(by: "event_object"))
            WHERE object_id = \(objectID) AND slot = \(organisation.slot)
            AND \(owner.sees(rowOf: "event")) ORDER BY id LIMIT \(limit)
            """, read)
    }

    /// What an event is about, without its body.
    package struct Head: Sendable, Hashable {
        package let type: EventType
        package let objectID: String
        package let organisationID: OrganisationID
    }

    /// The heads of those events that this owner sees, for lists that name them.
    package static func heads(
        of ids: [EventID], for owner: Owner, _ tx: any ReadTransaction
    ) throws -> [EventID: Head] {
        guard !ids.isEmpty else { return [:] }
        let rows = try tx.rows(
            """
            SELECT id, type, object_id, organisation_id FROM event
            WHERE id IN \(anyOf: Set(ids).map(\.text).sorted())
            \(tx.dialect.inSlots(Set(ids.map { Int64($0.slot) }).sorted()))
            AND \(owner.sees(rowOf: "event"))
            """
        ) { row in
            (
                EventID(stored: try row.text()),
                Head(
                    type: try row.word(), objectID: try row.text(),
                    organisationID: .init(stored: try row.text()))
            )
        }
        return Dictionary(rows) { first, _ in first }
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
            Column("body", .text), Column("created_at", .integer), Column("position", .integer),
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
