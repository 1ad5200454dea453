import Hummingbird
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// The groups of a partner: who belongs to each, and which organisations it sees.
enum GroupPages {
    static let routes: [Route] = [
        .show("/people/groups/new", .people, showNew),
        .change("/people/groups", .people, "group.create", create),
        .show("/people/groups/{id}", .people, show),
        .change("/people/groups/{id}/name", .people, "group.rename", rename),
        .change("/people/groups/{id}/organisations", .people, "group.assign", assign),
        .show("/people/groups/{id}/remove", .people, showRemoval),
        .change("/people/groups/{id}/remove", .people, "group.remove_member", remove),
        .show("/people/groups/{id}/withdraw", .people, showWithdrawal),
        .change("/people/groups/{id}/withdraw", .people, "group.withdraw_invitation", withdraw),
        .show("/people/groups/{id}/invite", .people, confirmed: true, showInvite),
        .change("/people/groups/{id}/invite", .people, "person.invite", confirmed: true, invite),
    ]

    static func list(_ visit: SeatVisit) async throws -> Response {
        let groups = try await visit.base.site.services.groups.list(by: visit.principal)
        let path = visit.path("/people")
        return visit.page(
            "people", title: "People", .people,
            ListModel(
                path: path, organisationsPath: visit.path("/organisations"),
                groups: groups.map { Row($0, path: path) }))
    }

    /// Every member of every group.
    static func export(_ visit: SeatVisit, _ format: ExportFormat) async throws -> Response {
        let groups = visit.base.site.services.groups
        var members: [(group: PartnerGroup, person: Person)] = []
        for summary in try await groups.list(by: visit.principal) {
            let details = try await groups.find(summary.group.id, by: visit.principal)
            members += details.members.map { (details.group, $0) }
        }
        let all = members
        return try await Export(
            "people",
            [
                .init("group_id") { .text($0.group.id.text) },
                .init("group_name") { .text($0.group.name) },
                .init("is_admin_group") { .flag($0.group.isAdmin) },
                .init("person_id") { .text($0.person.id.text) },
                .init("name") { .text($0.person.name) },
                .init("email") { .text($0.person.email) },
            ]
        ) { offset, _ in Array(all.dropFirst(Int(offset)).prefix(1_000)) }.response(format)
    }

    private static func show(_ visit: SeatVisit) async throws -> Response {
        try await page(visit, name: nil, nil, refusal: nil)
    }

    /// - Parameter name: What was typed, where that is refused.
    static func page(
        _ visit: SeatVisit, name: String?, _ errors: FormErrors?, refusal: String?
    ) async throws -> Response {
        let services = visit.base.site.services
        let id: PartnerGroupID = try visit.id("partner group")
        let details = try await services.groups.find(id, by: visit.principal)
        let invited = try await services.people.invited(
            to: id, by: visit.principal, now: visit.now)
        let (search, page) = (visit.query.text("q") ?? "", Pager.page(visit.query))
        let organisations = try await services.groups.organisations(
            of: id, name: search, page: page, by: visit.principal)
        let path = visit.path("/people/groups/\(id.text)")
        let model = ShowModel(
            path: path, backPath: visit.path("/people"), keysPath: visit.path("/keys"),
            id: id.text, name: details.group.name, isAdmin: details.group.isAdmin,
            refusal: refusal,
            rename: FormField(
                "name", "Name", value: name ?? details.group.name, error: errors?["name"],
                isRequired: true),
            members: details.members.map { Member($0, isSelf: $0.id == visit.visitor.person.id) },
            invited: invited.map(Waiting.init), search: search, isSearched: !search.isEmpty,
            pageNumber: visit.query.text("page") ?? "",
            organisations: organisations.items.map(Assigned.init),
            pager: Pager(page, count: organisations.count, path: path, query: visit.query))
        let isGood = errors == nil && refusal == nil
        return visit.page(
            "group", title: details.group.name, .people, model,
            status: isGood ? .ok : .unprocessableContent)
    }
}
