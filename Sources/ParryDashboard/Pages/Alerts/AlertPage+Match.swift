import ParryDomain
import ParryService
import ParryWire

extension AlertPage {
    /// How the alert was matched and judged.
    struct Match: Sendable {
        /// One sentence.
        let outcome: String
        let confidence: String?
        let rule: String?
        let isSetByHand: Bool
        let flags: [String]
        let judgedAt: TimeText?
        /// What it means that it is invalid; nil for a valid one.
        let invalidity: String?
        /// Whose duplicate it is; nil for who is not told why an alert is invalid.
        let originalPath: String?
        let decision: Decision?
        /// What would find the sale, where it is still looked for; any one of these.
        let wanted: [String]
        let waits: Bool
        /// How long orders are compared with the alert.
        let days: Int64
        let isUnmatched: Bool
        let candidates: [CandidateRow]
        let hasCandidates: Bool
        let candidateCount: String
        /// How many are shown, where there are more.
        let candidatesCut: String?
        /// Where somebody names the sale; nil for who may not.
        let choice: ChoiceForm?
    }

    /// The form in which a person who knows better names the sale, and the way to say that it is none.
    struct ChoiceForm: Sendable {
        let path: String
        let search: String
        /// Whether the alert has a sale now.
        let isMatched: Bool
        /// Why something was not done.
        let trouble: String?
    }

    /// What a ruleset said.
    struct Decision: Sendable {
        let sentence: String
        let rulesetPath: String
        let ruleset: String
        let findings: [String]
    }

    /// Another sale that came into question.
    struct CandidateRow: Sendable {
        let reference: String
        let orderPath: String
        let amount: String?
        let at: TimeText?
        let rule: String
        let fits: String
        let differs: String?
        let isChosen: Bool
        /// Where it is chosen; nil for who may not.
        let choosePath: String?
    }

    /// Candidates that a page shows at most.
    static let candidatesMax = 10
}

extension AlertPage.Match {
    init(_ dossier: AlertDossier, _ place: AlertPage.Place) {
        let (alert, judgement) = (dossier.alert, dossier.judgement)
        let chosen = dossier.sale?.name
        isUnmatched = chosen == nil
        outcome = Self.outcome(dossier)
        let isByHand = judgement?.isSetByHand == true
        isSetByHand = isByHand
        confidence =
            isByHand || chosen == nil
            ? nil : judgement?.confidence.map(AlertMatchWords.confidence)
        rule =
            isByHand
            ? nil
            : judgement?.candidates.first { $0.sale == chosen }?.rule.map(AlertMatchWords.rule)
        flags = judgement?.flags.map(AlertMatchWords.flag) ?? []
        judgedAt = TimeText(judgement?.judgedAt)
        invalidity = AlertPage.invalidSentence(dossier, place)
        originalPath =
            place.seesReasons
            ? judgement?.originalID.map { place.path("/alerts/\($0.text)") } : nil
        decision = judgement?.decision.map { AlertPage.Decision($0, alert, place) }
        let isLookedFor =
            chosen == nil && !isByHand && (judgement?.outcome ?? .notSearched) != .notSearched
        wanted = isLookedFor ? Self.wanted(alert) : []
        waits = !wanted.isEmpty
        days = Limits.lateDataDays
        let all = judgement?.candidates ?? []
        candidates = all.prefix(AlertPage.candidatesMax).map {
            AlertPage.CandidateRow($0, of: alert.id, isChosen: $0.sale == chosen, place)
        }
        let others = all.filter { $0.sale != chosen }
        hasCandidates = !others.isEmpty
        let count = judgement?.candidateCount ?? 0
        candidateCount = Money.count(count)
        candidatesCut = count > Int64(candidates.count) ? String(candidates.count) : nil
        choice = AlertPage.ChoiceForm(alert, place)
    }

    private static func outcome(_ dossier: AlertDossier) -> String {
        let judgement = dossier.judgement
        if let sale = dossier.sale {
            return judgement?.isSetByHand == true
                ? "A person set it to transaction \(sale.name.reference)."
                : "Matched to transaction \(sale.name.reference)."
        }
        if judgement?.isSetByHand == true { return "A person found none of the known sales." }
        switch judgement?.outcome ?? .notSearched {
        case .ambiguous:
            return
                "Several sales fit equally well, and nothing separates them. None of them was chosen."
        case .notSearched:
            return "No sale was looked for: the alert was simulated without \"match\": true."
        case .none, .matched: return "No sale fits."
        }
    }

    /// What an order would have to have.
    private static func wanted(_ alert: Alert) -> [String] {
        let told = alert.transaction
        let last4 = told.cardLast4.map { "last 4 \($0)" }
        let amount = Money.text(told.amount, told.currency)
        var ways: [String] = []
        if let arn = told.acquirerReferenceNumber { ways.append("the ARN \(arn)") }
        if let code = told.authorisationCode, let last4 {
            ways.append("the authorisation code \(code) and \(last4), within 2 days")
        }
        if let bin = told.cardBIN, let last4 {
            ways.append("the BIN \(bin), \(last4), the brand and \(amount), within 3 days")
        }
        if let last4 { ways.append("\(last4), the brand and \(amount), within a day") }
        return ways
    }
}

