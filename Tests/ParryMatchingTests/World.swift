import ParryDomain
import ParryMatching
import ParryWire

/// A year's quarter of one organisation's sales and the alerts about them, drawn from a seed: the noise of
/// NETWORKS.md in the shares that its text gives or that are common.
struct World {
    struct Sale {
        /// What took place.
        var truth: MatchCandidate
        /// What the organisation uploaded; nil when it has not, or not yet.
        var uploaded: MatchCandidate?
    }

    struct Raised {
        let subject: MatchSubject
        /// The sale that it is about; nil for another merchant's.
        let sale: Int?
    }

    private(set) var sales: [Sale] = []
    private var settled: [Int] = []
    private var random: SeededGenerator
    private var byARN: [String: [Int]] = [:]
    private var byCode: [String: [Int]] = [:]
    private var byLast4: [String: [Int]] = [:]

    static let start = Cases.saleAt
    static let days: Int64 = 120
    private static let schemes = ["VISA", "VISA", "VISA", "MASTERCARD", "MASTERCARD", "AMEX"]
    private static let descriptors = ["ACMEFIT MONTHLY", "ACMEFIT MONTHLY", "ACMEFIT SHOP BERLIN"]
    private static let prices: [Int64] = [999, 1_999, 2_999, 4_900, 4_900, 9_900, 12_345]

    init(seed: UInt64, customers: Int) {
        random = SeededGenerator(seed: seed)
        for _ in 0..<customers { addCustomer() }
        settled = sales.indices.filter { sales[$0].truth.authorisationStatus == "SETTLED" }
        for (index, sale) in sales.enumerated() {
            guard let uploaded = sale.uploaded else { continue }
            if let arn = uploaded.acquirerReferenceNumber { byARN[arn, default: []].append(index) }
            if let code = uploaded.authorisationCode { byCode[code, default: []].append(index) }
            if let last4 = uploaded.cardLast4 { byLast4[last4, default: []].append(index) }
        }
    }

