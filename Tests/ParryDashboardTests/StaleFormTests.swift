import HTTPTypes
import ParryDomain
import ParryTestSupport
import ParryWire
import Testing

@testable import ParryDashboard

@Suite("Forms of things that somebody else changed meanwhile")
struct StaleFormTests {
    @Test("Nothing is saved, both values are shown, and saving again is possible")
    func stale() async throws {
        try await TestWorld.run { world in
            let acme = try await world.customer()
            let person = try await world.browser(
                as: .partnerAdministrator, in: OrganisationID(stored: acme.organisation))
            let path = "/dashboard/\(person.seatID)/merchants/\(acme.merchant)"
            let form = try await person.browser.get(path + "/edit")
            let seen = try #require(Self.seen(form.html))
            _ = try await world.send(
                .patch, "/v1/merchants/\(acme.merchant)", #"{"name":"Theirs"}"#)

            let fields = [("name", "Mine"), ("type", "GENERIC"), ("external_id", "")]
            let refused = try await person.browser.post(path, fields + [("seen", seen)])
            #expect(refused.status == 409)
            #expect(refused.html.contains("Theirs") && refused.html.contains("Mine"))
            let kept = try await world.send(.get, "/v1/merchants/\(acme.merchant)")
            #expect(try kept.string("name") == "Theirs")

            let now = try #require(Self.seen(refused.html))
            let saved = try await person.browser.post(path, fields + [("seen", now)])
            #expect(saved.status == 303)
            let changed = try await world.send(.get, "/v1/merchants/\(acme.merchant)")
            #expect(try changed.string("name") == "Mine")
        }
    }

    @Test("A form without the version that was seen changes nothing")
    func unseen() async throws {
        try await TestWorld.run { world in
            let acme = try await world.customer()
            let person = try await world.browser(
                as: .partnerAdministrator, in: OrganisationID(stored: acme.organisation))
            let page = try await person.browser.post(
                "/dashboard/\(person.seatID)/organisations/\(acme.organisation)",
                [("name", "Mine")])
            #expect(page.status == 409)
        }
    }

    private static func seen(_ html: String) -> String? {
        let start = #"name="seen" value=""#
        guard let range = html.firstRange(of: start) else { return nil }
        return String(html[range.upperBound...].prefix { $0 != "\"" })
    }
}
