/// The report of a card scheme that a notice came in (CONTRACT.md 16): Visa's TC40 tells of fraud, its TC15
/// of disputes, Mastercard's SAFE of fraud.
public enum SchemeNoticeType: String, Sendable, CaseIterable, Codable {
    case tc15 = "TC15"
    case tc40 = "TC40"
    case safe = "SAFE"
}

/// What a scheme notice is about (CONTRACT.md 16).
public enum NoticeType: String, Sendable, CaseIterable, Codable {
    case fraud = "FRAUD_NOTICE"
    case dispute = "DISPUTE_NOTICE"
}

/// Through which programme order data was asked for (CONTRACT.md 18).
public enum LookupType: String, Sendable, CaseIterable, Codable {
    case orderInsight = "ORDER_INSIGHT"
    case consumerClarity = "CONSUMER_CLARITY"
}

/// What became of a lookup (CONTRACT.md 17).
public enum LookupStatus: String, Sendable, CaseIterable, Codable {
    case pending = "PENDING"
    case succeeded = "SUCCEEDED"
    case failed = "FAILED"
    case timeout = "TIMEOUT"
}

/// Whether the dispute behind a lookup was deflected (CONTRACT.md 17).
public enum DeflectionStatus: String, Sendable, CaseIterable, Codable {
    case notAttempted = "NOT_ATTEMPTED"
    case pending = "PENDING"
    case succeeded = "SUCCEEDED"
    case failed = "FAILED"
}
