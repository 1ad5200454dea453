import HTTPTypes
import ParryDatabase
import ParryDomain
import ParryServer
import ParryService
import ParryTestSupport
import ParryWire
import Testing

@Suite("Simulated alerts that are matched")
struct SimulatedMatchTests {
    private static let arn = #""transaction_acquirer_reference_number":"74027012345678901234567""#

    private func simulate(
        _ members: String, of customer: Customer, in world: TestWorld
    ) async throws -> JSONValue {
        let answer = try await world.send(
            .post, "/v1/simulate/alerts",
            """
            {"organisation_id":"\(customer.organisation)","enrolment_id":"\(customer.enrolment)",
            \(members)}
            """)
        #expect(answer.status == 201)
        return try answer.json
    }

    private func review(_ world: TestWorld) async throws {
        let reviews = AlertReviewService(database: world.database, wake: .silent)
        while try await reviews.step(now: Platform.now().adding(seconds: 60)) {}
    }

    private func toldCount(_ world: TestWorld) async throws -> Int64? {
        try await world.database.read { tx in
            try tx.row("SELECT count(*) FROM network_request") { try $0.integer() }
        }
    }

    @Test("It is born with its sale, shows no fillers, and no network hears of its end")
    func matched() async throws {
        try await TestWorld.runSelling { world, customer in
            let alert = try await simulate(
                #""match":true,"amount_in_cents":4900,"currency_code":"USD",\#(Self.arn)"#,
                of: customer, in: world)
            let id = alert["id"]?.string ?? ""
            #expect(alert["status"]?.string == "ACTION_REQUIRED")
            #expect(alert["integration_id"]?.string == customer.integration)
            #expect(alert["integration_transaction_id"]?.string == "txn-1")
            for filler in ["card_bin", "card_last4", "card_scheme", "statement_descriptor"] {
                #expect(alert["transaction_" + filler]?.string == nil, "\(filler)")
            }
            let events =
                try await world.send(.get, "/v1/events?object_id=\(id)").json["items"]?.elements
                .map(\.self) ?? []
            #expect(events.count == 1)
            let told = events.first?["data"]?["object"]
            #expect(told?["integration_transaction_id"]?.string == "txn-1")
            _ = try await world.send(.patch, "/v1/alerts/\(id)", #"{"action":"REFUND"}"#)
            #expect(try await toldCount(world) == 0)
        }
    }

    @Test("Without the wish it is matched to nothing, and shows what was given beside the fillers")
    func unmatched() async throws {
        try await TestWorld.runSelling { world, customer in
            let alert = try await simulate(
                #""transaction_card_last4":"4242",\#(Self.arn)"#, of: customer, in: world)
            #expect(alert["integration_transaction_id"]?.string == nil)
            #expect(alert["transaction_card_last4"]?.string == "4242")
            #expect(alert["transaction_card_bin"]?.string == "400000")
            let match = try await world.send(
                .get, "/v1/alerts/\(alert["id"]?.string ?? "")/match")
            #expect(try match.json["candidates"]?.elements.map(\.self).isEmpty ?? true)
        }
    }

    @Test("What is not given speaks neither for a sale nor against it, now and in later reviews")
    func unknown() async throws {
        try await TestWorld.runSelling { world, customer in
            // The filler would be 100.00 against the sale's 49.00.
            let known = try await simulate(
                #""match":true,\#(Self.arn)"#, of: customer, in: world)
            #expect(known["integration_transaction_id"]?.string == "txn-1")
            let early = try await simulate(
                """
                "match":true,"transaction_card_bin":"424242","transaction_card_last4":"1111",
                "transaction_authorised_at":"2026-02-17T09:59:05Z",
                "transaction_authorisation_code":"654321"
                """, of: customer, in: world)
            #expect(early["integration_transaction_id"]?.string == nil)
            let late = customer.order("order-2", transaction: "txn-2")
                .replacing("4242\"", with: "1111\"").replacing(
                    #""acquirer_reference_number":"#,
                    with: #""authorisation_code":"654321","acquirer_reference_number":"#)
            #expect(try await world.send(.post, "/v1/orders", "[\(late)]").status == 201)
            try await review(world)
            let found = try await world.send(.get, "/v1/alerts/\(early["id"]?.string ?? "")")
            #expect(try found.json["integration_transaction_id"]?.string == "txn-2")
        }
    }

    @Test(
        "An open alert on a sale that is only like its own moves to its own when that is uploaded")
    func betterSale() async throws {
        try await TestWorld.runSelling { world, customer in
            let own = customer.order("order-3", transaction: "txn-3")
                .replacing("4242\"", with: "1111\"").replacing(
                    "74027012345678901234567", with: "74027012345678901234569")
            let like = customer.order("order-2", transaction: "txn-2")
                .replacing("4242\"", with: "1111\"").replacing(
                    "acquirer_reference_number\":\"74027012345678901234567",
                    with: "payment_method_card_bin\":\"424242")
            #expect(try await world.send(.post, "/v1/orders", "[\(like)]").status == 201)
            let alert = try await simulate(
                """
                "match":true,"amount_in_cents":4900,"currency_code":"USD","card_scheme":"VISA",
                "transaction_card_bin":"424242","transaction_card_last4":"1111",
                "transaction_authorised_at":"2026-02-17T09:59:05Z",
                "transaction_statement_descriptor":"ACMEFIT MONTHLY",
                "transaction_acquirer_reference_number":"74027012345678901234569"
                """, of: customer, in: world)
            #expect(alert["integration_transaction_id"]?.string == "txn-2")
            #expect(try await world.send(.post, "/v1/orders", "[\(own)]").status == 201)
            try await review(world)
            let found = try await world.send(.get, "/v1/alerts/\(alert["id"]?.string ?? "")")
            #expect(try found.json["integration_transaction_id"]?.string == "txn-3")
        }
    }

    @Test("A second one about a sale is its duplicate; one from the network is not")
    func duplicate() async throws {
        try await TestWorld.runSelling { world, customer in
            let members = #""match":true,"amount_in_cents":4900,\#(Self.arn)"#
            let first = try await simulate(members, of: customer, in: world)
            let second = try await simulate(members, of: customer, in: world)
            #expect(first["status"]?.string == "ACTION_REQUIRED")
            #expect(second["status"]?.string == "INVALID")
            let intake = NetworkIntake(database: world.database, wake: .silent)
            let fate = try await intake.receive(
                networkAlert(), body: Array("{}".utf8), mode: .test, now: Platform.now())
            guard case .raised(let id) = fate else {
                Issue.record("The network's alert was not raised.")
                return
            }
            let real = try await world.send(.get, "/v1/alerts/\(id)").json
            #expect(real["status"]?.string == "ACTION_REQUIRED")
        }
    }

    private func networkAlert() -> NetworkAlert {
        NetworkAlert(
            networkID: "A1", category: .dispute, alertedAt: Platform.now(),
            transaction: AlertTransaction(
                amount: 4_900, currency: "USD", authorisedAt: Platform.now(),
                authorisationCode: nil, acquirerReferenceNumber: "74027012345678901234567",
                statementDescriptor: "ACMEFIT", cardBIN: nil, cardLast4: nil, cardScheme: nil,
                cardIssuer: nil), transactionAt: nil, reasonCode: nil)
    }

    @Test("One about a sale that was refunded before is INVALID")
    func refunded() async throws {
        try await TestWorld.runSelling { world, customer in
            let order = customer.order(
                "order-2", transaction: "txn-2",
                extra: """
                    ,"refunds":[{"reference_id":"r1","amount_in_cents":4900,"currency":"USD",
                    "status":"SUCCEEDED","refund_datetime":"2026-02-18T00:00:00Z"}]
                    """
            ).replacing("74027012345678901234567", with: "74027012345678901234568")
            #expect(try await world.send(.post, "/v1/orders", "[\(order)]").status == 201)
            let alert = try await simulate(
                """
                "match":true,"amount_in_cents":4900,"currency_code":"USD",
                "transaction_acquirer_reference_number":"74027012345678901234568"
                """, of: customer, in: world)
            #expect(alert["integration_transaction_id"]?.string == "txn-2")
            #expect(alert["status"]?.string == "INVALID")
        }
    }

    @Test("A status that was asked for stays, and the sale is found all the same")
    func status() async throws {
        try await TestWorld.runSelling { world, customer in
            for status in ["INVALID", "RESOLVED"] {
                let alert = try await simulate(
                    #""match":true,"status":"\#(status)",\#(Self.arn)"#, of: customer, in: world)
                #expect(alert["status"]?.string == status)
                #expect(alert["integration_transaction_id"]?.string == "txn-1")
            }
        }
    }
}
