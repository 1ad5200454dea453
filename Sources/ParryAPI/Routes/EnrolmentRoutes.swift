import HTTPTypes
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// `/v2/enrolments` (CONTRACT.md 7) and their simulation (14.1).
struct EnrolmentRoutes: Sendable {
    let service: EnrolmentService

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/v2/enrolments", .enrolmentsRead, .partner, list),
            Endpoint(.post, "/v2/enrolments", .enrolmentsWrite, .partner, create),
            Endpoint(.get, item, .enrolmentsRead, .partner, find),
            Endpoint(.delete, item, .enrolmentsWrite, .partner, cancel),
            Endpoint(
                .patch, "/v1/simulate/enrolments/{enrolment_id}", .simulationsEnrolments, .any,
                simulate),
        ]
    }

    private var item: String { "/v2/enrolments/{enrolment_id}" }

    private func list(_ call: Call) async throws -> Answer {
        let (filter, page) = try Self.filter(call)
        return .ok(try await service.list(filter, page: page, by: call.principal).json)
    }

    /// What a list of either version can be asked for.
    static func filter(_ call: Call) throws(Problem) -> (EnrolmentStore.Filter, Page) {
        let query = try call.query()
        var filter = EnrolmentStore.Filter()
        filter.organisationID = try query.id("organisation_id", of: "organisation")
        filter.merchantID = try query.id("merchant_id", of: "merchant")
        filter.type = try query.word("type")
        filter.status = try query.word("status")
        return (filter, try query.page())
    }

    private func create(_ call: Call) async throws -> Answer {
        let body = try await EnrolmentRequest.decode(call.body())
        return try await call.creating {
            try await service.create(
                of: body[EnrolmentRequest.merchantIDs], body, by: call.principal, now: call.now)
        }
    }

    private func find(_ call: Call) async throws -> Answer {
        .ok(try await service.find(call.id("enrolment"), by: call.principal).json())
    }

    private func cancel(_ call: Call) async throws -> Answer {
        .ok(
            try await service.cancel(call.id("enrolment"), by: call.principal, now: call.now)
                .json())
    }

    private func simulate(_ call: Call) async throws -> Answer {
        let id: EnrolmentID = try call.id("enrolment")
        _ = try await service.find(id, by: call.principal)
        let body = try await SimulationRequest.enrolment.decode(call.body())
        let word = body[SimulationRequest.enrolmentStatus]
        let enrolment = try await service.simulate(
            id, status: EnrolmentStatus(rawValue: word) ?? .enabled, by: call.principal,
            now: call.now)
        return .ok(enrolment.json())
    }
}
