/// The alert products that a merchant can be enrolled in (CONTRACT.md 7).
public enum EnrolmentType: String, Sendable, CaseIterable, Codable {
    case ethocaAlert = "ETHOCA_ALERT"
    case verifiRDR = "VERIFI_RDR"
}

/// The life of an enrolment (CONTRACT.md 7.3); alerts may arrive only while `ENABLED`.
public enum EnrolmentStatus: String, Sendable, CaseIterable, Codable {
    case pending = "PENDING"
    case inProgress = "IN_PROGRESS"
    case actionRequired = "ACTION_REQUIRED"
    case enabled = "ENABLED"
    case failed = "FAILED"
    case cancelled = "CANCELLED"
    case paused = "PAUSED"
    case unenrolled = "UNENROLLED"
}

/// How an enrolled descriptor is compared with a statement's (CONTRACT.md 7.1).
public enum DescriptorMatchType: String, Sendable, CaseIterable, Codable {
    case startsWith = "STARTS_WITH"
    case exactMatch = "EXACT_MATCH"
}

/// COMPLETE orders are the platform's only source of a sale, PARTIAL ones enrich a processor's (CONTRACT.md 8.1).
public enum OrderType: String, Sendable, CaseIterable, Codable {
    case complete = "COMPLETE"
    case partial = "PARTIAL"
}

/// The state of an order, as Consumer Clarity lists them (CONTRACT.md 8.2).
public enum OrderStatus: String, Sendable, CaseIterable, Codable {
    case openPending = "OPEN_PENDING"
    case openPendingReturn = "OPEN_PENDING_RETURN"
    case closedComplete = "CLOSED_COMPLETE"
    case closedCancelled = "CLOSED_CANCELLED"
    case other = "OTHER"
}

/// The three public states of an alert (CONTRACT.md 9.2).
public enum AlertStatus: String, Sendable, CaseIterable, Codable {
    case actionRequired = "ACTION_REQUIRED"
    case resolved = "RESOLVED"
    case invalid = "INVALID"
}

/// What a partner can declare about an open Ethoca alert (CONTRACT.md 9.4).
public enum AlertAction: String, Sendable, CaseIterable, Codable {
    case refund = "REFUND"
    case cancel = "CANCEL"
    case refundAndCancel = "REFUND_AND_CANCEL"
    case acceptDispute = "ACCEPT_DISPUTE"
}

/// Whether the cardholder has the money back; absent while an alert is open (CONTRACT.md 9.1).
public enum RefundOutcome: String, Sendable, CaseIterable, Codable {
    case refunded = "REFUNDED"
    case notRefunded = "NOT_REFUNDED"
}

/// What became of the subscription behind an alert; absent when nothing was tried (CONTRACT.md 9.1).
public enum SubscriptionCancelOutcome: String, Sendable, CaseIterable, Codable {
    case cancelled = "CANCELLED"
    case notCancelled = "NOT_CANCELLED"
    case failed = "FAILED"
}

/// The card brands (CONTRACT.md 8.3).
public enum CardBrand: String, Sendable, CaseIterable, Codable {
    case visa = "VISA"
    case mastercard = "MASTERCARD"
    case amex = "AMEX"
    case discover = "DISCOVER"
    case diners = "DINERS"
    case jcb = "JCB"
    case unionpay = "UNIONPAY"
    case other = "OTHER"
}

/// The life of a webhook delivery (amendment 8).
public enum DeliveryState: String, Sendable, CaseIterable, Codable {
    /// Due at some time, or being sent.
    case pending = "PENDING"
    case delivered = "DELIVERED"
    /// Every try failed.
    case failed = "FAILED"
}

/// What becomes of a redelivery of many webhooks.
public enum RedeliveryStatus: String, Sendable, CaseIterable, Codable {
    /// Some of them are not due yet.
    case running = "RUNNING"
    /// All that were meant are due again, or were sent already.
    case completed = "COMPLETED"
}

/// How a delivery ended that can be sent again.
public enum EndedDeliveryState: String, Sendable, CaseIterable, Codable {
    /// The receiver took it.
    case delivered = "DELIVERED"
    /// Every try failed.
    case failed = "FAILED"
}

/// The events that a webhook endpoint can subscribe to (CONTRACT.md 15.1).
public enum EventType: String, Sendable, CaseIterable, Codable {
    case alertCreated = "alert.created"
    case alertUpdated = "alert.updated"
    /// Beyond the original: an open alert's deadline comes near.
    case alertDeadlineApproaching = "alert.deadline_approaching"
    /// Beyond the original: somebody has to look at an alert.
    case alertNeedsAttention = "alert.needs_attention"
    case enrolmentCreated = "enrolment.created"
    case enrolmentUpdated = "enrolment.updated"
    case schemeNoticeCreated = "scheme_notice.created"
    case schemeNoticeUpdated = "scheme_notice.updated"
    case lookupCreated = "lookup.created"
    case lookupUpdated = "lookup.updated"
}

/// Why somebody has to look at an alert (beyond the original).
public enum AttentionReason: String, Sendable, CaseIterable, Codable {
    /// The network took back an RDR case that it had refunded.
    case caseDeleted = "CASE_DELETED"
    /// The network refused the outcome for good: it does not know how the alert ended.
    case outcomeRefused = "OUTCOME_REFUSED"
    /// The network was told that the money stays, and then it went back.
    case refundedAfterDecline = "REFUNDED_AFTER_DECLINE"
    /// The network refunded a sale that had been refunded already.
    case refundedTwice = "REFUNDED_TWICE"
    /// A rule could not compare the amount, because there is no exchange rate of its day.
    case rateMissing = "RATE_MISSING"
}

/// What became of the search for an alert's transaction (beyond the original).
public enum MatchOutcomeWord: String, Sendable, CaseIterable, Codable {
    case matched = "MATCHED"
    /// Several fit and nothing separates them.
    case ambiguous = "AMBIGUOUS"
    case none = "NONE"
    /// Nothing was looked for, as for a simulated alert.
    case notSearched = "NOT_SEARCHED"
}
