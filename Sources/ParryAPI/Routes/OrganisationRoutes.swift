import HTTPTypes
import ParryDomain
import ParryService
import ParryWire

/// `/v1/organisations` (CONTRACT.md 3).
struct OrganisationRoutes: Sendable {
    let service: OrganisationService

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/organisations", .organisationsRead, .partner, list)
                .lists(Organisation.self, "List organisations"),
            Endpoint(.post, "/v1/organisations", .organisationsWrite, .partner, create)
                .creates(
                    Organisation.self, "Create an organisation",
                    from: .object(OrganisationRequest.create)
                )
                .noting(
                    """
                    One organisation for each customer. In a TEST account the name gets `[TEST] ` in
                    front unless it has it. Only keys of an administrator group create organisations.
                    """),
            Endpoint(.get, item, .organisationsRead, .partner, find)
                .shows(Organisation.self, "Read an organisation"),
            Endpoint(.patch, item, .organisationsWrite, .partner, update)
                .changes(
                    Organisation.self, "Rename an organisation", by: OrganisationRequest.update),
            Endpoint(.delete, item, .organisationsWrite, .partner, delete)
                .deletes(
                    "Delete an organisation", refusing: [.organisationDeletionRestricted]),
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
