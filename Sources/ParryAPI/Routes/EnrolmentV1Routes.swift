import HTTPTypes
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// The deprecated `/v1/enrolments`: the same enrolments, with one `merchant_id` in place of `merchant_ids`
/// (CONTRACT.md 7 and 21, row 23).
struct EnrolmentV1Routes: Sendable {
    let service: EnrolmentService

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, Self.collection, .enrolmentsV1Read, .partner, list)
                .lists(
                    EnrolmentV1.self, "List enrolments, deprecated",
                    by: EnrolmentRoutes.Parameters.all),
            Endpoint(.post, Self.collection, .enrolmentsV1Write, .partner, create)
                .creates(
                    EnrolmentV1.self, "Enrol a merchant, deprecated",
                    from: .either(EnrolmentRequest.createSchemasV1),
                    refusing: EnrolmentRoutes.refusals.filter(Self.concernsOneMerchant)),
            Endpoint(.get, item, .enrolmentsV1Read, .partner, find)
                .shows(EnrolmentV1.self, "Read an enrolment, deprecated"),
            Endpoint(.delete, item, .enrolmentsV1Write, .partner, cancel)
                .changes(
                    EnrolmentV1.self, "Cancel an enrolment, deprecated",
                    refusing: [.enrolmentNotPending]),
        ]
    }

    private static func concernsOneMerchant(_ code: ErrorCode) -> Bool {
        code != .duplicateMerchantIDs && code != .merchantsDifferentOrganisations
    }

    private static let collection = "/v1/enrolments"
    private var item: String { Self.collection + "/{enrolment_id}" }

    private func list(_ call: Call) async throws -> Answer {
        let (filter, page) = try EnrolmentRoutes.filter(call)
        let listing = try await service.list(filter, page: page, by: call.principal)
        return .ok(listing.map(EnrolmentV1.init).json)
    }

    private func create(_ call: Call) async throws -> Answer {
        let body = try await EnrolmentRequest.decodeV1(call.body())
        return try await call.answering(Self.created) {
            try await service.create(
                of: [body[EnrolmentRequest.merchantID]], body, by: call.principal, now: call.now)
        }
    }

    private static func created(_ enrolment: Enrolment) -> Answer {
        .created(EnrolmentV1(enrolment).json())
    }

    private func find(_ call: Call) async throws -> Answer {
        let enrolment = try await service.find(call.id("enrolment"), by: call.principal)
        return .ok(EnrolmentV1(enrolment).json())
    }

    private func cancel(_ call: Call) async throws -> Answer {
        let enrolment = try await service.cancel(
            call.id("enrolment"), by: call.principal, now: call.now)
        return .ok(EnrolmentV1(enrolment).json())
    }
}
