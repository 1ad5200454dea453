/// What one field of an alert says about a candidate, from best to worst.
package enum Evidence: String, Sendable, CaseIterable {
    /// Both say the same.
    case equal = "EQUAL"
    /// Both could mean the same: a part of an amount, a converted one, a day or two, a mangled descriptor.
    case near = "NEAR"
    /// One of the two is not known, or cannot be compared.
    case absent = "ABSENT"
    /// Both are known and cannot mean the same.
    case contradicts = "CONTRADICTS"

    /// 0 for the best; greater is worse.
    package var rank: Int {
        switch self {
        case .equal: 0
        case .near: 1
        case .absent: 2
        case .contradicts: 3
        }
    }
}

/// The fields that are compared, in the order in which a person is shown them: strongest first.
package enum MatchField: String, Sendable, CaseIterable {
    case acquirerReferenceNumber = "ACQUIRER_REFERENCE_NUMBER"
    case authorisationCode = "AUTHORISATION_CODE"
    case cardBIN = "CARD_BIN"
    case cardLast4 = "CARD_LAST_4"
    case cardScheme = "CARD_SCHEME"
    case amount = "AMOUNT"
    case currency = "CURRENCY"
    case time = "TIME"
    case descriptor = "DESCRIPTOR"
    /// Whether the sale took place: declined, voided and failed ones contradict every alert.
    case status = "STATUS"
}

/// The evidence of every field, none left out.
package struct MatchEvidence: Sendable, Hashable {
    package var acquirerReferenceNumber = Evidence.absent
    package var authorisationCode = Evidence.absent
    package var cardBIN = Evidence.absent
    package var cardLast4 = Evidence.absent
    package var cardScheme = Evidence.absent
    package var amount = Evidence.absent
    package var currency = Evidence.absent
    package var time = Evidence.absent
    package var descriptor = Evidence.absent
    package var status = Evidence.absent

    /// Nothing is known.
    package init() {}

    /// The evidence of one field.
    package subscript(field: MatchField) -> Evidence {
        switch field {
        case .acquirerReferenceNumber: acquirerReferenceNumber
        case .authorisationCode: authorisationCode
        case .cardBIN: cardBIN
        case .cardLast4: cardLast4
        case .cardScheme: cardScheme
        case .amount: amount
        case .currency: currency
        case .time: time
        case .descriptor: descriptor
        case .status: status
        }
    }

    /// The weights of all fields together.
    var score: Int {
        Self.everyField.reduce(0) { $0 + MatchingRules.weight($1, self[$1]) }
    }

    /// Kept, because `allCases` makes a new array each time.
    private static let everyField = MatchField.allCases

    /// Every field with its evidence, in the order of ``MatchField``.
    package var fields: [(field: MatchField, evidence: Evidence)] {
        Self.everyField.map { ($0, self[$0]) }
    }

    /// How many of these fields contradict.
    func contradictions(in fields: [MatchField]) -> Int {
        fields.count { self[$0] == .contradicts }
    }
}
