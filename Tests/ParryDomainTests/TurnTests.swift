import ParryDomain
import ParryTestSupport
import ParryWire
import Testing

@Suite("Turns: tenants, then endpoints")
struct TurnTests {
    private let now = Timestamp(milliseconds: 1_771_322_400_000)
    private let tenants = (0..<3).map { PartnerID(stored: "ptnr_\($0)") }

    private func endpoint(_ name: String) -> WebhookEndpointID { .init(stored: "whe_\(name)") }

    private func filled(_ lines: [(tenant: Int, endpoint: String, count: Int)]) -> FairTurns<String>
    {
        var turns = FairTurns<String>()
        for line in lines {
            for number in 0..<line.count {
                turns.append(
                    "\(line.endpoint)\(number)", of: endpoint(line.endpoint),
                    of: tenants[line.tenant])
            }
        }
        return turns
    }

    private func drain(
        _ turns: inout FairTurns<String>, _ mayTake: (WebhookEndpointID) -> Bool = { _ in true }
    ) -> String {
        var all: [String] = []
        while let item = turns.take(where: { endpoint, _ in mayTake(endpoint) }) {
            all.append(item)
        }
        return all.joined(separator: " ")
    }

    @Test("A tenant with many deliveries and endpoints gets every second turn beside one with few")
    func turns() {
        var turns = filled([(0, "a", 4), (0, "b", 1), (1, "c", 2)])
        #expect(drain(&turns) == "a0 c0 b0 c1 a1 a2 a3")
        #expect(turns.count == 0)
    }

    @Test("Who may not be sent to is passed over, keeps its place and loses nothing")
    func held() {
        var turns = filled([(0, "a", 2), (1, "b", 1), (2, "c", 2)])
        #expect(drain(&turns) { $0 != endpoint("a") } == "b0 c0 c1")
        #expect(turns.count == 2)
        #expect(drain(&turns) == "a0 a1")
    }

    @Test("What is taken out of a line is out, and the turns go on")
    func takenOut() {
        var turns = filled([(0, "a", 2), (0, "b", 2), (1, "c", 2)])
        #expect(turns.take { _, _ in true } == "a0")
        #expect(turns.takeAll(of: endpoint("a"), of: tenants[0]) == ["a1"])
        #expect(turns.takeAll(of: endpoint("a"), of: tenants[0]).isEmpty)
        #expect(drain(&turns) == "c0 b0 c1 b1")
    }

    @Test("Whatever is put in comes out once, in the order of its line", arguments: 0..<50)
    func complete(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var turns = FairTurns<String>()
        var put: [String: [String]] = [:]
        var got: [String: [String]] = [:]
        for number in 0..<300 {
            if Bool.random(using: &random) {
                let name = "\(Int.random(in: 0..<7, using: &random))"
                turns.append(
                    "\(name) \(number)", of: endpoint(name), of: tenants[(Int(name) ?? 0) % 3])
                put[name, default: []].append("\(name) \(number)")
            } else if let item = turns.take(where: { _, _ in true }) {
                got[String(item.prefix(1)), default: []].append(item)
            }
        }
        while let item = turns.take(where: { _, _ in true }) {
            got[String(item.prefix(1)), default: []].append(item)
        }
        #expect(got == put)
        #expect(turns.count == 0)
    }

    @Test("A new endpoint gets a few sends at a time, one more with each success")
    func window() {
        var pace = EndpointPace()
        #expect(pace.sendsMax(at: now) == Limits.sendsToNewEndpointMax)
        for _ in 0..<200 { pace.succeeded() }
        #expect(pace.sendsMax(at: now) == Limits.sendsPerEndpointMax)
        pace.failed(at: now)
        #expect(pace.sendsMax(at: now) == Limits.sendsPerEndpointMax / 2)
        for _ in 0..<9 { pace.failed(at: now) }
        #expect(pace.sendsMax(at: now) == 1)
        #expect(!pace.isOpen)
    }

    @Test("After twenty failures in a row only a probe is sent now and then, until one succeeds")
    func breaker() {
        var pace = EndpointPace()
        for _ in 0..<19 { pace.failed(at: now) }
        pace.succeeded()
        for _ in 0..<19 { pace.failed(at: now) }
        #expect(!pace.isOpen)
        pace.failed(at: now)
        #expect(pace.isOpen)
        #expect(pace.sendsMax(at: now) == 0)
        let probe = now.adding(seconds: Limits.breakerProbeSeconds)
        #expect(pace.sendsMax(at: probe.adding(milliseconds: -1)) == 0)
        #expect(pace.sendsMax(at: probe) == 1)
        pace.failed(at: probe)
        #expect(pace.sendsMax(at: probe) == 0)
        pace.succeeded()
        #expect(!pace.isOpen)
        #expect(pace.sendsMax(at: probe) > 1)
    }

    @Test("An appetite is bounded by its room, by the endpoint and by the tenant")
    func appetite() {
        let (a, b) = (endpoint("a"), endpoint("b"))
        var appetite = DeliveryAppetite(
            room: 30, endpoints: [a: .init(50, .good), b: .init(-3, .good)],
            tenants: [TenantStanding(tenants[1], .good): 5], standings: [.new: 3])
        #expect(appetite.wanted(of: a, of: tenants[0]) == 30)
        #expect(appetite.wanted(of: a, of: tenants[1]) == 5)
        #expect(appetite.wanted(of: b, of: tenants[0]) == 0)
        let new = endpoint("new")
        #expect(appetite.wanted(of: new, of: tenants[0]) == 3)
        appetite.take(of: new, of: tenants[0])
        #expect(appetite.wanted(of: new, of: tenants[0]) == 2)
        #expect(appetite.wanted(of: endpoint("newer"), of: tenants[0]) == 2)
        #expect(appetite.wanted(of: a, of: tenants[0]) == 29)
    }
}
