package import ParryDomain
package import ParryWire

extension Membership: ShapedObject {
    package static let shape = Shape<Membership>(
        "Membership", in: "/v1/memberships", id: { $0.id.text },
        [
            .id("id") { $0.id }, .id("organisation_id") { $0.organisationID },
            .id("user_id") { $0.userID }, .text("first_name") { $0.firstName },
            .text("last_name") { $0.lastName }, .text("email") { $0.email },
            .word("role") { $0.settings.role },
            .boolean("is_alert_action_required_email_enabled") {
                $0.settings.mailsAlertActionRequired
            },
            .boolean("is_alert_resolved_email_enabled") { $0.settings.mailsAlertResolved },
            .boolean("is_alert_dismissed_email_enabled") { $0.settings.mailsAlertDismissed },
            .boolean("is_evidence_requested_email_enabled") {
                $0.settings.mailsEvidenceRequested
            },
            .time("created_at") { $0.createdAt }, .time("updated_at") { $0.updatedAt },
        ])
}
