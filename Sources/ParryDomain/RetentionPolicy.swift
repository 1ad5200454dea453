package import ParryWire

/// For how many days what has ended is kept.
package struct RetentionPolicy: Sendable, Hashable {
    /// What has a retention of its own.
    package enum Kind: String, Sendable, CaseIterable {
        case orders
        /// Events and their deliveries.
        case events
        /// The tries of deliveries, which hold a part of the receivers' answers.
        case attempts
        /// What the card networks sent, as it came.
        case networkMessages = "network-messages"
        /// Who changed what.
        case audit

        /// Unless the operator says otherwise. Orders have to outlast the 540 days in which a chargeback can be
        /// raised; the audit log what it tells of, so that it answers for a year that has been closed.
        var standardDays: Int {
            switch self {
            case .orders, .networkMessages: 540
            case .events: 90
            case .attempts: 30
            case .audit: 730
            }
        }
    }

    /// Days that can be set: a day at least, ten years at most.
    package static let daysAllowed = 1...3_660

    private var days: [Kind: Int]

    package init(days: [Kind: Int] = [:]) {
        self.days = days
    }

    /// How many days it is kept; attempts no longer than their deliveries.
    package func days(of kind: Kind) -> Int {
        let days = days[kind] ?? kind.standardDays
        // An attempt means nothing without its delivery.
        return kind == .attempts ? min(days, self.days[.events] ?? Kind.events.standardDays) : days
    }

    /// What is older than this may go.
    package func start(of kind: Kind, at now: Timestamp) -> Timestamp {
        now.adding(seconds: -Int64(days(of: kind)) * 86_400)
    }
}
