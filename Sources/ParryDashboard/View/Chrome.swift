import ParryDomain
import ParryService
import ParryWire

/// What is around every page: head, banner, navigation, notice. Templates call it `chrome`.
struct Chrome: Sendable {
    var title: String
    let stylePath = Assets.stylePath
    let scriptPath = Assets.scriptPath
    let iconPath = Assets.iconPath
    /// The person's name; nil when nobody is signed in.
    var person: String?
    /// What every form carries.
    var formToken = ""
    /// The account; nil outside of one.
    var account: Account?
    var navigation: [Group] = []
    /// What was just done.
    var notice: String?
    var isOperator = false

    /// The account at work, as the banner shows it.
    struct Account: Sendable {
        let id: String
        /// `/dashboard/ptnr_…`
        let path: String
        let name: String
        /// The partner above it, where that is another.
        let partner: String?
        /// `TEST` or `LIVE`.
        let mode: String
        let isTest: Bool
        let role: String
    }

    /// Links that belong together.
    struct Group: Sendable {
        let label: String
        let links: [Link]
    }

    /// A link of the navigation.
    struct Link: Sendable {
        let label: String
        let path: String
        let isCurrent: Bool
    }

    init(title: String, site: Site) {
        self.title = title
    }

    /// Shows who is signed in.
    mutating func enter(_ visitor: Visitor) {
        person = visitor.person.name
        isOperator = visitor.person.isOperator
        formToken = visitor.token.formToken
    }

    /// Shows which account it is, and the pages that the role has there.
    mutating func enter(_ seat: Seat, _ section: Section) {
        let path = "/dashboard/\(seat.id)"
        account = Account(
            id: seat.id, path: path, name: seat.name,
            partner: seat.partnerName == seat.name ? nil : seat.partnerName,
            mode: seat.mode.rawValue, isTest: seat.mode == .test, role: seat.role.label)
        navigation = Section.groups.compactMap { group in
            let links = group.sections.filter { $0.isOpen(to: seat) }.map { item in
                Link(label: item.label, path: path + item.path, isCurrent: item == section)
            }
            return links.isEmpty ? nil : Group(label: group.label, links: links)
        }
    }
}

/// The pages that the navigation of an account has.
enum Section: Sendable {
    case overview, alerts, orders, enrolments
    case rulesets, organisations, merchants, integrations
    case webhooks, keys, people, signOn, audit
    /// Of a page that no link leads to.
    case none

    static let groups: [(label: String, sections: [Section])] = [
        ("Work", [.overview, .alerts, .orders, .enrolments]),
        ("Set-up", [.organisations, .merchants, .integrations, .rulesets]),
        ("Settings", [.webhooks, .keys, .people, .signOn, .audit]),
    ]

    var label: String {
        switch self {
        case .overview: "Overview"
        case .alerts: "Alerts"
        case .orders: "Orders"
        case .enrolments: "Enrolments"
        case .rulesets: "Rulesets"
        case .organisations: "Organisations"
        case .merchants: "Merchants"
        case .integrations: "Order feeds"
        case .webhooks: "Webhooks"
        case .keys: "API keys"
        case .people: "People"
        case .signOn: "Single sign-on"
        case .audit: "Audit log"
        case .none: ""
        }
    }

    /// Behind the account's own path.
    var path: String {
        switch self {
        case .overview, .none: ""
        case .alerts: "/alerts"
        case .orders: "/orders"
        case .enrolments: "/enrolments"
        case .rulesets: "/rulesets"
        case .organisations: "/organisations"
        case .merchants: "/merchants"
        case .integrations: "/integrations"
        case .webhooks: "/webhooks"
        case .keys: "/keys"
        case .people: "/people"
        case .signOn: "/sign-on"
        case .audit: "/audit"
        }
    }

    /// Whether the navigation of this account shows it.
    func isOpen(to seat: Seat) -> Bool {
        switch self {
        case .overview, .alerts, .orders, .enrolments, .rulesets, .merchants, .integrations:
            seat.allows(.view)
        case .organisations: seat.allows(.view) && seat.owner.isPartnerLevel
        case .webhooks: seat.allows(.webhooks)
        case .keys: seat.allows(.keys)
        case .people: seat.allows(.people)
        case .signOn:
            if case .adminGroup = seat.owner { seat.allows(.people) } else { false }
        case .audit: seat.allows(.audit)
        case .none: false
        }
    }
}

extension SeatRole {
    /// As people say it.
    var label: String {
        switch self {
        case .operator: "Operator"
        case .partnerAdministrator: "Administrator"
        case .groupMember: "Group member"
        case .organisationAdmin: "Admin"
        case .organisationStandard: "Standard"
        }
    }
}
