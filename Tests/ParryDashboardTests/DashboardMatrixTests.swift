import HTTPTypes
import ParryDomain
import ParryServer
import ParryService
import ParryTestSupport
import ParryWire
import Testing

@testable import ParryDashboard

/// Walks every page and form with every kind of person. A new route is walked as soon as it is in its table.
@Suite("The dashboard's authorisation matrix")
struct DashboardMatrixTests {
    @Test("Every page and form against every role, in its own and in another's account")
    func matrix() async throws {
        try await TestWorld.run { world in
            let acme = try await world.customer()
            let organisation = OrganisationID(stored: acme.organisation)
            for role in SeatRole.allCases {
                let person = try await world.browser(as: role, in: organisation)
                for route in Dashboard.routes {
                    guard case .seat(let power, _) = route.access else { continue }
                    // A stream, which has no end.
                    if route.path == "/alerts/live", role.powers.contains(power) { continue }
                    let isPartnerLevel = person.seatID != acme.organisation
                    let isOpen =
                        role.powers.contains(power)
                        && (isPartnerLevel || ![.setUp, .organisations].contains(power))
                    let page = try await Self.send(route, person.browser, person.seatID)
                    #expect(
                        (page.status != 403) == isOpen,
                        "\(role) \(route.method) \(route.path): \(page.status)")
                    #expect(page.status < 500, "\(role) \(route.path): \(page.html)")
                }
            }
        }
    }

    @Test("Another partner's account does not exist for anybody but operators")
    func foreign() async throws {
        try await TestWorld.run { world in
            let acme = try await world.customer()
            let other = try await world.platform.accounts.createPartner(
                name: "Other", mode: .live, now: Platform.now())
            for role in SeatRole.allCases where role != .operator {
                let person = try await world.browser(
                    as: role, in: OrganisationID(stored: acme.organisation))
                for route in Dashboard.routes {
                    guard case .seat = route.access else { continue }
                    for account in [other.partner.id.text, other.adminGroup.id.text] {
                        let page = try await Self.send(route, person.browser, account)
                        #expect(page.status == 404, "\(role) \(route.path): \(page.status)")
                    }
                }
            }
        }
    }

    @Test("Who is not signed in is sent to sign in, and comes back to where they were")
    func nobody() async throws {
        try await TestWorld.run { world in
            let account = world.partnerID.text
            let browser = world.browser()
            for route in Dashboard.routes {
                if case .open = route.access { continue }
                let page = try await Self.send(route, browser, account)
                #expect(page.status == 303, "\(route.path): \(page.status)")
                #expect(page.location?.hasPrefix("/dashboard/sign-in?next=") == true)
            }
        }
    }

    @Test("A form without its session's token changes nothing")
    func forged() async throws {
        try await TestWorld.run { world in
            let acme = try await world.customer()
            let person = try await world.browser(
                as: .operator, in: OrganisationID(stored: acme.organisation))
            for route in Dashboard.routes where route.method == .post {
                if case .open = route.access { continue }
                let path = Self.path(route, person.seatID)
                for fields in [[], [("_token", "wrong")]] {
                    let page = try await person.browser.post(path, fields, withToken: false)
                    #expect(page.status == 403, "\(route.path): \(page.status)")
                }
                let foreign = try await person.browser.post(
                    path, headers: [.origin: "https://evil.example"])
                #expect(foreign.status == 403, "\(route.path): \(foreign.status)")
            }
        }
    }

    private static func send(
        _ route: Route, _ browser: Browser, _ account: String
    ) async throws -> Browser.Page {
        let path = path(route, account)
        return route.method == .get
            ? try await browser.get(path) : try await browser.post(path)
    }

    /// With ids that name nothing.
    private static func path(_ route: Route, _ account: String) -> String {
        route.template.split(separator: "/").map { part in
            part == ":account" ? account : part.hasPrefix(":") ? "nothing" : String(part)
        }.reduce("") { $0 + "/" + $1 }
    }
}
