import HTTPTypes
import ParryDatabase
import ParryDomain
import ParryServer
import ParryService
import ParryTestSupport
import ParryWire
import Testing

@Suite("The report of credits")
struct CreditReportTests {
    @Test(
        "Invalid alerts of the month are credits with their reason; open, simulated and other months' are not"
    )
    func month() async throws {
        for engine in Engine.allCases {
            try await TestWorld.run(on: engine) { world in
                let customer = try await world.customer()
                _ = try await world.send(
                    .patch, "/v1/simulate/enrolments/\(customer.enrolment)",
                    #"{"status":"ENABLED"}"#)
                let order = try await world.send(
                    .post, "/v1/orders", "[\(customer.order("order-1"))]")
                #expect(order.status == 201)
                for (id, time) in [
                    ("A1", "2026-02-28T23:59:58Z"), ("A,2", "2026-02-28T23:59:59Z"),
                    ("A3", "2026-03-01T00:00:00Z"),
                ] { try await receive(id, at: time, world) }
                _ = try await world.send(
                    .post, "/v1/simulate/alerts",
                    """
                    {"organisation_id":"\(customer.organisation)","status":"INVALID",
                    "enrolment_id":"\(customer.enrolment)","match":true}
                    """)
                let organisation = try #require(OrganisationID(customer.organisation))
                let february = try await report(organisation, "2026-02", world)
                #expect(february.alertCount == 2)
                #expect(february.credits.map(\.networkID) == ["A,2"])
                #expect(february.credits.first?.reason == "DUPLICATE")
                #expect(february.credits.first?.originalID != nil)
                #expect(february.credits.first?.transactionID == "txn-1")
                let lines = february.csv.split(separator: "\r\n")
                #expect(lines.count == 2)
                #expect(
                    lines.last?.contains(#","A,2",ETHOCA,2026-02-28T23:59:59Z,DUPLICATE,"#) == true)
                #expect(try await report(organisation, "2026-03", world).credits.count == 1)
                #expect(try await report(organisation, "2026-04", world).alertCount == 0)
            }
        }
    }

    private func receive(_ id: String, at time: String, _ world: TestWorld) async throws {
        let now = try #require(Timestamp(iso8601: time))
        let alert = NetworkAlert(
            networkID: id, category: .dispute, alertedAt: now,
            transaction: AlertTransaction(
                amount: 4_900, currency: "USD", authorisedAt: now, authorisationCode: nil,
                acquirerReferenceNumber: "74027012345678901234567", statementDescriptor: "ACMEFIT",
                cardBIN: nil, cardLast4: nil, cardScheme: nil, cardIssuer: nil),
            transactionAt: nil, reasonCode: nil)
        _ = try await NetworkIntake(database: world.database, wake: .silent).receive(
            alert, body: Array("{}".utf8), mode: .test, now: now)
    }

    private func report(
        _ organisation: OrganisationID, _ month: String, _ world: TestWorld
    ) async throws -> CreditReport {
        try await CreditReport.read(
            of: organisation, try #require(CalendarMonth(month)), from: world.database)
    }

    @Test("An unknown organisation is told as such")
    func unknown() async throws {
        try await TestWorld.run(on: .memory) { world in
            let month = try #require(CalendarMonth("2026-02"))
            await #expect(throws: NotFound.self) {
                try await CreditReport.read(
                    of: .make(at: Platform.now(), slot: 1), month, from: world.database)
            }
        }
    }

    @Test("A month is read as 2026-02, and ends where the next one begins")
    func months() throws {
        let december = try #require(CalendarMonth("2026-12"))
        #expect(december.end == CalendarMonth("2027-01")?.begin)
        #expect(december.begin.iso8601 == "2026-12-01T00:00:00Z")
        for text in [
            "2026-13", "2026-00", "2026-2", "26-02", "2026-02-01", "2026/02", "", "+026-02",
        ] {
            #expect(CalendarMonth(text) == nil, "\(text)")
        }
    }
}
