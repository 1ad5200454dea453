import Logging
import ParryClient
import ParryDatabase
import ParryWire

/// Asks the platform which alerts are open, so that a webhook that never came loses nothing.
struct AlertPoller: Sendable {
    let environment: PartnerEnvironment
    let alerts: AlertWorker

    private static let pageSize = 200

    /// Takes in what is open at the platform, and looks at what is open here alone.
    func poll() async throws {
        var seen: Set<String> = []
        let list = environment.client.alerts.list(
            status: .actionRequired, sort: .soonestDeadline, pageSize: Self.pageSize)
        for try await alert in list {
            seen.insert(alert.id.text)
            let known = try await environment.store.database.lookUp {
                try AlertStore.find(alert.id.text, $0)
            }
            // One that is known and open has nothing new.
            guard known?.status != AlertStatus.actionRequired.rawValue else { continue }
            try await look(alert.id.text)
        }
        let open = try await environment.store.database.read {
            try AlertStore.open(limit: 1_000, $0)
        }
        for alert in open where !seen.contains(alert.id) { try await look(alert.id) }
        try await pollEnrolments()
    }

    /// One that cannot be read keeps the others from nothing.
    private func look(_ id: String) async throws {
        do {
            try await alerts.refresh(id)
        } catch {
            guard !error.isCancellation else { throw CancellationError() }
            environment.logger.warning(
                "an alert could not be read", metadata: ["alert": "\(id)", "reason": "\(error)"])
        }
    }

    /// Enrolments that onboarding made and that are not as the platform shows them.
    private func pollEnrolments() async throws {
        for try await enrolment in environment.client.enrolments.list(pageSize: Self.pageSize) {
            let known = try await environment.store.database.lookUp {
                try EnrolmentStore.find(enrolment.id.text, $0)
            }
            guard known?.status != enrolment.status.text else { continue }
            let document = try await environment.client.read("/v2/enrolments/\(enrolment.id)")
            let now = Timestamp.now()
            try await environment.store.database.write {
                try EnrolmentStore.see(document, from: "poll", at: now, $0)
            }
        }
    }
}
