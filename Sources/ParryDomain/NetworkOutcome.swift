package import ParryWire

/// Why an alert ended, as far as the network's words differ by it.
package enum OutcomeReason: String, Sendable, CaseIterable {
    /// The merchant gave the money back because of the alert.
    case refunded = "REFUNDED"
    /// The subscription ends, the money stays.
    case cancelled = "CANCELLED"
    /// The dispute may come.
    case notRefunded = "NOT_REFUNDED"
    case alreadyRefunded = "ALREADY_REFUNDED"
    case alreadyDisputed = "ALREADY_DISPUTED"
    /// Another merchant's, or no sale is known.
    case notFound = "NOT_FOUND"

    /// Whether the cardholder has the money.
    package var isRefunded: Bool {
        switch self {
        case .refunded, .alreadyRefunded: true
        case .cancelled, .notRefunded, .alreadyDisputed, .notFound: false
        }
    }
}

/// What Ethoca is told about an alert; the first one is final (NETWORKS.md).
package struct NetworkOutcome: Sendable, Hashable {
    /// The alert's id at the network.
    package let networkID: String
    package let category: DisputeCategory
    package let reason: OutcomeReason
    /// In minor units of the currency.
    package let amount: Int64
    package let currency: String
    package let decidedAt: Timestamp
    /// The alert's note; at most 1,024 characters.
    package let comments: String?

    package init(
        networkID: String, category: DisputeCategory, reason: OutcomeReason, amount: Int64,
        currency: String, decidedAt: Timestamp, comments: String?
    ) {
        self.networkID = networkID
        self.category = category
        self.reason = reason
        self.amount = amount
        self.currency = currency
        self.decidedAt = decidedAt
        self.comments = comments
    }
}

extension Alert {
    /// Why a resolved alert ended; nil while it is open.
    package var outcomeReason: OutcomeReason? {
        switch (state.refundOutcome, state.cancelOutcome) {
        case (.refunded, _): .refunded
        case (.notRefunded, .cancelled): .cancelled
        case (.notRefunded, _): .notRefunded
        case (nil, _): nil
        }
    }
}
