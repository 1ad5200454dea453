import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// The list of events.
struct EventListModel: Sendable {
    let path: String
    let listPath: String
    let csvPath: String
    let jsonPath: String
    let types: [Choice]
    let objectID: String
    let organisationID: String
    let from: String
    let to: String
    let ignored: String?
    let isFiltered: Bool
    /// Whether the account has more than one organisation.
    let hasOrganisations: Bool
    let events: [Row]
    let hasEvents: Bool
    let pager: Pager

    /// One of them.
    struct Row: Sendable {
        let path: String
        let type: String
        let objectID: String
        let objectPath: String?
        let organisation: String
        let createdAt: TimeText
    }

    init(
        _ asked: EventQuery, _ events: [Event], _ names: [String: String],
        _ visit: SeatVisit, _ pager: Pager
    ) {
        let query = FormFields.query(visit.query.filters())
        path = visit.path("/webhooks/events")
        listPath = visit.path("/webhooks")
        csvPath = path + "/export.csv" + query
        jsonPath = path + "/export.json" + query
        types = Choice.eventTypes(chosen: asked.filter.type)
        objectID = asked.filter.objectID ?? ""
        organisationID = asked.filter.organisationID?.text ?? ""
        from = TimeRange.input(asked.filter.createdFrom)
        to = TimeRange.input(asked.filter.createdTo)
        ignored = asked.ignored.ignoredNote
        isFiltered = !query.isEmpty
        hasOrganisations = visit.seat.owner.isPartnerLevel
        self.events = events.map { event in
            Row(
                path: visit.path("/webhooks/events/\(event.id)"), type: event.type.rawValue,
                objectID: event.objectID,
                objectPath: event.type.path(of: event.objectID).map(visit.path),
                organisation: names[event.organisationID.text] ?? event.organisationID.text,
                createdAt: TimeText(event.createdAt))
        }
        hasEvents = !events.isEmpty
        self.pager = pager
    }

    /// Of the file.
    static let columns: [Export<Event>.Column] = [
        .init("id") { .text($0.id.text) },
        .init("type") { .text($0.type.rawValue) },
        .init("object_id") { .text($0.objectID) },
        .init("organisation_id") { .text($0.organisationID.text) },
        .init("created_at") { .time($0.createdAt) },
        .init("body") { .text(String(decoding: $0.body, as: UTF8.self)) },
    ]
}

/// An event with its deliveries.
struct EventPageModel: Sendable {
    let event: EventModel
    let listPath: String
    let deliveries: [Row]
    let hasDeliveries: Bool
    /// How many there are, where not all are shown.
    let deliveryCount: String?

    /// A delivery of this event.
    struct Row: Sendable {
        let path: String
        let url: String
        let endpointPath: String
        let state: StateChip
        let attempts: String
        let nextAttemptAt: TimeText?
    }

    init(
        _ event: EventModel, _ log: Listing<Delivery>, _ urls: [WebhookEndpointID: String],
        _ visit: SeatVisit
    ) {
        // The oldest endpoint first: all were made at one time.
        let deliveries = log.items.sorted { $0.endpointID.text < $1.endpointID.text }
        self.event = event
        listPath = visit.path("/webhooks/events")
        self.deliveries = deliveries.map { delivery in
            Row(
                path: visit.path("/webhooks/deliveries/\(delivery.id)"),
                url: urls[delivery.endpointID] ?? delivery.endpointID.text,
                endpointPath: visit.path("/webhooks/\(delivery.endpointID)"),
                state: StateChip(delivery), attempts: String(delivery.attemptCount),
                nextAttemptAt: TimeText(delivery.nextAttemptAt))
        }
        hasDeliveries = !deliveries.isEmpty
        deliveryCount =
            log.count > Int64(deliveries.count)
            ? "\(deliveries.count) of \(Money.count(log.count))" : nil
    }
}
