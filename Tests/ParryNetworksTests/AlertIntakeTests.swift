import HTTPTypes
import ParryDatabase
import ParryDomain
import ParryNetworks
import ParryServer
import ParryService
import ParryStore
import ParryTestSupport
import ParryWire
import Testing

@Suite("Alerts from a network")
struct AlertIntakeTests {
    /// One customer whose enrolment is enabled and whose sale is the guide's, on every engine.
    private func run(
        _ test: @escaping @Sendable (TestWorld, Customer, NetworkIntake) async throws -> Void
    ) async throws {
        try await TestWorld.runSelling { world, customer in
            try await test(
                world, customer, NetworkIntake(database: world.database, wake: .silent))
        }
    }

    private static let now = Platform.now().truncatedToSecond

    /// An alert about the guide's sale.
    private func alert(
        _ id: String, amount: Int64 = 4_900, descriptor: String = "ACMEFIT MONTHLY",
        last4: String = "4242", arn: String? = "74027012345678901234567"
    ) -> NetworkAlert {
        let soldAt = Timestamp(iso8601: "2026-02-17T09:59:05Z") ?? Self.now
        return NetworkAlert(
            networkID: id, category: .dispute, alertedAt: Self.now,
            transaction: AlertTransaction(
                amount: amount, currency: "USD", authorisedAt: soldAt, authorisationCode: nil,
                acquirerReferenceNumber: arn, statementDescriptor: descriptor, cardBIN: "424242",
                cardLast4: last4, cardScheme: "VISA", cardIssuer: "Bank"),
            transactionAt: soldAt, reasonCode: "13.1")
    }

    private func receive(
        _ alert: NetworkAlert, _ intake: NetworkIntake, at now: Timestamp = now
    ) async throws -> NetworkIntake.Fate {
        try await intake.receive(alert, body: Array("{}".utf8), mode: .test, now: now)
    }

    private func raised(_ fate: NetworkIntake.Fate) throws -> AlertID {
        guard case .raised(let id) = fate else { throw NotFound("alert") }
        return id
    }

    private func outcomes(_ world: TestWorld) async throws -> [String: String] {
        let rows = try await world.database.read { tx in
            try tx.rows("SELECT payload FROM network_request WHERE kind = 'OUTCOME'") {
                try $0.text()
            }
        }
        var found: [String: String] = [:]
        for row in rows.compactMap(NetworkOutcome.init(stored:)) {
            found[row.networkID] = row.reason.rawValue
        }
        return found
    }

    @Test("An alert's first event has the sale that it was matched to")
    func matched() async throws {
        try await run { world, customer, intake in
            let id = try raised(try await receive(alert("A1"), intake))
            let seen = try await world.send(.get, "/v1/alerts/\(id)").json
            #expect(seen["status"]?.string == "ACTION_REQUIRED")
            #expect(seen["integration_id"]?.string == customer.integration)
            #expect(seen["integration_transaction_id"]?.string == "txn-1")
            #expect(seen["merchant_id"]?.string == customer.merchant)
            let events =
                try await world.send(
                    .get, "/v1/events?object_id=\(id)"
                ).json["items"]?.elements.map(\.self) ?? []
            #expect(events.count == 1)
            let object = events.first?["data"]?["object"]
            #expect(events.first?["type"]?.string == "alert.created")
            #expect(object?["integration_transaction_id"]?.string == "txn-1")
            #expect(try await outcomes(world).isEmpty)
        }
    }

    @Test("The same alert again is known, changes nothing and tells nobody")
    func repeated() async throws {
        try await run { world, _, intake in
            _ = try await receive(alert("A1"), intake)
            #expect(try await receive(alert("A1"), intake) == .known)
            #expect(try await world.send(.get, "/v1/alerts").json["count"]?.integer == 1)
        }
    }

