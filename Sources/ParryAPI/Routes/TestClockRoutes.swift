import HTTPTypes
import ParryDomain
import ParryService
import ParryWire

/// `/v1/simulate/clock` (amendment 8).
struct TestClockRoutes: Sendable {
    let service: TestClockService

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, path, .simulationsClock, .any, find)
                .shows(TestClock.self, "Read an organisation's test clock")
                .taking([Self.organisationID.declaration])
                .refusing([.organisationNotTestMode]),
            Endpoint(.post, path, .simulationsClock, .any, set)
                .changes(
                    TestClock.self, "Set an organisation's test clock forward",
                    by: TestClockRequest.set,
                    refusing: [.organisationNotTestMode, .clockNotForward, .clockTooFar]
                )
                .noting(
                    """
                    So that 48 hours pass in a second. What is due by the new time happens before the answer: alerts
                    whose deadline passed are ended, reminders and webhooks that wait for their next try are due. Times
                    that the organisation's resources and events show follow its clock; the signature's `t`, rate
                    limits, the expiry of keys and the order of the feed do not. It never goes back. Send
                    `advance_seconds` or `set_to`. Beyond the original.
                    """),
        ]
    }

    private static let organisationID = Parameter<OrganisationID?>.neededOrganisationID
    private var path: String { "/v1/simulate/clock" }

    private func find(_ call: Call) async throws -> Answer {
        let id = try call.query()[Self.organisationID]
        return .ok(try await service.find(id, by: call.principal, now: call.now).json())
    }

    private func set(_ call: Call) async throws -> Answer {
        let body = try await TestClockRequest.set.decode(call.body())
        let change = try Self.change(body)
        return try await call.changing {
            try await service.set(
                body[TestClockRequest.organisationID], change, by: call.principal, now: call.now)
        }
    }

    private static func change(_ body: RequestObject) throws(Problem) -> TestClock.Change {
        switch (body[TestClockRequest.advance], body[TestClockRequest.setTo]) {
        case (let seconds?, nil): return .advance(seconds: seconds)
        case (nil, let time?): return .set(to: time)
        default:
            throw Problem(
                field: "set_to", code: "INVALID_VALUE",
                "either advance_seconds or set_to must have a value, and not both")
        }
    }
}
