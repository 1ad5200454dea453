public import ParryWire

/// `/v1/simulate`: what networks and time would do, in TEST.
public struct SimulationCalls: Sendable {
    let caller: Caller

    /// Sets an enrolment's status.
    ///
    /// - Parameter status: `ENABLED` or `UNENROLLED`.
    @discardableResult
    public func setStatus(
        of id: EnrolmentID, to status: EnrolmentStatus
    ) async throws(ClientError) -> Enrolment {
        try await caller.patch("/v1/simulate/enrolments/\(id)", Status(status: status))
    }

    /// Makes an alert, with the same webhooks as a real one.
    public func alert(
        _ alert: AlertSimulation, idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> Alert {
        try await caller.post("/v1/simulate/alerts", alert, idempotencyKey)
    }

    /// Makes a scheme notice, with the same webhook as a real one.
    public func schemeNotice(
        _ notice: SchemeNoticeSimulation, idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> SchemeNotice {
        try await caller.post("/v1/simulate/scheme-notices", notice, idempotencyKey)
    }

    /// Makes a lookup, with the same webhook as a real one.
    public func lookup(
        _ lookup: LookupSimulation, idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> Lookup {
        try await caller.post("/v1/simulate/lookups", lookup, idempotencyKey)
    }

    /// Reads the test clock of an organisation.
    public func clock(of organisationID: OrganisationID) async throws(ClientError) -> TestClock {
        try await caller.get("/v1/simulate/clock", Query(["organisation_id": organisationID]))
    }

    /// Sets the test clock of an organisation forward; what became due on the way has happened when this returns.
    ///
    /// - Parameter seconds: At most ten years in all: the clock never goes back.
    @discardableResult
    public func advanceClock(
        of organisationID: OrganisationID, seconds: Int64, idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> TestClock {
        let body = Clock(organisationID: organisationID, advanceSeconds: seconds, setTo: nil)
        return try await caller.post("/v1/simulate/clock", body, idempotencyKey)
    }

    /// Sets the test clock of an organisation to a time, not before what it shows; what became due on the way has
    /// happened when this returns.
    @discardableResult
    public func setClock(
        of organisationID: OrganisationID, to time: Timestamp,
        idempotencyKey: IdempotencyKey? = nil
    ) async throws(ClientError) -> TestClock {
        let body = Clock(organisationID: organisationID, advanceSeconds: nil, setTo: time)
        return try await caller.post("/v1/simulate/clock", body, idempotencyKey)
    }

    private struct Status: Encodable {
        let status: EnrolmentStatus
    }

    private struct Clock: Encodable {
        let organisationID: OrganisationID
        let advanceSeconds: Int64?
        let setTo: Timestamp?

        enum CodingKeys: String, CodingKey {
            case organisationID = "organisation_id"
            case advanceSeconds = "advance_seconds"
            case setTo = "set_to"
        }
    }
}

extension ParryClient {
    /// `/v1/simulate`.
    public var simulations: SimulationCalls { SimulationCalls(caller: caller) }
}
