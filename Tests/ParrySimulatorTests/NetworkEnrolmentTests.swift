import ParrySimulator
import ParryWire
import Testing

@Suite("Enrolments at both networks")
struct NetworkEnrolmentTests {
    private static func request(_ id: String, _ descriptors: String...) -> String {
        let list = descriptors.map { #"{"descriptor":"\#($0)","matchType":"STARTS_WITH"}"# }
        return """
            {"requestId":"\(id)","merchantName":"Acme",\
            "descriptors":[\(list.joined(separator: ","))]}
            """
    }

    /// Takes an enrolment and plays its final result; gives its id and each descriptor's state.
    private static func enrol(
        _ networks: inout SampleNetworks, _ body: String
    ) throws -> (id: String, states: [String]) {
        let step = networks.take("POST", "/ethoca/descriptors", body)
        let id = try #require(try step.root()["enrolmentId"]?.string)
        let timer = NetworkTimer.results(.ethoca, enrolmentID: id, [.final])
        let actions = networks.state.due(timer, at: networks.now)
        guard case .send(let exchange) = try #require(actions.first) else { return (id, []) }
        _ = networks.state.conclude(exchange, SampleNetworks.reply("{}"), at: networks.now)
        let told = try #require(
            try NetworkAnswer(status: 200, body: exchange.body).root()["descriptors"])
        let states = told.elements.map { item in
            [item["status"]?.string, item["reason"]?.string].compactMap(\.self).joined(
                separator: " ")
        }
        return (id, states)
    }

    @Test(
        "A descriptor fails when it could be anybody's",
        arguments: [
            ("ACMEFIT MONTHLY", "PASS"), ("ACME1", "PASS"), ("ACME", "FAILED TOO_GENERIC"),
            ("A*B-C.D", "FAILED TOO_GENERIC"), ("PAYPAL *", "FAILED TOO_GENERIC"),
            ("subscription", "FAILED TOO_GENERIC"), ("PAYPAL *ACMEFIT", "PASS"),
            ("ONLINE STORE", "FAILED TOO_GENERIC"), ("ÄCMÉFIT", "PASS"),
        ])
    func generic(descriptor: String, state: String) throws {
        var networks = SampleNetworks()
        #expect(try Self.enrol(&networks, Self.request("r", descriptor)).states == [state])
    }

    @Test("A descriptor that another enrolment holds is taken, until that is removed")
    func taken() throws {
        var networks = SampleNetworks()
        let first = try Self.enrol(&networks, Self.request("r1", "ACMEFIT MONTHLY", "SHOP"))
        #expect(first.states == ["PASS", "FAILED TOO_GENERIC"])
        let second = try Self.enrol(
            &networks, Self.request("r2", "AcmeFit  monthly", "ACMEFIT GYM"))
        #expect(second.states == ["FAILED TAKEN", "PASS"])
        #expect(networks.take("DELETE", "/ethoca/descriptors/\(first.id)").answer.status == 204)
        #expect(networks.take("DELETE", "/ethoca/descriptors/\(first.id)").answer.status == 204)
        let third = try Self.enrol(&networks, Self.request("r3", "ACMEFIT MONTHLY"))
        #expect(third.states == ["PASS"])
        #expect(networks.state.ledger.counts[.enrolmentRemoved] == 1)
        #expect(networks.state.ledger.faults.isEmpty)
    }

    @Test(
        "The final result waits until the intermediate one is answered, half of the delay each",
        arguments: [200, 503])
    func waits(status: Int) throws {
        var networks = SampleNetworks { $0.enrolmentDelay = .seconds(4) }
        let step = networks.take("POST", "/ethoca/descriptors", SampleNetworks.descriptors)
        #expect(step.answer.status == 202)
        let id = try #require(try step.root()["enrolmentId"]?.string)
        let both = NetworkTimer.results(.ethoca, enrolmentID: id, [.intermediate, .final])
        #expect(step.actions == [.wait(.seconds(2), then: both)])
        let told = networks.state.due(both, at: networks.now)
        guard told.count == 1, case .send(let exchange) = told[0] else {
            Issue.record("\(told) is not the one intermediate result")
            return
        }
        #expect(exchange.messages.map(\.word) == ["INTERMEDIATE"])
        let reply = SampleNetworks.reply("{}", status: status)
        let after = networks.state.conclude(exchange, reply, at: networks.now).actions
        let final = NetworkTimer.results(.ethoca, enrolmentID: id, [.final])
        #expect(after == [.wait(.seconds(2), then: final)])
    }

