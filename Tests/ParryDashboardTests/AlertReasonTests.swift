import HTTPTypes
import ParryDomain
import ParryService
import ParryTestSupport
import ParryWire
import Testing

@testable import ParryDashboard

@Suite("Why an alert is invalid")
struct AlertReasonTests {
    private static let reasons = [
        "another alert is about the same sale", "The other alert", "DUPLICATE", "original_alert",
        "invalid_reason", "refunded before the alert",
    ]

    @Test("The operator reads the reason; everybody else reads what it means for them")
    func reasons() async throws {
        try await TestWorld.runSelling { world, customer in
            _ = try await Self.alert(of: customer, in: world)
            let invalid = try await Self.alert(of: customer, in: world)
            let shown = try await world.send(.get, "/v1/alerts/\(invalid)")
            try #require(try shown.string("status") == "INVALID")
            for role in SeatRole.allCases {
                let person = try await world.browser(
                    as: role, in: OrganisationID(stored: customer.organisation))
                let account = "/dashboard/\(person.seatID)/alerts"
                let page = try await person.browser.get("\(account)/\(invalid)")
                #expect(page.status == 200 && page.html.contains("No action is needed"))
                let isTold = page.html.contains("another alert is about the same sale")
                #expect(isTold == (role == .operator), "\(role)")
                guard role != .operator else { continue }
                #expect(page.html.contains("it has been taken back"))
                for path in [
                    "/\(invalid)", "?view=invalid", "?view=all", "/export.csv?view=invalid",
                    "/export.json?view=invalid", "/\(invalid)/match", "/\(invalid)/match?none=yes",
                ] {
                    let html = try await person.browser.get(account + path).html
                    for word in Self.reasons {
                        #expect(!html.contains(word), "\(role) \(path): \(word)")
                    }
                }
            }
        }
    }

    @Test("What the network was told of an invalid alert is told without the reason")
    func told() {
        let now = Timestamp(milliseconds: 1_771_322_400_000)
        var facts = AlertHistory.Facts(
            alert: AlertPageSamples.alert(.invalid, at: now, deadline: nil))
        facts.told = [
            .init(
                state: .done, reason: .alreadyRefunded, attemptCount: 1, dueAt: now,
                createdAt: now, endedAt: now)
        ]
        #expect(
            AlertHistory(facts).entries.last?.title
                == "Ethoca was told and took it: refunded before the alert")
        facts.seesReasons = false
        #expect(
            AlertHistory(facts).entries.last?.title == "Ethoca was told and took it: it is invalid")
    }

    /// An alert about the guide's sale; the second one is a duplicate.
    private static func alert(of customer: Customer, in world: TestWorld) async throws -> String {
        try await world.make(
            "/v1/simulate/alerts",
            """
            {"organisation_id":"\(customer.organisation)","enrolment_id":"\(customer.enrolment)",
            "match":true,"amount_in_cents":4900,"currency_code":"USD",
            "transaction_acquirer_reference_number":"74027012345678901234567"}
            """)
    }
}
