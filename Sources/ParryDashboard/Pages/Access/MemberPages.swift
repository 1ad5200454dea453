import Hummingbird
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// The members of an organisation: role, mails, and whether they sign in.
enum MemberPages {
    static let routes: [Route] = [
        .show("/people/members/new", .people, showNew),
        .change("/people/members", .people, "membership.create", create),
        .show("/people/members/{id}", .people, show),
        .change("/people/members/{id}", .people, "membership.update", update),
        .show("/people/members/{id}/remove", .people, showRemoval),
        .change("/people/members/{id}/remove", .people, "membership.delete", remove),
        .show("/people/members/{id}/invite", .people, confirmed: true, showInvite),
        .change(
            "/people/members/{id}/invite", .people, "membership.invite", confirmed: true, invite),
    ]

    static func list(_ visit: SeatVisit) async throws -> Response {
        let services = visit.base.site.services
        let organisation = try organisation(visit)
        let page = Pager.page(visit.query)
        let found = try await services.memberships.list(
            of: organisation, page: page, by: visit.principal)
        let joining = try await services.people.joining(found.items, now: visit.now)
        let path = visit.path("/people")
        return visit.page(
            "people-members", title: "People", .people,
            ListModel(
                path: path,
                members: found.items.map { Row($0, joining, path: path + "/members") },
                pager: Pager(page, count: found.count, path: path, query: visit.query)))
    }

    static func export(_ visit: SeatVisit, _ format: ExportFormat) async throws -> Response {
        let (services, principal, now) = (visit.base.site.services, visit.principal, visit.now)
        let organisation = try organisation(visit)
        return try await Export("members", columns) { offset, _ in
            let page = Page(limit: Export<Exported>.rowsMax, offset: offset)
            let found = try await services.memberships.list(
                of: organisation, page: page, by: principal
            ).items
            let joining = try await services.people.joining(found, now: now)
            return found.map { Exported(member: $0, signsIn: joining.signingIn.contains($0.id)) }
        }.response(format)
    }

    private static func showNew(_ visit: SeatVisit) async throws -> Response {
        _ = try organisation(visit)
        return form(visit, .blank, nil, nil)
    }

    private static func create(_ visit: SeatVisit) async throws -> Response {
        let organisation = try organisation(visit)
        let sent = try await visit.form()
        do {
            let draft = try MemberForm.draft(sent, in: organisation)
            let member = try await visit.base.site.services.memberships.create(
                draft, by: visit.principal, now: visit.now)
            return visit.redirect(to: "/people/members/\(member.id.text)", Notice("created"))
        } catch let errors as FormErrors {
            return form(visit, MemberForm(sent), errors, nil)
        } catch let error as MembershipError {
            return form(visit, MemberForm(sent), nil, visit.base.site.explain(error)?.message)
        }
    }

    private static func form(
        _ visit: SeatVisit, _ form: MemberForm, _ errors: FormErrors?, _ refusal: String?
    ) -> Response {
        let isGood = errors == nil && refusal == nil
        return visit.page(
            "people-member-new", title: "New member", .people,
            NewModel(
                path: visit.path("/people/members"), backPath: visit.path("/people"),
                refusal: refusal, fields: form.fields(errors), role: form.role(errors),
                mails: form.mails),
            status: isGood ? .ok : .unprocessableContent)
    }

    private static func show(_ visit: SeatVisit) async throws -> Response {
        let member = try await member(visit)
        return try await page(visit, member, MemberForm(member.settings), nil)
    }

    private static func update(_ visit: SeatVisit) async throws -> Response {
        let member = try await member(visit)
        let sent = try await visit.form()
        let settings: Membership.Settings
        do {
            settings = try MemberForm.settings(sent)
        } catch let errors as FormErrors {
            return try await page(visit, member, MemberForm(sent), errors)
        }
        _ = try await visit.base.site.services.memberships.update(
            member.id, by: visit.principal, now: visit.now
        ) { $0 = settings }
        return visit.redirect(
            to: "/people/members/\(member.id.text)",
            Notice(settings == member.settings ? "unchanged" : "saved"))
    }