    private mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &random) < percent
    }

    private mutating func digits(_ count: Int) -> String {
        (0..<count).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
    }

    private mutating func pick<Element>(_ list: [Element]) -> Element {
        list[Int.random(in: list.indices, using: &random)]
    }

    /// Four renewals a month apart; of some customers a purchase twice on one day.
    private mutating func addCustomer() {
        let card = MatchCandidate.card(
            scheme: pick(Self.schemes), bank: Int.random(in: 0..<20, using: &random),
            rest: digits(2),
            last4: digits(4))
        let price = pick(Self.prices)
        let descriptor = pick(Self.descriptors)
        let first = Int64.random(in: 0..<30 * 86_400, using: &random)
        let isWallet = chance(10)
        for month in 0..<4 {
            let at = Self.start.adding(seconds: first + Int64(month) * 30 * 86_400)
            addSale(card, price: price, descriptor: descriptor, at: at, isWallet: isWallet)
            guard chance(1) else { continue }
            let gap = Int64.random(in: 60..<72 * 3_600, using: &random)
            addSale(
                card, price: price, descriptor: descriptor, at: at.adding(seconds: gap),
                isWallet: isWallet)
        }
    }

    private mutating func addSale(
        _ card: MatchCandidate, price: Int64, descriptor: String, at time: Timestamp, isWallet: Bool
    ) {
        var truth = MatchCandidate(
            integrationID: Cases.integration, referenceID: "sale\(sales.count)",
            orderID: Cases.order)
        truth.take(cardOf: card)
        truth.authorisedAt = time
        truth.amount = price
        truth.currency = "USD"
        truth.authorisationCode = digits(6)
        truth.acquirerReferenceNumber = "7" + digits(22)
        truth.descriptor = descriptor
        truth.authorisationStatus = chance(3) ? "DECLINED" : "SETTLED"
        truth.paymentMethodType = isWallet ? "DIGITAL_WALLET" : "CARD"
        var uploaded = truth
        if chance(30) { uploaded.acquirerReferenceNumber = nil }
        if chance(10) { uploaded.authorisationCode = nil }
        if chance(10) { uploaded.cardBIN = nil }
        if chance(20) { uploaded.descriptor = nil }
        if isWallet {
            uploaded.cardLast4 = digits(4)
            uploaded.cardBIN = chance(50) ? nil : "489537"
        }
        sales.append(Sale(truth: truth, uploaded: chance(95) ? uploaded : nil))
    }

    /// One alert: in twenty one is another merchant's.
    mutating func raise() -> Raised {
        guard !chance(5) else { return Raised(subject: foreign(), sale: nil) }
        let index = pick(settled)
        let sale = sales[index].truth
        var subject = MatchSubject(networkAlertedAt: Self.start.adding(seconds: 150 * 86_400))
        subject.amount = sale.amount
        subject.currency = sale.currency
        subject.transactionAt = sale.authorisedAt
        if chance(40) { subject.acquirerReferenceNumber = sale.acquirerReferenceNumber }
        if chance(70) { subject.authorisationCode = sale.authorisationCode }
        subject.cardBIN = chance(60) ? sale.cardBIN : sale.cardBIN.map { String($0.prefix(6)) }
        subject.cardLast4 = sale.cardLast4
        subject.cardScheme = sale.cardBrand
        subject.descriptor = mangled(sale.descriptor ?? "")
        distort(&subject, sale)
        return Raised(subject: subject, sale: index)
    }

    private mutating func distort(_ subject: inout MatchSubject, _ sale: MatchCandidate) {
        if chance(20), let time = sale.authorisedAt {
            let settled = time.adding(seconds: Int64.random(in: 1...2, using: &random) * 86_400)
            let day = ExchangeRates.day(of: settled) * 86_400_000
            subject.transactionAt = chance(50) ? settled : Timestamp(milliseconds: day)
        }
        if chance(3), let amount = sale.amount { subject.amount = amount / 2 }
        if chance(3), let amount = sale.amount {
            subject.currency = "EUR"
            subject.amount = amount * 100 / 110 * Int64.random(in: 99...101, using: &random) / 100
        }
        if chance(2) {
            subject.cardLast4 = digits(4)
            if chance(50) { subject.cardBIN = "455555" }
        }
    }

    private mutating func foreign() -> MatchSubject {
        var subject = MatchSubject(networkAlertedAt: Self.start.adding(seconds: 150 * 86_400))
        let sale = pick(sales)
        let model = sale.truth
        subject.amount = model.amount
        subject.currency = "USD"
        subject.transactionAt = model.authorisedAt
        subject.authorisationCode = digits(6)
        // The worst case: the same cardholder, the same amount, the same time; what was uploaded can tell.
        let canTell = sale.uploaded?.descriptor != nil || sale.uploaded?.authorisationCode != nil
        if canTell, chance(30) {
            subject.cardBIN = model.cardBIN
            subject.cardLast4 = model.cardLast4
        } else {
            subject.cardBIN = "4" + digits(5)
            subject.cardLast4 = digits(4)
        }
        subject.cardScheme = "VISA"
        subject.descriptor = pick(["STREAMBOX PLUS", "NORDIC BOOKS OSLO", "PAYPAL *KOFFEE"])
        return subject
    }

    private mutating func mangled(_ descriptor: String) -> String {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: String(descriptor.prefix(12))
        case 1: descriptor.split(separator: " ").joined(separator: "*")
        case 2: "PAYPAL *" + descriptor
        case 3: descriptor + " 8005551234"
        default: descriptor
        }
    }

    /// What the store would find.
    func candidates(_ subject: MatchSubject) -> [MatchCandidate] {
        let search = CandidateSearch(subject)
        var found = search.acquirerReferenceNumber.flatMap { byARN[$0] } ?? []
        found += rows(byCode, search.authorisationCode) + rows(byLast4, search.cardLast4)
        let filter = CandidateFilter(subject)
        return found.compactMap { sales[$0].uploaded }.filter(filter.couldBe)
    }

    private func rows(_ index: [String: [Int]], _ range: CandidateSearch.Range?) -> [Int] {
        guard let range, let rows = index[range.key] else { return [] }
        return rows.filter { row in
            guard let time = sales[row].uploaded?.authorisedAt else { return false }
            return range.from <= time && time <= range.to
        }
    }

    /// Whether the data can decide an alert: the sale took place and was uploaded, an identifier or the whole
    /// card says which it is, and no other sale of the same card and amount is as close in time.
    func isDecidable(_ raised: Raised) -> Bool {
        guard let index = raised.sale, let sale = sales[index].uploaded,
            sale.authorisationStatus != "DECLINED"
        else { return false }
        let alert = raised.subject
        let isSameCard = alert.cardLast4 == sale.cardLast4
        let isWhole = alert.amount == sale.amount && alert.currency == sale.currency
        if let arn = alert.acquirerReferenceNumber, arn == sale.acquirerReferenceNumber,
            isSameCard || sale.paymentMethodType == "DIGITAL_WALLET"
        {
            return true
        }
        if let code = alert.authorisationCode, code == sale.authorisationCode {
            return isSameCard || isWhole && sale.descriptor != nil
        }
        return isSameCard && isWhole && sale.cardBIN != nil && !hasTwin(index)
    }

    private func hasTwin(_ index: Int) -> Bool {
        let sale = sales[index].truth
        return (max(0, index - 3)...min(sales.count - 1, index + 3)).contains { other in
            guard other != index, let time = sale.authorisedAt,
                let otherTime = sales[other].truth.authorisedAt
            else { return false }
            let gap = abs(time.milliseconds - otherTime.milliseconds)
            return sales[other].truth.cardLast4 == sale.cardLast4 && gap < 10 * 86_400_000
        }
    }
}

extension MatchCandidate {
    fileprivate static func card(
        scheme: String, bank: Int, rest: String, last4: String
    ) -> MatchCandidate {
        var card = Cases.sale()
        let first = scheme == "VISA" ? "40" : scheme == "AMEX" ? "37" : "52"
        card.cardBIN = first + String(1_000 + bank) + rest
        card.cardBrand = scheme
        card.cardLast4 = last4
        return card
    }

    fileprivate mutating func take(cardOf other: MatchCandidate) {
        cardBIN = other.cardBIN
        cardBrand = other.cardBrand
        cardLast4 = other.cardLast4
    }
}
