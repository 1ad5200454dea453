public import ParryWire

/// A person of an organisation.
public struct Membership: Codable, Sendable, Hashable, Identifiable {
    public let id: MembershipID
    public let organisationID: OrganisationID
    /// The same in every organisation of the partner that has the address.
    public let userID: UserID?
    public let firstName: String?
    public let lastName: String?
    public let email: String
    public let role: Word<MembershipRole>
    public let isAlertActionRequiredEmailEnabled: Bool?
    public let isAlertResolvedEmailEnabled: Bool?
    public let isAlertDismissedEmailEnabled: Bool?
    public let isEvidenceRequestedEmailEnabled: Bool?
    public let createdAt: Timestamp?
    public let updatedAt: Timestamp?

    enum CodingKeys: String, CodingKey {
        case id, email, role
        case organisationID = "organisation_id"
        case userID = "user_id"
        case firstName = "first_name"
        case lastName = "last_name"
        case isAlertActionRequiredEmailEnabled = "is_alert_action_required_email_enabled"
        case isAlertResolvedEmailEnabled = "is_alert_resolved_email_enabled"
        case isAlertDismissedEmailEnabled = "is_alert_dismissed_email_enabled"
        case isEvidenceRequestedEmailEnabled = "is_evidence_requested_email_enabled"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

/// A membership to be made; the flags are true unless told.
public struct NewMembership: Encodable, Sendable, Hashable {
    public var organisationID: OrganisationID
    /// 1 to 255 characters.
    public var firstName: String
    /// 1 to 255 characters.
    public var lastName: String
    public var email: String
    public var role: MembershipRole
    public var isAlertActionRequiredEmailEnabled: Bool?
    public var isAlertResolvedEmailEnabled: Bool?
    public var isAlertDismissedEmailEnabled: Bool?
    public var isEvidenceRequestedEmailEnabled: Bool?

    /// A person with the standard role unless told.
    public init(
        organisationID: OrganisationID, firstName: String, lastName: String,
        email:
            String, role: MembershipRole = .standard
    ) {
        self.organisationID = organisationID
        self.firstName = firstName
        self.lastName = lastName
        self.email = email
        self.role = role
    }

    enum CodingKeys: String, CodingKey {
        case email, role
        case organisationID = "organisation_id"
        case firstName = "first_name"
        case lastName = "last_name"
        case isAlertActionRequiredEmailEnabled = "is_alert_action_required_email_enabled"
        case isAlertResolvedEmailEnabled = "is_alert_resolved_email_enabled"
        case isAlertDismissedEmailEnabled = "is_alert_dismissed_email_enabled"
        case isEvidenceRequestedEmailEnabled = "is_evidence_requested_email_enabled"
    }
}

/// What is to be another of a membership; what is nil stays.
public struct MembershipChange: Encodable, Sendable {
    public var role: MembershipRole?
    public var isAlertActionRequiredEmailEnabled: Bool?
    public var isAlertResolvedEmailEnabled: Bool?
    public var isAlertDismissedEmailEnabled: Bool?
    public var isEvidenceRequestedEmailEnabled: Bool?

    /// A change of nothing yet.
    public init() {}

    enum CodingKeys: String, CodingKey {
        case role
        case isAlertActionRequiredEmailEnabled = "is_alert_action_required_email_enabled"
        case isAlertResolvedEmailEnabled = "is_alert_resolved_email_enabled"
        case isAlertDismissedEmailEnabled = "is_alert_dismissed_email_enabled"
        case isEvidenceRequestedEmailEnabled = "is_evidence_requested_email_enabled"
    }
}