    private static func page(
        _ visit: SeatVisit, _ member: Membership, _ form: MemberForm, _ errors: FormErrors?
    ) async throws -> Response {
        let joining = try await visit.base.site.services.people.joining([member], now: visit.now)
        let path = visit.path("/people/members")
        return visit.page(
            "people-member", title: "\(member.firstName) \(member.lastName)", .people,
            ShowModel(
                member: Row(member, joining, path: path), backPath: visit.path("/people"),
                role: form.role(errors), mails: form.mails),
            status: errors == nil ? .ok : .unprocessableContent)
    }

    private static func showRemoval(_ visit: SeatVisit) async throws -> Response {
        let member = try await member(visit)
        let name = "\(member.firstName) \(member.lastName)"
        let path = visit.path("/people/members/\(member.id.text)")
        let isSelf = member.email.lowercased() == visit.visitor.person.email.lowercased()
        return visit.page(
            "people-remove", title: "Take somebody out", .people,
            RemovalModel(
                heading: "Take \(name) out of \(visit.seat.name)?",
                consequences: (isSelf
                    ? ["This is you: what you see as a member is closed to you at once."] : [])
                    + [
                        "\(name), \(member.email), is no member any more, from this moment on, and gets no mail "
                            + "of this organisation.",
                        "Memberships in other organisations stay, and so does what they have done here.",
                        "API keys and webhook secrets that they know go on working: replace those.",
                    ], action: path + "/remove", button: "Take out", keep: "Keep them",
                backPath: path, backLabel: name))
    }

    private static func remove(_ visit: SeatVisit) async throws -> Response {
        try await visit.base.site.services.memberships.delete(
            visit.id("member"), by: visit.principal)
        return visit.redirect(to: "/people", Notice("removed"))
    }

    private static func showInvite(_ visit: SeatVisit) async throws -> Response {
        let member = try await member(visit)
        let path = visit.path("/people/members/\(member.id.text)")
        let name = "\(member.firstName) \(member.lastName)"
        return visit.page(
            "people-invite", title: "Invite to sign in", .people,
            PeoplePages.InviteModel(
                path: path + "/invite", backPath: path, backLabel: name,
                heading: "Invite \(name) to sign in",
                explanation: "You get a link for \(member.email) to hand over: nothing is sent. An "
                    + "earlier link for this account no longer works then. Members who come by "
                    + "your partner's single sign-on need none.",
                once: SentFormService.makeID()))
    }

    private static func invite(_ visit: SeatVisit) async throws -> Response {
        let member = try await member(visit)
        try await visit.takeForm()
        AuditDetail.say([("member", .text(member.id.text)), ("email", .text(member.email))])
        let invitation = try await visit.base.site.services.people.invite(
            member: member.id, by: visit.principal, now: visit.now)
        return visit.page(
            "people-link", title: "The invitation", .people,
            visit.base.linkModel(
                invitation, name: "\(member.firstName) \(member.lastName)",
                purpose: "opens \(visit.seat.name) to them",
                back: (
                    visit.path("/people/members/\(member.id.text)"),
                    "\(member.firstName) \(member.lastName)"
                )), status: .created)
    }

    private static func member(_ visit: SeatVisit) async throws -> Membership {
        _ = try organisation(visit)
        return try await visit.base.site.services.memberships.find(
            visit.id("member"), by: visit.principal)
    }

    /// The organisation at work.
    ///
    /// - Throws: ``Refusal`` in a partner's account: its organisations' members are in their own accounts.
    private static func organisation(_ visit: SeatVisit) throws -> OrganisationID {
        guard case .organisation(let id, _) = visit.seat.owner else {
            throw Refusal.notHere("member")
        }
        return id
    }
}
