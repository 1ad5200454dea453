package import ParryWire

/// What the network does about an RDR case by our word (NETWORKS.md): ACCEPT means that the cardholder is refunded.
package enum CaseDecision: String, Sendable, CaseIterable {
    case accept = "ACCEPT"
    case decline = "DECLINE"

    /// The network's word for what a ruleset decided; a case that no ruleset decides is refunded, as is usual for RDR.
    package init(_ outcome: AlertAction?) {
        self = outcome == .acceptDispute ? .decline : .accept
    }
}

/// What the network asks about a case.
package struct CaseQuestion: Sendable, Hashable {
    /// The network's id of its question; the same one always gets the same answer.
    package let id: String
    /// What an enrolment can be known by that the case came through, the surest first.
    package let identifiers: [String]
    package let subject: RuleSubject

    package init(id: String, identifiers: [String], subject: RuleSubject) {
        self.id = id
        self.identifiers = identifiers
        self.subject = subject
    }
}

/// What the network is answered.
package struct CaseAnswer: Sendable, Hashable {
    /// By what it was decided.
    package enum Origin: String, Sendable, CaseIterable {
        case ruleset = "RULESET"
        /// No ruleset, or one that does not hold.
        case standard = "STANDARD"
        /// Nobody knows such an enrolment, or the decision could not be kept in time.
        case fallback = "FALLBACK"
    }

    package let decision: CaseDecision
    package let origin: Origin
    /// What was evaluated, also where it did not hold.
    package let evaluation: RulesetDecision?

    package init(decision: CaseDecision, origin: Origin, evaluation: RulesetDecision?) {
        self.decision = decision
        self.origin = origin
        self.evaluation = evaluation
    }

    /// What a ruleset decided, or what is usual without one.
    package init(_ evaluation: RulesetDecision?) {
        self.init(
            decision: CaseDecision(evaluation?.outcome),
            origin: evaluation?.outcome == nil ? .standard : .ruleset, evaluation: evaluation)
    }
}

/// Who decides about the cases of each RDR enrolment: all of them at one moment, as they were committed.
package struct DecisionBoard: Sendable {
    /// What cases come through.
    package struct Key: Sendable, Hashable {
        package let mode: AccountMode
        /// BIN and CAID, or an ARN, in one spelling.
        package let identifier: String

        package init(mode: AccountMode, identifier: String) {
            self.mode = mode
            self.identifier = identifier
        }
    }

    /// Tells whether something has changed since.
    package let version: Int64
    private let evaluators: [Key: RulesetEvaluator?]
    private let rates: ExchangeRates

    /// - Parameter evaluators: nil for enrolments without a ruleset.
    package init(version: Int64, evaluators: [Key: RulesetEvaluator?], rates: ExchangeRates) {
        self.version = version
        self.evaluators = evaluators
        self.rates = rates
    }

    /// Decides; nil when no enrolment is known by any of the identifiers.
    package func answer(_ question: CaseQuestion, mode: AccountMode) -> CaseAnswer? {
        for identifier in question.identifiers {
            guard let found = evaluators[Key(mode: mode, identifier: identifier)] else { continue }
            return CaseAnswer(found?.decide(question.subject, rates: rates))
        }
        return nil
    }
}
