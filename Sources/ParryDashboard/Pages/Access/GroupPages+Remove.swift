import Hummingbird
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// Members taken out of a group, and invitations withdrawn; a page says first what follows.
extension GroupPages {
    private static let lastAdministrator =
        "This is the last administrator: nobody of the partner could come back in. Invite another one first, who then "
        + "takes this one out."

    static func showRemoval(_ visit: SeatVisit) async throws -> Response {
        let id: PartnerGroupID = try visit.id("partner group")
        let details = try await visit.base.site.services.groups.find(id, by: visit.principal)
        let chosen = try person(visit.query)
        guard let member = details.members.first(where: { $0.id == chosen }) else {
            throw Refusal.notHere("person")
        }
        let isLast = details.group.isAdmin && details.members.count == 1
        let isOperator = visit.visitor.person.isOperator
        var model = RemovalModel(
            heading: "Take \(member.name) out of \(details.group.name)?",
            consequences: consequences(member, details.group, visit, isLast: isLast),
            action: visit.path("/people/groups/\(id.text)/remove"), button: "Take out",
            keep: "Keep them", backPath: visit.path("/people/groups/\(id.text)"),
            backLabel: details.group.name)
        model.personID = member.id.text
        if isLast, !isOperator { model.refusal = lastAdministrator }
        return visit.page("people-remove", title: "Take somebody out", .people, model)
    }

    private static func consequences(
        _ member: Person, _ group: PartnerGroup, _ visit: SeatVisit, isLast: Bool
    ) -> [String] {
        let seen = group.isAdmin ? "the partner's account" : "the organisations of this group"
        var list = [
            "\(member.name), \(member.email), can no longer open \(seen), from this moment on.",
            "Other accounts of theirs, and what they have done here, stay as they are.",
            "API keys and webhook secrets that they know go on working: replace those.",
            "To come back they need a new invitation.",
        ]
        if member.id == visit.visitor.person.id {
            list.insert("This is you: the next page that you open here is closed to you.", at: 0)
        }
        if isLast { list.insert("Nobody administers this partner then but operators.", at: 0) }
        return list
    }

    static func remove(_ visit: SeatVisit) async throws -> Response {
        let id: PartnerGroupID = try visit.id("partner group")
        do {
            _ = try await visit.base.site.services.groups.remove(
                person(visit.form()), from: id, by: visit.principal)
        } catch GroupError.lastAdministrator {
            return try await page(visit, name: nil, nil, refusal: lastAdministrator)
        }
        return visit.redirect(to: "/people/groups/\(id.text)", Notice("removed"))
    }

    static func showWithdrawal(_ visit: SeatVisit) async throws -> Response {
        let id: PartnerGroupID = try visit.id("partner group")
        let services = visit.base.site.services
        let group = try await services.groups.find(id, by: visit.principal).group
        let chosen = try person(visit.query)
        let invited = try await services.people.invited(
            to: id, by: visit.principal, now: visit.now)
        guard let found = invited.first(where: { $0.person.id == chosen }) else {
            throw Refusal.notHere("invitation")
        }
        let path = visit.path("/people/groups/\(id.text)")
        return visit.page(
            "people-remove", title: "Withdraw an invitation", .people,
            RemovalModel(
                withdrawing: found.person, action: path + "/withdraw", backPath: path,
                backLabel: group.name))
    }

    static func withdraw(_ visit: SeatVisit) async throws -> Response {
        let id: PartnerGroupID = try visit.id("partner group")
        _ = try await visit.base.site.services.people.withdraw(
            person(visit.form()), from: id, by: visit.principal)
        return visit.redirect(to: "/people/groups/\(id.text)", Notice("withdrawn"))
    }

    /// Whom an address or a form names.
    static func person(_ fields: FormFields) throws -> PersonID {
        guard let id = PersonID(fields.text("person") ?? "") else {
            throw Refusal.notHere("person")
        }
        return id
    }
}
