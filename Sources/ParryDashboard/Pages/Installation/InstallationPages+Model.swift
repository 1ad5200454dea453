import ParryDomain
import ParryStore
import ParryWire

extension InstallationPages {
    /// The page.
    struct Model: Sendable {
        let search: String
        let isSearched: Bool
        /// What the exports keep of the address.
        let query: String
        let partners: [Row]
        let pager: Pager
        let operators: [GroupPages.Member]
        let invited: [GroupPages.Waiting]
        let state: StateModel
    }

    /// A partner of the list.
    struct Row: Sendable {
        let path: String
        let id: String
        let name: String
        let mode: String
        let isTest: Bool
        let organisations: String
        let groups: String
        let keys: String
        let createdAt: TimeText

        init(_ summary: AccountStore.Summary) {
            let partner = summary.partner
            path = "/dashboard/\(partner.id.text)"
            id = partner.id.text
            name = partner.name
            mode = partner.mode.rawValue
            isTest = partner.mode == .test
            organisations = Money.count(summary.organisationCount)
            groups = Money.count(summary.groupCount)
            keys = Money.count(summary.keyCount)
            createdAt = TimeText(partner.createdAt)
        }
    }

    /// How the installation is.
    struct StateModel: Sendable {
        let schema: String
        let isCurrent: Bool
        let known: String
        let engine: String
        let queues: [Queue]
        /// Events that the feed does not show yet.
        let unnumbered: String
    }

    /// What waits to be sent.
    struct Queue: Sendable {
        let name: String
        /// The modes in which a network is connected.
        let connected: String
        let due: String
        let waiting: String
        let parked: String
        let oldestDue: TimeText?

        init(_ depth: WebhookQueueDepth) {
            name = "Webhooks"
            connected = "–"
            due = Money.count(depth.due)
            waiting = Money.count(depth.waiting)
            parked = Money.count(depth.paused)
            oldestDue = TimeText(depth.oldestDue)
        }

        init(_ depth: NetworkQueueDepth, _ connections: NetworkConnections) {
            name = depth.network.label
            let modes = AccountMode.allCases.filter {
                connections.networks(of: $0).contains(depth.network)
            }
            connected = modes.isEmpty ? "no" : modes.map(\.rawValue).joined(separator: ", ")
            due = "–"
            waiting = Money.count(depth.waiting)
            parked = Money.count(depth.parked)
            oldestDue = TimeText(depth.oldestDue)
        }
    }

    /// A new partner.
    struct PartnerModel: Sendable {
        let name: FormField
        let mode: FormField
    }
}

extension CardNetwork {
    /// As people say it.
    fileprivate var label: String {
        switch self {
        case .ethoca: "Ethoca"
        case .verifi: "Verifi"
        }
    }
}
