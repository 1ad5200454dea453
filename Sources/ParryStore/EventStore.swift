package import ParryDatabase
package import ParryDomain
import ParryWire

/// The rows of `event`, which is append-only and at once the outbox: each event's deliveries are rows of
/// `delivery` that are written in the same transaction.
package struct EventStore {
    /// Appends an event and a delivery for each endpoint that subscribed to its type.
    ///
    /// - Returns: How many deliveries now wait.
    @discardableResult
    package static func append(_ event: Event, _ tx: any WriteTransaction) throws -> Int {
        let slot = event.organisationID.slot
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
                .text(DeliveryID.make(at: event.createdAt, slot: slot).text),
                .integer(Int64(slot)), .text(event.id.text), .text(endpoint),
                .text(DeliveryState.pending.rawValue), .integer(0),
                .integer(event.createdAt.milliseconds), .integer(0),
                .integer(event.createdAt.milliseconds),
            ]
        }
        try tx.insert(deliveries, by: deliveryInsertion)
        return endpoints.count
    }

    private static let eventInsertion = Insertion(
        into: "event",
        [
            Column("id", .text), Column("slot", .integer), Column("organisation_id", .text),
            Column("partner_id", .text), Column("type", .text), Column("object_id", .text),
            Column("body", .text), Column("created_at", .integer),
        ], makesNewIDs: true)

    private static let deliveryInsertion = Insertion(
        into: "delivery",
        [
            Column("id", .text), Column("slot", .integer), Column("event_id", .text),
            Column("endpoint_id", .text), Column("state", .text), Column("attempt_count", .integer),
            Column("due_at", .integer), Column("lease", .integer), Column("created_at", .integer),
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
