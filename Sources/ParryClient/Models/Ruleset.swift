public import ParryWire

/// What is to be decided about the alerts of some enrolments.
public struct Ruleset: Codable, Sendable, Hashable, Identifiable {
    public let id: RulesetID
    public let organisationID: OrganisationID
    public let enrolmentIDs: [EnrolmentID]
    public let outcome: Word<AlertAction>
    public let joinOperator: Word<JoinOperator>
    public let isEnabled: Bool?
    /// The oldest first.
    public let rules: [ResolutionRule]
    /// Begins with 1 and grows by one with each change.
    public let version: Int64?
    /// What Verifi confirmed; nil while it has none.
    public let publishedVersion: Int64?
    /// nil where nothing is published to Verifi.
    public let publicationStatus: Word<PublicationStatus>?
    public let createdAt: Timestamp?
    public let updatedAt: Timestamp?

    enum CodingKeys: String, CodingKey {
        case id, outcome, rules, version
        case organisationID = "organisation_id"
        case enrolmentIDs = "enrolment_ids"
        case joinOperator = "join_operator"
        case isEnabled = "is_enabled"
        case publishedVersion = "published_version"
        case publicationStatus = "publication_status"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

/// A ruleset to be made with all its rules, or tried on past alerts.
public struct NewRuleset: Encodable, Sendable, Hashable {
    public var organisationID: OrganisationID
    /// 1 to 100 enrolments of the organisation, all of one type, none in another ruleset.
    public var enrolmentIDs: [EnrolmentID]
    public var outcome: AlertAction
    public var joinOperator: JoinOperator = .and
    public var isEnabled: Bool = true
    /// At most one of each type.
    public var rules: [NewRule] = []

    /// An enabled one whose rules have to hold together, unless told.
    public init(
        organisationID: OrganisationID, enrolmentIDs: [EnrolmentID], outcome: AlertAction,
        joinOperator: JoinOperator = .and, isEnabled: Bool = true, rules: [NewRule] = []
    ) {
        self.organisationID = organisationID
        self.enrolmentIDs = enrolmentIDs
        self.outcome = outcome
        self.joinOperator = joinOperator
        self.isEnabled = isEnabled
        self.rules = rules
    }

    enum CodingKeys: String, CodingKey {
        case outcome, rules
        case organisationID = "organisation_id"
        case enrolmentIDs = "enrolment_ids"
        case joinOperator = "join_operator"
        case isEnabled = "is_enabled"
    }
}

/// What is to be another of a ruleset; what is nil stays. Rules change one by one: ``RuleCalls``.
public struct RulesetChange: Encodable, Sendable {
    /// Replaces the whole list.
    public var enrolmentIDs: [EnrolmentID]?
    public var outcome: AlertAction?
    public var joinOperator: JoinOperator?
    public var isEnabled: Bool?

    /// A change of nothing yet.
    public init() {}

    enum CodingKeys: String, CodingKey {
        case outcome
        case enrolmentIDs = "enrolment_ids"
        case joinOperator = "join_operator"
        case isEnabled = "is_enabled"
    }
}
