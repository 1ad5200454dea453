import ParrySimulator
import ParryWire
import Testing

/// A sink that keeps a small world, so that tests can look at its lines.
struct WorldMemory: WorldSink {
    private(set) var lines: [WorldFile: [[UInt8]]] = [:]
    private(set) var isFinished = false

    mutating func write(_ line: [UInt8], to file: WorldFile) {
        lines[file, default: []].append(line)
    }

    mutating func finish() { isFinished = true }

    /// The lines of a file as JSON values.
    func values(_ file: WorldFile) throws -> [JSONValue] {
        try (lines[file] ?? []).map { try JSONDocument.parse($0).root }
    }
}

/// The worlds that the tests look at.
enum SampleWorld {
    static let time = Timestamp(milliseconds: 1_771_324_200_000)

    static func plan(seed: UInt64 = 7, transactions: Int, alerts: Int) -> WorldPlan {
        WorldPlan(
            seed: seed, transactions: transactions, alerts: alerts, organisationCount: 3, at: time)
    }

    static func make(_ plan: WorldPlan) throws -> (files: WorldMemory, counts: World.Counts) {
        var sink = WorldMemory()
        let counts = try World.generate(plan, into: &sink)
        return (sink, counts)
    }

    /// 20,000 transactions with 2,000 alerts, more look-alikes than chance makes, made once for all tests.
    static let large = Result {
        var plan = Self.plan(transactions: 20_000, alerts: 2_000)
        plan.lookAlikes = 0.003
        return try make(plan).files
    }
}

/// A sale for plays and messages: the one of the partner guide.
enum SampleSale {
    static let time = Timestamp(milliseconds: 1_771_324_200_000)

    static func make(_ currency: String = "USD", _ amount: Int64 = 4_900) throws -> SoldTransaction
    {
        var random = SeededGenerator(seed: 1)
        let authorisedAt = time.adding(seconds: -7 * 86_400)
        let card = CardDigits(bin: "424242", last4: "4242")
        let hidden = HiddenFacts(
            presumedFor: "txn-10001", card: card, arn: nil, authorisedAt: authorisedAt)
        return SoldTransaction(
            orderReferenceID: "order-10001", referenceID: "txn-10001", orderNumber: "10001",
            paymentReferenceID: "pay_10001",
            amount: Money(amount, try #require(Currency(code: currency))),
            authorisedAt: authorisedAt, card: card, brand: .visa,
            authorisationCode: random.digits(6), acquirerReferenceNumber: hidden.arn,
            descriptor: "ACMEFIT MONTHLY", status: .settled, hidden: hidden)
    }

    static let account = (
        OrganisationID.make(at: time, slot: 7), IntegrationID.make(at: time, slot: 7)
    )
}
