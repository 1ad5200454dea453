import ParryDomain
import ParryService
import ParryStore
import ParryWire

extension RulesetEditing {
    /// What asks for which organisation a new ruleset is.
    struct OrganisationModel: Sendable {
        let path: String
        let listPath: String
        let organisationsPath: String
        let organisation: OrganisationField?
        let isEmpty: Bool
    }

    /// The form.
    struct Model: Sendable {
        let heading: String
        let action: String
        let cancelPath: String
        let organisationID: String
        let organisation: String
        let version: Int64?
        let over: Int64?
        /// The sentence so far.
        let reads: String?
        let outcomes: [Choice]
        let joins: [Choice]
        let rows: [Row]
        let isEnabled: Bool
        let adds: [Add]
        let enrolments: [Candidate]
        let isCut: Bool
        let days: [Choice]
        let outcomeFault: String?
        let joinFault: String?
        let enrolmentFault: String?
        let fault: String?
        let hasFaults: Bool
        let isGone: Bool
        let isOutcomeNext: Bool
        let trial: BacktestModel?
        var overtaken: Overtaken?
    }

    /// A rule as a line of the sentence.
    struct Row: Sendable {
        let name: String
        let index: Int
        let number: Int
        let type: String
        let isAmount: Bool
        let amount: String
        let currency: String
        let operators: [Choice]
        let isAmountNext: Bool
        let amountFault: String?
        let descriptors: [Part]
        let fault: String?
    }

    /// A descriptor of a line.
    struct Part: Sendable {
        let name: String
        let index: Int
        let number: Int
        /// Of the row that it belongs to.
        let row: Int
        let isFirst: Bool
        let matches: [Choice]
        let value: String
        let isNext: Bool
        let fault: String?
    }

    /// A button that adds a rule.
    struct Add: Sendable {
        let value: String
        let label: String
    }

    /// An enrolment to tick.
    struct Candidate: Sendable {
        let value: String
        let label: String
        let status: RulesetChip
        let isChosen: Bool
        let isClosed: Bool
        /// Why it is closed.
        let hint: String?
        /// Of the other ruleset that decides for it.
        let deciderPath: String?
    }
}

extension RulesetEditing.Model {
    init(
        _ draft: RulesetEditing.Draft, _ organisation: Organisation,
        _ candidates: [RulesetService.Candidate], _ visit: SeatVisit
    ) {
        let (form, faults) = (draft.form, draft.faults)
        var own: RulesetID?
        switch draft.subject {
        case .existing(let id, _):
            own = id
            heading = "Edit a ruleset"
            action = visit.path("/rulesets/\(id.text)/edit")
            cancelPath = visit.path("/rulesets/\(id.text)")
            isGone = false
        case .new, .gone:
            heading = "New ruleset"
            action = visit.path("/rulesets/new")
            cancelPath = visit.path("/rulesets")
            if case .gone = draft.subject { isGone = true } else { isGone = false }
        }
        organisationID = organisation.id.text
        self.organisation = organisation.name
        version = form.version
        over = form.versionOver
        reads = form.sentence.flatMap { $0.conditions.isEmpty ? nil : $0.text }
        outcomes = AlertAction.allCases.map {
            Choice($0.rawValue, $0.order, isChosen: $0.rawValue == form.outcome)
        }
        joins = JoinOperator.allCases.reversed().map {
            Choice($0.rawValue, $0.choice, isChosen: $0.rawValue == form.joinOperator)
        }
        rows = form.rules.enumerated().map {
            RulesetEditing.Row($1, $0, faults, focus: draft.focus)
        }
        isEnabled = form.isEnabled
        adds = form.missing.map(RulesetEditing.Add.init)
        enrolments = candidates.compactMap {
            RulesetEditing.Candidate($0, of: own, ticked: form.enrolments, visit)
        }
        isCut = candidates.count >= Limits.rulesetEnrolmentsOfferedMax
        days = RulesetForm.daysChoices.map {
            Choice(String($0), $0 == 365 ? "year" : "\($0) days", isChosen: $0 == form.days)
        }
        outcomeFault = faults["outcome"]
        joinFault = faults["join"]
        enrolmentFault = faults["enrolment"]
        fault = faults[""]
        hasFaults = !faults.isEmpty
        isOutcomeNext = draft.focus == "outcome"
        let type = candidates.first { form.enrolments.contains($0.enrolment.id.text) }
            .map(\.enrolment.type)
        trial = draft.trial.map { BacktestModel($0, of: form, type, visit) }
    }
}

extension RulesetEditing.Row {
    init(_ rule: RulesetForm.Rule, _ index: Int, _ faults: RulesetFaults, focus: String?) {
        let name = "rule.\(index)"
        self.name = name
        self.index = index
        number = index + 1
        type = rule.type
        isAmount = rule.type == RuleType.amount.rawValue
        amount = rule.amount
        currency = rule.currency
        operators = AmountOperator.allCases.map {
            Choice($0.rawValue, $0.words, isChosen: $0.rawValue == rule.comparison)
        }
        isAmountNext = focus == "\(name).amount"
        amountFault = faults["\(name).amount"]
        descriptors = rule.descriptors.enumerated().map { part, descriptor in
            RulesetEditing.Part(descriptor, part, of: index, faults, focus: focus)
        }
        fault = faults[name] ?? faults["\(name).operator"]
    }
}

extension RulesetEditing.Part {
    fileprivate init(
        _ descriptor: RulesetForm.Descriptor, _ index: Int, of row: Int, _ faults: RulesetFaults,
        focus: String?
    ) {
        let name = "rule.\(row).descriptor.\(index)"
        self.name = name
        self.index = index
        number = index + 1
        self.row = row
        isFirst = index == 0
        matches = DescriptorMatchType.allCases.map {
            Choice($0.rawValue, $0.verb, isChosen: $0.rawValue == descriptor.matchType)
        }
        value = descriptor.value
        isNext = focus == "\(name).value"
        fault = faults["\(name).value"] ?? faults["\(name).match"]
    }
}

extension RulesetEditing.Add {
    fileprivate init(_ type: RuleType) {
        switch type {
        case .amount: self.init(value: "add-rule-amount", label: "Add a rule about the amount")
        case .descriptor:
            self.init(value: "add-rule-descriptor", label: "Add a rule about the descriptor")
        }
    }
}

extension RulesetEditing.Candidate {
    /// nil for an enrolment that has ended, unless it is ticked.
    fileprivate init?(
        _ candidate: RulesetService.Candidate, of own: RulesetID?, ticked: [String],
        _ visit: SeatVisit
    ) {
        let enrolment = candidate.enrolment
        value = enrolment.id.text
        isChosen = ticked.contains(value)
        guard isChosen || !enrolment.status.hasEnded else { return nil }
        label = enrolment.ruledName
        status = RulesetChip(enrolment.status)
        isClosed = !enrolment.canBeRuled && !isChosen
        hint = enrolment.canBeRuled ? nil : "cannot have a ruleset: it has no BIN and CAID"
        let other = candidate.decider == own ? nil : candidate.decider
        deciderPath = other.map { visit.path("/rulesets/\($0.text)") }
    }
}
