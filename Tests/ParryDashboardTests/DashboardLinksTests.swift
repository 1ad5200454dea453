import HTTPTypes
import ParryDomain
import ParryTestSupport
import Testing

@testable import ParryDashboard

/// Walks from page to page as each role: what is not allowed has no link and no form.
@Suite("What pages offer to each role")
struct DashboardLinksTests {
    @Test("No link and no form leads to a refusal, whatever the role")
    func offers() async throws {
        try await Showcase.run(on: .memory) { showcase in
            for (viewer, role) in [
                (Showcase.Viewer.operator, SeatRole.operator),
                (.administrator, .partnerAdministrator), (.member, .groupMember),
                (.admin, .organisationAdmin), (.standard, .organisationStandard),
            ] {
                var walk = LinkWalk(
                    showcase.browser(viewer), role, home: showcase.path("~", of: viewer))
                try await walk.run()
                #expect(walk.faults.isEmpty, "\(role): \(walk.faults.joined(separator: "\n"))")
                #expect(walk.count > 20, "\(role) saw \(walk.count) pages")
            }
        }
    }
}

/// The way of one person over all kinds of pages, a few of each.
private struct LinkWalk {
    private static let ofOneKindMax = 3

    private let browser: Browser
    private let role: SeatRole
    private let home: String
    private var waiting: [(path: String, from: String)]
    private var seen: Set<String> = []
    private var kinds: [String: Int] = [:]
    private(set) var count = 0
    private(set) var faults: [String] = []

    init(_ browser: Browser, _ role: SeatRole, home: String) {
        self.browser = browser
        self.role = role
        self.home = home
        waiting = [("/dashboard", "-"), (home, "-")]
    }

    mutating func run() async throws {
        while let (path, from) = waiting.popLast() {
            guard seen.insert(path).inserted, isWanted(path) else { continue }
            let page = try await browser.get(path)
            count += 1
            guard [200, 303].contains(page.status) else {
                faults.append("\(path) is \(page.status), from \(from)")
                continue
            }
            // Of another account only the first page is looked at.
            guard !path.hasPrefix("/dashboard/") || isOwn(path) else { continue }
            let links = page.html.matches(of: #/ href="(\/dashboard[^"#]*)["#]/#)
            waiting += links.map { (String($0.1).replacing("&amp;", with: "&"), path) }
            let actions = page.html.matches(of: #/<form method="post" action="([^"#]*)["#]/#)
            faults += actions.map { String($0.1) }.filter { !isOpen($0) }
                .map { "the form to \($0) is refused, on \(path)" }
        }
    }

    /// In the own account, or in none.
    private func isOwn(_ path: String) -> Bool {
        path == home || path.hasPrefix(home + "/") || path.hasPrefix(home + "?")
            || !path.dropFirst("/dashboard/".count).prefix { $0 != "/" && $0 != "?" }.contains("_")
    }

    private mutating func isWanted(_ path: String) -> Bool {
        if path.hasPrefix("/dashboard/assets/") || path.hasSuffix("/alerts/live") { return false }
        let kind = kind(of: path)
        kinds[kind, default: 0] += 1
        return kinds[kind, default: 0] <= Self.ofOneKindMax
    }

    /// The page's route and the names of its filters.
    private func kind(of path: String) -> String {
        let template = Self.template(.get, path)
        guard let query = path.split(separator: "?").dropFirst().first else { return template }
        let names = query.split(separator: "&").map { $0.prefix { $0 != "=" } }
        return template + "?" + names.joined(separator: "&")
    }

    /// Whether the role may send a form there.
    private func isOpen(_ action: String) -> Bool {
        let route = Dashboard.routes.first {
            $0.method == .post && $0.template == Self.template(.post, action)
        }
        guard let route else { return false }
        guard case .seat(let power, _) = route.access else { return true }
        let isPartnerLevel = !home.hasPrefix("/dashboard/org_")
        return role.powers.contains(power)
            && (isPartnerLevel || ![.setUp, .organisations].contains(power))
    }

    /// Of the route that answers: of several that fit, the one with the fewest parameters.
    private static func template(_ method: HTTPRequest.Method, _ path: String) -> String {
        let path = path.prefix { $0 != "?" }
        let parts = path.split(separator: "/")
        let fitting = routes.filter { route in
            route.method == method && route.parts.count == parts.count
                && zip(route.parts, parts).allSatisfy { $0.hasPrefix(":") || $0 == $1 }
        }
        return fitting.map(\.template).min { left, right in
            left.count { $0 == ":" } < right.count { $0 == ":" }
        } ?? String(path)
    }

    /// Split once: thousands of links are looked up in them.
    private static let routes = Dashboard.routes.map {
        (method: $0.method, template: $0.template, parts: $0.template.split(separator: "/"))
    }
}
