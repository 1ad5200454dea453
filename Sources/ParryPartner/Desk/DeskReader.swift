import ParryClient
import ParryDatabase
import ParryWire

/// Reads what the desk shows: the lists from the database, and one alert from the platform too.
package struct DeskReader: Sendable {
    private let environment: PartnerEnvironment

    private static let alertsMax = 1_000
    private static let enrolmentsMax = 1_000
    private static let failuresMax = 5
    private static let journalMax = 100
    /// The platform shows a few candidates; more than these are not asked for.
    private static let ordersMax = 10
    private static let intentsMax = 20

    package init(_ environment: PartnerEnvironment) {
        self.environment = environment
    }

    /// The lists and the health, from the database alone.
    package func model() async throws -> DeskModel {
        let settings = environment.settings
        var model = try await environment.store.database.read { tx in
            var model = DeskModel(settings)
            let names = try Names(tx)
            model.alerts = try DeskStore.alerts(limit: Self.alertsMax, tx).map {
                DeskAlert($0, customer: names.customer($0.organisationID))
            }
            model.enrolments = try EnrolmentStore.all(limit: Self.enrolmentsMax, tx).map {
                DeskEnrolment(
                    $0, name: names.enrolment($0.id), customer: names.customer($0.organisationID))
            }.sorted { ($0.customer, $0.id) < ($1.customer, $1.id) }
            model.health = try Self.health(tx)
            return model
        }
        model.health.pollSeconds = settings.pollSeconds
        model.health.clockOffsetSeconds = environment.client.clockOffsetSeconds
        model.health.isDaemonRunning = try FileLock.daemon(settings) == nil
        return model
    }

    private static func health(_ tx: any ReadTransaction) throws -> DeskHealth {
        var health = DeskHealth()
        health.feeds = try DeskStore.feeds(tx)
        health.inbox = try InboxStore.health(tx)
        health.failures = try DeskStore.failures(limit: failuresMax, tx)
        health.steps = try DeskStore.steps(tx)
        health.lastSeenAt = try DeskStore.lastSeenAt(tx)
        return health
    }

    /// An alert as it is here.
    ///
    /// - Throws: ``PartnerError`` where there is none of this id.
    package func alert(_ id: String) async throws -> DeskAlert {
        let found = try await environment.store.database.read { tx in
            try AlertStore.find(id, tx).map {
                DeskAlert($0, customer: try Names(tx).customer($0.organisationID))
            }
        }
        guard let found else { throw PartnerError("there is no alert \(id) here") }
        return found
    }

    /// Everything about an alert. What the platform does not tell is named in ``DeskDetail/problems``.
    package func detail(_ id: String) async throws -> DeskDetail {
        var problems: [String] = []
        await note(&problems, "the alert") {
            _ = try await AlertWorker(environment).refresh(id)
        }
        var detail = DeskDetail(try await alert(id))
        await note(&problems, "the match") { detail.match = try await match(id) }
        for order in orderIDs(detail.match) {
            await note(&problems, "the order \(order)") {
                detail.orders.append(try await environment.client.orders.get(order))
            }
        }
        await note(&problems, "what the refund guard knows") {
            detail.intents = try await intents(detail.alert.state)
        }
        detail.journal = try await environment.store.database.read {
            try DeskStore.journal(id, limit: Self.journalMax, $0)
        }
        detail.problems = problems
        return detail
    }

    private func match(_ id: String) async throws -> AlertMatch? {
        guard let id = AlertID.given(id) else { return nil }
        return try await environment.client.alerts.match(of: id)
    }

    private func orderIDs(_ match: AlertMatch?) -> [OrderID] {
        var ids: [OrderID] = []
        for id in (match?.candidates ?? []).compactMap(\.orderID) where !ids.contains(id) {
            ids.append(id)
        }
        return Array(ids.prefix(Self.ordersMax))
    }

    private func intents(_ alert: AlertCase) async throws -> [RefundIntent] {
        guard let reference = alert.transactionReference else { return [] }
        let list = environment.client.refundIntents.list(
            organisationID: OrganisationID.given(alert.organisationID),
            integrationID: alert.integrationID.flatMap { IntegrationID.given($0) },
            transactionReferenceID: reference)
        return try await list.page(limit: Self.intentsMax).items
    }

    /// What fails is named, and the rest is read all the same.
    private func note(
        _ problems: inout [String], _ what: String, _ body: () async throws -> Void
    ) async {
        do {
            try await body()
        } catch {
            problems.append("\(what): \(error)")
        }
    }
}

/// What ours are called.
private struct Names {
    private let mappings: [String: MappingStore.Mapping]

    init(_ tx: any ReadTransaction) throws {
        let known = try MappingStore.all(tx).compactMap { one in one.id.map { ($0, one) } }
        mappings = Dictionary(known) { first, _ in first }
    }

    func customer(_ organisation: String) -> String? { mappings[organisation]?.name }

    func enrolment(_ id: String) -> String? { mappings[id]?.name }
}
