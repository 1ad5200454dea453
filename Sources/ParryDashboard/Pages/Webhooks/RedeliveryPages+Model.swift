import ParryDomain
import ParryService
import ParryWire

/// What is to be sent again.
struct RedeliveryQuery: Sendable {
    let states: [DeliveryState]
    let from: Timestamp?
    let to: Timestamp?
    private(set) var ignored: [String]

    init(_ fields: FormFields) {
        let range = TimeRange(fields)
        (from, to) = (range.from, range.to)
        ignored = range.ignored
        let words = fields.all("states").filter { !$0.isEmpty }
        let known = words.compactMap(EndedDeliveryState.init)
        if known.count < words.count { ignored.append("states") }
        let chosen = known.compactMap { DeliveryState(rawValue: $0.rawValue) }
        states = chosen.isEmpty ? [.failed] : chosen
    }
}

/// The question before many deliveries are sent again.
struct RedeliverModel: Sendable {
    let url: String
    let path: String
    let endpointPath: String
    let states: [Choice]
    let chosenStates: [String]
    let from: String
    let to: String
    let ignored: String?
    let isPaused: Bool
    var error: String?
    /// How many it is about; nil when that is not known.
    private(set) var count: String?
    private(set) var isNone = false

    init(_ endpoint: WebhookEndpoint, _ asked: RedeliveryQuery, _ visit: SeatVisit) {
        url = endpoint.details.url
        endpointPath = visit.path("/webhooks/\(endpoint.id)")
        path = endpointPath + "/redeliver"
        states = [
            Choice("FAILED", "Failed", isChosen: asked.states.contains(.failed)),
            Choice("DELIVERED", "Delivered", isChosen: asked.states.contains(.delivered)),
        ]
        chosenStates = asked.states.map(\.rawValue)
        from = TimeRange.input(asked.from)
        to = TimeRange.input(asked.to)
        ignored = asked.ignored.ignoredNote
        isPaused = endpoint.details.isPaused
    }

    /// - Parameter number: One more than the bound of a count stands for all beyond it.
    mutating func count(_ number: Int64) {
        let max = Int64(Limits.redeliveriesCountedMax)
        isNone = number == 0
        count = number > max ? "More than \(Money.count(max))" : Money.count(number)
    }
}

/// A job and how far it has come.
struct RedeliveryModel: Sendable {
    let id: String
    let path: String
    let listPath: String
    let url: String
    let endpointPath: String
    let state: StateChip
    let isRunning: Bool
    let states: String
    let count: String
    let from: TimeText
    let to: TimeText
    let createdAt: TimeText
    let updatedAt: TimeText

    init(_ job: Redelivery, _ urls: [WebhookEndpointID: String], _ visit: SeatVisit) {
        let request = job.request
        id = job.id.text
        path = visit.path("/webhooks/redeliveries/\(job.id)")
        listPath = visit.path("/webhooks/redeliveries")
        url = urls[request.endpointID] ?? request.endpointID.text
        endpointPath = visit.path("/webhooks/\(request.endpointID)")
        state = StateChip(job.status)
        isRunning = job.status == .running
        states = request.states.map { StateChip($0).label.lowercased() }
            .joined(separator: " and ")
        count = Money.count(job.redeliveredCount)
        from = TimeText(request.createdFrom)
        to = TimeText(request.createdTo)
        createdAt = TimeText(job.createdAt)
        updatedAt = TimeText(job.updatedAt)
    }
}

/// The jobs of an account.
struct RedeliveryListModel: Sendable {
    let jobs: [RedeliveryModel]
    let hasJobs: Bool
    let listPath: String
    let pager: Pager
}

extension WebhookError {
    /// What is wrong with a range of times, in the words of the form.
    var redeliverySentence: String {
        switch self {
        case .deliveryExpired(let days):
            "Deliveries are kept for \(days) days. Choose a later beginning."
        case .rangeEndsBeforeItBegins: "The range ends before it begins."
        case .adminGroupRequired, .tooManyEndpoints, .unknownCursor, .cursorExpired: sentence
        }
    }
}
