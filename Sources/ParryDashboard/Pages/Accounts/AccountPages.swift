import Hummingbird
import ParryDomain
import ParryService
import ParryWire

/// The choice of an account: partners, groups and organisations, TEST and LIVE.
enum AccountPages {
    static let routes: [Route] = [
        Route(.get, "", .person(show))
    ]

    /// The accounts of a person.
    struct Model: Sendable {
        let search: String
        let isSearched: Bool
        let accounts: [Account]
        /// Whether there are more than are shown.
        let isCut: Bool
    }

    /// An account to choose.
    struct Account: Sendable {
        let path: String
        let name: String
        let partner: String?
        let mode: String
        let isTest: Bool
        let role: String
        let kind: String
    }

    /// Who has one account alone is led there.
    private static func show(_ visit: PersonVisit) async throws -> Response {
        let search = visit.query.text("q") ?? ""
        let seats = try await visit.base.site.services.seats.list(
            for: visit.visitor, name: search)
        if seats.count == 1, search.isEmpty, !visit.visitor.person.isOperator {
            let notice = Notice(visit.query).map { "?" + $0.query } ?? ""
            return visit.redirect(to: "/dashboard/\(seats[0].id)\(notice)")
        }
        return visit.page(
            "accounts", title: "Accounts",
            Model(
                search: search, isSearched: !search.isEmpty, accounts: seats.map(Account.init),
                isCut: seats.count == Limits.seatsShownMax))
    }
}

extension AccountPages.Account {
    fileprivate init(_ seat: Seat) {
        path = "/dashboard/\(seat.id)"
        name = seat.name
        partner = seat.partnerName == seat.name ? nil : seat.partnerName
        mode = seat.mode.rawValue
        isTest = seat.mode == .test
        role = seat.role.label
        kind =
            switch seat.owner {
            case .adminGroup: "Partner"
            case .restrictedGroup: "Group"
            case .organisation: "Organisation"
            }
    }
}
