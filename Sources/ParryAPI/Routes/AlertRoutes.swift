import HTTPTypes
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// `/v1/alerts` (CONTRACT.md 9) and their simulation (14.2).
struct AlertRoutes: Sendable {
    let service: AlertService

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/alerts", .alertsRead, .any, list),
            Endpoint(.get, item, .alertsRead, .any, find),
            Endpoint(.patch, item, .alertsWrite, .any, update),
            Endpoint(.post, "/v1/simulate/alerts", .simulationsAlerts, .any, simulate),
        ]
    }

    private var item: String { "/v1/alerts/{alert_id}" }

    private func list(_ call: Call) async throws -> Answer {
        let query = try call.query()
        var filter = AlertStore.Filter()
        filter.status = try query.word("status")
        filter.organisationID = try query.id("organisation_id", of: "organisation")
        filter.merchantID = try query.id("merchant_id", of: "merchant")
        (filter.receivedFrom, filter.receivedTo) = try query.range("alert_received_at")
        (filter.sort, filter.direction) = try query.sort(default: .receivedAt)
        let page = try query.page()
        return .ok(try await service.list(filter, page: page, by: call.principal).json)
    }

    private func find(_ call: Call) async throws -> Answer {
        .ok(try await service.find(call.id("alert"), by: call.principal).json())
    }

    private func update(_ call: Call) async throws -> Answer {
        let id: AlertID = try call.id("alert")
        _ = try await service.find(id, by: call.principal)
        let body = try await AlertRequest.update.decode(call.body())
        let action = body[AlertRequest.action]
        guard action != nil || body.has("note") else {
            throw Problem(field: "", code: "REQUIRED", "send action, note, or both")
        }
        let change = AlertService.Change(
            action: action, note: body.has("note") ? .some(body[AlertRequest.note]) : nil)
        return .ok(
            try await service.update(id, change, by: call.principal, now: call.now).json())
    }

    /// The answer has no links, as in the original (CONTRACT.md 14.2).
    private func simulate(_ call: Call) async throws -> Answer {
        let body = try await SimulationRequest.alert.decode(call.body())
        let simulation = AlertSimulation(
            status: body[SimulationRequest.status].flatMap(AlertStatus.init),
            cardScheme: body[SimulationRequest.cardScheme].flatMap(CardBrand.init),
            amount: body[SimulationRequest.amount], currency: body[SimulationRequest.currency],
            acquirerReferenceNumber: body[SimulationRequest.acquirerReferenceNumber],
            authorisationCode: body[SimulationRequest.authorisationCode])
        return try await call.creating(links: false) {
            try await service.simulate(
                simulation, organisation: body[SimulationRequest.organisationID],
                enrolment: body[SimulationRequest.enrolmentID], by: call.principal, now: call.now)
        }
    }
}
