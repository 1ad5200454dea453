import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// The page of an endpoint.
struct EndpointModel: Sendable {
    let id: String
    let path: String
    let listPath: String
    let url: String
    /// Whose events it gets; nil for all of the partner.
    let organisation: String?
    let organisationPath: String?
    let types: [String]
    let isPaused: Bool
    let state: StateChip
    let tally: TallyText
    let createdAt: TimeText
    let updatedAt: TimeText
    let formerSecretEnd: TimeText?
    let schedule = Limits.webhookScheduleText
    let deliveries: [DeliveryRow]
    let hasDeliveries: Bool
    /// What a saved form was made from.
    let version: Int64
    var urlField: FormField
    var typesField: TypesField
    var formError: String?
    /// Whether somebody else changed the endpoint while the form was open.
    var isStale = false
    /// Whether something in the form is wrong.
    var isRefused = false
    var overlap: FormField
    /// Of the form that makes a new secret, which is carried out once.
    let once = SentFormService.makeID()
    /// Only just after it was asked for.
    var secret: SecretModel?
    var test: TestModel?

    init(
        _ overview: WebhookService.Overview, _ log: [EventService.Logged], _ visit: SeatVisit
    ) {
        let endpoint = overview.endpoint
        id = endpoint.id.text
        path = visit.path("/webhooks/\(endpoint.id)")
        listPath = visit.path("/webhooks")
        url = endpoint.details.url
        organisation = overview.organisationName
        organisationPath = endpoint.organisationID.flatMap { id in
            visit.seat.owner.isPartnerLevel ? visit.path("/organisations/\(id)") : nil
        }
        types = endpoint.details.eventTypes.map(\.rawValue)
        isPaused = endpoint.details.isPaused
        state = StateChip(overview, now: visit.now)
        tally = TallyText(overview.tally)
        createdAt = TimeText(endpoint.createdAt)
        updatedAt = TimeText(endpoint.updatedAt)
        formerSecretEnd = TimeText(overview.formerSecretEnd)
        deliveries = log.map { DeliveryRow($0, visit) }
        hasDeliveries = !log.isEmpty
        version = endpoint.version
        let form = EndpointForm(endpoint)
        urlField = form.urlField
        typesField = form.typesField
        overlap = Self.overlap(String(Limits.secretOverlapHours), error: nil)
    }

    /// Shows what was typed instead of what is stored.
    mutating func refill(_ form: EndpointForm, isStale: Bool) {
        urlField = form.urlField
        typesField = form.typesField
        formError = form.faults.other
        self.isStale = isStale
        isRefused = !isStale
    }

    static func overlap(_ hours: String?, error: String?) -> FormField {
        FormField(
            "overlap_hours", "Hours in which both secrets sign", type: "number", value: hours,
            hint: "0 to 168. With 0 the former secret ends at once.", error: error)
    }
}

/// A secret that was just asked for, or made.
struct SecretModel: Sendable {
    let text: String
    let isNew: Bool

    init(_ text: String, isNew: Bool) {
        self.text = text
        self.isNew = isNew
    }
}

/// What came of a test event.
struct TestModel: Sendable {
    let eventID: String
    let body: String
    let attempt: AttemptRow

    init(_ test: WebhookTest) {
        eventID = test.eventID.text
        body = JSONText.indented(String(decoding: test.body, as: UTF8.self))
        attempt = AttemptRow(test.attempt, number: 1)
    }
}

/// A try to send, with its answer.
struct AttemptRow: Sendable {
    let number: String
    let startedAt: TimeText
    let duration: String
    let isSuccess: Bool
    let status: String?
    let sentence: String
    let address: String?
    let answer: String?
    /// Bytes of it that are kept.
    let answerLength: String

    /// Not optimised: the optimiser of Swift 6.3.1 stops at it ("Found ownership error", CopyPropagation).
    @_optimize(none)
    init(_ attempt: DeliveryAttempt, number: Int) {
        self.number = String(number)
        startedAt = TimeText(attempt.startedAt)
        duration = Money.count(attempt.durationMilliseconds) + " ms"
        isSuccess = attempt.isSuccess
        status = attempt.status.map { String($0) }
        sentence = attempt.sentence
        address = attempt.address
        let text = attempt.answer
        answer = text
        answerLength = Money.count(Int64((text ?? "").utf8.count))
    }
}

/// A delivery in a list.
struct DeliveryRow: Sendable {
    let path: String
    /// nil when the event is not there any more.
    let type: String?
    let objectID: String?
    let objectPath: String?
    let state: StateChip
    let attempts: String
    let nextAttemptAt: TimeText?
    let createdAt: TimeText

    init(_ logged: EventService.Logged, _ visit: SeatVisit) {
        let (delivery, event) = (logged.delivery, logged.event)
        path = visit.path("/webhooks/deliveries/\(delivery.id)")
        type = event?.type.rawValue
        objectID = event?.objectID
        objectPath = event.flatMap { $0.type.path(of: $0.objectID) }.map(visit.path)
        state = StateChip(delivery)
        attempts = String(delivery.attemptCount)
        nextAttemptAt = TimeText(delivery.nextAttemptAt)
        createdAt = TimeText(delivery.createdAt)
    }
}
