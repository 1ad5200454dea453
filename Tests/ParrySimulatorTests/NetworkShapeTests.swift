import ParrySimulator
import ParryWire
import Testing

@Suite("The shapes of the platform's messages")
struct NetworkShapeTests {
    /// A request that breaks NETWORKS.md, and a part of what the network says about it.
    struct Case: Sendable, CustomTestStringConvertible {
        let method: String
        let path: String
        let body: String
        let says: String
        var status = 400

        var testDescription: String { "\(method) \(path): \(says)" }
    }

    private static func outcome(_ change: (inout [String: String]) -> Void) -> String {
        var members = [
            "alertId": #""A""#, "outcome": #""RESOLVED""#, "refundStatus": #""REFUNDED""#,
            "amount": #""49.00""#, "currency": #""USD""#, "timestamp": #""2026-02-17T11:00:00Z""#,
            "comments": "null",
        ]
        change(&members)
        let text = members.sorted { $0.key < $1.key }.map { #""\#($0.key)":\#($0.value)"# }
        return #"{"outcomes":[{\#(text.joined(separator: ","))}]}"#
    }

    private static func outcome(_ says: String, _ change: (inout [String: String]) -> Void) -> Case
    {
        Case(method: "POST", path: "/ethoca/outcomes", body: outcome(change), says: says)
    }

    static let outcomes = [
        outcome("outcomes[0] has a member that is not known") { $0["extra"] = "1" },
        outcome("outcomes[0].alertId is no text") { $0["alertId"] = nil },
        outcome("outcomes[0].alertId has to have 1 to 64 characters") { $0["alertId"] = #""""# },
        outcome("outcomes[0].outcome is none of") { $0["outcome"] = #""REFUND""# },
        outcome("outcomes[0].refundStatus is none of") { $0["refundStatus"] = #""YES""# },
        outcome("outcomes[0].comments is not there") { $0["comments"] = nil },
        outcome("outcomes[0].comments has to have 0 to 1024") {
            $0["comments"] = "\"\(String(repeating: "x", count: 1_025))\""
        },
        outcome("outcomes[0].timestamp is no time") { $0["timestamp"] = #""2026-02-17 11:00""# },
        outcome("outcomes[0].currency is no active code") { $0["currency"] = #""XXX""# },
        outcome("outcomes[0].amount is no decimal with the 2 places") { $0["amount"] = #""49""# },
        outcome("outcomes[0].amount is no decimal with the 2 places") { $0["amount"] = #""49.0""# },
        outcome("outcomes[0].amount is no decimal") { $0["amount"] = #""-49.00""# },
        outcome("outcomes[0].amount is no decimal") { $0["amount"] = #""049.00""# },
        outcome("outcomes[0].amount is no text") { $0["amount"] = "49.00" },
        outcome("outcomes[0].amount is no decimal with the 0 places of JPY") {
            $0["currency"] = #""JPY""#
        },
        outcome("outcomes[0] is a refund and says not how much") { $0["amount"] = "null" },
        outcome("outcomes[0] is a refund and says not how much") { $0["timestamp"] = "null" },
        outcome("outcomes[0].currency has to be with the amount") { $0["currency"] = "null" },
    ]

    private static func post(_ path: String, _ body: String, _ says: String) -> Case {
        Case(method: "POST", path: path, body: body, says: says)
    }

    private static func descriptors(_ list: String, _ says: String) -> Case {
        post(
            "/ethoca/descriptors",
            #"{"requestId":"r","merchantName":"A","descriptors":[\#(list)]}"#, says)
    }

    static let others = [
        post("/ethoca/outcomes", "", "the body is no JSON"),
        post("/ethoca/outcomes", "[]", "the body is no object"),
        post("/ethoca/outcomes", "{}", "outcomes is no list"),
        post("/ethoca/outcomes", #"{"outcomes":[]}"#, "outcomes has to have 1 to 25"),
        post("/ethoca/outcomes", #"{"outcomes":[1]}"#, "outcomes[0] is no object"),
        post(
            "/ethoca/descriptors", #"{"merchantName":"A","descriptors":[]}"#,
            "requestId is no text"),
        descriptors("", "descriptors has to have 1 to 250"),
        descriptors(#"{"descriptor":"ACME","matchType":"EXACT_MATCH"}"#, "matchType is none of"),
        descriptors(#"{"matchType":"EXACT"}"#, "descriptors[0].descriptor is no text"),
        descriptors(
            #"{"descriptor":"A","descriptor":"A","matchType":"EXACT"}"#, "is given twice"),
        post("/verifi/enrolments", #"{"requestId":"r","bin":"424242"}"#, "caid is no text"),
        post(
            "/verifi/enrolments", #"{"requestId":"r","bin":"42424","caid":"A"}"#,
            "bin has to have 6 to 8"),
        post(
            "/verifi/enrolments", #"{"requestId":"r","bin":"4242x2","caid":"A"}"#,
            "bin has to be digits"),
        post(
            "/verifi/enrolments", #"{"requestId":"r","bin":"424242","caid":"A-1"}"#,
            "caid has to be letters and digits"),
        post(
            "/verifi/enrolments", #"{"requestId":"r","bin":null,"caid":null,"arns":["1"]}"#,
            "not known"),
        post(
            "/verifi/enrolments", #"{"requestId":"r","arns":["123"]}"#,
            "arns[0] has to be 23 digits"),
        post("/verifi/enrolments", #"{"requestId":"r","arns":[]}"#, "arns has to have 1 to 100"),
        Case(
            method: "PUT", path: "/verifi/rulesets/none", body: #"{"version":1}"#,
            says: "no such enrolment", status: 404),
        Case(
            method: "DELETE", path: "/ethoca/descriptors/none", body: "",
            says: "no such enrolment", status: 404),
        Case(
            method: "DELETE", path: "/verifi/enrolments/none", body: "",
            says: "no such enrolment", status: 404),
        Case(
            method: "GET", path: "/ethoca/alerts", body: "", says: "no such request", status: 404),
        Case(
            method: "POST", path: "/verifi/rulesets/1/2", body: "{}", says: "no such request",
            status: 404),
    ]

    @Test(
        "What breaks NETWORKS.md is refused, and is a fault in the ledger",
        arguments: outcomes + others)
    func refused(_ item: Case) throws {
        var networks = SampleNetworks()
        networks.push(["A"])
        let step = networks.take(item.method, item.path, item.body)
        #expect(step.answer.status == item.status)
        #expect(step.text.contains(item.says))
        let fault = try #require(networks.state.ledger.faults.first)
        #expect(fault.note?.contains(item.says) == true)
        #expect(networks.state.ledger.faults.count == 1)
        #expect(networks.state.ethoca.alerts.records["A"]?.outcomesReceived == 0)
    }

    @Test(
        "What keeps to NETWORKS.md is taken",
        arguments: [
            outcome { _ in },
            outcome {
                $0["refundStatus"] = #""NOT_REFUNDED""#
                $0["amount"] = "null"
                $0["currency"] = "null"
                $0["timestamp"] = "null"
            },
            outcome {
                $0["currency"] = #""JPY""#
                $0["amount"] = #""500""#
            },
            outcome {
                $0["currency"] = #""KWD""#
                $0["amount"] = #""0.250""#
                $0["comments"] = #""refunded by hand""#
            },
        ])
    func taken(_ body: String) {
        var networks = SampleNetworks()
        networks.push(["A"])
        let step = networks.take("POST", "/ethoca/outcomes", body)
        #expect(step.answer.status == 200)
        #expect(step.text.contains("SUCCESS"))
        #expect(networks.state.ledger.faults.isEmpty)
    }

    @Test("A refusal names everything that is wrong at once")
    func everything() {
        var networks = SampleNetworks()
        let body = Self.outcome {
            $0["outcome"] = "1"
            $0["currency"] = #""usd""#
        }
        let text = networks.take("POST", "/ethoca/outcomes", body).text
        #expect(text.contains("outcomes[0].outcome"))
        #expect(text.contains("outcomes[0].currency"))
    }

    @Test("Who does not show the token is refused, and that is a fault")
    func token() {
        var networks = SampleNetworks()
        #expect(networks.state.refuse(.verifi, at: networks.now).answer.status == 401)
        #expect(networks.state.ledger.faults.map(\.network) == [.verifi])
    }
}
