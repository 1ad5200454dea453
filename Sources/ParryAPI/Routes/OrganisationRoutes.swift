import HTTPTypes
import ParryService
import ParryWire

/// `/v1/organisations` (CONTRACT.md 3).
struct OrganisationRoutes: Sendable {
    let service: OrganisationService

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/organisations", .organisationsRead, .partner, list),
            Endpoint(.post, "/v1/organisations", .organisationsWrite, .partner, create),
            Endpoint(.get, item, .organisationsRead, .partner, find),
            Endpoint(.patch, item, .organisationsWrite, .partner, update),
            Endpoint(.delete, item, .organisationsWrite, .partner, delete),
        ]
    }

    private var item: String { "/v1/organisations/{organisation_id}" }

    private func list(_ call: Call) async throws -> Answer {
        let page = try call.query().page()
        return .ok(try await service.list(page: page, by: call.principal).json)
    }

    private func create(_ call: Call) async throws -> Answer {
        try service.admit(call.principal)
        let body = try await OrganisationRequest.create.decode(call.body())
        return try await call.creating {
            try await service.create(
                name: body[OrganisationRequest.name], by: call.principal, now: call.now)
        }
    }

    private func find(_ call: Call) async throws -> Answer {
        .ok(try await service.find(call.id("organisation"), by: call.principal).json())
    }

    private func update(_ call: Call) async throws -> Answer {
        let id: OrganisationID = try call.id("organisation")
        _ = try await service.find(id, by: call.principal)
        let body = try await OrganisationRequest.update.decode(call.body())
        let organisation = try await service.rename(
            id, to: body[OrganisationRequest.name], by: call.principal, now: call.now)
        return .ok(organisation.json())
    }

    private func delete(_ call: Call) async throws -> Answer {
        try await service.delete(call.id("organisation"), by: call.principal, now: call.now)
        return .noContent
    }
}
