import HTTPTypes
import ParryDomain
import ParryTestSupport
import ParryWire
import Testing

@testable import ParryDashboard

@Suite("Pages of rulesets")
struct RulesetPagesTests {
    private static func fields(
        _ acme: Customer, _ step: String, amount: String = "100", more: [(String, String)] = []
    ) -> [(String, String)] {
        [
            ("organisation", acme.organisation), ("outcome", "ACCEPT_DISPUTE"), ("join", "OR"),
            ("enabled", "true"), ("enrolment", acme.enrolment), ("rule.0.type", "AMOUNT"),
            ("rule.0.operator", "GREATER_THAN"), ("rule.0.amount", amount),
            ("rule.0.currency", "USD"), ("do", step),
        ] + more
    }

    private static func run(
        _ test: @escaping @Sendable (TestWorld, Customer, Browser, String) async throws -> Void
    ) async throws {
        try await TestWorld.run { world in
            let acme = try await world.customer()
            let person = try await world.browser(
                as: .groupMember, in: OrganisationID(stored: acme.organisation))
            let path = "/dashboard/\(person.seatID)/rulesets"
            try await test(world, acme, person.browser, path)
        }
    }

    /// The page of a ruleset that was just made.
    private static func made(
        _ acme: Customer, _ browser: Browser, _ path: String
    ) async throws -> String {
        let page = try await browser.post(path + "/new", fields(acme, "save"))
        #expect(page.status == 303)
        return String(try #require(page.location).prefix { $0 != "?" })
    }

    @Test("A ruleset is written as a sentence and read as one")
    func create() async throws {
        try await Self.run { _, acme, browser, path in
            let item = try await Self.made(acme, browser, path)
            let sentence = "Accept the dispute when the amount is greater than 100.00 USD."
            #expect(try await browser.get(item).html.contains(sentence))
            #expect(try await browser.get(path).html.contains(sentence))
            #expect(try await browser.get(path + "/export.csv").html.contains(sentence))
        }
    }

    @Test("A row more or less loses nothing and saves nothing")
    func steps() async throws {
        try await Self.run { _, acme, browser, path in
            let page = try await browser.post(
                path + "/new", Self.fields(acme, "add-rule-descriptor", amount: "a hundred"))
            #expect(page.status == 200)
            #expect(page.html.contains(#"value="a hundred""#))
            #expect(page.html.contains(#"name="rule.1.descriptor.0.value""#))
            #expect(try await browser.get(path).html.contains("No rulesets here"))
        }
    }

    @Test("What is refused is said beside its field, and the form comes back as it was")
    func refused() async throws {
        try await Self.run { _, acme, browser, path in
            let page = try await browser.post(
                path + "/new", Self.fields(acme, "save", amount: "a hundred"))
            #expect(page.status == 422)
            #expect(page.html.contains("Write an amount in US dollars"))
            #expect(page.html.contains(#"value="a hundred""#))
            _ = try await Self.made(acme, browser, path)
            let taken = try await browser.post(path + "/new", Self.fields(acme, "save"))
            #expect(taken.status == 422)
            #expect(taken.html.contains("Another ruleset decides for one of these enrolments."))
        }
    }

    @Test("A backtest says over how many alerts it ran, and saves nothing")
    func backtest() async throws {
        try await Self.run { world, acme, browser, path in
            _ = try await world.send(
                .patch, "/v1/simulate/enrolments/\(acme.enrolment)", #"{"status":"ENABLED"}"#)
            for amount in [5_000, 15_000, 25_000] {
                _ = try await world.make(
                    "/v1/simulate/alerts",
                    """
                    {"organisation_id":"\(acme.organisation)","enrolment_id":"\(acme.enrolment)",
                    "amount_in_cents":\(amount),"currency_code":"USD"}
                    """)
            }
            let page = try await browser.post(path + "/new", Self.fields(acme, "backtest"))
            #expect(page.status == 200)
            #expect(
                page.html.contains("Of 3 alerts of the last 30 days, 2 would have been decided."))
            #expect(page.html.contains("<svg"))
            #expect(try await browser.get(path).html.contains("No rulesets here"))
        }
    }

    @Test("What somebody saved meanwhile is shown, and only then saved over")
    func overtaken() async throws {
        try await Self.run { world, acme, browser, path in
            let item = try await Self.made(acme, browser, path)
            let id = String(item.split(separator: "/").last ?? "")
            let seen = [("version", "1")]
            _ = try await world.send(.patch, "/v1/rulesets/\(id)", #"{"outcome":"REFUND"}"#)
            let stale = try await browser.post(
                item + "/edit", Self.fields(acme, "save", amount: "250", more: seen))
            #expect(stale.status == 409)
            #expect(stale.html.contains("Refund when the amount is greater than 100.00 USD."))
            #expect(stale.html.contains(#"name="over" value="2""#))
            let over = Self.fields(
                acme, "overwrite", amount: "250", more: seen + [("over", "2")])
            let saved = try await browser.post(item + "/edit", over)
            #expect(saved.location == item + "?notice=saved")
            let again = try await browser.post(item + "/edit", over)
            #expect(again.status == 409)
            #expect(try await world.versions(of: id).map(\.version) == [1, 2, 3])
        }
    }

    @Test("A ruleset that was deleted meanwhile can be made anew of what was typed")
    func gone() async throws {
        try await Self.run { world, acme, browser, path in
            let item = try await Self.made(acme, browser, path)
            let id = String(item.split(separator: "/").last ?? "")
            _ = try await world.send(.delete, "/v1/rulesets/\(id)")
            let page = try await browser.post(
                item + "/edit", Self.fields(acme, "save", amount: "250.50"))
            #expect(page.status == 409)
            #expect(page.html.contains(#"value="250.50""#))
            #expect(page.html.contains(#"action="\#(path)/new""#))
        }
    }

    @Test("Who may only see sees the sentence, and no way to change it")
    func standard() async throws {
        try await Self.run { world, acme, browser, path in
            let item = try await Self.made(acme, browser, path)
            let person = try await world.browser(
                as: .organisationStandard, in: OrganisationID(stored: acme.organisation))
            let id = String(item.split(separator: "/").last ?? "")
            let own = "/dashboard/\(person.seatID)/rulesets/\(id)"
            let page = try await person.browser.get(own)
            #expect(page.status == 200)
            #expect(!page.html.contains("/edit"))
            #expect(try await person.browser.get(own + "/edit").status == 403)
        }
    }
}
