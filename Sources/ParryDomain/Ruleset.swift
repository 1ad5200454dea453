package import ParryWire

/// What is to be decided about alerts of some enrolments (CONTRACT.md 10). What it decides when is the
/// business of those who evaluate it; here it is kept valid.
package struct Ruleset: Sendable, Hashable {
    package let id: RulesetID
    package let organisationID: OrganisationID
    package private(set) var details: Details
    /// At most one of each type, in the order in which they were made.
    package private(set) var rules: [ResolutionRule]
    package let createdAt: Timestamp
    package private(set) var updatedAt: Timestamp
    package let version: Int64
    /// How far it has come to the network; nil for rulesets of Ethoca enrolments, and where nobody asked.
    package var publication: RulesetPublication?

    /// What a caller chooses besides the rules.
    package struct Details: Sendable, Hashable {
        package var enrolmentIDs: [EnrolmentID]
        package var outcome: AlertAction
        package var joinOperator: JoinOperator
        package var isEnabled: Bool

        package init(
            enrolmentIDs: [EnrolmentID], outcome: AlertAction, joinOperator: JoinOperator,
            isEnabled: Bool
        ) {
            self.enrolmentIDs = enrolmentIDs
            self.outcome = outcome
            self.joinOperator = joinOperator
            self.isEnabled = isEnabled
        }
    }

    package init(
        id: RulesetID, organisationID: OrganisationID, details: Details, rules: [ResolutionRule],
        createdAt: Timestamp, updatedAt: Timestamp, version: Int64
    ) {
        self.id = id
        self.organisationID = organisationID
        self.details = details
        self.rules = rules
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }

    /// A new ruleset with its first rules.
    ///
    /// - Parameter enrolments: Those that the details name, in their order.
    /// - Throws: As ``check(_:of:)``, and ``RulesetError/duplicateRuleType``.
    package static func create(
        _ details: Details, conditions: [RuleCondition], of enrolments: [Enrolment],
        organisationID: OrganisationID, now: Moment
    ) throws(RulesetError) -> Ruleset {
        var ruleset = Ruleset(
            id: .make(at: now, slot: organisationID.slot), organisationID: organisationID,
            details: details, rules: [], createdAt: now.shown, updatedAt: now.shown, version: 1)
        try ruleset.check(details, of: enrolments)
        for condition in conditions { _ = try ruleset.add(condition, now: now) }
        return ruleset
    }

    /// Takes new details; says whether anything changed.
    package mutating func update(
        _ newDetails: Details, of enrolments: [Enrolment], now: Timestamp
    ) throws(RulesetError) -> Bool {
        guard newDetails != details else { return false }
        try check(newDetails, of: enrolments)
        details = newDetails
        updatedAt = now
        return true
    }

    /// Adds a rule.
    ///
    /// - Throws: ``RulesetError/duplicateRuleType``.
    package mutating func add(
        _ condition: RuleCondition, now: Moment
    ) throws(RulesetError) -> ResolutionRule {
        guard !rules.contains(where: { $0.condition.type == condition.type }) else {
            throw .duplicateRuleType
        }
        let rule = ResolutionRule(
            id: .make(at: now, slot: organisationID.slot), condition: condition,
            createdAt: now.shown,
            updatedAt: now.shown)
        rules.append(rule)
        updatedAt = now.shown
        return rule
    }

    /// Changes a rule; nil when there is no such rule.
    ///
    /// - Throws: ``RulesetError/duplicateRuleType`` when another rule has the new type.
    package mutating func change(
        _ id: RuleID, to condition: RuleCondition, now: Timestamp
    ) throws(RulesetError) -> ResolutionRule? {
        guard let index = rules.firstIndex(where: { $0.id == id }) else { return nil }
        let isTaken = rules.contains { $0.id != id && $0.condition.type == condition.type }
        if isTaken { throw .duplicateRuleType }
        guard rules[index].condition != condition else { return rules[index] }
        rules[index] = ResolutionRule(
            id: id, condition: condition, createdAt: rules[index].createdAt, updatedAt: now)
        updatedAt = now
        return rules[index]
    }

    /// Takes new details and new rules at once; says whether anything changed. A rule keeps its id as long as there is
    /// one of its type.
    ///
    /// - Throws: As ``create(_:conditions:of:organisationID:now:)``; the ruleset is then unchanged.
    package mutating func replace(
        _ newDetails: Details, conditions: [RuleCondition], of enrolments: [Enrolment], now: Moment
    ) throws(RulesetError) -> Bool {
        var next = self
        let hasNewDetails = try next.update(newDetails, of: enrolments, now: now.shown)
        for rule in rules where !conditions.contains(where: { $0.type == rule.condition.type }) {
            _ = next.remove(rule.id, now: now.shown)
        }
        for (index, condition) in conditions.enumerated() {
            guard !conditions[..<index].contains(where: { $0.type == condition.type }) else {
                throw .duplicateRuleType
            }
            let known = next.rules.first { $0.condition.type == condition.type }
            if let known {
                _ = try next.change(known.id, to: condition, now: now.shown)
            } else {
                _ = try next.add(condition, now: now)
            }
        }
        guard hasNewDetails || next.rules != rules else { return false }
        self = next
        return true
    }

    /// Takes a rule out; says whether there was such a rule.
    package mutating func remove(_ id: RuleID, now: Timestamp) -> Bool {
        guard let index = rules.firstIndex(where: { $0.id == id }) else { return false }
        rules.remove(at: index)
        updatedAt = now
        return true
    }

    /// All enrolments in one organisation and of one type; for RDR a BIN and CAID, and an outcome that the
    /// network can be told (CONTRACT.md 10, RDR specifics).
    private func check(_ details: Details, of enrolments: [Enrolment]) throws(RulesetError) {
        guard Set(details.enrolmentIDs).count == details.enrolmentIDs.count else {
            throw .duplicateEnrolments
        }
        guard enrolments.allSatisfy({ $0.organisationID == organisationID }) else {
            throw .differentOrganisations
        }
        guard Set(enrolments.map(\.type)).count <= 1 else { throw .differentTypes }
        for enrolment in enrolments {
            switch enrolment.configuration {
            case .verifiRDR(.arns): throw .unsupportedEnrolment
            case .verifiRDR(.acquirer):
                guard details.outcome != .cancel else { throw .unsupportedOutcome }
            case .ethocaAlert: break
            }
        }
    }
}