    @Test("Networks that misbehave tell the final result first")
    func outOfOrder() throws {
        var networks = SampleNetworks { $0.enrolmentDelay = .seconds(4) }
        networks.state.misbehaviour.isOutOfOrder = true
        let step = networks.take(
            "POST", "/verifi/enrolments", #"{"requestId":"v","bin":"424242","caid":"A1"}"#)
        let id = try #require(try step.root()["enrolmentId"]?.string)
        let both = NetworkTimer.results(.verifi, enrolmentID: id, [.final, .intermediate])
        #expect(step.actions == [.wait(.seconds(4), then: both)])
    }

    @Test(
        "A repeated request gets the same id and nothing more, another body under its id is a fault"
    )
    func repeated() throws {
        var networks = SampleNetworks()
        let first = networks.take("POST", "/ethoca/descriptors", Self.request("r", "ACMEFIT"))
        let again = networks.take("POST", "/ethoca/descriptors", Self.request("r", "ACMEFIT"))
        #expect(again.answer == first.answer)
        #expect(again.actions.isEmpty)
        let other = networks.take("POST", "/ethoca/descriptors", Self.request("r", "ACMEGYM"))
        #expect(other.answer.status == 400)
        #expect(networks.state.ledger.counts[.enrolmentRequested] == 1)
    }

    @Test("Nothing is told about an enrolment that was removed in the meantime")
    func removed() throws {
        var networks = SampleNetworks()
        let step = networks.take("POST", "/ethoca/descriptors", SampleNetworks.descriptors)
        let id = try #require(try step.root()["enrolmentId"]?.string)
        _ = networks.take("DELETE", "/ethoca/descriptors/\(id)")
        for result in [EnrolmentResult.intermediate, .final] {
            let timer = NetworkTimer.results(.ethoca, enrolmentID: id, [result])
            #expect(networks.state.due(timer, at: networks.now).isEmpty)
        }
    }

    @Test(
        "Verifi enables what it is asked for, by BIN and CAID or by ARNs",
        arguments: [
            #"{"requestId":"v","bin":"424242","caid":"ACMEFITCAID01"}"#,
            #"{"requestId":"v","arns":["74027012345678901234567"]}"#,
        ])
    func verifi(_ body: String) throws {
        var networks = SampleNetworks()
        for (isMadeToFail, state) in [(false, "ENABLED"), (true, "FAILED")] {
            networks = SampleNetworks()
            networks.state.misbehaviour.failedEnrolments = isMadeToFail ? 1 : 0
            let step = networks.take("POST", "/verifi/enrolments", body)
            #expect(step.answer.status == 202)
            let id = try #require(try step.root()["enrolmentId"]?.string)
            let final = try #require(networks.state.verifi.result(id, .final))
            let told = try NetworkAnswer(status: 200, body: final.body).root()
            #expect(told["status"]?.string == state)
            #expect(told["requestId"]?.string == "v")
            #expect(told["enrolmentId"]?.string == id)
            #expect((told["reason"]?.string != nil) == isMadeToFail)
            let early = try #require(networks.state.verifi.result(id, .intermediate))
            #expect(String(decoding: early.body, as: UTF8.self).contains("IN_PROGRESS"))
        }
    }

    @Test("Of an enrolment's rules the greatest version wins, whenever it comes")
    func rulesets() throws {
        var networks = SampleNetworks()
        let step = networks.take(
            "POST", "/verifi/enrolments", #"{"requestId":"v","bin":"424242","caid":"A1"}"#)
        let id = try #require(try step.root()["enrolmentId"]?.string)
        let table = [
            (#"{"version":1,"rules":[]}"#, 202, "PUBLISHED", Int64(1)),
            (#"{"version":3,"rules":[1]}"#, 202, "PUBLISHED", 3),
            (#"{"version":2,"rules":[]}"#, 202, "IGNORED", 3),
            (#"{"version":3,"rules":[1]}"#, 202, "REPEATED", 3),
            (#"{"version":3,"rules":[]}"#, 400, "error", 3),
            (#"{"version":"4"}"#, 400, "error", 3), (#"{"version":0}"#, 400, "error", 3),
            (#"{"version":4}"#, 202, "PUBLISHED", 4),
        ]
        for (body, status, word, held) in table {
            let step = networks.take("PUT", "/verifi/rulesets/\(id)", body)
            #expect(step.answer.status == status)
            #expect(step.text.contains(#""status":"\#(word)""#))
            #expect(networks.state.verifi.ruleset(of: id)?.version == held)
        }
        #expect(networks.state.ledger.faults.count == 3)
        _ = networks.take("DELETE", "/verifi/enrolments/\(id)")
        let late = networks.take("PUT", "/verifi/rulesets/\(id)", #"{"version":5}"#)
        #expect(late.answer.status == 404)
    }

    @Test("The same seed gives the same ids, another seed others")
    func seeded() throws {
        func ids(_ seed: UInt64) throws -> [String?] {
            var networks = SampleNetworks { $0.seed = seed }
            return try ["r1", "r2"].map { request in
                try networks.take(
                    "POST", "/ethoca/descriptors", Self.request(request, "ACMEFIT")
                ).root()["enrolmentId"]?.string
            }
        }
        #expect(try ids(7) == ids(7))
        #expect(try ids(7) != ids(8))
        #expect(try Set(ids(7)).count == 2)
    }
}
