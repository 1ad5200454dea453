import HTTPTypes
import ParryDatabase
import ParryDomain
import ParryServer
import ParryService
import ParryStore
import ParryTestSupport
import ParryWire
import Testing

@Suite("Decisions by rulesets and deadlines")
struct DecisionTests {
    private static let now = Platform.now().truncatedToSecond

    private func receive(
        _ id: String, amount: Int64 = 4_900, last4: String = "4242",
        arn: String? = "74027012345678901234567", in world: TestWorld
    ) async throws -> AlertID {
        let alert = NetworkAlert(
            networkID: id, category: .dispute, alertedAt: Self.now,
            transaction: AlertTransaction(
                amount: amount, currency: "USD", authorisedAt: Self.now, authorisationCode: nil,
                acquirerReferenceNumber: arn, statementDescriptor: "ACMEFIT MONTHLY",
                cardBIN: "424242", cardLast4: last4, cardScheme: "VISA", cardIssuer: nil),
            transactionAt: nil, reasonCode: nil)
        let fate = try await NetworkIntake(database: world.database, wake: .silent).receive(
            alert, body: Array("{}".utf8), mode: .test, now: Self.now)
        guard case .raised(let id) = fate else { throw NotFound("alert") }
        return id
    }

    private func makeRuleset(
        _ outcome: String, below cents: Int64, for customer: Customer, in world: TestWorld
    ) async throws -> String {
        try await world.make(
            "/v1/rulesets",
            """
            {"organisation_id":"\(customer.organisation)","enrolment_ids":["\(customer.enrolment)"],
            "outcome":"\(outcome)","join_operator":"AND","rules":[{"type":"AMOUNT","parameters":
            {"operator":"LESS_THAN","currency_code":"USD","amount_in_cents":\(cents)}}]}
            """)
    }

    private func seen(_ id: AlertID, _ world: TestWorld) async throws -> JSONValue {
        try await world.send(.get, "/v1/alerts/\(id)").json
    }

    private func decision(_ id: AlertID, _ world: TestWorld) async throws -> JSONValue? {
        try await world.send(.get, "/v1/alerts/\(id)/match").json["decision"]
    }

    private func told(_ world: TestWorld) async throws -> [String] {
        try await world.database.read { tx in
            try tx.rows(
                "SELECT payload FROM network_request WHERE kind = 'OUTCOME' ORDER BY id"
            ) { try $0.text() }
        }.compactMap(NetworkOutcome.init(stored:)).map { "\($0.networkID) \($0.reason.rawValue)" }
    }

    private func events(_ world: TestWorld, of id: AlertID) async throws -> [String] {
        let items = try await world.send(.get, "/v1/events?object_id=\(id)").json["items"]
        return items?.elements.compactMap { $0["type"]?.string }.sorted() ?? []
    }

    private func deadlines(_ world: TestWorld) -> DeadlineService {
        DeadlineService(database: world.database, wake: .silent)
    }

    private func workOff(_ world: TestWorld, at now: Timestamp) async throws {
        while try await deadlines(world).step(now: now) {}
    }

    @Test("ACCEPT_DISPUTE is carried out when the alert comes, told to the network, and explained")
    func carriedOut() async throws {
        try await TestWorld.runSelling { world, customer in
            let ruleset = try await makeRuleset(
                "ACCEPT_DISPUTE", below: 5_000, for: customer, in: world)
            let id = try await receive("A1", in: world)
            let alert = try await seen(id, world)
            #expect(alert["status"]?.string == "RESOLVED")
            #expect(alert["transaction_refund_outcome"]?.string == "NOT_REFUNDED")
            #expect(try await events(world, of: id) == ["alert.created"])
            #expect(try await told(world) == ["A1 NOT_REFUNDED"])
            let decision = try #require(try await decision(id, world))
            #expect(decision["ruleset_id"]?.string == ruleset)
            #expect(decision["ruleset_version"]?.integer == 1)
            #expect(decision["outcome"]?.string == "ACCEPT_DISPUTE")
            #expect(decision["is_carried_out"]?.boolean == true)
            let rules = decision["rules"]?.elements.map(\.self) ?? []
            #expect(rules.map { $0["holds"]?.boolean } == [true])
            #expect(rules.first?["amount_in_cents"]?.integer == 4_900)
        }
    }

    @Test("What would move money is a recommendation: the alert waits, and says what was decided")
    func recommended() async throws {
        try await TestWorld.runSelling { world, customer in
            _ = try await makeRuleset("REFUND", below: 5_000, for: customer, in: world)
            let id = try await receive("A1", in: world)
            #expect(try await seen(id, world)["status"]?.string == "ACTION_REQUIRED")
            let decision = try #require(try await decision(id, world))
            #expect(decision["outcome"]?.string == "REFUND")
            #expect(decision["is_carried_out"]?.boolean == false)
            #expect(try await told(world).isEmpty)
        }
    }

