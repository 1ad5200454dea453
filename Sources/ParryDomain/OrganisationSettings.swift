import ParryWire

/// How the transactions of alerts are looked for (CONTRACT.md 12).
package enum MatchingMode: String, Sendable, CaseIterable {
    case strict
    case soft
}

/// What an operator sets for one organisation, by what it uses of the platform.
package struct OrganisationSettings: Sendable, Hashable {
    /// Members that each COMPLETE order of it must have besides those that all must have.
    package var requiredOrderFields: [String]
    package var matchingMode: MatchingMode
    /// Whether `CANCEL` and `REFUND_AND_CANCEL` may be declared: somebody cancels subscriptions.
    package var allowsCancelActions: Bool
    /// Hours that an Ethoca alert leaves for an action.
    package var alertWindowHours: Int
    /// Hours before a deadline at which a partner is reminded of it, the earliest reminder first.
    package var reminderHours: [Int]

    /// What holds where nothing was set.
    package static let standard = OrganisationSettings(
        requiredOrderFields: [], matchingMode: .soft, allowsCancelActions: false,
        alertWindowHours: 48, reminderHours: [24, 4])

    package init(
        requiredOrderFields: [String], matchingMode: MatchingMode, allowsCancelActions: Bool,
        alertWindowHours: Int, reminderHours: [Int]
    ) {
        self.requiredOrderFields = requiredOrderFields
        self.matchingMode = matchingMode
        self.allowsCancelActions = allowsCancelActions
        self.alertWindowHours = alertWindowHours
        self.reminderHours = reminderHours
    }

    /// When an open alert needs attention.
    package var schedule: AlertSchedule { AlertSchedule(reminderHours: reminderHours) }

    /// The optional members of an order that can be required.
    package static let orderFields = [
        "customer_id", "customer_email", "customer_phone", "customer_first_name",
        "customer_last_name", "customer_ip_address", "customer_device_id",
        "customer_device_fingerprint", "customer_account_created_at", "billing_address",
        "shipping_address", "transactions", "refunds", "disputes", "items", "deliveries",
        "subscriptions", "communications",
    ]
    /// The hours that can be set.
    package static let alertWindowHoursRange = 1...72
    /// Reminders of one alert at most.
    package static let remindersMax = 5

    /// A setting that cannot be, in one sentence.
    package struct Invalid: Error, Equatable {
        package let reason: String
    }

    /// Takes one setting by its name.
    ///
    /// - Throws: ``Invalid``.
    package mutating func set(_ name: String, to value: String) throws(Invalid) {
        switch name {
        case "required_order_fields":
            let fields = value.split(separator: ",").map(String.init)
            if let unknown = fields.first(where: { !Self.orderFields.contains($0) }) {
                throw Invalid(
                    reason: "an order cannot be made to require \(unknown.prefix(60)); it can: "
                        + Self.orderFields.joined(separator: ", "))
            }
            requiredOrderFields = Self.orderFields.filter(fields.contains)
        case "matching_mode":
            guard let mode = MatchingMode(rawValue: value) else {
                throw Invalid(reason: "matching_mode is strict or soft")
            }
            matchingMode = mode
        case "cancel_actions":
            guard let flag = Bool(value) else {
                throw Invalid(reason: "cancel_actions is true or false")
            }
            allowsCancelActions = flag
        case "alert_window":
            guard let hours = Int(value), Self.alertWindowHoursRange.contains(hours) else {
                throw Invalid(reason: "alert_window is a number of hours from 1 to 72")
            }
            alertWindowHours = hours
        case "deadline_reminders": reminderHours = try Self.reminders(value)
        default:
            throw Invalid(
                reason: "there is no setting \(name.prefix(60)); there are required_order_fields, "
                    + "matching_mode, cancel_actions, alert_window and deadline_reminders")
        }
    }

    private static func reminders(_ value: String) throws(Invalid) -> [Int] {
        guard !value.isEmpty else { return [] }
        let parts = value.split(separator: ",", omittingEmptySubsequences: false)
        let hours = parts.compactMap { part in
            Int(part).flatMap { String($0) == part ? $0 : nil }
        }.filter(alertWindowHoursRange.contains)
        guard hours.count == parts.count, Set(hours).count == hours.count,
            hours.count <= remindersMax
        else {
            throw Invalid(
                reason:
                    "deadline_reminders are up to 5 different hours from 1 to 72, such as 24,4; "
                    + "nothing turns them off")
        }
        return hours.sorted(by: >)
    }
}
