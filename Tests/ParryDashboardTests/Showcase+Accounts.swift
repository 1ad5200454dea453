import ParryDomain
import ParryServer
import ParryService
import ParryTestSupport
import ParryWire

/// The story's last part: people, groups, keys, and an account where nothing has happened.
extension Showcase {
    func inviteEverybody() async throws {
        clock.set(Self.time("2026-11-22T11:52:00Z"))
        let roles: [(Viewer, SeatRole)] = [
            (.operator, .operator), (.administrator, .partnerAdministrator),
            (.member, .groupMember), (.admin, .organisationAdmin),
            (.standard, .organisationStandard),
        ]
        for (viewer, role) in roles {
            clock.advance(seconds: 1)
            let person = try await world.browser(
                as: role, in: OrganisationID(stored: id("acme")), now: clock.now,
                email: "\(viewer.rawValue)@example.com")
            seat(viewer, person.browser, in: person.seatID)
            if role == .groupMember { name("support", person.seatID) }
        }
    }

    /// By forms, as people do.
    func furnishAccounts() async throws {
        let key = [
            ("name", "Order upload, <production>"), ("owner", "{support}"), ("expiry", "90"),
            ("ability", "orders:write"), ("ability", "alerts:read"),
        ]
        try await submit("~/keys", on: "~/keys/new", key)
        try await submit("~/keys", on: "~/keys/new", [("name", "Old"), ("owner", "{admins}")])
        try await nameKeys()
        try await submit("~/keys/{old-key}/revoke", on: "~/keys/{old-key}/revoke")
        try await submit(
            "~/people/groups", on: "~/people/groups/new", [("name", "Night & <weekend>")],
            named: "night")
        let invited = try await submit(
            "~/people/groups/{night}/invite", on: "~/people/groups/{night}/invite",
            [("name", "Nora Night"), ("email", "nora@example.com")])
        name("link", Self.token(in: invited.html))
        try await submit(
            "~/people/groups/{night}/invite", on: "~/people/groups/{night}/invite",
            [("name", "Nick Night"), ("email", "nick@example.com")])
        try await submit(
            "~/people/members", on: "~/people/members/new", by: .admin,
            [
                ("first_name", "Mia"), ("last_name", "O'Neil"), ("email", "mia@example.com"),
                ("role", "STANDARD"),
            ], named: "mia")
        try await submit(
            "~/people/members/{mia}/invite", on: "~/people/members/{mia}/invite", by: .admin)
        try await submit("~/sign-on/key", on: "~/sign-on/key")
        try await submit(
            "/dashboard/installation/operators", on: "/dashboard/installation/operators/new",
            by: .operator, [("name", "Otto"), ("email", "otto@example.com")])
        try await submit(
            "/dashboard/installation/partners", on: "/dashboard/installation/partners/new",
            by: .operator, [("name", "Fresh & new"), ("mode", "LIVE")], named: "fresh")
        try await namePeople()
        let profile = try await browser(.standard).get("/dashboard/profile")
        let session = profile.html.firstMatch(of: #/sess_[A-Za-z0-9]+/#)
        name("session", session.map { String($0.0) } ?? "")
    }

    /// By their addresses: `{person-nora}`.
    private func namePeople() async throws {
        for person in try await world.platform.people.list() {
            name("person-" + person.email.prefix { $0 != "@" }, person.id.text)
        }
    }

    private func nameKeys() async throws {
        let page = try await browser(.administrator).get(path("~/keys", of: .administrator))
        let ids = page.html.matches(of: #/<code[^>]*>(key_[A-Za-z0-9]+)</#).map { String($0.1) }
        // The newest first.
        for (name, id) in zip(["old-key", "key"], ids) { self.name(name, id) }
    }

    /// The one of an invitation's link.
    static func token(in html: String) -> String {
        html.firstMatch(of: #/\/dashboard\/join\/([A-Za-z0-9_-]+)/#).map { String($0.1) } ?? ""
    }
}
