import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// The log of an endpoint's deliveries.
struct DeliveryListModel: Sendable {
    let url: String
    let path: String
    let endpointPath: String
    let redeliverPath: String
    let csvPath: String
    let jsonPath: String
    let states: [Choice]
    let types: [Choice]
    let eventID: String
    let from: String
    let to: String
    let ignored: String?
    let isFiltered: Bool
    let deliveries: [DeliveryRow]
    let hasDeliveries: Bool
    /// nil where a type is looked for.
    private(set) var pager: Pager?
    /// Only there.
    private(set) var search: Search?

    /// How far a type was looked for.
    struct Search: Sendable {
        let count: String
        /// How far the log was looked through; nil when enough were found.
        let backTo: TimeText?
        let newestPath: String?
        let olderPath: String?
        let hasLinks: Bool
    }

    init(
        _ endpoint: WebhookEndpoint, _ asked: DeliveryQuery, _ log: Listing<EventService.Logged>,
        _ page: Page, _ visit: SeatVisit
    ) {
        self.init(endpoint, asked, log.items, visit)
        pager = Pager(page, count: log.count, path: path, query: visit.query)
    }

    init(
        _ endpoint: WebhookEndpoint, _ asked: DeliveryQuery, _ found: EventService.Found,
        _ visit: SeatVisit
    ) {
        self.init(endpoint, asked, found.items, visit)
        let kept = Self.filters(visit)
        search = Search(
            count: Money.count(Int64(Limits.deliveriesLookedThroughMax)),
            backTo: found.isCut ? TimeText(found.next?.createdAt) : nil,
            newestPath: asked.filter.behind.map { _ in path + FormFields.query(kept) },
            olderPath: found.next.map {
                path + FormFields.query(kept + [(name: "behind", value: $0.text)])
            }, hasLinks: asked.filter.behind != nil || found.next != nil)
    }

    /// What narrows the log; where one is in it does not.
    private static func filters(_ visit: SeatVisit) -> [(name: String, value: String)] {
        visit.query.filters(besides: ["behind"])
    }

    private init(
        _ endpoint: WebhookEndpoint, _ asked: DeliveryQuery, _ log: [EventService.Logged],
        _ visit: SeatVisit
    ) {
        let filter = asked.filter
        let query = FormFields.query(Self.filters(visit))
        url = endpoint.details.url
        endpointPath = visit.path("/webhooks/\(endpoint.id)")
        path = endpointPath + "/deliveries"
        redeliverPath = endpointPath + "/redeliver"
        csvPath = path + "/export.csv" + query
        jsonPath = path + "/export.json" + query
        states =
            [Choice("", "Any")]
            + DeliveryState.allCases.map {
                Choice($0.rawValue, StateChip($0).label, isChosen: $0 == filter.state)
            }
        types = Choice.eventTypes(chosen: filter.eventType)
        eventID = filter.eventID?.text ?? ""
        from = TimeRange.input(filter.createdFrom)
        to = TimeRange.input(filter.createdTo)
        ignored = asked.ignored.ignoredNote
        isFiltered = !query.isEmpty
        deliveries = log.map { DeliveryRow($0, visit) }
        hasDeliveries = !log.isEmpty
    }

    /// Of the file.
    static let columns: [Export<EventService.Logged>.Column] = [
        .init("id") { .text($0.delivery.id.text) },
        .init("webhook_endpoint_id") { .text($0.delivery.endpointID.text) },
        .init("event_id") { .text($0.delivery.eventID.text) },
        .init("event_type") { .text($0.event?.type.rawValue) },
        .init("object_id") { .text($0.event?.objectID) },
        .init("state") { .text($0.delivery.state.rawValue) },
        .init("attempt_count") { .number($0.delivery.attemptCount) },
        .init("next_attempt_at") { .time($0.delivery.nextAttemptAt) },
        .init("created_at") { .time($0.delivery.createdAt) },
    ]
}

/// One delivery with its event and its tries.
struct DeliveryModel: Sendable {
    let id: String
    let path: String
    let url: String
    let endpointPath: String
    let logPath: String
    let state: StateChip
    let isPaused: Bool
    let isPending: Bool
    let attemptCount: String
    let nextAttemptAt: TimeText?
    let createdAt: TimeText
    let schedule = Limits.webhookScheduleText
    /// nil when the event is not there any more.
    let event: EventModel?
    let attempts: [AttemptRow]
    let hasAttempts: Bool
    /// How many are shown, where there may be more.
    let attemptsCut: String?

    init(
        _ delivered: EventService.Delivered, _ endpoint: WebhookEndpoint, _ event: EventModel?,
        _ visit: SeatVisit
    ) {
        let delivery = delivered.delivery
        id = delivery.id.text
        path = visit.path("/webhooks/deliveries/\(delivery.id)")
        url = endpoint.details.url
        endpointPath = visit.path("/webhooks/\(endpoint.id)")
        logPath = endpointPath + "/deliveries"
        state = StateChip(delivery)
        isPaused = endpoint.details.isPaused
        isPending = delivery.state == .pending
        attemptCount = String(delivery.attemptCount)
        nextAttemptAt = TimeText(delivery.nextAttemptAt)
        createdAt = TimeText(delivery.createdAt)
        self.event = event
        attempts = delivered.attempts.enumerated().map { AttemptRow($1, number: $0 + 1) }
        hasAttempts = !delivered.attempts.isEmpty
        attemptsCut =
            delivered.attempts.count < Limits.attemptsShownMax
            ? nil : String(Limits.attemptsShownMax)
    }
}

/// An event with its body.
struct EventModel: Sendable {
    let id: String
    let path: String
    let type: String
    let objectID: String
    let objectPath: String?
    let organisation: String
    let organisationPath: String?
    let createdAt: TimeText
    /// The very bytes that are signed.
    let body: String
    let indentedBody: String

    /// - Parameter names: Of organisations.
    init(_ event: Event, _ names: [String: String], _ visit: SeatVisit) {
        id = event.id.text
        path = visit.path("/webhooks/events/\(event.id)")
        type = event.type.rawValue
        objectID = event.objectID
        objectPath = event.type.path(of: event.objectID).map(visit.path)
        organisation = names[event.organisationID.text] ?? event.organisationID.text
        organisationPath =
            visit.seat.owner.isPartnerLevel
            ? visit.path("/organisations/\(event.organisationID)") : nil
        createdAt = TimeText(event.createdAt)
        body = String(decoding: event.body, as: UTF8.self)
        indentedBody = JSONText.indented(body)
    }
}

extension Choice {
    /// Every event type, for a filter.
    static func eventTypes(chosen: EventType?) -> [Choice] {
        [Choice("", "Any")]
            + EventType.allCases.map {
                Choice($0.rawValue, $0.rawValue, isChosen: $0 == chosen)
            }
    }
}
