import ParrySimulator
import ParryWire
import Testing

@Suite("Outcomes at Ethoca")
struct NetworkOutcomeTests {
    /// What came before, what comes, and what the network says: nil is SUCCESS.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var type = "CUSTOMERDISPUTE"
        var before: [String] = []
        var laterSeconds: Int64 = 0
        let outcome: String
        var code: String?
        var faults = 0
    }

    static let cases = [
        Case(testDescription: "the first outcome", outcome: SampleNetworks.outcome("A")),
        Case(
            testDescription: "the same once more", before: [SampleNetworks.outcome("A")],
            outcome: SampleNetworks.outcome("A")),
        Case(
            testDescription: "the same with another comment",
            before: [SampleNetworks.outcome("A")],
            outcome: SampleNetworks.outcome("A", comments: "\"again\"")),
        Case(
            testDescription: "another word", before: [SampleNetworks.outcome("A")],
            outcome: SampleNetworks.outcome("A", "OTHER"), code: "OUTCOME_ALREADY_FINAL"),
        Case(
            testDescription: "another amount", before: [SampleNetworks.outcome("A")],
            outcome: SampleNetworks.outcome("A", amount: "48.00"), code: "OUTCOME_ALREADY_FINAL"),
        Case(
            testDescription: "the first again after a second one",
            before: [SampleNetworks.outcome("A"), SampleNetworks.outcome("A", "OTHER")],
            outcome: SampleNetworks.outcome("A")),
        Case(
            testDescription: "an alert that was never pushed",
            outcome: SampleNetworks.outcome("B"), code: "UNKNOWN_ALERT"),
        Case(
            testDescription: "the last moment of the window", laterSeconds: 48 * 3_600,
            outcome: SampleNetworks.outcome("A")),
        Case(
            testDescription: "after the window", laterSeconds: 48 * 3_600 + 1,
            outcome: SampleNetworks.outcome("A"), code: "TOO_LATE"),
        Case(
            testDescription: "the same once more after the window",
            before: [SampleNetworks.outcome("A")], laterSeconds: 48 * 3_600 + 1,
            outcome: SampleNetworks.outcome("A")),
        Case(
            testDescription: "a word for fraud about a dispute",
            outcome: SampleNetworks.outcome("A", "STOPPED"), code: "INVALID_OUTCOME", faults: 1),
        Case(
            testDescription: "a word for a dispute about fraud", type: "CONFIRMEDFRAUD",
            outcome: SampleNetworks.outcome("A"), code: "INVALID_OUTCOME", faults: 1),
        Case(
            testDescription: "a word for fraud about fraud", type: "CONFIRMEDFRAUD",
            outcome: SampleNetworks.outcome("A", "STOPPED")),
        Case(
            testDescription: "any word about a type that nobody knows", type: "NEWTYPE",
            outcome: SampleNetworks.outcome("A", "STOPPED")),
    ]

    @Test("Each outcome is judged by what is known of its alert", arguments: cases)
    func judged(_ item: Case) throws {
        var networks = SampleNetworks()
        networks.push(["A"], type: item.type)
        for outcome in item.before {
            _ = networks.take("POST", "/ethoca/outcomes", SampleNetworks.outcomes(outcome))
        }
        networks.now = networks.now.adding(seconds: item.laterSeconds)
        let step = networks.take(
            "POST", "/ethoca/outcomes", SampleNetworks.outcomes(item.outcome))
        let answer = try #require(try step.root()["outcomes"]?.elements.first { _ in true })
        #expect(answer["status"]?.string == (item.code == nil ? "SUCCESS" : "FAILURE"))
        #expect(answer["error"]?["code"]?.string == item.code)
        #expect(answer["error"]?["recoverable"]?.boolean == (item.code == nil ? nil : false))
        #expect(networks.state.ledger.counts[.protocolFault, default: 0] == item.faults)
    }

    @Test("Only the first outcome counts, and the ledger knows who was told two")
    func firstCounts() throws {
        var networks = SampleNetworks()
        networks.push(["A", "B", "C"])
        _ = networks.take(
            "POST", "/ethoca/outcomes",
            SampleNetworks.outcomes(
                SampleNetworks.outcome("A"), SampleNetworks.outcome("A", "OTHER"),
                SampleNetworks.outcome("B"), SampleNetworks.outcome("B")))
        let alerts = networks.state.ethoca.alerts
        #expect(alerts.records["A"]?.outcome?.word == .resolved)
        #expect(alerts.conflicting == ["A"])
        #expect(alerts.repeated == ["B"])
        #expect(alerts.outcomes == ["RESOLVED/REFUNDED": 2])
        #expect(alerts.refusals == ["OUTCOME_ALREADY_FINAL": 1])
        #expect(alerts.records["A"]?.outcomesReceived == 2)
        #expect(alerts.records["C"]?.outcome == nil)
    }

    @Test("25 outcomes fit a request, 26 are refused as a whole")
    func batch() throws {
        for (count, status) in [(25, 200), (26, 400)] {
            var networks = SampleNetworks()
            let ids = (0..<count).map { "A\($0)" }
            networks.push(ids)
            let list = ids.map { SampleNetworks.outcome($0) }.joined(separator: ",")
            let step = networks.take("POST", "/ethoca/outcomes", #"{"outcomes":[\#(list)]}"#)
            #expect(step.answer.status == status)
            let counted = networks.state.ethoca.alerts.outcomes.values.reduce(0, +)
            #expect(counted == (status == 200 ? count : 0))
            #expect(networks.state.ledger.faults.count == (status == 200 ? 0 : 1))
        }
    }

    @Test("The window begins with the alert's own time when that was earlier than the push")
    func window() throws {
        var networks = SampleNetworks()
        let raised = networks.now.adding(seconds: -3_600)
        let exchange = networks.state.push(
            [SampleNetworks.alert("A", at: raised)], at: networks.now
        ).exchange
        _ = networks.state.conclude(
            exchange, SampleNetworks.acknowledged(["A"]), at: networks.now)
        let record = try #require(networks.state.ethoca.alerts.records["A"])
        #expect(record.closesAt == raised.adding(seconds: 48 * 3_600))
        #expect(record.firstSentAt == networks.now)
    }

    @Test("An outcome counts although its alert was never acknowledged")
    func unacknowledged() throws {
        var networks = SampleNetworks()
        _ = networks.state.push([SampleNetworks.alert("A")], at: networks.now)
        let step = networks.take(
            "POST", "/ethoca/outcomes", SampleNetworks.outcomes(SampleNetworks.outcome("A")))
        #expect(step.text.contains(#""status":"SUCCESS""#))
        #expect(networks.state.ethoca.alerts.unacknowledged == ["A"])
    }

    @Test("Misbehaviour spoils just so many outcomes, and none of those counts")
    func spoilt() throws {
        var networks = SampleNetworks()
        networks.push(["A", "B", "C"])
        networks.state.misbehaviour.recoverableOutcomes = 1
        networks.state.misbehaviour.finalOutcomes = 1
        let step = networks.take(
            "POST", "/ethoca/outcomes",
            SampleNetworks.outcomes(
                SampleNetworks.outcome("A"), SampleNetworks.outcome("B"),
                SampleNetworks.outcome("C")))
        let answers = try #require(try step.root()["outcomes"]).elements.map { $0 }
        #expect(answers.map { $0["error"]?["recoverable"]?.boolean } == [true, false, nil])
        #expect(networks.state.ethoca.alerts.records["A"]?.outcome == nil)
        #expect(networks.state.ethoca.alerts.records["B"]?.outcome == nil)
        #expect(networks.state.ethoca.alerts.records["C"]?.outcome != nil)
        #expect(networks.state.misbehaviour == Misbehaviour())
    }

    @Test("A lost answer is a 504 after the outcome has counted; its repetition succeeds")
    func lost() throws {
        var networks = SampleNetworks()
        networks.push(["A"])
        networks.wish(.lost(times: 1), "A")
        let body = SampleNetworks.outcomes(SampleNetworks.outcome("A"))
        #expect(networks.take("POST", "/ethoca/outcomes", body).answer.status == 504)
        #expect(networks.state.ethoca.alerts.records["A"]?.outcome?.word == .resolved)
        let again = networks.take("POST", "/ethoca/outcomes", body)
        #expect(again.answer.status == 200)
        #expect(again.text.contains("SUCCESS"))
        #expect(networks.state.ethoca.alerts.repeated == ["A"])
    }

    @Test("A play's recoverable error is over after so many times, its final one never")
    func wishes() throws {
        var networks = SampleNetworks()
        networks.push(["A", "B"])
        networks.wish(.recoverable(times: 2), "A")
        networks.wish(.final, "B")
        let body = SampleNetworks.outcomes(
            SampleNetworks.outcome("A"), SampleNetworks.outcome("B"))
        for _ in 0..<3 { _ = networks.take("POST", "/ethoca/outcomes", body) }
        #expect(networks.state.ethoca.alerts.records["A"]?.outcome != nil)
        #expect(networks.state.ethoca.alerts.records["B"]?.outcome == nil)
        #expect(
            networks.state.ethoca.alerts.refusals
                == ["SIMULATED_RECOVERABLE_ERROR": 2, "SIMULATED_FINAL_ERROR": 3])
    }

    @Test("A network that is not available looks at nothing")
    func unavailable() {
        var networks = SampleNetworks()
        networks.push(["A"])
        networks.state.misbehaviour.unavailable = 1
        let last = networks.state.ledger.last
        let body = SampleNetworks.outcomes(SampleNetworks.outcome("A"))
        #expect(networks.take("POST", "/ethoca/outcomes", body).answer.status == 503)
        #expect(networks.state.ledger.last == last)
        #expect(networks.take("POST", "/ethoca/outcomes", body).answer.status == 200)
    }
}