extension AlertPage {
    /// What it means that an alert is invalid; the reason is the operator's.
    static func invalidSentence(_ dossier: AlertDossier, _ place: Place) -> String? {
        guard dossier.alert.state.status == .invalid else { return nil }
        guard place.seesReasons else {
            return
                "This alert is invalid: it has been taken back. No action is needed or taken, and it is "
                + "no reason to refund anything."
        }
        let reason = invalidity(dossier).map { "Invalid, because \($0)." } ?? "Invalid."
        return reason + " No action is needed, and the network does not charge for it."
    }

    /// Why an alert is invalid, in words; nil for one that is not.
    static func invalidity(_ dossier: AlertDossier) -> String? {
        guard dossier.alert.state.status == .invalid else { return nil }
        if let reason = dossier.judgement?.invalidReason {
            return AlertMatchWords.invalidity(reason)
        }
        let isCase = dossier.alert.enrolmentType == .verifiRDR
        return isCase && dossier.judgement?.isSimulated == false
            ? AlertMatchWords.invalidity("TAKEN_BACK") : nil
    }
}

extension AlertPage.Decision {
    fileprivate init(_ decision: RulesetDecision, _ alert: Alert, _ place: AlertPage.Place) {
        rulesetPath = place.path("/rulesets/\(decision.rulesetID.text)")
        ruleset = "\(decision.rulesetID.text), version \(decision.version)"
        sentence =
            if let outcome = decision.outcome {
                decision.isCarriedOut
                    ? "It said to \(outcome.words), and that was done."
                    : alert.enrolmentType == .verifiRDR
                        ? "It said to \(outcome.words), which the network did not do."
                        : "It recommends to \(outcome.words). Nobody has moved money, so a person decides."
            } else {
                "It did not apply."
            }
        findings = decision.findings.map(Self.text)
    }

    private static func text(_ finding: RuleFinding) -> String {
        let holds = finding.holds ? "holds" : "does not hold"
        switch (finding.obstacle, finding.type) {
        case (.notTold, _):
            return "The network did not say what the rule looks at: it does not hold."
        case (.noRate, _):
            return "There was no exchange rate of that day: the amount rule does not hold."
        case (nil, .amount):
            return
                "The amount rule looked at \(finding.amount.map { Money.text($0, "USD") } ?? "nothing"): "
                + "it \(holds)."
        case (nil, .descriptor):
            return "The descriptor rule looked at “\(finding.descriptor ?? "")”: it \(holds)."
        }
    }
}

extension AlertPage.ChoiceForm {
    /// nil for who may not act.
    init?(
        _ alert: Alert, search: String? = nil, trouble: String? = nil, _ place: AlertPage.Place
    ) {
        guard place.mayAct else { return nil }
        path = place.choicePath(of: alert.id)
        self.search = search ?? ""
        isMatched = alert.sale != nil
        self.trouble = trouble
    }
}

extension AlertPage.Place {
    /// Where an alert's sale is looked up, chosen and set.
    func choicePath(of alert: AlertID) -> String { path("/alerts/\(alert.text)/match") }

    /// Where a sale is proposed as an alert's.
    func choosePath(_ sale: RefundedSale, of alert: AlertID) -> String {
        choicePath(of: alert)
            + FormFields.query([
                (name: "integration_id", value: sale.integrationID.text),
                (name: "integration_transaction_id", value: sale.reference),
            ])
    }
}

extension AlertPage.CandidateRow {
    fileprivate init(
        _ candidate: AlertDossier.Candidate, of alert: AlertID, isChosen: Bool,
        _ place: AlertPage.Place
    ) {
        reference = candidate.sale.reference
        orderPath = place.path("/orders/\(candidate.orderID.text)")
        amount = candidate.amount.map { Money.text($0, candidate.currency ?? "") }
        at = TimeText(candidate.authorisedAt)
        rule = candidate.rule.map(AlertMatchWords.rule) ?? "None: a near miss"
        self.isChosen = isChosen
        choosePath =
            place.mayAct && !isChosen ? place.choosePath(candidate.sale, of: alert) : nil
        fits = AlertMatchWords.fields(candidate.evidence, .equal) ?? "nothing"
        differs = AlertMatchWords.fields(candidate.evidence, .contradicts)
    }
}

extension AlertMatchWords {
    /// The fields of which the evidence says this, strongest first; nil for none.
    static func fields(
        _ evidence: AlertDossier.Evidence, _ wanted: AlertDossier.FieldEvidence
    ) -> String? {
        let names = fieldOrder.filter { evidence[$0] == wanted }.map(field)
        return names.isEmpty ? nil : names.joined(separator: ", ")
    }
}
