import HTTPTypes
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// `/v1/lookups` (CONTRACT.md 17) and their simulation (14.3).
struct LookupRoutes: Sendable {
    let service: LookupService

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/lookups", .lookupsRead, .any, list)
                .lists(Lookup.self, "List lookups", by: Parameters.all),
            Endpoint(.get, "/v1/lookups/{lookup_id}", .lookupsRead, .any, find)
                .shows(Lookup.self, "Read a lookup"),
            Endpoint(.post, "/v1/simulate/lookups", .simulationsLookups, .any, simulate)
                .creates(
                    Lookup.self, "Simulate a lookup in a TEST account",
                    from: .object(LookupSimulationRequest.schema), links: false,
                    refusing: [.organisationNotTestMode]),
        ]
    }

    private enum Parameters {
        static let organisationID = Parameter<OrganisationID?>.organisationID
        static let enrolmentID = Parameter<EnrolmentID?>.id("enrollment_id")
        static let parentID = Parameter<LookupID?>.id("parent_lookup_id")
        static let type = Parameter<LookupType?>.word("type")
        static let status = Parameter<LookupStatus?>.word("lookup_status")
        static let deflectionStatus = Parameter<DeflectionStatus?>.word("deflection_status")
        static let createdAt = RangeParameter("created_at")
        static let sort = SortParameter(standard: LookupStore.Filter.Sort.createdAt)
        static let all =
            [
                organisationID.declaration, enrolmentID.declaration, parentID.declaration,
                type.declaration, status.declaration, deflectionStatus.declaration,
            ] + createdAt.declarations + [sort.declaration]
    }

    private func list(_ call: Call) async throws -> Answer {
        let query = try call.query()
        var filter = LookupStore.Filter()
        filter.organisationID = try query[Parameters.organisationID]
        filter.enrolmentID = try query[Parameters.enrolmentID]
        filter.parentID = try query[Parameters.parentID]
        filter.type = try query[Parameters.type]
        filter.status = try query[Parameters.status]
        filter.deflectionStatus = try query[Parameters.deflectionStatus]
        (filter.createdFrom, filter.createdTo) = try query.range(Parameters.createdAt)
        (_, filter.direction) = try query.sort(Parameters.sort)
        let page = try query.page()
        return .ok(try await service.list(filter, page: page, by: call.principal).json)
    }

    private func find(_ call: Call) async throws -> Answer {
        .ok(try await service.find(call.id("lookup"), by: call.principal).json())
    }

    /// The answer has no links, like that of a simulated alert.
    private func simulate(_ call: Call) async throws -> Answer {
        let body = try await LookupSimulationRequest.schema.decode(call.body())
        return try await call.creating(links: false) {
            try await service.simulate(body, by: call.principal, now: call.now)
        }
    }
}
