import ParrySimulator
import ParryWire
import Testing

@Suite("Pushes and their acknowledgements")
struct NetworkPushTests {
    /// An answer to a push of A and B, and who is not acknowledged by it.
    struct Answer: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reply: PlatformReply
        let refused: Set<String>
        var faults = 0
    }

    private static func raw(_ acknowledgements: String) -> PlatformReply {
        SampleNetworks.reply(#"{"status":"success","acknowledgements":[\#(acknowledgements)]}"#)
    }

    private static let good = #"{"alertId":"A","status":"SUCCESS","error":null}"#

    static let answers = [
        Answer(
            testDescription: "both", reply: SampleNetworks.acknowledged(["A", "B"]), refused: []),
        Answer(
            testDescription: "one fails", reply: SampleNetworks.acknowledged(["A"], failed: ["B"]),
            refused: ["B"]),
        Answer(testDescription: "one is missing", reply: raw(good), refused: ["B"]),
        Answer(
            testDescription: "a stranger", reply: SampleNetworks.acknowledged(["A", "C"]),
            refused: ["B"], faults: 1),
        Answer(
            testDescription: "an unknown status",
            reply: raw(#"{"alertId":"A","status":"OK","error":null},"# + good), refused: ["B"],
            faults: 1),
        Answer(
            testDescription: "an unknown member",
            reply: raw(#"{"alertId":"A","status":"SUCCESS","error":null,"x":1}"#),
            refused: ["B"], faults: 1),
        Answer(
            testDescription: "another word for success",
            reply: SampleNetworks.reply(#"{"status":"ok","acknowledgements":[\#(good)]}"#),
            refused: ["B"], faults: 1),
        Answer(
            testDescription: "no JSON", reply: SampleNetworks.reply("done"), refused: ["A", "B"],
            faults: 1),
        Answer(
            testDescription: "an error",
            reply: PlatformReply(status: 503, body: [], milliseconds: 1), refused: ["A", "B"]),
        Answer(
            testDescription: "another success than 200",
            reply: PlatformReply(
                status: 202, body: SampleNetworks.acknowledged(["A", "B"]).body, milliseconds: 1),
            refused: ["A", "B"]),
        Answer(
            testDescription: "no answer",
            reply: PlatformReply(failure: "no answer within 30 s", milliseconds: 30_000),
            refused: ["A", "B"]),
    ]

    @Test(
        "Only SUCCESS in a 200 acknowledges an alert; the others are pushed again",
        arguments: answers)
    func judged(_ answer: Answer) throws {
        var networks = SampleNetworks()
        let alerts = ["A", "B"].map { SampleNetworks.alert($0) }
        let exchange = networks.state.push(alerts, at: networks.now).exchange
        let (judged, actions) = networks.state.conclude(exchange, answer.reply, at: networks.now)
        #expect(Set(judged.refused.keys) == answer.refused)
        #expect(networks.state.ethoca.alerts.unacknowledged == answer.refused)
        #expect(networks.state.ledger.faults.count == answer.faults)
        guard !answer.refused.isEmpty else {
            #expect(actions.isEmpty)
            return
        }
        guard case .wait(let wait, .repush(.alerts, let again)) = try #require(actions.first) else {
            Issue.record("nothing is pushed again")
            return
        }
        #expect(wait == .seconds(1))
        #expect(Set(again.map(\.subject)) == answer.refused)
        #expect(again.allSatisfy { $0.attempt == 2 })
    }

    @Test("What is never acknowledged is pushed with doubling waits, and given up after the last")
    func givenUp() throws {
        var networks = SampleNetworks()
        var exchange = networks.state.push(
            [SampleNetworks.alert("A")], at: networks.now
        ).exchange
        var waits: [Duration] = []
        let failure = PlatformReply(failure: "no answer", milliseconds: 1)
        while true {
            let actions = networks.state.conclude(exchange, failure, at: networks.now).actions
            guard case .wait(let wait, let timer) = actions.first else { break }
            waits.append(wait)
            guard case .send(let next) = networks.state.due(timer, at: networks.now).first else {
                break
            }
            exchange = next
        }
        #expect(waits == [.seconds(1), .seconds(2)])
        let counts = networks.state.ledger.counts
        #expect(counts[.alertSent] == 3)
        #expect(counts[.alertNotAcknowledged] == 3)
        #expect(counts[.alertGivenUp] == 1)
        #expect(networks.state.ethoca.alerts.records["A"]?.isGivenUp == true)
        #expect(networks.state.resume().isEmpty)
    }

    @Test("Waits double up to their limit")
    func waits() {
        var schedule = RepushSchedule()
        schedule.attemptsMax = 10
        let waits = (1...10).map { schedule.wait(afterAttempt: $0) }
        #expect(waits == [1, 2, 4, 8, 16, 32, 60, 60, 60].map { .seconds($0) } + [nil])
        schedule.attemptsMax = .max
        #expect(schedule.wait(afterAttempt: 1_000_000) == .seconds(60))
    }

    @Test("An alert that another push got through is not pushed again")
    func overtaken() throws {
        var networks = SampleNetworks()
        let alert = SampleNetworks.alert("A")
        let lost = networks.state.push([alert], at: networks.now).exchange
        let failure = PlatformReply(failure: "no answer", milliseconds: 1)
        let actions = networks.state.conclude(lost, failure, at: networks.now).actions
        networks.push(["A"])
        guard case .wait(_, let timer) = try #require(actions.first) else { return }
        #expect(networks.state.due(timer, at: networks.now).isEmpty)
        #expect(networks.state.ethoca.alerts.records["A"]?.pushes == 2)
        #expect(networks.state.ethoca.alerts.records["A"]?.acknowledgements == 1)
    }

    @Test("A push that nobody repeats, or whose acknowledgement is too slow, stays unacknowledged")
    func once() {
        for isTooSlow in [false, true] {
            var networks = SampleNetworks()
            var alert = SampleNetworks.alert("A")
            alert.isRepeated = false
            var exchange = networks.state.push([alert], at: networks.now).exchange
            exchange.isTooSlow = isTooSlow
            let reply =
                isTooSlow
                ? SampleNetworks.acknowledged(["A"])
                : PlatformReply(failure: "no answer", milliseconds: 1)
            #expect(networks.state.conclude(exchange, reply, at: networks.now).actions.isEmpty)
            #expect(networks.state.ethoca.alerts.unacknowledged == ["A"])
            #expect(networks.state.resume().isEmpty)
        }
    }

    @Test("The body of a push is the list of its alerts, byte for byte")
    func body() {
        var networks = SampleNetworks()
        let alerts = ["A", "B"].map { SampleNetworks.alert($0) }
        let exchange = networks.state.push(alerts, at: networks.now).exchange
        let list = alerts.map { String(decoding: $0.body, as: UTF8.self) }.joined(separator: ",")
        #expect(String(decoding: exchange.body, as: UTF8.self) == #"{"alerts":[\#(list)]}"#)
    }

    @Test("Misbehaviour sends a push twice and changes its order, the same for the same seed")
    func misbehaved() throws {
        func order(_ seed: UInt64) throws -> [String] {
            var networks = SampleNetworks { $0.seed = seed }
            networks.state.misbehaviour.duplicatePushes = 1
            networks.state.misbehaviour.isOutOfOrder = true
            let alerts = (0..<20).map { SampleNetworks.alert("A\($0)") }
            let (exchange, actions) = networks.state.push(alerts, at: networks.now)
            guard case .send(let twin) = try #require(actions.first) else { return [] }
            #expect(twin.messages == exchange.messages)
            #expect(twin.number != exchange.number)
            #expect(networks.state.push(alerts, at: networks.now).actions.isEmpty)
            return exchange.messages.map(\.subject)
        }
        let given = (0..<20).map { "A\($0)" }
        #expect(try order(1) != given)
        #expect(try order(1).sorted() == given.sorted())
        #expect(try order(1) == order(1))
        #expect(try order(1) != order(2))
    }

    @Test("A notice is repeated until the platform says success, each status of a case for itself")
    func notices() throws {
        var networks = SampleNetworks()
        for (status, answer) in [("ACCEPTED", "success"), ("DELETED", "stored")] {
            let body = Array(#"{"caseId":"C1","status":"\#(status)"}"#.utf8)
            let notice = PlatformMessage(subject: "C1", body: body, word: status)
            let exchange = networks.state.open(.notifications, [notice], at: networks.now)
            #expect(exchange.body == body)
            let reply = SampleNetworks.reply(#"{"status":"\#(answer)"}"#)
            let actions = networks.state.conclude(exchange, reply, at: networks.now).actions
            #expect(actions.isEmpty == (answer == "success"))
        }
        #expect(networks.state.verifi.cases.unacknowledged == ["C1/DELETED"])
        #expect(networks.state.ledger.faults.count == 1)
        #expect(networks.state.resume().count == 1)
    }

    @Test("So many requests are in flight at a time, the others wait their turn")
    func queue() {
        var queue = SendQueue(inFlightMax: 2)
        let exchanges = (1...4).map {
            PlatformExchange(number: $0, topic: .alerts, messages: [])
        }
        #expect(exchanges.compactMap { queue.admit($0)?.number } == [1, 2])
        #expect(queue.waiting.map(\.number) == [3, 4])
        #expect(queue.finished()?.number == 3)
        #expect(queue.finished()?.number == 4)
        #expect(queue.finished() == nil)
        #expect(queue.inFlight == 1)
        #expect(queue.admit(exchanges[0])?.number == 1)
    }
}
