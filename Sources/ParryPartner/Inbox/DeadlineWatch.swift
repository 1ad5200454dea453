import Logging
import ParryDatabase
import ParryWire

/// Warns of deadlines that come near, each time once.
struct DeadlineWatch: Sendable {
    let environment: PartnerEnvironment

    private static let alertsMax = 10_000

    /// Says which open alerts passed a warning since the last look.
    func look() async throws {
        let now = Timestamp.now()
        let open = try await environment.store.database.read {
            try AlertStore.open(limit: Self.alertsMax, $0)
        }
        for alert in open {
            guard let minutes = Self.warning(alert, environment.settings.warnMinutes, at: now)
            else {
                continue
            }
            try await environment.store.database.write { tx in
                guard var alert = try AlertStore.find(alert.id, tx) else { return }
                alert.warnedMinutes = minutes
                try AlertStore.save(alert, tx)
                try PartnerDatabase.note(
                    "less than \(minutes) minutes are left", about: alert.id, at: now, tx)
            }
            environment.logger.warning(
                "an alert's deadline comes near",
                metadata: [
                    "alert": "\(alert.id)", "deadline": "\(alert.deadline?.iso8601 ?? "")",
                    "step": "\(alert.step.rawValue)", "reason": "\(alert.reason ?? "")",
                ])
        }
    }

    /// The nearest warning that an alert has passed and was not given yet.
    static func warning(
        _ alert: AlertCase, _ warnMinutes: [Int64], at now: Timestamp
    ) -> Int64? {
        guard let deadline = alert.deadline else { return nil }
        let left = deadline.milliseconds - now.milliseconds
        guard let passed = warnMinutes.filter({ left <= $0 * 60_000 }).min(),
            passed < alert.warnedMinutes ?? .max
        else { return nil }
        return passed
    }
}
