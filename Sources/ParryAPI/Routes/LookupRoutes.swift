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
            Endpoint(.get, "/v1/lookups", .lookupsRead, .any, list),
            Endpoint(.get, "/v1/lookups/{lookup_id}", .lookupsRead, .any, find),
            Endpoint(.post, "/v1/simulate/lookups", .simulationsLookups, .any, simulate),
        ]
    }

    private func list(_ call: Call) async throws -> Answer {
        let query = try call.query()
        var filter = LookupStore.Filter()
        filter.organisationID = try query.id("organisation_id", of: "organisation")
        filter.enrolmentID = try query.id("enrollment_id", of: "enrolment")
        filter.parentID = try query.id("parent_lookup_id", of: "lookup")
        filter.type = try query.word("type")
        filter.status = try query.word("lookup_status")
        filter.deflectionStatus = try query.word("deflection_status")
        (filter.createdFrom, filter.createdTo) = try query.range("created_at")
        (_, filter.direction) = try query.sort(default: LookupStore.Filter.Sort.createdAt)
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
