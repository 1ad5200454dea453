import HTTPTypes
import ParryDatabase
import ParryDomain
import ParryServer
import ParryService
import ParryTestSupport
import ParryWire
import Testing

@testable import ParryDashboard

@Suite("An alert's sale chosen by hand")
struct AlertChoiceTests {
    private static let sale = "integration_transaction_id=txn-1"

    @Test(
        "Every role looks the sale up, is asked once, and is named with it in history and audit log"
    )
    func chosen() async throws {
        for role in SeatRole.allCases {
            try await TestWorld.runSelling { world, customer in
                let alert = try await Self.strange(of: customer, in: world)
                let person = try await world.browser(
                    as: role, in: OrganisationID(stored: customer.organisation))
                let path = "/dashboard/\(person.seatID)/alerts/\(alert)"
                for text in ["order-1", "txn-1", "74027012345678901234567"] {
                    let found = try await person.browser.get("\(path)/match?q=\(text)")
                    #expect(found.html.contains(Self.sale), "\(role) \(text)")
                }
                let asked = try await person.browser.get("\(path)/match?\(Self.sale)")
                #expect(asked.html.contains("Set the sale of this alert to transaction txn-1?"))
                #expect(try await Self.match(of: alert, in: world) == nil)
                let done = try await person.browser.submit(
                    "\(path)/match", on: "\(path)/match?\(Self.sale)")
                #expect(done.location == "\(path)?notice=sale-set")
                #expect(try await Self.match(of: alert, in: world) == "txn-1")
                let page = try await person.browser.get(path)
                #expect(page.html.contains("A person set it to transaction txn-1."))
                #expect(page.html.contains("<b>Set by hand to transaction txn-1</b> <span>by "))
                let line = try await Self.line(world)
                #expect(
                    line?.action == "alert.match" && line?.organisation == customer.organisation)
                #expect(line?.detail.contains(#""integration_transaction_id":"txn-1""#) == true)
            }
        }
    }

    @Test("What cannot be found or read changes nothing and keeps what was typed")
    func refused() async throws {
        try await TestWorld.runSelling { world, customer in
            let alert = try await Self.strange(of: customer, in: world)
            let other = try await world.customer("Other")
            _ = try await world.send(
                .post, "/v1/orders", "[\(other.order("order-2", transaction: "txn-2"))]")
            let person = try await world.browser(
                as: .operator, in: OrganisationID(stored: customer.organisation))
            let path = "/dashboard/\(person.seatID)/alerts/\(alert)/match"
            let empty = try await person.browser.get("\(path)?q=order-2")
            #expect(empty.status == 200 && empty.html.contains("has no such order or transaction"))
            for (reference, status) in [
                ("txn-2", 404), ("nothing", 404), (String(repeating: "x", count: 251), 422),
            ] {
                let query = "integration_transaction_id=\(reference)"
                let page = try await person.browser.get("\(path)?\(query)")
                #expect(page.status == status, "\(reference)")
                #expect(page.html.contains(#"name="q" value="\#(reference)""#))
                #expect(page.html.contains(#"role="alert""#))
                let sent = try await person.browser.post(
                    path, [("integration_transaction_id", reference), ("seen", "any")])
                #expect([404, 409, 422].contains(sent.status))
            }
            #expect(try await Self.match(of: alert, in: world) == nil)
        }
    }

    @Test("Who was faster is named, and sending it again is possible")
    func stale() async throws {
        try await TestWorld.runSelling { world, customer in
            let alert = try await Self.strange(of: customer, in: world)
            let person = try await world.browser(
                as: .organisationStandard, in: OrganisationID(stored: customer.organisation))
            let path = "/dashboard/\(person.seatID)/alerts/\(alert)/match"
            let asked = try await person.browser.get("\(path)?none=yes")
            let form = try #require(PageForm.all(in: asked.html).first { $0.action == path })
            let set = try await world.send(
                .put, "/v1/alerts/\(alert)/match", #"{"integration_transaction_id":"txn-1"}"#)
            #expect(set.status == 200)
            let refused = try await person.browser.post(path, form.filled([]), withToken: false)
            #expect(refused.status == 409)
            #expect(refused.html.contains("somebody was quicker"))
            #expect(refused.html.contains("Set by hand to transaction txn-1 by API key"))
            #expect(try await Self.match(of: alert, in: world) == "txn-1")
            let again = try #require(PageForm.all(in: refused.html).first { $0.action == path })
            let done = try await person.browser.post(path, again.filled([]), withToken: false)
            #expect(done.status == 303)
            #expect(try await Self.match(of: alert, in: world) == nil)
        }
    }

    @Test("In strict mode no sale makes an open alert INVALID, which is said before")
    func strict() async throws {
        try await TestWorld.runSelling { world, customer in
            _ = try await world.platform.accounts.settings(
                of: .init(stored: customer.organisation), setting: [("matching_mode", "strict")])
            let alert = try await Self.strange(of: customer, in: world)
            let person = try await world.browser(
                as: .organisationAdmin, in: OrganisationID(stored: customer.organisation))
            let path = "/dashboard/\(person.seatID)/alerts/\(alert)"
            let asked = try await person.browser.get("\(path)/match?none=yes")
            #expect(asked.html.contains("The alert becomes INVALID"))
            _ = try await person.browser.submit("\(path)/match", on: "\(path)/match?none=yes")
            let shown = try await world.send(.get, "/v1/alerts/\(alert)")
            #expect(try shown.string("status") == "INVALID")
            let page = try await person.browser.get(path)
            #expect(page.html.contains("Set by hand to none of the known sales</b> <span>by "))
        }
    }

    @Test("What follows is said by what the alert is")
    func words() {
        func words(isOpen: Bool, isNone: Bool, isSimulated: Bool = false) -> String {
            AlertChoiceWords(
                network: "Ethoca", isOpen: isOpen, isNone: isNone, endsInvalid: false,
                isSimulated: isSimulated
            ).sentences.joined(separator: " ")
        }
        #expect(words(isOpen: true, isNone: false).contains("the refund guard goes by this sale"))
        #expect(words(isOpen: true, isNone: true).contains("It stays open"))
        #expect(words(isOpen: false, isNone: false).contains("what Ethoca was told stays"))
        #expect(!words(isOpen: false, isNone: true, isSimulated: true).contains("Ethoca"))
    }

    /// An alert about no sale that is known.
    private static func strange(
        of customer: Customer, in world: TestWorld
    ) async throws -> String {
        try await world.make(
            "/v1/simulate/alerts",
            """
            {"organisation_id":"\(customer.organisation)","enrolment_id":"\(customer.enrolment)",
            "match":true,"amount_in_cents":4900,"currency_code":"USD",
            "transaction_card_last4":"9999","transaction_card_bin":"511111"}
            """)
    }

    private static func match(of alert: String, in world: TestWorld) async throws -> String? {
        try await world.send(.get, "/v1/alerts/\(alert)").string("integration_transaction_id")
    }

    /// The last line of the audit log about a match.
    private static func line(
        _ world: TestWorld
    ) async throws -> (action: String, organisation: String?, detail: String)? {
        try await world.database.read { tx in
            try tx.row(
                """
                SELECT action, organisation_id, detail FROM audit WHERE action = 'alert.match'
                ORDER BY created_at DESC, id DESC LIMIT 1
                """
            ) { (try $0.text(), try $0.textOrNull(), try $0.text()) }
        }
    }
}
