import HTTPTypes
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// `/v1/alerts` (CONTRACT.md 9) and their simulation (14.2).
struct AlertRoutes: Sendable {
    let service: AlertService
    let cases: AlertCaseService

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/alerts", .alertsRead, .any, list)
                .lists(Alert.self, "List alerts", by: Parameters.all),
            Endpoint(.get, item, .alertsRead, .any, find).shows(Alert.self, "Read an alert"),
            Endpoint(.patch, item, .alertsWrite, .any, update)
                .changes(
                    Alert.self, "Action an alert, or note something about it",
                    by: AlertRequest.update,
                    refusing: [
                        .alertNotActionable, .alertDeadlinePassed, .invalidAction,
                        .actionNotSupported, .alreadyRefunded,
                    ]
                )
                .noting(
                    """
                    An action is possible once, on an ETHOCA_ALERT alert that is ACTION_REQUIRED, before
                    its `action_required_deadline`. REFUND says that the money went back; the platform
                    moves none. A note can be written at any time. Send `action`, `note` or both.

                    Beyond the original: a refund of a transaction that the network refunded already (Verifi RDR) is
                    refused, unless `force` is true; `needs_attention: false` takes the alert off the list of those that
                    somebody has to look at.
                    """),
            Endpoint(.get, item + "/match", .alertsRead, .any, match)
                .shows(AlertMatch.self, "Read how an alert was matched")
                .noting(
                    """
                    The best candidates with what each field says for and against them, so that a person sees
                    why the alert has this transaction, or none. Beyond the original.
                    """),
            Endpoint(.put, item + "/match", .alertsWrite, .any, setMatch)
                .changes(
                    AlertMatch.self, "Set an alert's transaction by hand",
                    by: AlertMatchRequest.set
                )
                .noting(
                    """
                    Takes a transaction of the alert's organisation, or null for none of the known ones; its
                    integration has to be named only where several have such a reference. Later orders do not change it any more. What the network was told stays as it is. Beyond the
                    original.
                    """),
            Endpoint(.post, "/v1/simulate/alerts", .simulationsAlerts, .any, simulate)
                .creates(
                    Alert.self, "Simulate an alert in a TEST account",
                    from: .object(SimulationRequest.alert), links: false,
                    refusing: [
                        .organisationNotTestMode, .enrolmentNotEnabled,
                        .enrolmentOrganisationMismatch, .invalidStatusForEnrolmentType,
                    ]
                )
                .noting(
                    """
                    Sends the same webhooks as a real alert. No transaction is looked for, unless `match` is
                    true: then the alert is matched and judged as one from the network is, and what is not given
                    is unknown to the matching. Duplicates, and alerts of sales that were refunded before, come
                    as INVALID; orders that arrive later are found. A `status` other than ACTION_REQUIRED stays.
                    `match` is beyond the original.
                    """),
        ]
    }

    private enum Parameters {
        static let status = Parameter<AlertStatus?>.word("status")
        static let organisationID = Parameter<OrganisationID?>.organisationID
        static let merchantID = Parameter<MerchantID?>.merchantID
        static let needsAttention = Parameter<Bool?>.flag("needs_attention")
        static let receivedAt = RangeParameter("alert_received_at")
        static let sort = SortParameter(standard: AlertStore.Filter.Sort.receivedAt)
        static let all =
            [
                status.declaration, organisationID.declaration, merchantID.declaration,
                needsAttention.declaration,
            ] + receivedAt.declarations + [sort.declaration]
    }

    private var item: String { "/v1/alerts/{alert_id}" }

    private func list(_ call: Call) async throws -> Answer {
        let query = try call.query()
        var filter = AlertStore.Filter()
        filter.status = try query[Parameters.status]
        filter.organisationID = try query[Parameters.organisationID]
        filter.merchantID = try query[Parameters.merchantID]
        filter.needsAttention = try query[Parameters.needsAttention]
        (filter.receivedFrom, filter.receivedTo) = try query.range(Parameters.receivedAt)
        (filter.sort, filter.direction) = try query.sort(Parameters.sort)
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
        let change = AlertService.Change(
            action: action, note: body.has("note") ? .some(body[AlertRequest.note]) : nil,
            isForced: body[AlertRequest.force] ?? false,
            isSeen: body[AlertRequest.needsAttention] == false)
        return .ok(
            try await service.update(id, change, by: call.principal, now: call.now).json())
    }

    private func match(_ call: Call) async throws -> Answer {
        .ok(try await cases.match(of: call.id("alert"), by: call.principal).json())
    }

    private func setMatch(_ call: Call) async throws -> Answer {
        let id: AlertID = try call.id("alert")
        _ = try await service.find(id, by: call.principal)
        let body = try await AlertMatchRequest.set.decode(call.body())
        let choice = body[AlertMatchRequest.transactionID].map {
            AlertCaseService.Choice(
                integrationID: body[AlertMatchRequest.integrationID], reference: $0)
        }
        return .ok(
            try await cases.set(choice, of: id, by: call.principal, now: call.now).json())
    }

    /// The answer has no links, as in the original (CONTRACT.md 14.2).
    private func simulate(_ call: Call) async throws -> Answer {
        let body = try await SimulationRequest.alert.decode(call.body())
        let simulation = AlertSimulation(body)
        return try await call.creating(links: false) {
            try await service.simulate(
                simulation, organisation: body[SimulationRequest.organisationID],
                enrolment: body[SimulationRequest.enrolmentID], by: call.principal, now: call.now)
        }
    }
}
