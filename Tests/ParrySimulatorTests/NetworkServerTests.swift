import Foundation
import ParrySimulator
import ParryWire
import Testing

@Suite("The networks over HTTP", .timeLimit(.minutes(1)))
struct NetworkServerTests {
    /// Acknowledges alerts, but those that begin with F only at the third push; decides DECLINE.
    private static func platform() -> StubPlatform {
        StubPlatform { request, before in
            switch request.path {
            case "/networks/ethoca/alerts": acknowledge(request, before)
            case "/networks/verifi/rdr/decisions":
                """
                {"decisionId":"\(request.body["decisionId"]?.string ?? "")",\
                "decision":"DECLINE","rulesetId":null}
                """
            default: #"{"status":"success"}"#
            }
        }
    }

    private static func ids(_ request: StubPlatform.Received) -> [String] {
        (request.body["alerts"]?.elements.map { $0["alertId"]?.string ?? "" }) ?? []
    }

    private static func acknowledge(
        _ request: StubPlatform.Received, _ before: [StubPlatform.Received]
    ) -> String {
        let list = ids(request).map { id in
            let isBad = id.hasPrefix("F") && before.count { ids($0).contains(id) } < 2
            return isBad
                ? #"{"alertId":"\#(id)","status":"FAILURE","error":"full"}"#
                : #"{"alertId":"\#(id)","status":"SUCCESS","error":null}"#
        }
        return #"{"status":"success","acknowledgements":[\#(list.joined(separator: ","))]}"#
    }

    private static func alerts(_ ids: String...) -> String {
        let list = ids.map { #"{"alertId":"\#($0)","alertType":"CUSTOMERDISPUTE"}"# }
        return #"{"alerts":[\#(list.joined(separator: ","))]}"#
    }

    @Test("An alert that is not acknowledged is pushed again until it is, the others are not")
    func pushes() async throws {
        let platform = Self.platform()
        try await withNetworks(platform) { caller in
            let pushed = try await caller.ask(.post, "/control/push", Self.alerts("A1", "F1"))
            #expect(pushed.status == 200)
            #expect(pushed.body["acknowledged"]?.elements.map(\.string) == ["A1"])
            #expect(pushed.body["notAcknowledged"]?.elements.map(\.string) == ["F1"])
            let requests = await platform.wait(3, to: "/networks/ethoca/alerts")
            #expect(requests.map(Self.ids) == [["A1", "F1"], ["F1"], ["F1"]])
            #expect(requests.allSatisfy { $0.authorisation == "Bearer of-ethoca" })
            let fate = try await caller.read("/ledger/alerts/F1") {
                $0["acknowledgements"]?.integer == 1
            }
            #expect(fate["pushes"]?.integer == 3)
            #expect(fate["acknowledgements"]?.integer == 1)
            let kinds = fate["entries"]?.elements.map { $0["kind"]?.string }
            #expect(
                kinds == [
                    "ALERT_SENT", "ALERT_NOT_ACKNOWLEDGED", "ALERT_SENT",
                    "ALERT_NOT_ACKNOWLEDGED", "ALERT_SENT", "ALERT_ACKNOWLEDGED",
                ])
            let outcome = try await caller.ask(
                .post, "/ethoca/outcomes",
                SampleNetworks.outcomes(SampleNetworks.outcome("F1")))
            #expect(outcome.status == 200)
            let summary = try await caller.ask(.get, "/ledger/summary").body["alerts"]
            #expect(summary?["neverAcknowledged"]?.integer == 0)
            #expect(summary?["outcomes"]?["RESOLVED/REFUNDED"]?.integer == 1)
        }
    }

    @Test("The results of enrolments come by themselves, the intermediate ones first")
    func enrolments() async throws {
        let platform = Self.platform()
        try await withNetworks(platform) { caller in
            let asked = try await caller.ask(
                .post, "/ethoca/descriptors", SampleNetworks.descriptors)
            #expect(asked.status == 202)
            let results = await platform.wait(2, to: "/networks/ethoca/enrolments")
            let states = results.map {
                $0.body["descriptors"]?.elements.map { $0["status"]?.string }
            }
            #expect(states == [["PENDING"], ["PASS"]])
            let id = asked.body["enrolmentId"]?.string
            #expect(results.allSatisfy { $0.body["enrolmentId"]?.string == id && id != nil })
            let body = #"{"requestId":"v","bin":"424242","caid":"A1"}"#
            #expect(try await caller.ask(.post, "/verifi/enrolments", body).status == 202)
            let told = await platform.wait(2, to: "/networks/verifi/enrolments")
            #expect(told.map { $0.body["status"]?.string } == ["IN_PROGRESS", "ENABLED"])
            #expect(told.allSatisfy { $0.authorisation == "Bearer of-verifi" })
        }
    }

