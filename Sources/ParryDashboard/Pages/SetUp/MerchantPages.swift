import Hummingbird
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// The merchant accounts of organisations.
enum MerchantPages {
    static let routes: [Route] =
        list.routes + [
            .show("/merchants/new", .setUp, new),
            .change("/merchants", .setUp, "merchant.create", create),
            .show("/merchants/{id}", .view) { try await show($0) },
            .show("/merchants/{id}/edit", .setUp, edit),
            .change("/merchants/{id}", .setUp, "merchant.update", update),
            .change("/merchants/{id}/delete", .setUp, "merchant.delete", delete),
        ]

    private static func service(_ visit: SeatVisit) -> MerchantService {
        visit.base.site.services.merchants
    }

    /// What the address narrows the list to.
    static func filter(_ reader: inout ListFilterReader) -> MerchantStore.Filter {
        var filter = MerchantStore.Filter()
        filter.organisationID = reader.id("organisation")
        filter.name = reader.text("q")
        filter.type = reader.word("type")
        filter.externalID = reader.text("external_id")
        return filter
    }

    private static let list = ListPage(
        path: "/merchants", title: "Merchants", section: .merchants, file: "merchants",
        columns: columns,
        filter: filter,
        rows: { visit, filter, page in
            try await service(visit).list(filter, page: page, by: visit.principal)
        },
        model: { try await ListModel($0) })

    private static let columns: [Export<Merchant>.Column] = [
        .init("id") { .text($0.id.text) },
        .init("organisation_id") { .text($0.organisationID.text) },
        .init("name") { .text($0.details.name) },
        .init("type") { .text($0.details.type.rawValue) },
        .init("external_id") { .text($0.details.externalID) },
        .init("default_representment_service_type") {
            .text($0.details.defaultRepresentmentServiceType?.rawValue)
        },
        .init("created_at") { .time($0.createdAt) },
        .init("updated_at") { .time($0.updatedAt) },
    ]

    private static func new(_ visit: SeatVisit) async throws -> Response {
        var typed = Typed()
        typed.organisation = visit.query.text("organisation")
        return try await form(visit, nil, typed, nil)
    }

    private static func create(_ visit: SeatVisit) async throws -> Response {
        let typed = Typed(try await visit.form())
        do {
            let body = try MerchantRequest.create.decode(
                [("organisation_id", .text(typed.organisation))] + typed.members)
            guard let organisation = OrganisationID(body[MerchantRequest.organisationID]) else {
                throw NotFound("organisation")
            }
            let details = Merchant.Details(
                name: body[MerchantRequest.name],
                type: MerchantType(rawValue: body[MerchantRequest.type]) ?? .generic,
                externalID: body[MerchantRequest.externalID],
                defaultRepresentmentServiceType: serviceType(body))
            let merchant = try await service(visit).create(
                details, in: organisation, by: visit.principal, now: visit.now)
            return visit.redirect(to: "/merchants/\(merchant.id.text)", Notice("created"))
        } catch {
            return try await form(visit, nil, typed, FormTrouble(error, visit))
        }
    }

    private static func form(
        _ visit: SeatVisit, _ merchant: Merchant?, _ typed: Typed, _ trouble: FormTrouble?
    ) async throws -> Response {
        let model = try await FormModel(visit, merchant, typed, trouble)
        return visit.page(
            "merchant-form", title: model.frame.title, .merchants, model,
            status: trouble?.status ?? .ok)
    }

    /// - Parameter trouble: Why it was not deleted.
    private static func show(
        _ visit: SeatVisit, _ trouble: FormTrouble? = nil
    ) async throws -> Response {
        let merchant = try await service(visit).find(visit.id("merchant"), by: visit.principal)
        let model = try await ShowModel(visit, merchant, trouble?.message)
        return visit.page(
            "merchant", title: merchant.details.name, .merchants, model,
            status: trouble?.status ?? .ok)
    }

    private static func edit(_ visit: SeatVisit) async throws -> Response {
        let merchant = try await service(visit).find(visit.id("merchant"), by: visit.principal)
        return try await form(visit, merchant, Typed(merchant), nil)
    }

    private static func update(_ visit: SeatVisit) async throws -> Response {
        let id: MerchantID = try visit.id("merchant")
        let sent = try await visit.form()
        let before = try await service(visit).find(id, by: visit.principal)
        let typed = Typed(sent)
        do {
            let body = try MerchantRequest.update.decode(typed.members)
            let after = try await service(visit).update(
                id, seen: sent.seen, by: visit.principal, now: visit.now
            ) { details in
                details.name = body[MerchantRequest.newName] ?? details.name
                details.type =
                    body[MerchantRequest.newType].flatMap(MerchantType.init) ?? details.type
                details.externalID = body[MerchantRequest.externalID]
                details.defaultRepresentmentServiceType = serviceType(body)
            }
            let isSame = after == before
            return visit.redirect(
                to: "/merchants/\(id.text)", Notice(isSame ? "unchanged" : "saved"))
        } catch {
            let trouble = try FormTrouble(error, visit)
            let now = try await service(visit).find(id, by: visit.principal)
            return try await form(visit, now, typed, trouble)
        }
    }

    private static func serviceType(_ body: RequestObject) -> RepresentmentServiceType? {
        body[MerchantRequest.defaultRepresentmentServiceType]
            .flatMap(RepresentmentServiceType.init)
    }

    private static func delete(_ visit: SeatVisit) async throws -> Response {
        let id: MerchantID = try visit.id("merchant")
        do {
            try await service(visit).delete(id, by: visit.principal, now: visit.now)
            return visit.redirect(to: "/merchants", Notice("deleted"))
        } catch let error as MerchantError {
            return try await show(visit, FormTrouble(error, visit))
        }
    }
}
