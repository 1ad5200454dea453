import ParryDomain
import ParryMatching
import ParryWire

/// An alert and a sale that agree in everything, from which cases take away or change.
enum Cases {
    static let hour: Int64 = 3_600
    static let day: Int64 = 24 * hour
    /// 2026-02-10T10:30:00Z
    static let saleAt = Timestamp(milliseconds: 1_770_719_400_000)
    static let alertedAt = saleAt.adding(seconds: 7 * day)
    static let arn = "74027012345678901234567"
    static let otherARN = "74027012345678901234575"
    static let integration = IntegrationID.make(at: saleAt, slot: 7)
    static let order = OrderID.make(at: saleAt, slot: 7)

    static func alert(_ change: (inout MatchSubject) -> Void = { _ in }) -> MatchSubject {
        var subject = MatchSubject(networkAlertedAt: alertedAt)
        subject.amount = 4_900
        subject.currency = "USD"
        subject.transactionAt = saleAt
        subject.authorisationCode = "12A456"
        subject.acquirerReferenceNumber = arn
        subject.cardBIN = "424242"
        subject.cardLast4 = "4242"
        subject.cardScheme = "VISA"
        subject.descriptor = "ACMEFIT MONTHLY"
        change(&subject)
        return subject
    }

    static func sale(
        _ reference: String = "sale", _ change: (inout MatchCandidate) -> Void = { _ in }
    ) -> MatchCandidate {
        var sale = MatchCandidate(
            integrationID: integration, referenceID: reference, orderID: order)
        sale.authorisedAt = saleAt
        sale.amount = 4_900
        sale.currency = "USD"
        sale.cardBrand = "VISA"
        sale.cardLast4 = "4242"
        sale.cardBIN = "424242"
        sale.authorisationCode = "12A456"
        sale.acquirerReferenceNumber = arn
        sale.descriptor = "ACMEFIT MONTHLY"
        sale.authorisationStatus = "SETTLED"
        sale.paymentMethodType = "CARD"
        change(&sale)
        return sale
    }

    /// 1 EUR is 1.10 USD, 1 JPY 0.0065 USD, around the sale.
    static let rates = ExchangeRates([
        ExchangeRate(
            day: ExchangeRates.day(of: saleAt) - 3, currency: "EUR", usdPerUnit: 1_100_000_000_000),
        ExchangeRate(
            day: ExchangeRates.day(of: saleAt), currency: "JPY", usdPerUnit: 6_500_000_000),
    ])

    static func judge(
        _ subject: MatchSubject, _ candidates: [MatchCandidate], mode: MatchingMode = .soft,
        isComplete: Bool = true
    ) -> MatchVerdict {
        Matching.judge(subject, candidates, mode: mode, rates: rates, isComplete: isComplete)
    }
}

/// A generator whose numbers a seed repeats (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