/// One condition of a ruleset.
package struct ResolutionRule: Sendable, Hashable {
    package let id: RuleID
    package let condition: RuleCondition
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    package init(
        id: RuleID, condition: RuleCondition, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.condition = condition
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// What a rule looks at.
package enum RuleCondition: Sendable, Hashable {
    /// An amount in cents of US dollars.
    case amount(AmountOperator, cents: Int64)
    /// Any of these descriptors.
    case descriptor([RuleDescriptor])

    /// The rule's type.
    package var type: RuleType {
        switch self {
        case .amount: .amount
        case .descriptor: .descriptor
        }
    }
}

/// A descriptor that a rule looks for.
package struct RuleDescriptor: Sendable, Hashable {
    package let value: String
    package let matchType: DescriptorMatchType

    package init(value: String, matchType: DescriptorMatchType) {
        self.value = value
        self.matchType = matchType
    }
}

/// Why a ruleset or a rule is refused (CONTRACT.md 10).
package enum RulesetError: Error, Equatable {
    case alreadyHasRuleset
    case differentTypes
    case differentOrganisations
    case duplicateEnrolments
    case duplicateRuleType
    case invalidParameters
    case unsupportedCurrency
    case unsupportedRuleType
    case unsupportedOutcome
    /// An RDR enrolment by ARNs: the network has no BIN and CAID to publish rules for.
    case unsupportedEnrolment
    case rulesNotUpdatable
}

/// Somebody saved a ruleset after the caller had read it, so that the caller's change was not made.
package struct RulesetOvertaken: Error {
    /// As it is saved now.
    package let current: Ruleset

    package init(current: Ruleset) {
        self.current = current
    }
}
