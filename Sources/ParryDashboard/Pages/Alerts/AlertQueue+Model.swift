import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// The page of the queue.
struct AlertQueueModel: Sendable {
    /// Of the queue, without a query.
    let path: String
    let tabs: [Tab]
    let view: String
    let isOpenView: Bool
    let search: String
    /// As what it was read; nil for a mere text, and for none.
    let meaning: String?
    let filters: [ListFilter]
    /// The enrolment whose alerts these are alone; nil for any.
    let enrolment: Narrowing?
    let sorts: [Choice]
    let isNarrowed: Bool
    /// The tab alone, without filters.
    let widePath: String
    let ignored: String?
    let hasRows: Bool
    let rows: [AlertQueueRow]
    let showsOrganisation: Bool
    let canAct: Bool
    let actions: [Action]
    let empty: String
    let pager: Pager
    let csv: String
    let json: String
    let live: String
    /// The query of this page, to come back to.
    let back: String
    /// For the script.
    let openCount: Int64

    /// A tab.
    struct Tab: Sendable {
        let label: String
        let path: String
        let isCurrent: Bool
        let count: String?
    }

    /// A filter that another page set, and that can be taken away.
    struct Narrowing: Sendable {
        let id: String
        let name: String
        let path: String
        let withoutPath: String
    }

    /// Something that can be done to the chosen alerts.
    struct Action: Sendable {
        let word: String
        let label: String
        let key: String?
    }

    init(
        _ asked: AlertQueueFilter, _ queue: AlertService.Queue, _ names: AlertQueueNames,
        _ page: Page, _ visit: SeatVisit
    ) {
        let path = visit.path("/alerts")
        self.path = path
        let waiting = queue.waiting
        tabs = AlertQueueFilter.View.allCases.map { view in
            Tab(
                label: view.label, path: path + asked.query(of: view),
                isCurrent: view == asked.view, count: waiting.count(of: view))
        }
        view = asked.view.rawValue
        isOpenView = asked.view == .open
        search = visit.query.text("q") ?? ""
        meaning = asked.search?.meaning
        filters =
            [names.organisations, names.merchants].compactMap(\.self) + [
                ListFilter("network", "Network", chosen: asked.network, called: \.label),
                ListFilter("received_from", "Received from", asked.received.from, visit.query),
                ListFilter("received_to", "to", asked.received.to, visit.query),
            ]
        enrolment = names.enrolment.map {
            Narrowing(
                id: asked.enrolmentID?.text ?? "", name: $0.name, path: $0.path,
                withoutPath: path + asked.query(without: "enrolment"))
        }
        sorts = AlertQueueFilter.Order.allCases.map {
            Choice($0.rawValue, $0.label, isChosen: $0 == asked.order)
        }
        isNarrowed = asked.isNarrowed
        widePath = path + "?view=\(asked.view.rawValue)"
        ignored = asked.ignored.ignoredNote
        let showsOrganisation = visit.seat.owner.isPartnerLevel
        self.showsOrganisation = showsOrganisation
        rows = queue.alerts.items.map { alert in
            AlertQueueRow(
                alert, at: queue.moments[alert.organisationID] ?? Moment(visit.now),
                organisation: showsOrganisation ? queue.organisations[alert.organisationID] : nil,
                visit)
        }
        hasRows = !rows.isEmpty
        canAct = visit.allows(.act) && rows.contains(where: \.isOpen)
        actions = Self.actions(queue)
        empty = asked.emptySentence
        pager = Pager(page, count: queue.alerts.count, path: path, query: visit.query)
        csv = path + "/export.csv" + FormFields.query(asked.kept)
        json = path + "/export.json" + FormFields.query(asked.kept)
        live = path + "/live?since=\(queue.position)"
        back = FormFields.query(
            asked.kept + (visit.query.text("page").map { [(name: "page", value: $0)] } ?? []))
        openCount = waiting.open
    }

    private static func actions(_ queue: AlertService.Queue) -> [Action] {
        AlertAction.allCases.filter { !$0.cancels || queue.allowsCancel }.map { action in
            Action(
                word: action.rawValue, label: action.buttonLabel,
                key: action == .refund ? "r" : action == .acceptDispute ? "a" : nil)
        }
    }
}

extension AlertStore.Waiting {
    /// Of a tab that somebody has to empty.
    fileprivate func count(of view: AlertQueueFilter.View) -> String? {
        switch view {
        case .open: Money.count(open)
        case .attention: Money.count(attention)
        case .resolved, .invalid, .all: nil
        }
    }
}

extension ListFilter {
    /// A date; what could not be read as one stands there still.
    fileprivate init(_ name: String, _ label: String, _ date: Timestamp?, _ query: FormFields) {
        self.init(name, label, type: "date", value: date == nil ? nil : query.text(name))
    }
}

extension AlertQueueFilter {
    /// What an empty list says.
    fileprivate var emptySentence: String {
        if isNarrowed { return "No alert here fits the search and filters." }
        return switch view {
        case .open: "Nothing waits for you."
        case .attention: "Nothing that somebody has to look at."
        case .resolved: "No alert has been resolved yet."
        case .invalid: "No alert was invalid."
        case .all: "No alert has arrived yet. They come once an enrolment is enabled."
        }
    }
}

extension AlertAction {
    /// As a button says it.
    var buttonLabel: String {
        switch self {
        case .refund: "Refund…"
        case .cancel: "Cancel…"
        case .refundAndCancel: "Refund and cancel…"
        case .acceptDispute: "Accept the dispute…"
        }
    }
}
