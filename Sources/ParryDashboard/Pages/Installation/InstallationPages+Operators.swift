import Hummingbird
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// Invitations to run the installation.
extension InstallationPages {
    static func showInvite(_ visit: PersonVisit) async throws -> Response {
        try admit(visit)
        return invitePage(visit, FormFields([]), nil)
    }

    private static func invitePage(
        _ visit: PersonVisit, _ form: FormFields, _ errors: FormErrors?
    ) -> Response {
        let fields = PeoplePages.fields(form, errors)
        return visit.page(
            "people-invite", title: "Invite an operator",
            PeoplePages.InviteModel(
                path: "/dashboard/installation/operators", backPath: "/dashboard/installation",
                backLabel: "Installation", heading: "Invite an operator",
                explanation: "Operators see and do everything in every partner's account, TEST and "
                    + "LIVE, and open new ones.",
                once: SentFormService.makeID(), name: fields.name, email: fields.email),
            status: errors == nil ? .ok : .unprocessableContent)
    }

    static func invite(_ visit: PersonVisit) async throws -> Response {
        try admit(visit)
        let form = try await visit.form()
        let who: (name: String, email: String)
        do {
            who = try PeoplePages.invited(form)
        } catch let errors as FormErrors {
            return invitePage(visit, form, errors)
        }
        try await visit.takeForm()
        let invitation = try await visit.base.site.services.people.inviteOperator(
            email: who.email, name: who.name, now: visit.now)
        return visit.page(
            "people-link", title: "The invitation",
            visit.base.linkModel(
                invitation, name: who.name, purpose: "makes them an operator of this installation",
                back: ("/dashboard/installation", "Installation")), status: .created)
    }

    static func showWithdrawal(_ visit: PersonVisit) async throws -> Response {
        try admit(visit)
        let chosen = try GroupPages.person(visit.query)
        let invited = try await visit.base.site.services.people.invitedOperators(now: visit.now)
        guard let found = invited.first(where: { $0.person.id == chosen }) else {
            throw Refusal.notHere("invitation")
        }
        return visit.page(
            "people-remove", title: "Withdraw an invitation",
            RemovalModel(
                withdrawing: found.person, action: "/dashboard/installation/operators/withdraw",
                backPath: "/dashboard/installation", backLabel: "Installation"))
    }

    static func withdraw(_ visit: PersonVisit) async throws -> Response {
        try admit(visit)
        try await visit.base.site.services.people.withdrawOperator(
            GroupPages.person(visit.form()))
        return visit.redirect(to: "/dashboard/installation?\(Notice("withdrawn").query)")
    }
}