    @Test("The platform has to show its token, and is told of what NETWORKS.md does not know")
    func door() async throws {
        try await withNetworks(Self.platform()) { caller in
            for token in [nil, "wrong"] {
                let answer = try await caller.ask(.post, "/ethoca/outcomes", "{}", token: token)
                #expect(answer.status == 401)
            }
            #expect(try await caller.ask(.post, "/ethoca/nothing", "{}").status == 404)
            #expect(try await caller.ask(.patch, "/verifi/enrolments", "{}").status == 404)
            let large = String(repeating: " ", count: 1_100_000)
            #expect(try await caller.ask(.post, "/ethoca/outcomes", large).status == 413)
            #expect(try await caller.ask(.get, "/health").status == 200)
            #expect(try await caller.ask(.get, "/ledger?limit=0").status == 400)
            #expect(try await caller.ask(.get, "/ledger?kind=NOTHING").status == 400)
            #expect(try await caller.ask(.post, "/control/misbehave", #"{"x":1}"#).status == 400)
            #expect(try await caller.ask(.post, "/control/play", #"{"resume":"x"}"#).status == 404)
            let faults = try await caller.ask(.get, "/ledger?kind=PROTOCOL_FAULT&limit=10").body
            let statuses = faults["entries"]?.elements.map { $0["status"]?.integer }
            #expect(statuses == [401, 401, 404, 404, 413])
        }
    }

    private static let order = """
        {"reference_id":"o1","organisation_id":"org_1","integration_id":"int_1","transactions":[
        {"reference_id":"t1","amount_in_cents":4900,"currency":"USD",
        "authorised_at":"2026-02-10T10:30:00Z","payment_method_card_bin":"424242",
        "payment_method_card_last_4":"4242","payment_method_card_brand":"VISA",
        "authorisation_code":"123456","descriptor":"ACMEFIT MONTHLY",
        "authorisation_status":"SETTLED"}]}
        """

    private static func play(_ scenario: Scenario) -> String {
        #"{"scenario":"\#(scenario.rawValue)","seed":1,"transaction":\#(order)}"#
    }

