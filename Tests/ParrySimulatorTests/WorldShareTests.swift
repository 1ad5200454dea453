import ParrySimulator
import ParryWire
import Testing

@Suite("Shares of a world of 20,000 transactions and 2,000 alerts")
struct WorldShareTests {
    private let orders: [JSONValue]
    private let transactions: [JSONValue]
    private let truths: [JSONValue]
    private let ethoca: [JSONValue]

    init() throws {
        let world = try SampleWorld.large.get()
        orders = try world.values(.orders) + world.values(.lateOrders)
        transactions = orders.compactMap { $0["transactions"]?.elements.map { $0 }.first }
        truths = try world.values(.truth)
        ethoca = try world.values(.alerts).filter { $0["network"]?.string == "ethoca" }
            .compactMap { $0["message"] }
    }

    private func share(_ list: [JSONValue], _ condition: (JSONValue) -> Bool) -> Double {
        Double(list.count { condition($0) }) / Double(max(1, list.count))
    }

    private func isNear(_ share: Double, _ expected: Double, _ tolerance: Double = 0.01) -> Bool {
        abs(share - expected) <= tolerance
    }

    @Test("Declined attempts have neither code nor ARN and are as many as documented")
    func declined() {
        let declined = transactions.filter { $0["authorisation_status"]?.string == "DECLINED" }
        let part = Double(declined.count) / Double(transactions.count)
        #expect(isNear(part, WorldShares.declinedAttempts, 0.006))
        #expect(declined.allSatisfy { $0["authorisation_code"] == nil })
        #expect(declined.allSatisfy { $0["acquirer_reference_number"] == nil })
    }

    @Test("Wallets, long BINs and ARNs at upload are as many as documented")
    func sales() {
        let wallets = share(transactions) {
            $0["payment_method_type"]?.string == "DIGITAL_WALLET"
        }
        #expect(isNear(wallets, WorldShares.walletTokens, 0.015))
        let long = share(transactions) {
            $0["payment_method_card_bin"]?.string?.utf8.count == 8
        }
        #expect(isNear(long, WorldShares.eightDigitBINs, 0.015))
        let settled = transactions.filter { $0["authorisation_status"]?.string == "SETTLED" }
        let known = share(settled) { $0["acquirer_reference_number"] != nil }
        #expect(isNear(known, WorldShares.arnAtUpload, 0.02))
    }

    @Test("Most sales are a card's monthly rebill of the same amount")
    func rebills() {
        var payments: [String: Int] = [:]
        let keys = transactions.map { sale in
            [
                "payment_method_card_bin", "payment_method_card_last_4", "descriptor", "currency",
            ].map { sale[$0]?.string ?? "" }.joined(separator: " ")
                + " \(sale["amount_in_cents"]?.integer ?? 0)"
        }
        for key in keys { payments[key, default: 0] += 1 }
        let repeated = keys.count { payments[$0, default: 0] > 1 }
        #expect(Double(repeated) / Double(keys.count) > 0.5)
    }

    @Test("Two to five currencies are used, and most amounts are price points")
    func prices() {
        let currencies = Set(transactions.compactMap { $0["currency"]?.string })
        #expect(2...5 ~= currencies.count)
        let points: Set<Int64> = [499, 999, 1_499, 1_999, 2_999, 4_900, 9_900]
        let dollars = transactions.filter { $0["currency"]?.string == "USD" }
        #expect(share(dollars) { points.contains($0["amount_in_cents"]?.integer ?? 0) } > 0.8)
    }

    @Test("A few issuers have most cards")
    func issuers() {
        var cards: [Substring: Int] = [:]
        for sale in transactions {
            guard let bin = sale["payment_method_card_bin"]?.string else { continue }
            cards[bin.prefix(6), default: 0] += 1
        }
        let sorted = cards.values.sorted(by: >)
        let most = sorted.prefix(8).reduce(0, +)
        // Eight of the 44 BINs; alike they would have 18 %, and a tenth of all sales has a token's
        // BIN.
        #expect(Double(most) / Double(transactions.count) > 0.3)
    }

