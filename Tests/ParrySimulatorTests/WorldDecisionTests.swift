import ParrySimulator
import ParryWire
import Testing

@Suite("What the data of a world can decide")
struct WorldDecisionTests {
    private let world: WorldMemory
    private let sales: [SoldTransaction]

    /// One organisation with few merchants, so that sales stand close together.
    init() throws {
        let plan = WorldPlan(
            seed: 21, transactions: 2_500, alerts: 500, organisationCount: 1, at: SampleWorld.time)
        world = try SampleWorld.make(plan).files
        var arns: [String: String] = [:]
        for patch in try world.values(.patches) {
            let transaction = patch["body"]?["transactions"]?.elements.map { $0 }.first
            guard let reference = transaction?["reference_id"]?.string else { continue }
            arns[reference] = transaction?["acquirer_reference_number"]?.string
        }
        sales = try (world.values(.orders) + world.values(.lateOrders)).map { order in
            var sale = try #require(SoldTransaction(order: order, hidden: nil))
            if let arn = arns[sale.referenceID] { sale.acquirerReferenceNumber = arn }
            return sale
        }
    }

    @Test("Walking twice over the sales finds what comparing every alert with every sale finds")
    func oracle() throws {
        var evidence: [String: Evidence] = [:]
        for line in try world.values(.alerts) {
            let message = try #require(line["message"])
            if let id = message["alertId"]?.string { evidence[id] = try ethoca(message) }
            if let id = message["caseId"]?.string { evidence[id] = try verifi(message) }
        }
        let rates = WorldRates(seed: 21)
        var undecidable = 0
        for truth in try world.values(.truth) {
            let id = try #require(truth["alert_id"]?.string)
            let given = try #require(evidence[id])
            let reference = truth["transaction_reference_id"]?.string
            let isDecidable = given.isDecidable(truth: reference, among: sales, rates: rates)
            #expect(truth["is_decidable"]?.boolean == isDecidable, "\(id)")
            if !isDecidable { undecidable += 1 }
        }
        #expect(undecidable > 5)
    }

    struct Rival: Sendable {
        let hours: Int64
        let cents: Int64
        let isSeparated: Bool
    }

    private static let table = [
        Rival(hours: 0, cents: 0, isSeparated: false),
        Rival(hours: 5, cents: 0, isSeparated: false),
        Rival(hours: -5, cents: 0, isSeparated: false),
        Rival(hours: -7, cents: 0, isSeparated: true),
        Rival(hours: 720, cents: 0, isSeparated: true),
        Rival(hours: -720, cents: 0, isSeparated: true),
        Rival(hours: 1, cents: 1, isSeparated: true),
        Rival(hours: 1, cents: -1, isSeparated: true),
    ]

    @Test("A rival makes an alert undecidable unless something separates it", arguments: table)
    func rivals(_ rivalry: Rival) throws {
        var random = SeededGenerator(seed: 4)
        let sale = try SampleSale.make()
        var alert = EthocaAlertMessage(about: sale, at: SampleSale.time, using: &random)
        alert.acquirerReferenceNumber = nil
        alert.authCode = nil
        var rival = sale
        rival.referenceID = "txn-2"
        rival.authorisationCode = "999999"
        rival.authorisedAt = sale.authorisedAt.adding(seconds: rivalry.hours * 3_600)
        rival.amount.minorUnits += rivalry.cents
        let sales = [rival, sale]
        let evidence = Evidence(alert)
        #expect(
            evidence.isDecidable(truth: sale.referenceID, among: sales, rates: .standard)
                == rivalry.isSeparated)
        rival.status = .declined
        #expect(
            evidence.isDecidable(truth: sale.referenceID, among: [rival, sale], rates: .standard))
    }

    @Test("A code separates two sales, and a card that only shares its BIN names none")
    func identifiers() throws {
        var random = SeededGenerator(seed: 4)
        let sale = try SampleSale.make()
        var twin = sale
        twin.referenceID = "txn-2"
        twin.authorisationCode = "999999"
        twin.acquirerReferenceNumber = nil
        var alert = EthocaAlertMessage(about: sale, at: SampleSale.time, using: &random)
        alert.acquirerReferenceNumber = nil
        let told = Evidence(alert)
        #expect(told.isDecidable(truth: sale.referenceID, among: [twin, sale], rates: .standard))
        alert.authCode = nil
        alert.cardLast4 = "0007"
        let bare = Evidence(alert)
        #expect(!bare.isDecidable(truth: sale.referenceID, among: [sale], rates: .standard))
        #expect(bare.isDecidable(truth: nil, among: [sale], rates: .standard))
    }

    // MARK: Reading messages

    private func ethoca(_ message: JSONValue) throws -> Evidence {
        Evidence(
            arn: message["acquirerReferenceNumber"]?.string, code: message["authCode"]?.string,
            card: try card(message), brand: try brand(message["cardScheme"]),
            about: (
                try money(message["transactionAmount"], message["transactionCurrency"]),
                try time(message["transactionTimestamp"]),
                try #require(message["merchantDescriptor"]?.string)
            ))
    }

    private func verifi(_ message: JSONValue) throws -> Evidence {
        let amount = try #require(message["transactionAmount"])
        return Evidence(
            arn: message["arn"]?.string, code: message["authCode"]?.string,
            card: try card(message), brand: try brand(message["paymentType"]),
            about: (
                try money(amount["amount"], amount["currency"]),
                try time(message["transactionDate"]),
                try #require(message["paymentDescriptor"]?.string)
            ))
    }

    private func card(_ message: JSONValue) throws -> CardDigits {
        CardDigits(
            bin: try #require(message["cardBin"]?.string),
            last4: try #require(message["cardLast4"]?.string))
    }

    private func brand(_ word: JSONValue?) throws -> CardBrand {
        try #require(word?.string.flatMap(CardBrand.init(rawValue:)))
    }

    private func time(_ text: JSONValue?) throws -> Timestamp {
        try #require(text?.string.flatMap { Timestamp(iso8601: $0) })
    }

    private func money(_ amount: JSONValue?, _ code: JSONValue?) throws -> Money {
        let currency = try #require(code?.string.flatMap(Currency.init(code:)))
        let digits = try #require(amount?.string).replacing(".", with: "")
        return Money(try #require(Int64(digits)), currency)
    }
}
