import HTTPTypes
import ParryDomain
import ParryService
import ParryWire

/// `/v1/integrations` (CONTRACT.md 6).
struct IntegrationRoutes: Sendable {
    let service: IntegrationService

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/integrations", .integrationsRead, .any, list)
                .lists(Integration.self, "List integrations"),
            Endpoint(.post, "/v1/integrations", .integrationsWrite, .any, create)
                .creates(
                    Integration.self, "Create an order feed",
                    from: .object(IntegrationRequest.create),
                    refusing: [
                        .unsupportedIntegrationType, .duplicateMerchantIDs,
                        .merchantsDifferentOrganisations,
                    ]
                )
                .noting(
                    """
                    Orders of type COMPLETE are uploaded to it. Integrations of payment processors are
                    made by the operator; the list shows them too.
                    """),
            Endpoint(.get, item, .integrationsRead, .any, find)
                .shows(Integration.self, "Read an integration"),
            Endpoint(.patch, item, .integrationsWrite, .any, update)
                .changes(
                    Integration.self, "Change an order feed", by: IntegrationRequest.update,
                    refusing: [
                        .unsupportedIntegrationType, .duplicateMerchantIDs,
                        .merchantsDifferentOrganisations,
                    ]),
        ]
    }

    private var item: String { "/v1/integrations/{integration_id}" }

    private func list(_ call: Call) async throws -> Answer {
        let page = try call.query().page()
        return .ok(try await service.list(page: page, by: call.principal).json)
    }

    private func create(_ call: Call) async throws -> Answer {
        let body = try await IntegrationRequest.create.decode(call.body())
        let draft = IntegrationService.Draft(
            organisationID: body[IntegrationRequest.organisationID],
            name: body[IntegrationRequest.name], type: body[IntegrationRequest.type],
            status: Self.status(body) ?? .enabled,
            merchantIDs: body[IntegrationRequest.merchantIDs])
        return try await call.creating {
            try await service.create(draft, by: call.principal, now: call.now)
        }
    }

    private func find(_ call: Call) async throws -> Answer {
        .ok(try await service.find(call.id("integration"), by: call.principal).json())
    }

    private func update(_ call: Call) async throws -> Answer {
        let id: IntegrationID = try call.id("integration")
        _ = try await service.find(id, by: call.principal)
        let body = try await IntegrationRequest.update.decode(call.body())
        let change = IntegrationService.Change(
            name: body[IntegrationRequest.newName], status: Self.status(body),
            merchantIDs: body[IntegrationRequest.newMerchantIDs])
        return .ok(
            try await service.update(id, change, by: call.principal, now: call.now).json())
    }

    private static func status(_ body: RequestObject) -> IntegrationStatus? {
        body[IntegrationRequest.status].flatMap(IntegrationStatus.init)
    }
}
