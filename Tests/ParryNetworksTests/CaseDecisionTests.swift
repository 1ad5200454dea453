import HTTPTypes
import ParryDatabase
import ParryDomain
import ParryServer
import ParryService
import ParryTestSupport
import ParryWire
import Testing

@Suite("RDR cases are decided")
struct CaseDecisionTests {
    private static let now = Platform.now().truncatedToSecond

    /// A customer with an RDR enrolment, on every engine.
    private func run(
        _ test:
            @escaping @Sendable (
                TestWorld, Customer, _ enrolment: String, inout ThrowingTaskGroup<Void, any Error>
            ) async throws -> Void
    ) async throws {
        for engine in Engine.allCases {
            try await TestWorld.run(on: engine) { world in
                let customer = try await world.customer()
                let enrolment = try await world.make(
                    "/v2/enrolments",
                    """
                    {"merchant_ids":["\(customer.merchant)"],"type":"VERIFI_RDR",
                    "verifi_rdr":{"bin":"424242","caid":"AcmeFit01"}}
                    """)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    try await test(world, customer, enrolment, &group)
                    group.cancelAll()
                }
            }
        }
    }

    /// A process that decides, as long as the test's group runs.
    private func decisions(
        _ world: TestWorld, _ group: inout ThrowingTaskGroup<Void, any Error>,
        budget: Duration = .seconds(60), fallback: CaseDecision = .accept
    ) async throws -> CaseDecisionService {
        let service = CaseDecisionService(
            database: world.database, budget: budget, fallback: fallback)
        while try await service.refresh(now: Self.now) {}
        group.addTask { await service.run() }
        return service
    }

    private func question(
        _ id: String, _ amount: Int64? = 4_900, _ currency: String = "USD",
        identifiers: [String] = ["424242:ACMEFIT01"]
    ) -> CaseQuestion {
        CaseQuestion(
            id: id, identifiers: identifiers,
            subject: RuleSubject(
                amount: amount, currency: currency, descriptor: "ACMEFIT MONTHLY", time: Self.now))
    }

    private func decide(
        _ question: CaseQuestion, _ service: CaseDecisionService, mode: AccountMode = .test
    ) async -> CaseAnswer {
        await service.decide(question, body: Array("{}".utf8), mode: mode, now: Self.now)
    }

    private func makeRuleset(
        _ outcome: String, above cents: Int64, _ customer: Customer, _ enrolment: String,
        in world: TestWorld
    ) async throws -> String {
        try await world.make(
            "/v1/rulesets",
            """
            {"organisation_id":"\(customer.organisation)","enrolment_ids":["\(enrolment)"],
            "outcome":"\(outcome)","join_operator":"AND","rules":[{"type":"AMOUNT","parameters":
            {"operator":"GREATER_THAN","currency_code":"USD","amount_in_cents":\(cents)}}]}
            """)
    }

    @Test("A ruleset decides by the amount of the case; what it does not hold for is refunded")
    func ruleset() async throws {
        try await run { world, customer, enrolment, group in
            let id = try await makeRuleset(
                "ACCEPT_DISPUTE", above: 4_900, customer, enrolment, in: world)
            let service = try await decisions(world, &group)
            let large = await decide(question("D1", 4_901), service)
            #expect(large.decision == .decline)
            #expect(large.origin == .ruleset)
            #expect(large.evaluation?.rulesetID.text == id)
            let small = await decide(question("D2", 4_900), service)
            #expect(small.decision == .accept)
            #expect(small.origin == .standard)
            let unknown = await decide(question("D3", nil), service)
            #expect(unknown.decision == .accept)
            #expect(unknown.evaluation?.findings.map(\.obstacle) == [.notTold])
            let foreign = await decide(question("D4", 9_900, "EUR"), service)
            #expect(foreign.evaluation?.findings.map(\.obstacle) == [.noRate])
        }
    }

    @Test("Refunding outcomes are ACCEPT, and so is a case without a ruleset")
    func accepted() async throws {
        try await run { world, customer, enrolment, group in
            let without = await decide(question("D1"), try await decisions(world, &group))
            #expect(without.decision == .accept)
            #expect(without.origin == .standard)
            _ = try await makeRuleset(
                "REFUND_AND_CANCEL", above: 0, customer, enrolment, in: world)
            let with = await decide(question("D2"), try await decisions(world, &group))
            #expect(with.decision == .accept)
            #expect(with.origin == .ruleset)
        }
    }

    @Test(
        "A case of nobody, or of the other mode, gets the fallback, and it is said",
        arguments: CaseDecision.allCases)
    func fallback(_ fallback: CaseDecision) async throws {
        try await run { world, _, _, group in
            let service = try await decisions(world, &group, fallback: fallback)
            for (asked, mode) in [
                (question("D1", identifiers: ["424242:OTHER"]), AccountMode.test),
                (question("D2", identifiers: []), .test), (question("D3"), .live),
            ] {
                let answer = await decide(asked, service, mode: mode)
                #expect(answer.decision == fallback)
                #expect(answer.origin == .fallback)
            }
        }
    }

    @Test("The same question gets the same answer from every process, whatever was changed since")
    func repeated() async throws {
        try await run { world, customer, enrolment, group in
            let first = await decide(question("D1"), try await decisions(world, &group))
            #expect(first.decision == .accept)
            _ = try await makeRuleset(
                "ACCEPT_DISPUTE", above: 0, customer, enrolment, in: world)
            let other = try await decisions(world, &group)
            #expect(await decide(question("D1"), other) == first)
            #expect(await decide(question("D2"), other).decision == .decline)
        }
    }

    @Test("Many processes that are asked the same at once give one answer")
    func atOnce() async throws {
        try await run { world, customer, enrolment, group in
            let old = try await decisions(world, &group)
            _ = try await makeRuleset(
                "ACCEPT_DISPUTE", above: 0, customer, enrolment, in: world)
            let new = try await decisions(world, &group)
            for round in 0..<10 {
                let answers = await withTaskGroup(of: CaseAnswer.self) { group in
                    for service in [old, new, old, new] {
                        group.addTask { await decide(question("R\(round)"), service) }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                #expect(Set(answers.map(\.decision)).count == 1)
            }
        }
    }

    @Test("A saved change decides after the next look, and a deleted ruleset decides nothing")
    func refreshed() async throws {
        try await run { world, customer, enrolment, group in
            let service = try await decisions(world, &group)
            let id = try await makeRuleset(
                "ACCEPT_DISPUTE", above: 0, customer, enrolment, in: world)
            while try await service.refresh(now: Self.now) {}
            #expect(await decide(question("D1"), service).decision == .decline)
            let off = try await world.send(
                .patch, "/v1/rulesets/\(id)", #"{"outcome":"REFUND"}"#)
            #expect(off.status == 200)
            while try await service.refresh(now: Self.now) {}
            #expect(await decide(question("D2"), service).decision == .accept)
            let gone = try await world.send(.delete, "/v1/rulesets/\(id)")
            #expect(gone.status == 204)
            while try await service.refresh(now: Self.now) {}
            #expect(await decide(question("D3"), service).origin == .standard)
        }
    }

    @Test("What is not kept within the budget is the fallback, and stays it")
    func budget() async throws {
        try await run { world, customer, enrolment, group in
            _ = try await makeRuleset(
                "ACCEPT_DISPUTE", above: 0, customer, enrolment, in: world)
            let hasty = try await decisions(world, &group, budget: .nanoseconds(1))
            var given: [String: CaseDecision] = [:]
            for number in 0..<20 {
                let answer = await decide(question("D\(number)"), hasty)
                given["D\(number)"] = answer.decision
                #expect(await decide(question("D\(number)"), hasty).decision == answer.decision)
            }
            while try await hasty.refresh(now: Self.now) {}
            let patient = try await decisions(world, &group)
            for (id, decision) in given {
                #expect(await decide(question(id), patient).decision == decision, "\(id)")
            }
        }
    }

    @Test("Without a board every case gets the fallback")
    func noBoard() async throws {
        try await run { world, _, _, group in
            let service = CaseDecisionService(
                database: world.database, budget: .seconds(60), fallback: .decline)
            group.addTask { await service.run() }
            let answer = await decide(question("D1"), service)
            #expect(answer.decision == .decline)
            #expect(answer.origin == .fallback)
        }
    }

    @Test("The alert of a case explains what the ruleset decided, and whether the network did so")
    func explained() async throws {
        try await run { world, customer, enrolment, group in
            _ = try await world.send(
                .patch, "/v1/simulate/enrolments/\(enrolment)", #"{"status":"ENABLED"}"#)
            let ruleset = try await makeRuleset(
                "ACCEPT_DISPUTE", above: 0, customer, enrolment, in: world)
            _ = await decide(question("D1"), try await decisions(world, &group))
            for (status, isCarriedOut) in [(NetworkCase.Status.declined, true), (.accepted, false)]
            {
                let notice = NetworkCase(
                    status: status, decisionID: "D1",
                    alert: NetworkAlert(
                        networkID: "C-\(status.rawValue)", category: .dispute, alertedAt: Self.now,
                        transaction: AlertTransaction(
                            amount: 4_900, currency: "USD", authorisedAt: Self.now,
                            authorisationCode: nil, acquirerReferenceNumber: nil,
                            statementDescriptor: nil, cardBIN: nil, cardLast4: "4242",
                            cardScheme: "VISA", cardIssuer: nil), transactionAt: nil,
                        reasonCode: nil), acquirerBIN: "424242", cardAcceptorID: "ACMEFIT01")
                let fate = try await NetworkIntake(database: world.database, wake: .silent)
                    .receive(notice, body: Array("{}".utf8), mode: .test, now: Self.now)
                guard case .raised(let id) = fate else {
                    Issue.record("The case raised no alert.")
                    return
                }
                let match = try await world.send(.get, "/v1/alerts/\(id)/match").json
                #expect(match["decision"]?["ruleset_id"]?.string == ruleset)
                #expect(match["decision"]?["is_carried_out"]?.boolean == isCarriedOut)
                let other = NetworkCase(
                    status: status == .accepted ? .declined : .accepted, decisionID: "D1",
                    alert: notice.alert, acquirerBIN: "424242", cardAcceptorID: "ACMEFIT01")
                _ = try await NetworkIntake(database: world.database, wake: .silent)
                    .receive(other, body: Array("{}".utf8), mode: .test, now: Self.now)
                let changed = try await world.send(.get, "/v1/alerts/\(id)/match").json
                #expect(changed["decision"]?["is_carried_out"]?.boolean == !isCarriedOut)
            }
        }
    }
}