    @Test("A play stops for its seller, goes on by its token, and is the same for the same seed")
    func plays() async throws {
        let platform = Self.platform()
        try await withNetworks(platform) { caller in
            let begun = try await caller.ask(
                .post, "/control/play", Self.play(.orderAfterAlert)
            ).body
            #expect(begun["next"]?["task"]?.string == "UPLOAD_ORDERS_LATE")
            let order = begun["next"]?["orders"]?.elements.first { _ in true }
            #expect(order?["organisation_id"]?.string == "org_1")
            let token = try #require(begun["resume"]?.string)
            let ended = try await caller.ask(
                .post, "/control/play", #"{"resume":"\#(token)"}"#
            ).body
            #expect(ended["next"]?.isNull == true)
            #expect(ended["resume"]?.isNull == true)
            let again = try await caller.ask(
                .post, "/control/play", #"{"resume":"\#(token)"}"#)
            #expect(again.status == 404)
            let twin = try await caller.ask(
                .post, "/control/play", Self.play(.orderAfterAlert)
            ).body
            let truths = [begun, twin].map { $0["truth"].map { Array($0.raw) } }
            #expect(truths[0] == truths[1] && truths[0] != nil)
        }
    }

    @Test("A case is asked about, and its notices tell what the platform decided")
    func cases() async throws {
        let platform = Self.platform()
        try await withNetworks(platform) { caller in
            let body = Self.play(.rdrAcceptedThenDeleted).dropLast() + #","uploaded":true}"#
            let played = try await caller.ask(.post, "/control/play", String(body)).body
            let steps = played["played"]?.elements.map { $0["step"]?.string }
            #expect(steps == ["ASK_DECISION", "NOTIFY", "NOTIFY"])
            let notices = platform.received.filter { $0.path.hasSuffix("notifications") }
            #expect(notices.map { $0.body["status"]?.string } == ["DECLINED", "DELETED"])
            let summary = try await caller.ask(.get, "/ledger/summary").body
            #expect(summary["decisions"]?["answers"]?["DECLINE"]?.integer == 1)
            #expect(summary["protocolFaults"]?.integer == 0)
        }
    }

    @Test("Every scenario can be played to its end")
    func scenarios() async throws {
        try await withNetworks(Self.platform()) { caller in
            for scenario in Scenario.allCases {
                var answer = try await caller.ask(.post, "/control/play", Self.play(scenario)).body
                while let token = answer["resume"]?.string {
                    answer = try await caller.ask(
                        .post, "/control/play", #"{"resume":"\#(token)"}"#
                    ).body
                }
                #expect(answer["next"]?.isNull == true, "\(scenario)")
                #expect((answer["truth"]?.count ?? 0) > 0, "\(scenario)")
            }
            let summary = try await caller.ask(.get, "/ledger/summary").body
            #expect(summary["alerts"]?["neverAcknowledged"]?.integer == 0)
            #expect(summary["protocolFaults"]?.integer == 0)
        }
    }

    @Test("A mixture plays as many scenarios as asked for, the same for the same seed")
    func mixtures() async throws {
        try await withNetworks(Self.platform()) { caller in
            let body = #"{"seed":5,"count":6,"transactions":[\#(Self.order)],"uploaded":true}"#
            var drawn: [[String?]?] = []
            for _ in 0..<2 {
                let answer = try await caller.ask(.post, "/control/mixture", body).body
                drawn.append(answer["plays"]?.elements.map { $0["scenario"]?.string })
            }
            #expect(drawn[0]?.count == 6)
            #expect(drawn[0] == drawn[1])
            let narrow = #"{"transactions":[\#(Self.order)],"scenarios":["nothing"]}"#
            #expect(try await caller.ask(.post, "/control/mixture", narrow).status == 400)
        }
    }

    @Test("A feed streams a world's alerts and cases, in batches and in order")
    func feeds() async throws {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "feed-\(UInt64.random(in: 0 ... .max)).jsonl")
        defer { try? FileManager.default.removeItem(at: url) }
        var lines = (1...5).map {
            #"{"network":"ethoca","message":{"alertId":"A\#($0)","alertType":"CONFIRMEDFRAUD"}}"#
        }
        lines.append(#"{"network":"verifi","message":{"decisionId":"D1"}}"#)
        lines.append(
            #"{"network":"verifi","message":{"decisionId":"D1","caseId":"C1","status":"ACCEPTED"}}"#
        )
        lines.append("no message")
        lines.append(#"{"alertId":"A6"}"#)
        try Data(lines.joined(separator: "\n").utf8).write(to: url)
        let platform = Self.platform()
        try await withNetworks(platform) { caller in
            let started = try await caller.ask(
                .post, "/control/feed", #"{"path":"\#(url.path)","batch":2}"#)
            #expect(started.status == 202)
            let summary = try await caller.read("/ledger/summary") { summary in
                summary["alerts"]?["acknowledged"]?.integer == 6
                    && summary["notifications"]?["neverAcknowledged"]?.integer == 0
                    && summary["feeds"]?.elements.first { _ in true }?["done"]?.boolean == true
            }
            let feed = summary["feeds"]?.elements.first { _ in true }
            #expect(feed?["sent"]?.integer == 8)
            #expect(feed?["unreadable"]?.integer == 1)
            #expect(feed?["failure"]?.isNull == true)
            let sizes = platform.received.filter { $0.path.hasSuffix("alerts") }
                .map { Self.ids($0).count }
            #expect(sizes.sorted() == [2, 2, 2])
            let notices = platform.received.filter { $0.path.hasSuffix("notifications") }
            #expect(notices.map { $0.body["status"]?.string } == ["DECLINED"])
            let missing = try await caller.ask(.post, "/control/feed", #"{"path":"/nowhere"}"#)
            #expect(missing.status == 202)
            let failed = try await caller.read("/ledger/summary") { summary in
                summary["feeds"]?.elements.allSatisfy { $0["done"]?.boolean == true } == true
            }
            #expect(failed["feeds"]?.elements.map { $0 }.last?["failure"]?.string != nil)
        }
    }

    @Test("A platform that is not there is noted, and the alert is given up after its last push")
    func unreachable() async throws {
        try await withNetworks(
            Self.platform(),
            {
                $0.platformURL = "http://127.0.0.1:1/"
                $0.repush.attemptsMax = 2
            },
            { caller in
                let answer = try await caller.ask(.post, "/control/push", Self.alerts("A1"))
                #expect(answer.status == 200)
                #expect(answer.body["status"]?.isNull == true)
                #expect(answer.body["failure"]?.string?.hasPrefix("no answer") == true)
                let fate = try await caller.read("/ledger/alerts/A1") {
                    $0["givenUp"]?.boolean == true
                }
                #expect(fate["pushes"]?.integer == 2)
                let decision = try await caller.ask(
                    .post, "/control/decisions", #"{"decisionId":"D"}"#
                ).body
                #expect(decision["source"]?.string == "FALLBACK")
                #expect(decision["effective"]?.string == "ACCEPT")
            })
    }
}
