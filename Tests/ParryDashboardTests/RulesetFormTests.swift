import ParryDomain
import ParryWire
import Testing

@testable import ParryDashboard

@Suite("The form of a ruleset")
struct RulesetFormTests {
    private static let sent = FormFields([
        (name: "organisation", value: "org_1"), (name: "outcome", value: "ACCEPT_DISPUTE"),
        (name: "join", value: "OR"), (name: "enabled", value: "true"),
        (name: "version", value: "3"), (name: "enrolment", value: "enrl_1"),
        (name: "enrolment", value: "enrl_2"), (name: "days", value: "90"),
        (name: "rule.0.type", value: "AMOUNT"), (name: "rule.0.operator", value: "LESS_THAN"),
        (name: "rule.0.amount", value: " 1,250.5 "), (name: "rule.0.currency", value: "USD"),
        (name: "rule.1.type", value: "DESCRIPTOR"),
        (name: "rule.1.descriptor.0.match", value: "STARTS_WITH"),
        (name: "rule.1.descriptor.0.value", value: " ACME "),
        (name: "rule.1.descriptor.1.match", value: "EXACT_MATCH"),
        (name: "rule.1.descriptor.1.value", value: ""),
    ])

    @Test("It is read row by row")
    func read() {
        let form = RulesetForm(Self.sent)
        #expect(form.version == 3)
        #expect(form.days == 90)
        #expect(form.enrolments == ["enrl_1", "enrl_2"])
        #expect(form.rules.map(\.type) == ["AMOUNT", "DESCRIPTOR"])
        #expect(form.rules[1].descriptors.map(\.value) == ["ACME", ""])
        #expect(form.missing.isEmpty)
    }

    @Test("It is the API's request")
    func request() throws {
        var form = RulesetForm(Self.sent)
        _ = form.take(.removeCondition(1, 1))
        let request = try RulesetRequest.create.decode(form.members)
        let rules = request[RulesetRequest.rules] ?? []
        #expect(rules.count == 2)
        #expect(rules[0][RulesetRequest.parameters][RulesetRequest.amount] == 125_050)
        #expect(request[RulesetRequest.enrolmentIDs] == ["enrl_1", "enrl_2"])
        #expect(request[RulesetRequest.isEnabled] == true)
    }

    @Test("What is refused is said at its row")
    func faults() throws {
        var form = RulesetForm(Self.sent)
        form.rules[0].amount = "a hundred"
        form.enrolments = []
        let errors = try #require(throws: FormErrors.self) {
            try RulesetRequest.create.decode(form.members)
        }
        let faults = RulesetFaults(errors)
        #expect(faults["rule.0.amount"] == "Write an amount in US dollars, such as 100.00.")
        #expect(faults["rule.1.descriptor.1.value"] != nil)
        #expect(faults["enrolment"] != nil)
        #expect(faults["rule.1.descriptor.0.value"] == nil)
    }

    @Test("A refused ruleset says so where it can be changed")
    func refusals() {
        var form = RulesetForm(Self.sent)
        #expect(RulesetFaults(.alreadyHasRuleset, in: form)["enrolment"] != nil)
        #expect(RulesetFaults(.unsupportedOutcome, in: form)["outcome"] != nil)
        form.rules.append(form.rules[0])
        #expect(RulesetFaults(.duplicateRuleType, in: form)["rule.2"] != nil)
        form.rules[0].currency = "EUR"
        #expect(RulesetFaults(.unsupportedCurrency, in: form)["rule.0.amount"] != nil)
    }

    private static let amounts: [(String, Int64?)] = [
        ("100", 10_000), ("100.5", 10_050), ("$1,250.50", 125_050), ("0.01", 1), ("0", 0),
        ("", nil), ("-1", nil), ("1.234", nil), (".5", nil), ("1.2.3", nil), ("ten", nil),
        ("99999999999999999999", nil),
    ]

    @Test("Amounts are read as people write them", arguments: amounts)
    func cents(_ text: String, _ cents: Int64?) {
        #expect(RulesetForm.Rule.cents(text) == cents)
    }

    @Test("Buttons add and take out rows, and lose nothing")
    func steps() {
        var form = RulesetForm(Self.sent)
        let added = form.take(RulesetStep("add-condition-1"))
        #expect(added == "rule.1.descriptor.2.value")
        #expect(form.rules[1].descriptors.map(\.value) == ["ACME", "", ""])
        _ = form.take(RulesetStep("remove-condition-1-0"))
        #expect(form.rules[1].descriptors.map(\.value) == ["", ""])
        _ = form.take(RulesetStep("remove-rule-1"))
        #expect(form.missing == [.descriptor])
        let second = form.take(RulesetStep("add-rule-amount"))
        #expect(second == nil)
        let missing = form.take(RulesetStep("add-rule-descriptor"))
        #expect(missing == "rule.1.descriptor.0.value")
        #expect(form.rules[0] == RulesetForm(Self.sent).rules[0])
    }

    private static let words: [(String?, RulesetStep)] = [
        ("save", .save), ("overwrite", .overwrite), ("backtest", .backtest), (nil, .backtest),
        ("anything", .backtest), ("remove-rule-2", .removeRule(2)),
        ("remove-condition-1-3", .removeCondition(1, 3)), ("add-condition-0", .addCondition(0)),
        ("remove-rule-", .backtest),
    ]

    @Test("A button that is not known changes nothing", arguments: words)
    func word(_ word: String?, _ step: RulesetStep) {
        #expect(RulesetStep(word) == step)
    }

    @Test("Rows that are not there are left alone")
    func outOfRange() {
        var form = RulesetForm(Self.sent)
        let before = form
        for word in ["remove-rule-9", "add-condition-9", "remove-condition-9-9"] {
            let next = form.take(RulesetStep(word))
            #expect(next == nil)
        }
        #expect(form == before)
    }
}
