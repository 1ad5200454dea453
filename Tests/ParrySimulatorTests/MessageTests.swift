import ParrySimulator
import ParryWire
import Testing

@Suite("Messages of the networks")
struct MessageTests {
    private func names(_ json: [UInt8]) throws -> [String] {
        try JSONDocument.parse(json).root.members.map(\.name)
    }

    private static let ethoca = [
        "alertId", "alertType", "alertTimestamp", "issuer", "cardBin", "cardLast4", "cardScheme",
        "acquirerReferenceNumber", "authCode", "transactionTimestamp", "transactionAmount",
        "transactionCurrency", "merchantDescriptor", "merchantId", "mcc", "transactionType",
        "is3DSecure", "chargebackReasonCode",
    ]
    private static let decision = [
        "decisionId", "caseType", "source", "caseDate", "transactionDate", "paymentDescriptor",
        "paymentDescriptorContact", "acquirerBin", "cardAcceptorId", "transactionId", "cardBin",
        "cardLast4", "paymentType", "authCode", "arn", "mcc", "transactionAmount", "caseAmount",
        "transactionType", "reasonCode",
    ]

    @Test("An Ethoca alert has exactly the settled members, in a list")
    func ethoca() throws {
        var random = SeededGenerator(seed: 3)
        let alert = EthocaAlertMessage(
            about: try SampleSale.make(), at: SampleSale.time, using: &random)
        #expect(try names(alert.json) == Self.ethoca)
        let push = try JSONDocument.parse(EthocaAlertMessage.push([alert, alert])).root
        #expect(push["alerts"]?.count == 2)
        let first = try #require(push["alerts"]?.elements.map { $0 }.first)
        #expect(Array(first.raw) == alert.json)
        #expect(first["transactionAmount"]?.string == "49.00")
        #expect(first["transactionCurrency"]?.string == "USD")
        #expect(first["cardScheme"]?.string == "VISA")
        #expect(first["merchantId"]?.isNull == true)
    }

    @Test("A Verifi decision and its notice have exactly the settled members")
    func verifi() throws {
        var random = SeededGenerator(seed: 3)
        let sale = try SampleSale.make()
        let request = VerifiDecisionMessage(about: sale, at: SampleSale.time, using: &random)
        #expect(try names(request.json) == Self.decision)
        let notice = request.notification(caseID: "C1", .deleted)
        #expect(try names(notice.json) == Self.decision + ["caseId", "status"])
        let root = try JSONDocument.parse(notice.json).root
        #expect(root["status"]?.string == "DELETED")
        #expect(root["caseAmount"]?["amount"]?.string == "49.00")
        #expect(root["acquirerBin"]?.string == "402701")
        #expect(AcquirerReference.isValid(try #require(root["arn"]?.string)))
    }

    @Test(
        "Amounts are written in the currency's own number of decimals",
        arguments: [
            ("USD", Int64(4_900), "49.00"), ("USD", 5, "0.05"), ("USD", 0, "0.00"),
            ("JPY", 500, "500"), ("KWD", 1_250, "1.250"), ("KWD", 7, "0.007"),
            ("CLF", 12_345, "1.2345"),
        ])
    func decimals(_ code: String, _ amount: Int64, _ text: String) throws {
        #expect(Money(amount, try #require(Currency(code: code))).decimal == text)
    }

    @Test("Ids have their networks' form and follow the seed")
    func ids() {
        var random = SeededGenerator(seed: 9)
        var again = SeededGenerator(seed: 9)
        var seen: Set<String> = []
        for _ in 0..<500 {
            let id = NetworkIDs.alert(using: &random)
            #expect(id == NetworkIDs.alert(using: &again))
            #expect(id.utf8.count == 25)
            #expect(id.allSatisfy { $0.isASCII && ($0.isNumber || $0.isUppercase) })
            #expect(seen.insert(id).inserted)
        }
        let decision = NetworkIDs.decision(using: &random)
        #expect(decision.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
        #expect(decision.dropFirst(14).first == "4")
    }

    @Test("The generator is SplitMix64, and its bounds hold")
    func generator() {
        var random = SeededGenerator(seed: 1_234_567)
        #expect(random.next() == 6_457_827_717_110_365_317)
        #expect(random.next() == 3_203_168_211_198_807_973)
        var seen: Set<Int> = []
        for _ in 0..<200 { seen.insert(random.within(3...6)) }
        #expect(seen == [3, 4, 5, 6])
        #expect(random.below(0) == 0)
        #expect((0..<200).allSatisfy { _ in 0..<1 ~= random.fraction() })
        var first = SeededGenerator(seed: 1, 2, 3)
        var swapped = SeededGenerator(seed: 1, 3, 2)
        #expect(first.next() != swapped.next())
    }

    @Test(
        "The check digit of an ARN is Luhn's",
        arguments: [
            ("2026-02-17T10:30:00Z", "6048"), ("2024-12-31T23:59:59Z", "4366"),
            ("2030-01-01T00:00:00Z", "0001"),
        ])
    func arns(_ time: String, _ date: String) throws {
        let settledAt = try #require(Timestamp(iso8601: time))
        let arn = AcquirerReference.make(
            acquirerBIN: "402701", settledAt: settledAt, sequence: 123_456)
        #expect(arn.hasPrefix("7402701" + date + "00000123456"))
        #expect(AcquirerReference.isValid(arn))
        let last = try #require(arn.last?.wholeNumberValue)
        #expect(!AcquirerReference.isValid(arn.dropLast() + "\((last + 1) % 10)"))
        #expect(!AcquirerReference.isValid(String(arn.dropLast())))
    }
}