    @Test("Many pushes of one alert at once raise it once")
    func repeatedAtOnce() async throws {
        try await run { world, _, intake in
            let fates = try await withThrowingTaskGroup(of: NetworkIntake.Fate.self) { group in
                for _ in 0..<8 { group.addTask { try await receive(alert("A1"), intake) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(fates.count { $0 == .known } == 7)
            #expect(try await world.send(.get, "/v1/alerts").json["count"]?.integer == 1)
        }
    }

    @Test("A partner's action is told to the network once, whatever comes after")
    func action() async throws {
        try await run { world, _, intake in
            let id = try raised(try await receive(alert("A1"), intake))
            let done = try await world.send(.patch, "/v1/alerts/\(id)", #"{"action":"REFUND"}"#)
            #expect(done.status == 200)
            _ = try await world.send(.patch, "/v1/alerts/\(id)", #"{"note":"later"}"#)
            #expect(try await outcomes(world) == ["A1": "REFUNDED"])
        }
    }

    @Test(
        "Another alert id on the same sale and amount is a duplicate, told what the first one is told"
    )
    func duplicate() async throws {
        try await run { world, _, intake in
            let first = try raised(try await receive(alert("A1"), intake))
            let second = try raised(
                try await receive(alert("A2"), intake, at: Self.now.adding(seconds: 1)))
            let seen = try await world.send(.get, "/v1/alerts/\(second)").json
            #expect(seen["status"]?.string == "INVALID")
            #expect(seen["integration_transaction_id"]?.string == "txn-1")
            #expect(try await outcomes(world).isEmpty)
            _ = try await world.send(
                .patch, "/v1/alerts/\(first)", #"{"action":"ACCEPT_DISPUTE"}"#)
            #expect(try await outcomes(world) == ["A1": "NOT_REFUNDED", "A2": "NOT_REFUNDED"])
            let third = try raised(
                try await receive(alert("A3"), intake, at: Self.now.adding(seconds: 2)))
            #expect(third != first)
            #expect(try await outcomes(world)["A3"] == "NOT_REFUNDED")
        }
    }

    @Test("A sale that was refunded before the alert makes it invalid, and the network hears so")
    func refunded() async throws {
        try await run { world, customer, intake in
            let order = try await world.send(
                .get, "/v1/orders?reference_id=order-1"
            ).json["items"]?.elements.map(\.self).first
            let refund = """
                {"refunds":[{"reference_id":"r1","amount_in_cents":4900,"currency":"USD",
                "status":"SUCCEEDED","original_transaction_reference_id":"txn-1",
                "refund_datetime":"2026-02-11T00:00:00Z"}]}
                """
            let changed = try await world.send(
                .patch, "/v1/orders/\(order?["id"]?.string ?? "")", refund)
            #expect(changed.status == 200)
            let id = try raised(try await receive(alert("A1"), intake))
            let seen = try await world.send(.get, "/v1/alerts/\(id)").json
            #expect(seen["status"]?.string == "INVALID")
            #expect(try await outcomes(world) == ["A1": "ALREADY_REFUNDED"])
        }
    }

    @Test(
        "An alert that belongs to no enrolment is kept, and the network hears that nothing was found"
    )
    func unrouted() async throws {
        try await run { world, _, intake in
            #expect(
                try await receive(alert("A1", descriptor: "SOMEBODY ELSE"), intake) == .unrouted)
            #expect(try await world.send(.get, "/v1/alerts").json["count"]?.integer == 0)
            #expect(try await outcomes(world) == ["A1": "NOT_FOUND"])
            let kept = try await world.database.read { tx in
                try tx.row("SELECT fate FROM network_message") { try $0.text() }
            }
            #expect(kept == "UNROUTED")
        }
    }

    @Test("An enrolment that has left ENABLED still finds its alerts, as another merchant's")
    func wrongMerchant() async throws {
        try await run { world, customer, intake in
            _ = try await world.send(
                .patch, "/v1/simulate/enrolments/\(customer.enrolment)",
                #"{"status":"UNENROLLED"}"#)
            let id = try raised(try await receive(alert("A1"), intake))
            let seen = try await world.send(.get, "/v1/alerts/\(id)").json
            #expect(seen["status"]?.string == "INVALID")
            #expect(try await outcomes(world) == ["A1": "NOT_FOUND"])
        }
    }

    @Test("A sale of another organisation of the same partner is never matched")
    func otherOrganisation() async throws {
        try await run { world, _, intake in
            let other = try await world.customer("Other")
            let alone = other.order("order-2", transaction: "txn-2").replacing(
                "4242\"", with: "1111\"")
            _ = try await world.send(.post, "/v1/orders", "[\(alone)]")
            let id = try raised(try await receive(alert("A1", last4: "1111", arn: nil), intake))
            let seen = try await world.send(.get, "/v1/alerts/\(id)").json
            #expect(seen["integration_id"]?.isNull == true)
            #expect(seen["status"]?.string == "ACTION_REQUIRED")
        }
    }

    @Test("A sale that came to nothing matches no alert, also where only its order says so")
    func voided() async throws {
        try await run { world, _, intake in
            let listed = try await world.send(.get, "/v1/orders").json["items"]?.elements
            let order = try #require(listed?.first { _ in true }?["id"]?.string)
            let change =
                #"{"transactions":[{"reference_id":"txn-1","authorisation_status":"VOIDED"}]}"#
            #expect(try await world.send(.patch, "/v1/orders/\(order)", change).status == 200)
            let rowsSaySo = try raised(try await receive(alert("A1"), intake))
            // As rows are that were stored before schema 11.
            let forget: SQL = """
                UPDATE order_transaction SET authorisation_status = NULL, payment_method_type = NULL
                """
            _ = try await world.database.write { try $0.execute(forget) }
            let ordersSaySo = try raised(try await receive(alert("A2"), intake))
            for id in [rowsSaySo, ordersSaySo] {
                let seen = try await world.send(.get, "/v1/alerts/\(id)").json
                #expect(seen["integration_id"]?.isNull == true)
            }
        }
    }

    @Test("An alert of the other mode finds nobody")
    func otherMode() async throws {
        try await run { _, _, intake in
            let fate = try await intake.receive(
                alert("A1"), body: Array("{}".utf8), mode: .live, now: Self.now)
            #expect(fate == .unrouted)
        }
    }

    private func review(_ world: TestWorld, at now: Timestamp = now) async throws {
        let reviews = AlertReviewService(database: world.database, wake: .silent)
        while try await reviews.step(now: Platform.now().adding(seconds: 60)) {}
    }

    private func events(_ world: TestWorld, of id: AlertID) async throws -> [String] {
        try await world.send(.get, "/v1/events?object_id=\(id)").json["items"]?
            .elements.compactMap { $0["type"]?.string } ?? []
    }

    @Test("An order that comes after its alert is found, and alert.updated says so")
    func lateOrder() async throws {
        try await run { world, customer, intake in
            let id = try raised(
                try await receive(alert("A1", last4: "1111", arn: nil), intake))
            try await review(world)
            #expect(try await events(world, of: id) == ["alert.created"])
            let late = customer.order("order-2", transaction: "txn-2").replacing(
                "4242\"", with: "1111\"")
            #expect(try await world.send(.post, "/v1/orders", "[\(late)]").status == 201)
            try await review(world)
            let seen = try await world.send(.get, "/v1/alerts/\(id)").json
            #expect(seen["integration_transaction_id"]?.string == "txn-2")
            #expect(seen["status"]?.string == "ACTION_REQUIRED")
            #expect(try await events(world, of: id).contains("alert.updated"))
            #expect(
                try await world.send(.get, "/v1/alerts/\(id)/match").json["outcome"]?.string
                    == "MATCHED")
        }
    }

    @Test("A resolved alert gets its late match, and never another outcome")
    func lateOrderOfResolved() async throws {
        try await run { world, customer, intake in
            let id = try raised(
                try await receive(alert("A1", last4: "1111", arn: nil), intake))
            _ = try await world.send(
                .patch, "/v1/alerts/\(id)", #"{"action":"ACCEPT_DISPUTE"}"#)
            let refunded = customer.order(
                "order-2", transaction: "txn-2",
                extra: """
                    ,"refunds":[{"reference_id":"r1","amount_in_cents":4900,"currency":"USD",
                    "status":"SUCCEEDED","refund_datetime":"2026-02-18T00:00:00Z"}]
                    """
            ).replacing("4242\"", with: "1111\"")
            #expect(try await world.send(.post, "/v1/orders", "[\(refunded)]").status == 201)
            try await review(world)
            let seen = try await world.send(.get, "/v1/alerts/\(id)").json
            #expect(seen["integration_transaction_id"]?.string == "txn-2")
            #expect(seen["status"]?.string == "RESOLVED")
            #expect(try await outcomes(world) == ["A1": "NOT_REFUNDED"])
        }
    }

    @Test("A refund that is told later, but was before the alert, makes an open alert invalid")
    func lateRefund() async throws {
        try await run { world, _, intake in
            let id = try raised(try await receive(alert("A1"), intake))
            let order = try await world.send(.get, "/v1/orders?reference_id=order-1").json["items"]?
                .elements.map(\.self).first
            let refund = """
                {"refunds":[{"reference_id":"r1","amount_in_cents":4900,"currency":"USD",
                "status":"SUCCEEDED","original_transaction_reference_id":"txn-1",
                "refund_datetime":"2026-02-18T00:00:00Z"}]}
                """
            _ = try await world.send(.patch, "/v1/orders/\(order?["id"]?.string ?? "")", refund)
            try await review(world)
            let seen = try await world.send(.get, "/v1/alerts/\(id)").json
            #expect(seen["status"]?.string == "INVALID")
            #expect(try await outcomes(world) == ["A1": "ALREADY_REFUNDED"])
        }
    }

    @Test("What a person has set is left alone by late orders")
    func setByHand() async throws {
        try await run { world, customer, intake in
            let id = try raised(
                try await receive(alert("A1", last4: "1111", arn: nil), intake))
            let path = "/v1/alerts/\(id)/match"
            let unknown = try await world.send(
                .put, path,
                #"{"integration_id":"\#(customer.integration)","integration_transaction_id":"nope"}"#
            )
            #expect(unknown.status == 404)
            let other = try await world.customer("Other")
            let foreign = other.order("order-9", transaction: "txn-9")
            _ = try await world.send(.post, "/v1/orders", "[\(foreign)]")
            let stolen = try await world.send(
                .put, path, #"{"integration_transaction_id":"txn-9"}"#)
            #expect(stolen.status == 404)
            let set = try await world.send(
                .put, path,
                #"{"integration_id":"\#(customer.integration)","integration_transaction_id":"txn-1"}"#
            )
            #expect(set.status == 200)
            #expect(try set.json["is_set_by_hand"]?.boolean == true)
            let late = customer.order("order-2", transaction: "txn-2").replacing(
                "4242\"", with: "1111\"")
            _ = try await world.send(.post, "/v1/orders", "[\(late)]")
            try await review(world)
            let seen = try await world.send(.get, "/v1/alerts/\(id)").json
            #expect(seen["integration_transaction_id"]?.string == "txn-1")
            let none = try await world.send(
                .put, path, #"{"integration_transaction_id":null}"#)
            #expect(try none.json["integration_transaction_id"]?.isNull == true)
        }
    }

    private func notice(
        _ status: NetworkCase.Status, caid: String = "acmefitcaid01"
    ) -> NetworkCase {
        NetworkCase(
            status: status, alert: alert("case-1"), acquirerBIN: "424242", cardAcceptorID: caid)
    }

    private func enrolAtVerifi(_ world: TestWorld, _ customer: Customer) async throws {
        let enrolment = try await world.make(
            "/v2/enrolments",
            """
            {"merchant_ids":["\(customer.merchant)"],"type":"VERIFI_RDR","verifi_rdr":
            {"bin":"424242","caid":"ACMEFITCAID01"}}
            """)
        _ = try await world.send(
            .patch, "/v1/simulate/enrolments/\(enrolment)", #"{"status":"ENABLED"}"#)
    }

    private func receive(
        _ notice: NetworkCase, _ intake: NetworkIntake
    ) async throws -> NetworkIntake.Fate {
        try await intake.receive(
            notice, body: Array("{}".utf8), mode: .test, now: Self.now.adding(seconds: 5))
    }

    @Test(
        "An RDR case that was accepted is a refunded alert with its sale; taken back it is INVALID for good"
    )
    func rdrCase() async throws {
        try await run { world, customer, intake in
            try await enrolAtVerifi(world, customer)
            let id = try raised(try await receive(notice(.accepted), intake))
            let seen = try await world.send(.get, "/v1/alerts/\(id)").json
            #expect(seen["status"]?.string == "RESOLVED")
            #expect(seen["transaction_refund_outcome"]?.string == "REFUNDED")
            #expect(seen["integration_transaction_id"]?.string == "txn-1")
            #expect(seen["action_required_deadline"]?.isNull == true)
            #expect(try await receive(notice(.accepted), intake) == .known)
            #expect(try await receive(notice(.deleted), intake) == .raised(id))
            #expect(try await receive(notice(.declined), intake) == .raised(id))
            let after = try await world.send(.get, "/v1/alerts/\(id)").json
            #expect(after["status"]?.string == "INVALID")
            #expect(after["transaction_refund_outcome"]?.string == "REFUNDED")
            #expect(try await world.send(.get, "/v1/alerts").json["count"]?.integer == 1)
            #expect(try await outcomes(world).isEmpty)
        }
    }

    @Test("An RDR case is no duplicate of the Ethoca alert on its sale, and of nobody it is kept")
    func rdrBesideEthoca() async throws {
        try await run { world, customer, intake in
            try await enrolAtVerifi(world, customer)
            _ = try await receive(alert("A1"), intake)
            let id = try raised(try await receive(notice(.declined), intake))
            let seen = try await world.send(.get, "/v1/alerts/\(id)").json
            #expect(seen["status"]?.string == "RESOLVED")
            #expect(seen["transaction_refund_outcome"]?.string == "NOT_REFUNDED")
            let stranger = NetworkCase(
                status: .accepted, alert: alert("case-2", arn: nil), acquirerBIN: "999999",
                cardAcceptorID: "NOBODY")
            #expect(try await receive(stranger, intake) == .unrouted)
        }
    }

    @Test(
        "Of many alerts about one sale at once, one waits for an action and the others are its duplicates"
    )
    func duplicatesAtOnce() async throws {
        try await run { world, _, intake in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    // The clock of the one that is stored last may be the earliest.
                    let time = Self.now.adding(seconds: Int64(-number))
                    group.addTask { _ = try await receive(alert("A\(number)"), intake, at: time) }
                }
                try await group.waitForAll()
            }
            let open = try await world.send(.get, "/v1/alerts?status=ACTION_REQUIRED").json
            let invalid = try await world.send(.get, "/v1/alerts?status=INVALID").json
            #expect(open["count"]?.integer == 1)
            #expect(invalid["count"]?.integer == 7)
        }
    }

    @Test("In strict mode an alert without a sale waits for a person, who ends it by saying so")
    func strict() async throws {
        try await run { world, customer, intake in
            let organisation = try #require(OrganisationID(customer.organisation))
            try await world.database.write { tx in
                var settings = OrganisationSettings.standard
                settings.matchingMode = .strict
                try OrganisationStore.setSettings(settings, of: organisation, tx)
            }
            let id = try raised(
                try await receive(alert("A1", last4: "1111", arn: nil), intake))
            #expect(
                try await world.send(.get, "/v1/alerts/\(id)").string("status") == "ACTION_REQUIRED"
            )
            #expect(try await outcomes(world).isEmpty)
            _ = try await world.send(
                .put, "/v1/alerts/\(id)/match", #"{"integration_transaction_id":null}"#)
            #expect(try await world.send(.get, "/v1/alerts/\(id)").string("status") == "INVALID")
            #expect(try await outcomes(world) == ["A1": "NOT_FOUND"])
        }
    }

    @Test("A duplicate whose original ended while it was stored is told so by its review")
    func duplicateOfTheEnding() async throws {
        try await run { world, _, intake in
            let first = try raised(try await receive(alert("A1"), intake))
            _ = try raised(try await receive(alert("A2"), intake))
            // As if the action had not seen the duplicate.
            _ = try await world.send(.patch, "/v1/alerts/\(first)", #"{"action":"REFUND"}"#)
            try await world.database.write { tx in
                try tx.execute("DELETE FROM network_request WHERE payload LIKE '%A2%'")
            }
            #expect(try await outcomes(world) == ["A1": "REFUNDED"])
            try await review(world)
            #expect(try await outcomes(world) == ["A1": "REFUNDED", "A2": "REFUNDED"])
        }
    }

    @Test("A review does not close what the enrolment's end or a missing sale would close")
    func reviewAfterTheEnd() async throws {
        try await run { world, customer, intake in
            let id = try raised(try await receive(alert("A1"), intake))
            _ = try await world.send(
                .patch, "/v1/simulate/enrolments/\(customer.enrolment)",
                #"{"status":"UNENROLLED"}"#)
            _ = try await world.send(
                .patch, "/v1/integrations/\(customer.integration)", #"{"status":"DISABLED"}"#)
            try await world.database.write { try AlertReviewStore.plan([id], at: Self.now, $0) }
            try await review(world)
            let seen = try await world.send(.get, "/v1/alerts/\(id)").json
            #expect(seen["status"]?.string == "ACTION_REQUIRED")
            #expect(seen["integration_transaction_id"]?.string == "txn-1")
        }
    }

    @Test("Who had a descriptor once does not take the alerts of who has it now")
    func formerHolder() async throws {
        try await run { world, customer, intake in
            _ = try await world.send(
                .patch, "/v1/simulate/enrolments/\(customer.enrolment)",
                #"{"status":"UNENROLLED"}"#)
            let other = try await world.customer("Other")
            _ = try await world.send(
                .patch, "/v1/simulate/enrolments/\(other.enrolment)", #"{"status":"ENABLED"}"#)
            for (number, descriptor) in ["ACMEFIT MONTHLY", "ACMEFI"].enumerated() {
                let id = try raised(
                    try await receive(alert("A\(number)", descriptor: descriptor), intake))
                let seen = try await world.send(.get, "/v1/alerts/\(id)").json
                #expect(seen["organisation_id"]?.string == other.organisation)
            }
        }
    }

    @Test("A simulated alert that got its match by hand is told to nobody")
    func simulatedByHand() async throws {
        try await run { world, customer, _ in
            let id = try await world.make(
                "/v1/simulate/alerts",
                """
                {"organisation_id":"\(customer.organisation)","enrolment_id":"\(customer.enrolment)"}
                """)
            _ = try await world.send(
                .put, "/v1/alerts/\(id)/match", #"{"integration_transaction_id":"txn-1"}"#)
            let done = try await world.send(.patch, "/v1/alerts/\(id)", #"{"action":"REFUND"}"#)
            #expect(done.status == 200)
            #expect(try await outcomes(world).isEmpty)
        }
    }

    @Test("Descriptors that an earlier version stored are found after the upgrade")
    func upgrade() async throws {
        for engine in Engine.allCases {
            try await engine.runUnmigrated { database in
                try await database.write { tx in
                    try tx.executeScript(
                        "CREATE TABLE schema_migration (version BIGINT, name TEXT, applied_at BIGINT)"
                    )
                    for migration in Migration.all where migration.version < 7 {
                        try tx.executeScript(tx.dialect.declarations(migration.script))
                        try tx.execute(
                            "INSERT INTO schema_migration VALUES (\(migration.version), 'm', 0)")
                    }
                    try AccountStore.insert(Sample().partner, tx)
                    let partner = try tx.row("SELECT id FROM partner") { try $0.text() } ?? ""
                    try tx.execute(
                        """
                        INSERT INTO enrolment_identifier VALUES ('TEST', 'ETHOCA_ALERT',
                            'ACMEFIT*MONTHLY GYM', 'enrl_1', \(partner))
                        """)
                }
                try await Migrator.run(on: database, now: Self.now)
                let found = try await database.read { tx in
                    try tx.rows("SELECT identifier FROM enrolment_identifier") { try $0.text() }
                }
                #expect(found == ["ACMEFITMONTHLYGYM"])
            }
        }
    }

    @Test("A code or ARN that was uploaded in another spelling is found all the same")
    func spelling() async throws {
        try await run { world, customer, intake in
            let order = customer.order("order-2", transaction: "txn-2")
                .replacing("4242\"", with: "1111\"")
                .replacing("74027012345678901234567", with: "7402 7012 3456 7890 7654 321")
            #expect(try await world.send(.post, "/v1/orders", "[\(order)]").status == 201)
            let id = try raised(
                try await receive(
                    alert("A1", last4: "1111", arn: "74027012345678907654321"), intake))
            let seen = try await world.send(.get, "/v1/alerts/\(id)/match").json
            #expect(seen["integration_transaction_id"]?.string == "txn-2")
            #expect(seen["confidence"]?.string == "EXACT")
        }
    }
}
