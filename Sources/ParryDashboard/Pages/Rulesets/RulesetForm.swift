import ParryDomain
import ParryWire

/// What stands in the form of a ruleset, as it was typed. Fields are named by their places: `rule.0.amount`,
/// `rule.1.descriptor.2.value`.
struct RulesetForm: Sendable, Equatable {
    /// What a row is about.
    struct Rule: Sendable, Equatable {
        /// A word of ``RuleType``, or what somebody sent instead.
        var type: String
        var comparison = AmountOperator.greaterThan.rawValue
        /// As typed: `1,250.00`.
        var amount = ""
        var currency = "USD"
        var descriptors: [Descriptor] = []
    }

    /// A descriptor of a row.
    struct Descriptor: Sendable, Equatable {
        var matchType = DescriptorMatchType.startsWith.rawValue
        var value = ""
    }

    /// Days that a backtest may go back.
    static let daysChoices: [Int64] = [7, 30, 90, 365]

    var organisation = ""
    var outcome = AlertAction.acceptDispute.rawValue
    var joinOperator = JoinOperator.or.rawValue
    var isEnabled = true
    var rules: [Rule] = []
    var enrolments: [String] = []
    /// The version that the person saw when the form was opened; nil for a new ruleset.
    var version: Int64?
    /// The version that the person has been shown besides and wants to save over.
    var versionOver: Int64?
    var days: Int64 = 30

    init(organisation: String) {
        self.organisation = organisation
    }

    /// A ruleset to edit.
    init(_ ruleset: Ruleset) {
        organisation = ruleset.organisationID.text
        outcome = ruleset.details.outcome.rawValue
        joinOperator = ruleset.details.joinOperator.rawValue
        isEnabled = ruleset.details.isEnabled
        rules = ruleset.rules.map { Rule($0.condition) }
        enrolments = ruleset.details.enrolmentIDs.map(\.text)
        version = ruleset.version
    }

    /// What a browser sent.
    init(_ fields: FormFields) {
        organisation = fields.text("organisation") ?? ""
        outcome = fields.text("outcome") ?? ""
        joinOperator = fields.text("join") ?? ""
        isEnabled = fields.isSet("enabled")
        enrolments = fields.all("enrolment")
        version = fields["version"].flatMap { Int64($0) }
        versionOver = fields["over"].flatMap { Int64($0) }
        let days = fields["days"].flatMap { Int64($0) } ?? 30
        self.days = Self.daysChoices.contains(days) ? days : 30
        for index in 0..<RequestLimits.rules.upperBound {
            guard let rule = Rule(fields, at: "rule.\(index)") else { break }
            rules.append(rule)
        }
    }

    /// Which rules can be added: a ruleset has at most one of each type.
    var missing: [RuleType] {
        RuleType.allCases.filter { type in !rules.contains { $0.type == type.rawValue } }
    }

    /// What it says so far; rows that are not complete are left out.
    var sentence: RuleSentence? {
        guard let outcome = AlertAction(rawValue: outcome),
            let joinOperator = JoinOperator(rawValue: joinOperator)
        else { return nil }
        return RuleSentence(outcome, joinOperator, rules.compactMap(\.condition))
    }

    /// As the API takes it.
    var members: [FormMember] {
        [
            ("organisation_id", .text(organisation)), ("enrolment_ids", .list(enrolments)),
            ("outcome", .text(outcome)), ("join_operator", .text(joinOperator)),
            ("is_enabled", .flag(isEnabled)), ("rules", .objects(rules.map(\.members))),
        ]
    }
}

extension RulesetForm.Rule {
    init(_ condition: RuleCondition) {
        type = condition.type.rawValue
        switch condition {
        case .amount(let comparison, let cents):
            self.comparison = comparison.rawValue
            amount = Currency(code: "USD")?.decimal(cents) ?? ""
        case .descriptor(let all):
            descriptors = all.map {
                RulesetForm.Descriptor(matchType: $0.matchType.rawValue, value: $0.value)
            }
        }
    }

    /// An empty row.
    init(_ type: RuleType) {
        self.type = type.rawValue
        if type == .descriptor { descriptors = [RulesetForm.Descriptor()] }
    }

    /// nil where the form has no such row.
    fileprivate init?(_ fields: FormFields, at name: String) {
        guard let type = fields.text("\(name).type") else { return nil }
        self.type = type
        comparison = fields.text("\(name).operator") ?? comparison
        amount = fields.text("\(name).amount") ?? ""
        currency = fields.text("\(name).currency") ?? currency
        for index in 0..<RequestLimits.descriptors.upperBound {
            let part = "\(name).descriptor.\(index)"
            guard fields.isSet("\(part).value") else { break }
            descriptors.append(
                RulesetForm.Descriptor(
                    matchType: fields.text("\(part).match") ?? "",
                    value: fields.text("\(part).value") ?? ""))
        }
    }

    /// What the row says; nil as long as something is missing.
    fileprivate var condition: RuleCondition? {
        switch RuleType(rawValue: type) {
        case .amount:
            guard let comparison = AmountOperator(rawValue: comparison),
                let cents = Self.cents(amount)
            else { return nil }
            return .amount(comparison, cents: cents)
        case .descriptor:
            let all = descriptors.filter { !$0.value.isEmpty }.compactMap { one in
                DescriptorMatchType(rawValue: one.matchType).map {
                    RuleDescriptor(value: one.value, matchType: $0)
                }
            }
            return all.isEmpty ? nil : .descriptor(all)
        case nil: return nil
        }
    }

    /// As the API takes it; an amount that cannot be read goes on as it is, and is refused.
    fileprivate var members: [FormMember] {
        let parameters: [FormMember] =
            switch RuleType(rawValue: type) {
            case .amount:
                [
                    ("operator", .text(comparison)), ("currency_code", .text(currency)),
                    ("amount_in_cents", .number(Self.cents(amount).map(String.init) ?? "")),
                ]
            case .descriptor:
                [
                    (
                        "descriptors",
                        .objects(
                            descriptors.map {
                                [("value", .text($0.value)), ("match_type", .text($0.matchType))]
                            })
                    )
                ]
            case nil: []
            }
        return [("type", .text(type)), ("parameters", .object(parameters))]
    }

    /// `1,250.5` as 125050; nil for what is no amount of US dollars.
    static func cents(_ text: String) -> Int64? {
        let plain = text.replacing(",", with: "").replacing("$", with: "")
            .replacing(" ", with: "")
        let parts = plain.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count > 1 ? parts[1] : ""
        guard let whole = parts.first, !whole.isEmpty, fraction.utf8.count <= 2,
            (whole + fraction).utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        let padded = fraction + String(repeating: "0", count: 2 - fraction.utf8.count)
        return Int64(whole + padded)
    }
}
