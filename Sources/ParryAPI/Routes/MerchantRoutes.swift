import HTTPTypes
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// `/v1/merchants` (CONTRACT.md 4).
struct MerchantRoutes: Sendable {
    let service: MerchantService

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/merchants", .merchantsRead, .partner, list)
                .lists(Merchant.self, "List merchants", by: Parameters.all),
            Endpoint(.post, "/v1/merchants", .merchantsWrite, .partner, create)
                .creates(
                    Merchant.self, "Create a merchant", from: .object(MerchantRequest.create)),
            Endpoint(.get, item, .merchantsRead, .partner, find)
                .shows(Merchant.self, "Read a merchant"),
            Endpoint(.patch, item, .merchantsWrite, .partner, update)
                .changes(
                    Merchant.self, "Change a merchant", by: MerchantRequest.update,
                    refusing: [.merchantTypeChangeRestricted]),
            Endpoint(.delete, item, .merchantsWrite, .partner, delete)
                .deletes("Delete a merchant", refusing: [.merchantDeletionRestricted]),
        ]
    }

    private enum Parameters {
        static let organisationID = Parameter<OrganisationID?>.organisationID
        static let type = Parameter<MerchantType?>.word("type")
        static let name = Parameter.text("name")
        static let externalID = Parameter.text("external_id")
        static let sort = SortParameter(standard: MerchantStore.Filter.Sort.createdAt)
        static let all = [
            organisationID.declaration, type.declaration, name.declaration,
            externalID.declaration, sort.declaration,
        ]
    }

    private var item: String { "/v1/merchants/{merchant_id}" }

    private func list(_ call: Call) async throws -> Answer {
        let query = try call.query()
        var filter = MerchantStore.Filter()
        filter.organisationID = try query[Parameters.organisationID]
        filter.type = try query[Parameters.type]
        filter.name = try query[Parameters.name]
        filter.externalID = try query[Parameters.externalID]
        (filter.sort, filter.direction) = try query.sort(Parameters.sort)
        let page = try query.page()
        return .ok(try await service.list(filter, page: page, by: call.principal).json)
    }

    private func create(_ call: Call) async throws -> Answer {
        let body = try await MerchantRequest.create.decode(call.body())
        guard let organisation = OrganisationID(body[MerchantRequest.organisationID]) else {
            throw NotFound("organisation")
        }
        let details = Merchant.Details(
            name: body[MerchantRequest.name],
            type: MerchantType(rawValue: body[MerchantRequest.type]) ?? .generic,
            externalID: body[MerchantRequest.externalID],
            defaultRepresentmentServiceType: Self.serviceType(body))
        return try await call.creating {
            try await service.create(
                details, in: organisation, by: call.principal, now: call.now)
        }
    }

    private func find(_ call: Call) async throws -> Answer {
        .ok(try await service.find(call.id("merchant"), by: call.principal).json())
    }

    private func update(_ call: Call) async throws -> Answer {
        let id: MerchantID = try call.id("merchant")
        _ = try await service.find(id, by: call.principal)
        let body = try await MerchantRequest.update.decode(call.body())
        let merchant = try await service.update(id, by: call.principal, now: call.now) { details in
            if let name = body[MerchantRequest.newName] { details.name = name }
            if let type = body[MerchantRequest.newType].flatMap(MerchantType.init) {
                details.type = type
            }
            if body.has("external_id") { details.externalID = body[MerchantRequest.externalID] }
            if body.has("default_representment_service_type") {
                details.defaultRepresentmentServiceType = Self.serviceType(body)
            }
        }
        return .ok(merchant.json())
    }

    private func delete(_ call: Call) async throws -> Answer {
        try await service.delete(call.id("merchant"), by: call.principal, now: call.now)
        return .noContent
    }

    private static func serviceType(_ body: RequestObject) -> RepresentmentServiceType? {
        body[MerchantRequest.defaultRepresentmentServiceType]
            .flatMap(RepresentmentServiceType.init)
    }
}