    @Test("A ruleset that does not hold decides nothing, and a change counts for alerts after it")
    func changed() async throws {
        try await TestWorld.runSelling { world, customer in
            let ruleset = try await makeRuleset(
                "ACCEPT_DISPUTE", below: 100, for: customer, in: world)
            let first = try await receive("A1", in: world)
            let rules = try await world.send(.get, "/v1/rulesets/\(ruleset)").json["rules"]
            let rule = rules?.elements.map(\.self).first?["id"]?.string ?? ""
            let changed = try await world.send(
                .patch, "/v1/rulesets/\(ruleset)/rules/\(rule)",
                """
                {"type":"AMOUNT","parameters":{"operator":"LESS_THAN","currency_code":"USD",
                "amount_in_cents":5000}}
                """)
            #expect(changed.status == 200)
            let second = try await receive("A2", amount: 4_000, in: world)
            #expect(try await seen(first, world)["status"]?.string == "ACTION_REQUIRED")
            #expect(try await seen(second, world)["status"]?.string == "RESOLVED")
            let before = try #require(try await decision(first, world))
            #expect(before["outcome"]?.string == nil)
            #expect(before["ruleset_version"]?.integer == 1)
            #expect(try await decision(second, world)?["ruleset_version"]?.integer == 2)
        }
    }

    @Test("In strict mode an alert without a sale waits for a person whatever a rule says")
    func strict() async throws {
        try await TestWorld.runSelling { world, customer in
            _ = try await AccountService(database: world.database).settings(
                of: .init(stored: customer.organisation), setting: [("matching_mode", "strict")])
            _ = try await makeRuleset("ACCEPT_DISPUTE", below: 5_000, for: customer, in: world)
            let unknown = try await receive("A1", last4: "1111", arn: nil, in: world)
            #expect(try await seen(unknown, world)["status"]?.string == "ACTION_REQUIRED")
            #expect(try await decision(unknown, world)?["is_carried_out"]?.boolean == false)
            let known = try await receive("A2", in: world)
            #expect(try await seen(known, world)["status"]?.string == "RESOLVED")
        }
    }

