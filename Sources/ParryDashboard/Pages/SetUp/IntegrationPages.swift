import Hummingbird
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// Where orders come from.
enum IntegrationPages {
    static let routes: [Route] =
        list.routes + [
            .show("/integrations/new", .integrations, new),
            .change("/integrations", .integrations, "integration.create", create),
            .show("/integrations/{id}", .view, show),
            .show("/integrations/{id}/edit", .integrations, edit),
            .change("/integrations/{id}", .integrations, "integration.update", update),
        ]

    private static func service(_ visit: SeatVisit) -> IntegrationService {
        visit.base.site.services.integrations
    }

    private static func filter(_ reader: inout ListFilterReader) -> IntegrationStore.Filter {
        var filter = IntegrationStore.Filter()
        filter.organisationID = reader.id("organisation")
        filter.merchantID = reader.id("merchant")
        filter.status = reader.word("status")
        return filter
    }

    private static let list = ListPage(
        path: "/integrations", title: "Order feeds", section: .integrations, file: "order-feeds",
        columns: columns,
        filter: filter,
        rows: { visit, filter, page in
            try await service(visit).list(filter, page: page, by: visit.principal)
        },
        model: { try await ListModel($0) })

    private static let columns: [Export<Integration>.Column] = [
        .init("id") { .text($0.id.text) },
        .init("organisation_id") { .text($0.organisationID.text) },
        .init("name") { .text($0.details.name) },
        .init("type") { .text($0.type.rawValue) },
        .init("status") { .text($0.details.status.rawValue) },
        .init("merchant_ids") {
            .text($0.details.merchantIDs.map(\.text).joined(separator: " "))
        },
        .init("created_at") { .time($0.createdAt) },
        .init("updated_at") { .time($0.updatedAt) },
    ]

    /// A partner chooses the organisation first: its merchants are offered then.
    private static func new(_ visit: SeatVisit) async throws -> Response {
        let asked = visit.query.text("organisation").flatMap { OrganisationID($0) }
        guard let organisation = visit.ownOrganisation ?? asked else {
            return visit.page(
                "integration-start", title: "New order feed", .integrations,
                try await StartModel(visit))
        }
        _ = try await visit.base.site.services.organisations.find(
            organisation, by: visit.principal)
        return try await form(visit, nil, Typed(organisation), nil)
    }

    private static func create(_ visit: SeatVisit) async throws -> Response {
        let typed = Typed(try await visit.form(), in: visit)
        do {
            let body = try IntegrationRequest.create.decode(
                [
                    ("organisation_id", .text(typed.organisation)),
                    ("type", .text(IntegrationType.customOrders.rawValue)),
                ] + typed.members)
            let draft = IntegrationService.Draft(
                organisationID: body[IntegrationRequest.organisationID],
                name: body[IntegrationRequest.name], type: body[IntegrationRequest.type],
                status: status(body) ?? .enabled,
                merchantIDs: body[IntegrationRequest.merchantIDs])
            let integration = try await service(visit).create(
                draft, by: visit.principal, now: visit.now)
            return visit.redirect(to: "/integrations/\(integration.id.text)", Notice("created"))
        } catch {
            return try await form(visit, nil, typed, FormTrouble(error, visit))
        }
    }

    private static func form(
        _ visit: SeatVisit, _ integration: Integration?, _ typed: Typed, _ trouble: FormTrouble?
    ) async throws -> Response {
        let model = try await FormModel(visit, integration, typed, trouble)
        return visit.page(
            "integration-form", title: model.frame.title, .integrations, model,
            status: trouble?.status ?? .ok)
    }

    private static func show(_ visit: SeatVisit) async throws -> Response {
        let integration = try await service(visit).find(
            visit.id("integration"), by: visit.principal)
        return visit.page(
            "integration", title: integration.details.name, .integrations,
            try await ShowModel(visit, integration))
    }

    private static func edit(_ visit: SeatVisit) async throws -> Response {
        let integration = try await service(visit).find(
            visit.id("integration"), by: visit.principal)
        return try await form(visit, integration, Typed(integration), nil)
    }

    private static func update(_ visit: SeatVisit) async throws -> Response {
        let id: IntegrationID = try visit.id("integration")
        let sent = try await visit.form()
        let before = try await service(visit).find(id, by: visit.principal)
        var typed = Typed(sent, in: visit)
        typed.organisation = before.organisationID.text
        do {
            let body = try IntegrationRequest.update.decode(typed.members)
            let change = IntegrationService.Change(
                name: body[IntegrationRequest.newName], status: status(body),
                merchantIDs: body[IntegrationRequest.newMerchantIDs])
            let after = try await service(visit).update(
                id, change, seen: sent.seen, by: visit.principal, now: visit.now)
            let isSame = after == before
            return visit.redirect(
                to: "/integrations/\(id.text)", Notice(isSame ? "unchanged" : "saved"))
        } catch {
            let trouble = try FormTrouble(error, visit)
            let now = try await service(visit).find(id, by: visit.principal)
            return try await form(visit, now, typed, trouble)
        }
    }

    private static func status(_ body: RequestObject) -> IntegrationStatus? {
        body[IntegrationRequest.status].flatMap(IntegrationStatus.init)
    }
}
