/// What a question about a refund is answered (beyond the original).
public enum RefundIntentOutcome: String, Sendable, CaseIterable, Codable {
    /// The amount is reserved: refund, then commit.
    case safe = "SAFE"
    /// What is recorded covers the transaction.
    case alreadyRefunded = "ALREADY_REFUNDED"
    /// Another refund is on its way, and not enough is left beside it.
    case inFlight = "IN_FLIGHT"
    /// More than is left.
    case exceedsRemaining = "EXCEEDS_REMAINING"
}

/// The life of a refund that was asked about (beyond the original).
public enum RefundIntentStatus: String, Sendable, CaseIterable, Codable {
    case reserved = "RESERVED"
    /// The money went back.
    case committed = "COMMITTED"
    /// It did not, and will not.
    case released = "RELEASED"
    /// Nobody said what became of it in time; it can still be committed.
    case expired = "EXPIRED"
}

/// Who told of a refund.
public enum RefundSource: String, Sendable, CaseIterable, Codable {
    /// The order has it.
    case order = "ORDER"
    /// A refund intent.
    case intent = "INTENT"
    /// The card network refunded at its side (Verifi RDR).
    case network = "NETWORK"
    /// Somebody declared it by an alert's action.
    case action = "ACTION"
}
