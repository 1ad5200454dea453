import ParryDomain
import ParryStore
import ParryWire

/// A ruleset as an English sentence: “Accept the dispute when the amount is greater than 100.00 USD or the descriptor
/// starts with “ACME”.”
struct RuleSentence: Sendable, Hashable {
    /// Descriptors that a short sentence names before it counts the rest.
    private static let shortMax = 3

    let outcome: AlertAction
    let joinOperator: JoinOperator
    let conditions: [RuleCondition]

    init(_ outcome: AlertAction, _ joinOperator: JoinOperator, _ conditions: [RuleCondition]) {
        self.outcome = outcome
        self.joinOperator = joinOperator
        self.conditions = conditions
    }

    init(_ ruleset: Ruleset) {
        self.init(
            ruleset.details.outcome, ruleset.details.joinOperator, ruleset.rules.map(\.condition))
    }

    init(_ body: RulesetStore.Body) {
        self.init(body.details.outcome, body.details.joinOperator, body.conditions)
    }

    /// The whole sentence.
    var text: String { sentence(descriptorsMax: .max) }

    /// With the first few descriptors: for lists.
    var short: String { sentence(descriptorsMax: Self.shortMax) }

    private func sentence(descriptorsMax: Int) -> String {
        guard !conditions.isEmpty else { return "Decides nothing: it has no rules." }
        let isAmbiguous = joinOperator == .and && conditions.count > 1
        let clauses = conditions.map {
            Self.clause($0, setsApart: isAmbiguous, descriptorsMax: descriptorsMax)
        }
        return outcome.order + " when " + clauses.joined(separator: joinOperator.word) + "."
    }

    /// What one rule asks for: `the amount is less than 20.00 USD`.
    ///
    /// - Parameter setsApart: Whether the clause is joined with “and”, so that an “or” inside needs its “either”.
    static func clause(
        _ condition: RuleCondition, setsApart: Bool = false, descriptorsMax: Int = .max
    ) -> String {
        switch condition {
        case .amount(let comparison, let cents):
            return "the amount \(comparison.words) \(Money.text(cents, "USD"))"
        case .descriptor(let all):
            let either = setsApart && all.count > 1 ? "either " : ""
            return "the descriptor \(either)\(phrase(all, descriptorsMax))"
        }
    }

    /// `starts with “A” or “B”, or is “C”`: what is compared alike stands together.
    private static func phrase(_ all: [RuleDescriptor], _ max: Int) -> String {
        let named = all.prefix(max)
        let parts = DescriptorMatchType.allCases.compactMap { type -> String? in
            let values = named.filter { $0.matchType == type }.map { "“\($0.value)”" }
            return values.isEmpty ? nil : type.verb + " " + alternatives(values)
        }
        let rest = all.count - named.count
        return parts.joined(separator: ", or ") + (rest > 0 ? ", or one of \(rest) more" : "")
    }

    /// `A`, `A or B`, `A, B or C`
    static func alternatives(_ words: [String]) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }
}

extension AlertAction {
    /// What a ruleset says to do.
    var order: String {
        switch self {
        case .refund: "Refund"
        case .cancel: "Cancel the subscription"
        case .refundAndCancel: "Refund and cancel"
        case .acceptDispute: "Accept the dispute"
        }
    }
}

extension JoinOperator {
    fileprivate var word: String {
        switch self {
        case .and: " and "
        case .or: " or "
        }
    }

    /// As a choice in the middle of a sentence.
    var choice: String {
        switch self {
        case .and: "all of this is so"
        case .or: "any of this is so"
        }
    }
}

extension AmountOperator {
    /// Between `the amount` and the amount.
    var words: String {
        switch self {
        case .greaterThan: "is greater than"
        case .greaterThanOrEqual: "is at least"
        case .lessThan: "is less than"
        case .lessThanOrEqual: "is at most"
        case .equal: "is exactly"
        case .notEqual: "is not"
        }
    }
}

extension DescriptorMatchType {
    /// Between `the descriptor` and the text.
    var verb: String {
        switch self {
        case .startsWith: "starts with"
        case .exactMatch: "is exactly"
        }
    }
}