    @Test(
        "Stories of alerts are dealt exactly",
        arguments: [
            (Scenario.partialAmount, WorldShares.partialAmounts),
            (.foreignCurrency, WorldShares.foreignCurrency),
            (.reissuedCard, WorldShares.reissuedCards),
            (.anotherMerchantsDescriptor, WorldShares.anotherMerchants),
            (.noSuchSale, WorldShares.noSuchSale),
            (.twoAlertIDs, 2 * WorldShares.duplicates),
            (.alreadyRefunded, WorldShares.alreadyRefunded),
            (.alreadyDisputed, WorldShares.alreadyDisputed),
            (.olderThan120Days, WorldShares.olderThan120Days),
            (.orderAfterAlert, WorldShares.ordersAfterAlert),
        ])
    func stories(_ scenario: Scenario, _ expected: Double) {
        let part = share(truths) { $0["reason"]?.string == scenario.rawValue }
        #expect(isNear(part, expected, 0.001), "\(part)")
    }

    @Test("Ethoca alerts lack the ARN and the code as often as documented")
    func gaps() {
        let noARN = share(ethoca) { $0["acquirerReferenceNumber"]?.isNull == true }
        #expect(isNear(noARN, WorldShares.arnAbsent, 0.03), "\(noARN)")
        let noCode = share(ethoca) { $0["authCode"]?.isNull == true }
        #expect(isNear(noCode, WorldShares.codeAbsent, 0.03), "\(noCode)")
    }

    @Test("Alerts give the settlement's date about as often as documented")
    func settlementDates() throws {
        var sold: [String: String] = [:]
        for sale in transactions {
            guard let reference = sale["reference_id"]?.string else { continue }
            sold[reference] = sale["authorised_at"]?.string
        }
        var told: [String: JSONValue] = [:]
        for alert in ethoca { told[alert["alertId"]?.string ?? ""] = alert }
        let known = truths.filter {
            $0["network"]?.string == "ethoca" && $0["transaction_reference_id"]?.isNull == false
        }
        let late = try known.count { truth in
            let alert = try #require(told[truth["alert_id"]?.string ?? ""])
            let reference = try #require(truth["transaction_reference_id"]?.string)
            let from = try #require(sold[reference].flatMap { Timestamp(iso8601: $0) })
            let to = try #require(
                alert["transactionTimestamp"]?.string.flatMap { Timestamp(iso8601: $0) })
            return to > from.adding(seconds: 9 * 3_600)
        }
        // Settled within nine hours, or not yet when the alert is raised: one point and a half
        // fewer.
        let part = Double(late) / Double(known.count)
        #expect(isNear(part, WorldShares.settlementDates - 0.015, 0.02), "\(part)")
    }

    @Test("Foreign amounts lie within 1.5 % of the day's rate")
    func foreignAmounts() throws {
        let rates = WorldRates(seed: 7)
        var sold: [String: JSONValue] = [:]
        for sale in transactions { sold[sale["reference_id"]?.string ?? ""] = sale }
        var told: [String: JSONValue] = [:]
        for alert in ethoca { told[alert["alertId"]?.string ?? ""] = alert }
        for truth in truths where truth["reason"]?.string == "foreign-currency" {
            let alert = try #require(told[truth["alert_id"]?.string ?? ""])
            let sale = try #require(sold[truth["transaction_reference_id"]?.string ?? ""])
            let currency = try #require(
                alert["transactionCurrency"]?.string.flatMap(Currency.init(code:)))
            let own = try #require(sale["currency"]?.string.flatMap(Currency.init(code:)))
            #expect(currency != own)
            let time = try #require(
                sale["authorised_at"]?.string.flatMap { Timestamp(iso8601: $0) })
            let amount = Money(try #require(sale["amount_in_cents"]?.integer), own)
            let day = try #require(rates.convert(amount, to: currency, at: time))
            let given = try #require(alert["transactionAmount"]?.string.flatMap { Double($0) })
            let difference = abs(given * 100 - Double(day.minorUnits))
            #expect(difference <= Double(day.minorUnits) * 0.015 + 1)
        }
    }

    @Test("Nearly all alerts can be decided, and chance look-alikes cannot")
    func decidable() {
        #expect(share(truths) { $0["is_decidable"]?.boolean == true } > 0.95)
        #expect(share(truths) { $0["is_decidable"]?.boolean == true } < 0.995)
        let alike = truths.filter { $0["reason"]?.string == "chance-look-alike" }
        #expect(alike.count == 6)
        #expect(alike.allSatisfy { $0["is_decidable"]?.boolean == false })
    }
}
