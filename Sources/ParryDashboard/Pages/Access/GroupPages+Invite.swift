import Hummingbird
import ParryDomain
import ParryService
import ParryWire

/// Invitations to a group.
extension GroupPages {
    static func showInvite(_ visit: SeatVisit) async throws -> Response {
        try await invitePage(visit, FormFields([]), nil)
    }

    private static func invitePage(
        _ visit: SeatVisit, _ form: FormFields, _ errors: FormErrors?
    ) async throws -> Response {
        let id: PartnerGroupID = try visit.id("partner group")
        let group = try await visit.base.site.services.groups.find(id, by: visit.principal).group
        let path = visit.path("/people/groups/\(id.text)")
        let fields = PeoplePages.fields(form, errors)
        return visit.page(
            "people-invite", title: "Invite a person", .people,
            PeoplePages.InviteModel(
                path: path + "/invite", backPath: path, backLabel: group.name,
                heading: "Invite a person to \(group.name)",
                explanation: group.isAdmin
                    ? "Administrators see every organisation of the partner, make keys and say who "
                        + "belongs to the account."
                    : "Members of this group see its organisations, act on alerts, and set up "
                        + "merchants, enrolments, rulesets and webhooks.",
                once: SentFormService.makeID(), name: fields.name, email: fields.email),
            status: errors == nil ? .ok : .unprocessableContent)
    }

    static func invite(_ visit: SeatVisit) async throws -> Response {
        let id: PartnerGroupID = try visit.id("partner group")
        let form = try await visit.form()
        let who: (name: String, email: String)
        do {
            who = try PeoplePages.invited(form)
        } catch let errors as FormErrors {
            return try await invitePage(visit, form, errors)
        }
        try await visit.takeForm()
        AuditDetail.say([
            ("email", .text(who.email)), ("name", .text(who.name)), ("group", .text(id.text)),
        ])
        let services = visit.base.site.services
        let invitation = try await services.people.invite(
            email: who.email, name: who.name, to: id, by: visit.principal, now: visit.now)
        let group = try await services.groups.find(id, by: visit.principal).group
        return visit.page(
            "people-link", title: "The invitation", .people,
            visit.base.linkModel(
                invitation, name: who.name, purpose: "makes them a member of \(group.name)",
                back: (visit.path("/people/groups/\(id.text)"), group.name)),
            status: .created)
    }
}
