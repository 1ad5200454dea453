package import ParryWire

/// That somebody changed something.
package struct AuditEntry: Sendable, Hashable {
    package let id: AuditID
    /// The id of a key or a person, `command` or `visitor`.
    package let actor: String
    /// nil for what belongs to the whole installation.
    package let partnerID: PartnerID?
    /// nil for what belongs to the whole partner.
    package let organisationID: OrganisationID?
    /// What was done, as `alert.update`.
    package let action: String
    /// To what; nil where that has no id.
    package let subjectID: String?
    /// What was asked for: JSON without secrets, or words.
    package let detail: String
    package let createdAt: Timestamp

    package init(
        id: AuditID, actor: String, partnerID: PartnerID?, organisationID: OrganisationID?,
        action: String, subjectID: String?, detail: String, createdAt: Timestamp
    ) {
        self.id = id
        self.actor = actor
        self.partnerID = partnerID
        self.organisationID = organisationID
        self.action = action
        self.subjectID = subjectID
        self.detail = detail
        self.createdAt = createdAt
    }
}
