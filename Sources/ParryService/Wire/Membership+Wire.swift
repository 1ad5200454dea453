package import ParryDomain
package import ParryWire

extension Membership: WireObject {
    /// The shape of the API reference; every member always.
    package func write(to json: inout JSONWriter, links: Bool) {
        json.beginObject()
        json.field("id", id.text)
        json.field("organisation_id", organisationID.text)
        json.field("user_id", userID.text)
        json.field("first_name", firstName)
        json.field("last_name", lastName)
        json.field("email", email)
        json.field("role", settings.role)
        json.field("is_alert_action_required_email_enabled", settings.mailsAlertActionRequired)
        json.field("is_alert_resolved_email_enabled", settings.mailsAlertResolved)
        json.field("is_alert_dismissed_email_enabled", settings.mailsAlertDismissed)
        json.field("is_evidence_requested_email_enabled", settings.mailsEvidenceRequested)
        json.field("created_at", createdAt.truncatedToSecond)
        json.field("updated_at", updatedAt.truncatedToSecond)
        if links { json.links("/v1/memberships", id.text) }
        json.endObject()
    }
}
