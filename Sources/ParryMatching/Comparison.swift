import ParryDomain
import ParryWire

/// An alert's fields in the spelling in which they are compared; made once for all candidates.
struct SubjectKeys {
    let subject: MatchSubject
    let arn: String?
    let code: String?
    let cardBIN: String?
    let last4: String?
    let scheme: CardScheme?
    let descriptor: DescriptorLikeness?

    init(_ subject: MatchSubject) {
        self.subject = subject
        arn = MatchKey.acquirerReferenceNumber(subject.acquirerReferenceNumber)
        code = MatchKey.authorisationCode(subject.authorisationCode)
        cardBIN = MatchKey.cardBIN(subject.cardBIN)
        last4 = MatchKey.last4(subject.cardLast4)
        scheme = CardScheme(subject.cardScheme) ?? CardScheme(bin: cardBIN)
        descriptor = DescriptorLikeness(subject.descriptor)
    }

    /// A time at midnight to the millisecond is a date: it says nothing about the hour.
    var hasDateOnly: Bool {
        subject.transactionAt.map { $0.milliseconds % MatchingRules.day == 0 } ?? false
    }

    /// Milliseconds between the alert's transaction time and the candidate's.
    func distance(to candidate: MatchCandidate) -> Int64? {
        guard let one = subject.transactionAt, let other = candidate.authorisedAt else {
            return nil
        }
        return Self.distance(one, other)
    }

    /// As ``distance(to:)``, but 0 for every hour of the day that a date means.
    func separation(to candidate: MatchCandidate) -> Int64? {
        guard hasDateOnly, let one = subject.transactionAt, let other = candidate.authorisedAt,
            other > one
        else { return distance(to: candidate) }
        let end = one.adding(milliseconds: MatchingRules.day - 1)
        return other <= end ? 0 : Self.distance(end, other)
    }

    static func distance(_ one: Timestamp, _ other: Timestamp) -> Int64 {
        let (value, overflow) = one.milliseconds.subtractingReportingOverflow(other.milliseconds)
        return overflow || value == .min ? .max : abs(value)
    }
}

/// How an alert's amount stands to a sale's.
enum AmountFit {
    case equal
    /// A part of the sale, in its currency.
    case part
    /// In another currency, within the tolerance.
    case converted
    /// In another currency, a part of the sale.
    case convertedPart
    /// More than the sale.
    case more
    case unknown

    var evidence: Evidence {
        switch self {
        case .equal: .equal
        case .part, .converted, .convertedPart: .near
        case .more: .contradicts
        case .unknown: .absent
        }
    }

    var isConverted: Bool { self == .converted || self == .convertedPart }
    var isPart: Bool { self == .part || self == .convertedPart }
}

/// One candidate held against the alert.
struct Comparison {
    var evidence = MatchEvidence()
    var amount = AmountFit.unknown
    /// The card's digits differ, but the sale was paid through a wallet.
    var isToken = false
    let distance: Int64?

    init(
        _ keys: SubjectKeys, _ candidate: MatchCandidate, rates: ExchangeRates,
        descriptor: Evidence
    ) {
        distance = keys.distance(to: candidate)
        evidence.descriptor = descriptor
        evidence.status =
            candidate.isDead
            ? .contradicts : candidate.authorisationStatus == nil ? .absent : .equal
        evidence.time = distance.map(Self.time) ?? .absent
        compareIdentifiers(keys, candidate)
        compareCard(keys, candidate)
        compareAmount(keys.subject, candidate, rates)
    }

    static func time(_ distance: Int64) -> Evidence {
        if distance <= MatchingRules.separation { return .equal }
        return distance <= MatchingRules.cardWindow ? .near : .contradicts
    }

    private mutating func compareIdentifiers(_ keys: SubjectKeys, _ candidate: MatchCandidate) {
        let arn = MatchKey.acquirerReferenceNumber(candidate.acquirerReferenceNumber)
        if let mine = keys.arn, let arn {
            evidence.acquirerReferenceNumber = Self.arns(mine, arn)
        }
        let code = MatchKey.authorisationCode(candidate.authorisationCode)
        if let mine = keys.code, let code {
            evidence.authorisationCode = mine == code ? .equal : .contradicts
        }
    }

    /// Two whole ones contradict each other; a fragment only fails to say anything.
    private static func arns(_ one: String, _ other: String) -> Evidence {
        if one == other { return .equal }
        let isWhole =
            one.utf8.count == MatchingRules.arnDigits
            && other.utf8.count == MatchingRules.arnDigits
        return isWhole ? .contradicts : .absent
    }

    private mutating func compareCard(_ keys: SubjectKeys, _ candidate: MatchCandidate) {
        let bin = MatchKey.cardBIN(candidate.cardBIN)
        evidence.cardBIN = Self.bins(keys.cardBIN, bin)
        evidence.cardLast4 = Self.texts(keys.last4, MatchKey.last4(candidate.cardLast4))
        evidence.cardScheme = CardScheme.compare(
            keys.scheme, CardScheme(candidate.cardBrand) ?? CardScheme(bin: bin))
        guard candidate.isWallet else { return }
        if evidence.cardBIN == .contradicts || evidence.cardLast4 == .contradicts {
            isToken = true
            // Digits of a token neither speak for the card nor against it, one by one.
            if evidence.cardBIN == .contradicts { evidence.cardBIN = .absent }
            if evidence.cardLast4 == .contradicts { evidence.cardLast4 = .absent }
        }
    }

    private static func texts(_ one: String?, _ other: String?) -> Evidence {
        guard let one, let other else { return .absent }
        return one == other ? .equal : .contradicts
    }

    /// The first 6 digits, and all 8 where both sides have them.
    private static func bins(_ one: String?, _ other: String?) -> Evidence {
        guard let one, let other else { return .absent }
        let count = min(one.utf8.count, other.utf8.count)
        return one.utf8.prefix(count).elementsEqual(other.utf8.prefix(count))
            ? .equal : .contradicts
    }

    private mutating func compareAmount(
        _ subject: MatchSubject, _ candidate: MatchCandidate, _ rates: ExchangeRates
    ) {
        guard let currency = subject.currency, let other = candidate.currency else { return }
        evidence.currency = currency == other ? .equal : .contradicts
        guard let amount = subject.amount, let sale = candidate.amount else { return }
        if currency == other {
            self.amount = amount == sale ? .equal : amount < sale ? .part : .more
        } else if let converted = rates.convert(
            sale, from: other, to: currency,
            on: candidate.authorisedAt ?? subject.transactionAt ?? subject.networkAlertedAt)
        {
            self.amount = Self.fit(amount, toConverted: converted)
            if self.amount == .converted { evidence.currency = .near }
        }
        evidence.amount = self.amount.evidence
    }

    private static func fit(_ amount: Int64, toConverted sale: Int64) -> AmountFit {
        let difference = Int128(amount) - Int128(sale)
        let tolerance = Int128(MatchingRules.convertedPercentMax) * Int128(sale)
        if 100 * difference.magnitude <= tolerance.magnitude { return .converted }
        return difference < 0 ? .convertedPart : .more
    }
}
