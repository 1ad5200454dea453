package import ParryWire

/// A person who may sign in to an organisation (CONTRACT.md 5).
package struct Membership: Sendable, Hashable {
    package let id: MembershipID
    package let organisationID: OrganisationID
    /// The same person has the same user id in every organisation of the partner.
    package let userID: UserID
    package let firstName: String
    package let lastName: String
    /// As sent; compared without regard to case.
    package let email: String
    package private(set) var settings: Settings
    package let createdAt: Timestamp
    package private(set) var updatedAt: Timestamp
    package let version: Int64

    /// What can be changed.
    package struct Settings: Sendable, Hashable {
        package var role: MembershipRole
        package var mailsAlertActionRequired: Bool
        package var mailsAlertResolved: Bool
        package var mailsAlertDismissed: Bool
        package var mailsEvidenceRequested: Bool

        package init(
            role: MembershipRole, mailsAlertActionRequired: Bool = true,
            mailsAlertResolved: Bool = true, mailsAlertDismissed: Bool = true,
            mailsEvidenceRequested: Bool = true
        ) {
            self.role = role
            self.mailsAlertActionRequired = mailsAlertActionRequired
            self.mailsAlertResolved = mailsAlertResolved
            self.mailsAlertDismissed = mailsAlertDismissed
            self.mailsEvidenceRequested = mailsEvidenceRequested
        }
    }

    package init(
        id: MembershipID, organisationID: OrganisationID, userID: UserID, firstName: String,
        lastName: String, email: String, settings: Settings, createdAt: Timestamp,
        updatedAt: Timestamp, version: Int64
    ) {
        self.id = id
        self.organisationID = organisationID
        self.userID = userID
        self.firstName = firstName
        self.lastName = lastName
        self.email = email
        self.settings = settings
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }

    /// Takes new settings; says whether anything changed.
    package mutating func update(_ newSettings: Settings, now: Timestamp) -> Bool {
        guard newSettings != settings else { return false }
        settings = newSettings
        updatedAt = now
        return true
    }
}

/// Why a membership is refused.
package enum MembershipError: Error, Equatable {
    /// The organisation has a member with this e-mail address.
    case alreadyExists
}
