import Hummingbird
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// A partner's customers.
enum OrganisationPages {
    static let routes: [Route] =
        [
            .show("/organisations", .view, showList),
            .show("/organisations/new", .organisations, new),
            .change("/organisations", .organisations, "organisation.create", create),
            .show("/organisations/{id}", .view) { try await show($0) },
            .show("/organisations/{id}/edit", .setUp, edit),
            .change("/organisations/{id}", .setUp, "organisation.update", update),
            .change("/organisations/{id}/delete", .setUp, "organisation.delete", delete),
        ] + list.files

    private static func service(_ visit: SeatVisit) -> OrganisationService {
        visit.base.site.services.organisations
    }

    private static let list = ListPage(
        path: "/organisations", title: "Organisations", section: .organisations,
        file: "organisations", columns: columns,
        filter: { $0.text("q") },
        rows: { visit, name, page in
            try await service(visit).list(name: name, page: page, by: visit.principal)
        },
        model: { ListModel($0) })

    /// An organisation's own account has itself in place of the list.
    private static func showList(_ visit: SeatVisit) async throws -> Response {
        if let own = visit.ownOrganisation {
            return visit.redirect(to: "/organisations/\(own.text)")
        }
        return try await list.show(visit)
    }

    private static let columns: [Export<Organisation>.Column] = [
        .init("id") { .text($0.id.text) },
        .init("name") { .text($0.name) },
        .init("mode") { .text($0.mode.rawValue) },
        .init("created_at") { .time($0.createdAt) },
        .init("updated_at") { .time($0.updatedAt) },
    ]

    private static func new(_ visit: SeatVisit) async throws -> Response {
        form(visit, FormModel(visit, nil, name: "", nil))
    }

    private static func create(_ visit: SeatVisit) async throws -> Response {
        let name = try await visit.form().text("name") ?? ""
        do {
            let body = try OrganisationRequest.create.decode([("name", .text(name))])
            let organisation = try await service(visit).create(
                name: body[OrganisationRequest.name], by: visit.principal, now: visit.now)
            return visit.redirect(
                to: "/organisations/\(organisation.id.text)", Notice("created"))
        } catch {
            let trouble = try FormTrouble(error, visit)
            return form(visit, FormModel(visit, nil, name: name, trouble), trouble.status)
        }
    }

    private static func form(
        _ visit: SeatVisit, _ model: FormModel, _ status: HTTPResponse.Status = .ok
    ) -> Response {
        visit.page(
            "organisation-form", title: model.frame.title, .organisations, model, status: status)
    }

    /// - Parameter trouble: Why it was not deleted.
    private static func show(
        _ visit: SeatVisit, _ trouble: FormTrouble? = nil
    ) async throws -> Response {
        let organisation = try await service(visit).find(
            visit.id("organisation"), by: visit.principal)
        let model = try await ShowModel(visit, organisation, trouble?.message)
        return visit.page(
            "organisation", title: organisation.name, .organisations, model,
            status: trouble?.status ?? .ok)
    }

    private static func edit(_ visit: SeatVisit) async throws -> Response {
        let organisation = try await service(visit).find(
            visit.id("organisation"), by: visit.principal)
        return form(visit, FormModel(visit, organisation, name: organisation.name, nil))
    }

    private static func update(_ visit: SeatVisit) async throws -> Response {
        let id: OrganisationID = try visit.id("organisation")
        let sent = try await visit.form()
        let before = try await service(visit).find(id, by: visit.principal)
        let name = sent.text("name") ?? ""
        do {
            let body = try OrganisationRequest.update.decode([("name", .text(name))])
            let after = try await service(visit).rename(
                id, to: body[OrganisationRequest.name], seen: sent.seen, by: visit.principal,
                now: visit.now)
            let isSame = after == before
            return visit.redirect(
                to: "/organisations/\(id.text)", Notice(isSame ? "unchanged" : "saved"))
        } catch {
            let trouble = try FormTrouble(error, visit)
            let now = try await service(visit).find(id, by: visit.principal)
            return form(visit, FormModel(visit, now, name: name, trouble), trouble.status)
        }
    }

    private static func delete(_ visit: SeatVisit) async throws -> Response {
        let id: OrganisationID = try visit.id("organisation")
        do {
            try await service(visit).delete(id, by: visit.principal, now: visit.now)
            return visit.redirect(to: "/organisations", Notice("deleted"))
        } catch let error as OrganisationError {
            return try await show(visit, FormTrouble(error, visit))
        }
    }
}
