import ParryDomain
import ParryStore
import ParryWire

/// What the address of the queue asks for: `?view=open&q=4242&received_from=2026-11-01`.
struct AlertQueueFilter: Sendable {
    /// A tab of the queue.
    enum View: String, Sendable, CaseIterable {
        case open, attention, resolved, invalid, all

        var label: String {
            switch self {
            case .open: "Open"
            case .attention: "Needs attention"
            case .resolved: "Resolved"
            case .invalid: "Invalid"
            case .all: "All"
            }
        }
    }

    /// An order of the queue.
    enum Order: String, Sendable, CaseIterable {
        case deadline, newest, oldest

        var label: String {
            switch self {
            case .deadline: "Least time left first"
            case .newest: "Newest first"
            case .oldest: "Oldest first"
            }
        }
    }

    /// A network, as addresses call it.
    enum Network: String, Sendable, CaseIterable {
        case ethoca, rdr

        var label: String { self == .ethoca ? "Ethoca" : "Verifi RDR" }

        fileprivate var type: EnrolmentType { self == .ethoca ? .ethocaAlert : .verifiRDR }
    }

    let view: View
    let order: Order
    let network: Network?
    let search: AlertSearch?
    let organisationID: OrganisationID?
    let merchantID: MerchantID?
    let enrolmentID: EnrolmentID?
    let received: DateRange
    /// What the address says, without what belongs to one page alone.
    let kept: [(name: String, value: String)]
    /// The names of what could not be read.
    let ignored: [String]

    init(_ query: FormFields) {
        var reader = ListFilterReader(query)
        let view: View = reader.word("view") ?? .open
        self.view = view
        order = reader.word("sort") ?? (view == .open ? .deadline : .newest)
        network = reader.word("network")
        organisationID = reader.id("organisation")
        merchantID = reader.id("merchant")
        enrolmentID = reader.id("enrolment")
        search = query.text("q").flatMap(AlertSearch.init)
        received = DateRange(query, "received")
        kept = query.filters(besides: ["at"])
        ignored = reader.ignored + received.ignored
    }

    /// The same for the store.
    var stored: AlertStore.Filter {
        var filter = AlertStore.Filter()
        switch view {
        case .open: filter.status = .actionRequired
        case .attention: filter.needsAttention = true
        case .resolved: filter.status = .resolved
        case .invalid: filter.status = .invalid
        case .all: break
        }
        filter.sort = order == .deadline ? .deadline : .receivedAt
        filter.direction = order == .newest ? .descending : .ascending
        filter.enrolmentType = network?.type
        filter.search = search
        filter.organisationID = organisationID
        filter.merchantID = merchantID
        filter.enrolmentID = enrolmentID
        filter.receivedFrom = received.from
        filter.receivedTo = received.to
        return filter
    }

    /// Whether more than the tab leaves something out.
    var isNarrowed: Bool {
        search != nil || network != nil || organisationID != nil || merchantID != nil
            || enrolmentID != nil || received.from != nil || received.to != nil
    }

    /// The query without one of its filters.
    func query(without name: String) -> String {
        FormFields.query(kept.filter { $0.name != name })
    }

    /// The query of another tab that keeps the filters; its order is its own.
    func query(of view: View) -> String {
        FormFields.query(
            [(name: "view", value: view.rawValue)]
                + kept.filter {
                    $0.name != "view" && $0.name != "sort"
                })
    }
}

extension AlertSearch {
    /// As what it was read.
    var meaning: String? {
        switch self {
        case .id: "an alert's id"
        case .acquirerReferenceNumber: "an ARN"
        case .last4: "the last 4 of a card, or a transaction's reference"
        case .sixDigits: "an authorisation code, a BIN, or a transaction's reference"
        case .amount(let amount):
            amount.currency == nil ? "an amount, in any currency" : "an amount"
        case .text: nil
        }
    }
}
