public import ParryWire

/// A subscription that an order belongs to.
public struct OrderSubscription: OrderPart, Hashable {
    public var referenceID: String
    /// `ACTIVE`, `CANCELLED`, `EXPIRED` or `NOT_STARTED`.
    public var status: String?
    /// How many units.
    public var interval: Int64?
    /// `DAY`, `WEEK`, `MONTH` or `YEAR`.
    public var intervalUnit: String?
    public var amountInCents: Int64?
    public var currency: String?
    public var startedAt: Timestamp?
    public var currentPeriodStartedAt: Timestamp?
    public var currentPeriodEndsAt: Timestamp?
    public var nextBillingAt: Timestamp?
    public var cancelledAt: Timestamp?
    public var expiresAt: Timestamp?
    public var trialStatus: String?
    public var trialStartsAt: Timestamp?
    public var trialEndsAt: Timestamp?
    public var successfulPaymentCount: Int64?
    public var cancellationPolicyURL: String?

    /// A subscription of which nothing more is said yet.
    public init(referenceID: String) {
        self.referenceID = referenceID
    }

    enum CodingKeys: String, CodingKey {
        case status, interval, currency
        case referenceID = "reference_id"
        case intervalUnit = "interval_unit"
        case amountInCents = "amount_in_cents"
        case startedAt = "started_at"
        case currentPeriodStartedAt = "current_period_started_at"
        case currentPeriodEndsAt = "current_period_ends_at"
        case nextBillingAt = "next_billing_at"
        case cancelledAt = "cancelled_at"
        case expiresAt = "expires_at"
        case trialStatus = "trial_status"
        case trialStartsAt = "trial_starts_at"
        case trialEndsAt = "trial_ends_at"
        case successfulPaymentCount = "successful_payment_count"
        case cancellationPolicyURL = "cancellation_policy_url"
    }
}

/// What was written or said to the customer, or by them.
public struct OrderCommunication: OrderPart, Hashable {
    /// `EMAIL`, `SMS`, `CHAT`, `PHONE` or `OTHER`.
    public var channel: String?
    /// `INBOUND` or `OUTBOUND`.
    public var direction: String?
    public var sentAt: Timestamp?
    public var subject: String?
    /// At most 20,000 characters.
    public var body: String?

    /// A communication of which nothing is said yet.
    public init() {}

    enum CodingKeys: String, CodingKey {
        case channel, direction, subject, body
        case sentAt = "sent_at"
    }
}

/// A postal address.
public struct OrderAddress: Codable, Sendable, Hashable {
    public var line1: String?
    public var line2: String?
    public var line3: String?
    public var city: String?
    public var region: String?
    public var postalCode: String?
    /// ISO 3166-1, two letters.
    public var country: String?

    /// An address of which nothing is said yet.
    public init() {}

    enum CodingKeys: String, CodingKey {
        case line1, line2, line3, city, region, country
        case postalCode = "postal_code"
    }
}
