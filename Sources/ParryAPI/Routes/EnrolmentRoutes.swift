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
            Endpoint(.get, "/v2/enrolments", .enrolmentsRead, .partner, list)
                .lists(Enrolment.self, "List enrolments", by: Parameters.all),
            Endpoint(.post, "/v2/enrolments", .enrolmentsWrite, .partner, create)
                .creates(
                    Enrolment.self, "Enrol merchants",
                    from: .either(EnrolmentRequest.createSchemas), refusing: Self.refusals
                )
                .noting(
                    """
                    The enrolment is PENDING first; alerts may arrive once it is ENABLED. All merchants
                    have to belong to one organisation.
                    """),
            Endpoint(.get, item, .enrolmentsRead, .partner, find)
                .shows(Enrolment.self, "Read an enrolment"),
            Endpoint(.delete, item, .enrolmentsWrite, .partner, cancel)
                .changes(
                    Enrolment.self, "Cancel an enrolment", refusing: [.enrolmentNotPending]
                )
                .noting("Only a PENDING enrolment can be cancelled. It stays, as CANCELLED."),
            Endpoint(
                .patch, "/v1/simulate/enrolments/{enrolment_id}", .simulationsEnrolments, .any,
                simulate
            )
            .changes(
                Enrolment.self, "Enable or unenrol an enrolment of a TEST account",
                by: SimulationRequest.enrolment,
                refusing: [.organisationNotTestMode, .invalidStatusTransition]),
        ]
    }

    /// The codes of a create of either version.
    static let refusals: [ErrorCode] = [
        .duplicateMerchantIDs, .merchantsDifferentOrganisations, .missingEthocaAlertConfig,
        .missingVerifiRDRConfig, .invalidMatchType, .invalidVerifiRDRConfig,
        .ethocaAlertEnrollmentError, .verifiRDREnrollmentError,
    ]

    /// What a list of either version can be asked for.
    enum Parameters {
        static let organisationID = Parameter<OrganisationID?>.organisationID
        static let merchantID = Parameter<MerchantID?>.merchantID
        static let type = Parameter<EnrolmentType?>.word("type")
        static let status = Parameter<EnrolmentStatus?>.word("status")
        static let all = [
            organisationID.declaration, merchantID.declaration, type.declaration,
            status.declaration,
        ]
    }

    private var item: String { "/v2/enrolments/{enrolment_id}" }

    private func list(_ call: Call) async throws -> Answer {
        let (filter, page) = try Self.filter(call)
        return .ok(try await service.list(filter, page: page, by: call.principal).json)
    }

    /// Reads what a list of either version is asked for.
    static func filter(_ call: Call) throws(Problem) -> (EnrolmentStore.Filter, Page) {
        let query = try call.query()
        var filter = EnrolmentStore.Filter()
        filter.organisationID = try query[Parameters.organisationID]
        filter.merchantID = try query[Parameters.merchantID]
        filter.type = try query[Parameters.type]
        filter.status = try query[Parameters.status]
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
