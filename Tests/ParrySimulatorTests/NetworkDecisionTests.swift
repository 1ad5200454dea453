import ParrySimulator
import ParryWire
import Testing

@Suite("Decisions for Verifi")
struct NetworkDecisionTests {
    /// An answer of the platform, and what the network makes of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reply: PlatformReply
        var decision: RDRDecision?
        var faults = 0
    }

    private static func answer(
        _ decision: String, id: String = "D", ruleset: String = "null", status: Int = 200,
        milliseconds: Int64 = 5
    ) -> PlatformReply {
        SampleNetworks.reply(
            #"{"decisionId":"\#(id)","decision":\#(decision),"rulesetId":\#(ruleset)}"#,
            status: status, milliseconds: milliseconds)
    }

    static let cases = [
        Case(testDescription: "ACCEPT", reply: answer(#""ACCEPT""#), decision: .accept),
        Case(
            testDescription: "DECLINE by a ruleset",
            reply: answer(#""DECLINE""#, ruleset: #""rset_1""#), decision: .decline),
        Case(
            testDescription: "at the budget", reply: answer(#""DECLINE""#, milliseconds: 2_000),
            decision: .decline),
        Case(
            testDescription: "over the budget", reply: answer(#""DECLINE""#, milliseconds: 2_001)),
        Case(
            testDescription: "no answer",
            reply: PlatformReply(failure: "no answer within 7 s", milliseconds: 7_000)),
        Case(testDescription: "our own words", reply: answer(#""REFUND""#), faults: 1),
        Case(testDescription: "no decision", reply: answer("null"), faults: 1),
        Case(
            testDescription: "another decision's id", reply: answer(#""ACCEPT""#, id: "E"),
            faults: 1),
        Case(testDescription: "no JSON", reply: SampleNetworks.reply("ACCEPT"), faults: 1),
        Case(
            testDescription: "no rulesetId",
            reply: SampleNetworks.reply(#"{"decisionId":"D","decision":"ACCEPT"}"#), faults: 1),
        Case(
            testDescription: "another member",
            reply: SampleNetworks.reply(
                #"{"decisionId":"D","decision":"ACCEPT","rulesetId":null,"x":1}"#), faults: 1),
        Case(
            testDescription: "an error", reply: answer(#""ACCEPT""#, status: 500), faults: 1),
    ]

    @Test(
        "An answer in time that keeps to NETWORKS.md decides, else the network does",
        arguments: cases)
    func judged(_ item: Case) {
        var networks = SampleNetworks { $0.decisionFallback = .decline }
        let id = networks.state.ask(Array(#"{"decisionId":"D"}"#.utf8), at: networks.now)
        let outcome = networks.state.conclude(decision: id, item.reply, at: networks.now)
        #expect(outcome.isFallback == (item.decision == nil))
        #expect(outcome.effective == item.decision ?? .decline)
        #expect((outcome.reason == nil) == (item.decision != nil))
        #expect(networks.state.ledger.faults.count == item.faults)
        let kind: LedgerEntry.Kind =
            item.decision == nil ? .decisionFellBack : .decisionAnswered
        #expect(networks.state.ledger.entries.last?.kind == kind)
        #expect(networks.state.ledger.entries.last?.milliseconds == item.reply.milliseconds)
    }

    @Test("Another answer to the same decision is a fault, and the first one stays")
    func changed() {
        var networks = SampleNetworks()
        var outcomes: [DecisionOutcome] = []
        for decision in [#""DECLINE""#, #""DECLINE""#, #""ACCEPT""#] {
            let id = networks.state.ask(Array(#"{"decisionId":"D"}"#.utf8), at: networks.now)
            outcomes.append(
                networks.state.conclude(
                    decision: id, Self.answer(decision), at: networks.now))
        }
        #expect(outcomes.map(\.effective) == [.decline, .decline, .decline])
        #expect(outcomes.map(\.faults.count) == [0, 0, 1])
        #expect(networks.state.verifi.cases.decisions["D"]?.asked == 3)
    }

    @Test("A fallback stays what was decided, whatever the platform says later")
    func fallback() {
        var networks = SampleNetworks()
        let body = Array(#"{"decisionId":"D"}"#.utf8)
        let late = PlatformReply(failure: "no answer", milliseconds: 7_000)
        _ = networks.state.ask(body, at: networks.now)
        _ = networks.state.conclude(decision: "D", late, at: networks.now)
        _ = networks.state.ask(body, at: networks.now)
        let second = networks.state.conclude(
            decision: "D", Self.answer(#""DECLINE""#), at: networks.now)
        #expect(second.effective == .accept)
        #expect(second.faults.isEmpty)
        #expect(networks.state.verifi.cases.answers == ["FALLBACK": 1, "DECLINE": 1])
    }

    @Test(
        "A notice tells what was decided; a deletion and an unasked case stay as they are",
        arguments: [
            ("D", "ACCEPTED", "DECLINED"), ("D", "DECLINED", "DECLINED"),
            ("D", "DELETED", "DELETED"), ("E", "ACCEPTED", "ACCEPTED"),
        ])
    func truthful(id: String, expected: String, told: String) throws {
        var networks = SampleNetworks()
        _ = networks.state.ask(Array(#"{"decisionId":"D"}"#.utf8), at: networks.now)
        _ = networks.state.conclude(
            decision: "D", Self.answer(#""DECLINE""#), at: networks.now)
        let body = #"{"decisionId":"\#(id)","caseId":"C","status":"\#(expected)","arn":"1"}"#
        let notice = networks.state.truthful(
            PlatformMessage(subject: "C", body: Array(body.utf8), word: expected))
        #expect(notice.word == told)
        let root = try NetworkAnswer(status: 200, body: notice.body).root()
        #expect(root["status"]?.string == told)
        #expect(root["arn"]?.string == "1")
        #expect(root.count == 4)
    }
}
