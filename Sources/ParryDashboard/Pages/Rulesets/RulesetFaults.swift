import ParryDomain
import ParryWire

/// What is wrong with a ruleset's form, by the place that it is about. Places are called as the form's fields are.
struct RulesetFaults: Sendable, Equatable {
    /// `rule.0.amount`, `rule.1`, `enrolment`, `outcome`; empty for the whole form.
    private(set) var sentences: [String: String] = [:]

    init() {}

    /// What the declaration of the API's request refuses.
    init(_ errors: FormErrors) {
        for error in errors.fields {
            let place = Self.place(of: error.field)
            if sentences[place] == nil {
                sentences[place] = Self.sentence(error.message, at: place)
            }
        }
    }

    /// What the platform refuses.
    init(_ error: RulesetError, in form: RulesetForm) {
        sentences[Self.place(of: error, in: form)] = error.sentence
    }

    var isEmpty: Bool { sentences.isEmpty }

    /// What is wrong at a place; nil when it is good.
    subscript(place: String) -> String? { sentences[place] }

    /// `rules[0].parameters.descriptors[1].value` is `rule.0.descriptor.1.value`.
    static func place(of path: String) -> String {
        let parts = path.split { ".[]".contains($0) }.map(String.init)
        switch (parts.first, parts.count) {
        case ("rules", 1), ("join_operator", _): return "join"
        case ("rules", _): return row(parts)
        case ("outcome", _): return "outcome"
        case ("enrolment_ids", _): return "enrolment"
        default: return ""
        }
    }

    private static func row(_ parts: [String]) -> String {
        let row = "rule.\(parts[1])"
        switch (parts.last, parts.count) {
        case ("operator", _): return "\(row).operator"
        case ("amount_in_cents", _), ("currency_code", _): return "\(row).amount"
        case ("value", 6): return "\(row).descriptor.\(parts[4]).value"
        case ("match_type", 6): return "\(row).descriptor.\(parts[4]).match"
        default: return row
        }
    }

    private static func sentence(_ message: String, at place: String) -> String {
        if place.hasSuffix(".amount") {
            return "Write an amount in US dollars, such as 100.00."
        }
        if place == "enrolment" { return "Tick 1 to 100 enrolments." }
        if place.hasSuffix(".value") { return "The descriptor \(message)." }
        return "This \(message)."
    }

    private static func place(of error: RulesetError, in form: RulesetForm) -> String {
        switch error {
        case .alreadyHasRuleset, .differentTypes, .differentOrganisations, .duplicateEnrolments,
            .unsupportedEnrolment:
            "enrolment"
        case .unsupportedOutcome: "outcome"
        case .duplicateRuleType: "rule.\(form.repeatedRow ?? 0)"
        case .unsupportedCurrency:
            "rule.\(form.rules.firstIndex { $0.currency != "USD" } ?? 0).amount"
        case .invalidParameters, .unsupportedRuleType, .rulesNotUpdatable: "join"
        }
    }
}

extension RulesetForm {
    /// The first row of a type that a row before it has.
    fileprivate var repeatedRow: Int? {
        rules.indices.first { index in
            rules[..<index].contains { $0.type == rules[index].type }
        }
    }
}

extension RulesetError {
    /// For people, who see a form and no request.
    fileprivate var sentence: String {
        switch self {
        case .alreadyHasRuleset:
            "Another ruleset decides for one of these enrolments. Change that one, or take the "
                + "enrolment out of it first."
        case .differentTypes:
            "A ruleset is for Ethoca Alerts or for Verifi RDR. Tick enrolments of one of them and "
                + "make another ruleset for the other."
        case .differentOrganisations:
            "An enrolment belongs to another organisation. Make a ruleset for each organisation."
        case .duplicateEnrolments: "An enrolment is named twice."
        case .duplicateRuleType:
            "A ruleset has at most one rule of each kind. Remove this one, or the other."
        case .invalidParameters:
            "A rule is not complete: an amount needs a comparison, and a descriptor some text."
        case .unsupportedCurrency:
            "Amounts are compared in US dollars. Other amounts are converted first."
        case .unsupportedRuleType: "A rule is about the amount or about the descriptor."
        case .unsupportedOutcome:
            "Verifi RDR cannot cancel subscriptions. Choose another outcome."
        case .unsupportedEnrolment:
            "A Verifi RDR enrolment by ARNs cannot have a ruleset: the network has no BIN and CAID "
                + "to publish it for."
        case .rulesNotUpdatable: "The rules cannot be changed in this way."
        }
    }
}
