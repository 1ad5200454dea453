import ParryWire

/// How sure it is which sale an alert is about, as statistics count it.
package enum MatchLevel: String, Sendable, Hashable, CaseIterable {
    case exact = "EXACT"
    case high = "HIGH"
    case low = "LOW"
    /// A person chose the sale.
    case byHand = "BY_HAND"
    /// Several fit and nothing separates them.
    case ambiguous = "AMBIGUOUS"
    case none = "NONE"

    /// Whether there is a sale.
    package var isMatched: Bool {
        switch self {
        case .exact, .high, .low, .byHand: true
        case .ambiguous, .none: false
        }
    }
}

extension AlertCaseStore.Case {
    /// nil where no sale was looked for.
    var matchLevel: MatchLevel? {
        if isSetByHand { return .byHand }
        guard wasSearched, let root = try? JSONDocument.parse(verdict).root else { return nil }
        let word = root["confidence"]?.string ?? root["outcome"]?.string
        return word.flatMap(MatchLevel.init)
    }
}
