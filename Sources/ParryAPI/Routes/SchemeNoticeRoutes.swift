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
            Endpoint(.get, "/v1/scheme-notices", .schemeNoticesRead, .any, list)
                .lists(SchemeNotice.self, "List scheme notices", by: Parameters.all),
            Endpoint(
                .get, "/v1/scheme-notices/{scheme_notice_id}", .schemeNoticesRead, .any, find
            )
            .shows(SchemeNotice.self, "Read a scheme notice"),
            Endpoint(
                .post, "/v1/simulate/scheme-notices", .simulationsSchemeNotices, .any, simulate
            )
            .creates(
                SchemeNotice.self, "Simulate a scheme notice in a TEST account",
                from: .object(SchemeNoticeSimulationRequest.schema), links: false,
                refusing: [.organisationNotTestMode]),
        ]
    }

    private enum Parameters {
        static let type = Parameter<SchemeNoticeType?>.word("scheme_notice_type")
        static let organisationID = Parameter<OrganisationID?>.organisationID
        static let merchantID = Parameter<MerchantID?>.merchantID
        static let reportedAt = RangeParameter("reported_at")
        static let sort = SortParameter(standard: SchemeNoticeStore.Filter.Sort.reportedAt)
        static let all =
            [type.declaration, organisationID.declaration, merchantID.declaration]
            + reportedAt.declarations + [sort.declaration]
    }

    private func list(_ call: Call) async throws -> Answer {
        let query = try call.query()
        var filter = SchemeNoticeStore.Filter()
        filter.type = try query[Parameters.type]
        filter.organisationID = try query[Parameters.organisationID]
        filter.merchantID = try query[Parameters.merchantID]
        (filter.reportedFrom, filter.reportedTo) = try query.range(Parameters.reportedAt)
        (_, filter.direction) = try query.sort(Parameters.sort)
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
