/// Bodies of `/v1/memberships` (CONTRACT.md 5).
public enum MembershipRequest {
    public static let organisationID = Field.identifier(
        "organisation_id", RequestLimits.reference, .required)
    public static let firstName = Field.text("first_name", RequestLimits.name, .required)
    public static let lastName = Field.text("last_name", RequestLimits.name, .required)
    public static let email = Field.email("email", .required)
    public static let role = Field.word("role", words(MembershipRole.self), .required)
    public static let alertActionRequired = Field.boolean("is_alert_action_required_email_enabled")
    public static let alertResolved = Field.boolean("is_alert_resolved_email_enabled")
    public static let alertDismissed = Field.boolean("is_alert_dismissed_email_enabled")
    public static let evidenceRequested = Field.boolean("is_evidence_requested_email_enabled")

    public static let create = ObjectSchema(
        "MembershipCreate",
        [
            organisationID.declaration, firstName.declaration, lastName.declaration,
            email.declaration, role.declaration, alertActionRequired.declaration,
            alertResolved.declaration, alertDismissed.declaration, evidenceRequested.declaration,
        ])

    /// The role where a PATCH may leave it out.
    public static let newRole = Field.word("role", words(MembershipRole.self), .nonNull)
    public static let update = ObjectSchema(
        "MembershipUpdate",
        [newRole.declaration]
            + [alertActionRequired, alertResolved, alertDismissed, evidenceRequested].map {
                Field.boolean($0.name, .nonNull).declaration
            })
}
