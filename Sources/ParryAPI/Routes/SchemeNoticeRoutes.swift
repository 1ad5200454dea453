import HTTPTypes
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// `/v1/scheme-notices` (CONTRACT.md 16) and their simulation (14.3).
struct SchemeNoticeRoutes: Sendable {
    let service: SchemeNoticeService

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/scheme-notices", .schemeNoticesRead, .any, list),
            Endpoint(
                .get, "/v1/scheme-notices/{scheme_notice_id}", .schemeNoticesRead, .any, find),
            Endpoint(
                .post, "/v1/simulate/scheme-notices", .simulationsSchemeNotices, .any, simulate),
        ]
    }

    private func list(_ call: Call) async throws -> Answer {
        let query = try call.query()
        var filter = SchemeNoticeStore.Filter()
        filter.type = try query.word("scheme_notice_type")
        filter.organisationID = try query.id("organisation_id", of: "organisation")
        filter.merchantID = try query.id("merchant_id", of: "merchant")
        (filter.reportedFrom, filter.reportedTo) = try query.range("reported_at")
        (_, filter.direction) = try query.sort(
            default: SchemeNoticeStore.Filter.Sort.reportedAt)
        let page = try query.page()
        return .ok(try await service.list(filter, page: page, by: call.principal).json)
    }

    private func find(_ call: Call) async throws -> Answer {
        .ok(try await service.find(call.id("scheme notice"), by: call.principal).json())
    }

    /// The answer has no links, like that of a simulated alert.
    private func simulate(_ call: Call) async throws -> Answer {
        let body = try await SchemeNoticeSimulationRequest.schema.decode(call.body())
        return try await call.creating(links: false) {
            try await service.simulate(body, by: call.principal, now: call.now)
        }
    }
}