    @Test("An INVALID alert is decided by nobody, and a simulated one by wish alone")
    func notDecided() async throws {
        try await TestWorld.runSelling { world, customer in
            _ = try await receive("A1", in: world)
            _ = try await makeRuleset("ACCEPT_DISPUTE", below: 50_000, for: customer, in: world)
            let duplicate = try await receive("A2", in: world)
            #expect(try await seen(duplicate, world)["status"]?.string == "INVALID")
            #expect(try await decision(duplicate, world) == nil)
            for (members, status) in [("", "ACTION_REQUIRED"), (#","match":true"#, "RESOLVED")] {
                let alert = try await world.send(
                    .post, "/v1/simulate/alerts",
                    """
                    {"organisation_id":"\(customer.organisation)","amount_in_cents":700,
                    "currency_code":"USD","enrolment_id":"\(customer.enrolment)"\(members)}
                    """
                ).json
                #expect(alert["status"]?.string == status, "\(members)")
            }
            #expect(try await told(world).isEmpty)
        }
    }

    @Test("At its deadline an open alert ends not refunded, once, and the network hears so")
    func deadline() async throws {
        try await TestWorld.runSelling { world, _ in
            let id = try await receive("A1", in: world)
            let end = Self.now.adding(seconds: 48 * 3_600 - Limits.alertMarginSeconds)
            try await workOff(world, at: end.adding(milliseconds: -1))
            #expect(try await seen(id, world)["status"]?.string == "ACTION_REQUIRED")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { try await workOff(world, at: end) } }
                try await group.waitForAll()
            }
            try await workOff(world, at: end.adding(seconds: 86_400))
            let alert = try await seen(id, world)
            #expect(alert["status"]?.string == "RESOLVED")
            #expect(alert["transaction_refund_outcome"]?.string == "NOT_REFUNDED")
            #expect(
                try await events(world, of: id)
                    == ["alert.created", "alert.deadline_approaching", "alert.updated"])
            #expect(try await told(world) == ["A1 NOT_REFUNDED"])
        }
    }

    @Test(
        "An alert that ends not refunded although an intent tells of a refund needs attention, once"
    )
    func refundedBefore() async throws {
        try await TestWorld.runSelling { world, customer in
            let id = try await receive("A1", in: world)
            let asked = try await world.send(
                .post, "/v1/refund-intents",
                """
                {"organisation_id":"\(customer.organisation)","amount_in_cents":4900,"currency":"USD",
                "integration_id":"\(customer.integration)","transaction_reference_id":"txn-1"}
                """
            ).json
            let intent = asked["refund_intent"]?["id"]?.string ?? ""
            _ = try await world.send(
                .post, "/v1/refund-intents/\(intent)/commit", #"{"refund_reference_id":"r-1"}"#)
            #expect(try await seen(id, world)["attention"] == nil)
            try await workOff(world, at: Self.now.adding(seconds: 49 * 3_600))
            let reason = try await seen(id, world)["attention"]?["reason"]?.string
            #expect(reason == "REFUNDED_AFTER_DECLINE")
            _ = try await world.send(
                .patch, "/v1/alerts/\(id)", #"{"needs_attention":false}"#)
            let orders = try await world.send(.get, "/v1/orders").json["items"]
            let order = orders?.elements.map(\.self).first?["id"]?.string ?? ""
            let told = try await world.send(
                .patch, "/v1/orders/\(order)",
                """
                {"refunds":[{"reference_id":"r-1","amount_in_cents":4900,"currency":"USD",
                "status":"SUCCEEDED","original_transaction_reference_id":"txn-1"}]}
                """)
            #expect(told.status == 200, "\(told.text)")
            #expect(try await seen(id, world)["attention"] == nil)
            let flagged = try await events(world, of: id).filter { $0.hasSuffix("attention") }
            #expect(flagged.count == 1)
        }
    }

    @Test("Reminders come 24 and 4 hours before, once each, and none after an action")
    func reminders() async throws {
        try await TestWorld.runSelling { world, _ in
            let id = try await receive("A1", in: world)
            let acted = try await receive("A2", amount: 4_000, in: world)
            let end = Self.now.adding(seconds: 48 * 3_600 - Limits.alertMarginSeconds)
            for hours: Int64 in [30, 24, 23, 4, 3] {
                try await workOff(world, at: end.adding(seconds: -hours * 3_600))
                if hours == 30 {
                    let done = try await world.send(
                        .patch, "/v1/alerts/\(acted)", #"{"action":"REFUND"}"#)
                    #expect(done.status == 200)
                }
            }
            let approaching = try await events(world, of: id).filter {
                $0 == "alert.deadline_approaching"
            }
            #expect(approaching.count == 2)
            #expect(try await events(world, of: acted) == ["alert.created", "alert.updated"])
            let open = try await seen(id, world)
            #expect(open["status"]?.string == "ACTION_REQUIRED")
        }
    }

    @Test(
        "An action and the deadline at one moment have one winner, and the network hears one of them"
    )
    func race() async throws {
        try await TestWorld.runSelling { world, customer in
            var ids: [AlertID] = []
            for number in 0..<12 {
                ids.append(
                    try await receive("A\(number)", amount: 1_000 + Int64(number), in: world))
            }
            // Their deadline is now; the partner's clock is a moment behind.
            try await world.database.write { tx in
                try tx.execute("UPDATE alert SET due_at = 0")
            }
            let end = Self.now.adding(seconds: 48 * 3_600)
            let all = ids
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await workOff(world, at: end) }
                for id in all {
                    group.addTask {
                        let answer = try await world.send(
                            .patch, "/v1/alerts/\(id)", #"{"action":"REFUND"}"#)
                        #expect([200, 422].contains(answer.status))
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await told(world).count == ids.count)
            for id in ids {
                #expect(try await events(world, of: id) == ["alert.created", "alert.updated"])
                #expect(try await seen(id, world)["status"]?.string == "RESOLVED")
            }
        }
    }

    @Test("An alert that cannot be ended is put off, and does not hold up the others")
    func failure() async throws {
        try await TestWorld.runSelling { world, sound in
            let broken = try await world.customer("Broken")
            _ = try await world.send(
                .patch, "/v1/simulate/enrolments/\(broken.enrolment)", #"{"status":"ENABLED"}"#)
            var ids: [String] = []
            for customer in [broken, sound] {
                ids.append(
                    try await world.make(
                        "/v1/simulate/alerts",
                        """
                        {"organisation_id":"\(customer.organisation)",
                        "enrolment_id":"\(customer.enrolment)"}
                        """))
            }
            try await world.database.write { tx in
                try tx.execute(
                    "UPDATE organisation SET settings = '{' WHERE id = \(broken.organisation)")
            }
            let end = Self.now.adding(seconds: 49 * 3_600)
            await #expect(throws: (any Error).self) {
                _ = try await deadlines(world).step(now: end)
            }
            #expect(try await seen(.init(stored: ids[1]), world)["status"]?.string == "RESOLVED")
            #expect(
                try await seen(.init(stored: ids[0]), world)["status"]?.string == "ACTION_REQUIRED")
            #expect(try await !deadlines(world).step(now: end))
        }
    }
}
