package import ParryWire

/// What the desk shows.
package struct DeskModel: Sendable, Hashable {
    package var environment: String
    package var mode: AccountMode
    package var url: String
    package var hasHook: Bool
    /// The longest first.
    package var warnMinutes: [Int64]
    /// Those with the nearest deadline first.
    package var alerts: [DeskAlert] = []
    package var enrolments: [DeskEnrolment] = []
    package var health = DeskHealth()
    /// Of the alert that is open; nil until it was read.
    package var detail: DeskDetail?

    package init(
        environment: String, mode: AccountMode, url: String, hasHook: Bool, warnMinutes: [Int64]
    ) {
        self.environment = environment
        self.mode = mode
        self.url = url
        self.hasHook = hasHook
        self.warnMinutes = warnMinutes
    }

    init(_ settings: EnvironmentSettings) {
        self.init(
            environment: settings.name, mode: settings.mode, url: settings.url,
            hasHook: settings.hook != nil, warnMinutes: settings.warnMinutes)
    }

    /// The alert as it was read last.
    package func alert(_ id: String?) -> DeskAlert? {
        guard let id else { return nil }
        return alerts.first { $0.id == id } ?? (detail?.alert.id == id ? detail?.alert : nil)
    }
}
