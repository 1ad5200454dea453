/// TEST or LIVE; it follows from the partner account and is never chosen by a caller (CONTRACT.md 2.1).
public enum AccountMode: String, Sendable, CaseIterable, Codable {
    case test = "TEST"
    case live = "LIVE"
}

/// What an API key may do (CONTRACT.md 2.3). Spelling as in the original, `enrollments` included.
public enum Ability: String, Sendable, CaseIterable, Codable {
    case organisationsRead = "organisations:read"
    case organisationsWrite = "organisations:write"
    case merchantsRead = "merchants:read"
    case merchantsWrite = "merchants:write"
    case membershipsRead = "memberships:read"
    case membershipsWrite = "memberships:write"
    /// Of the deprecated `/v1/enrolments` only.
    case enrolmentsV1Read = "enrolments:read"
    case enrolmentsV1Write = "enrolments:write"
    case enrolmentsRead = "enrolments_v2:read"
    case enrolmentsWrite = "enrolments_v2:write"
    case integrationsRead = "integrations:read"
    case integrationsWrite = "integrations:write"
    case ordersRead = "orders:read"
    case ordersWrite = "orders:write"
    case ordersUpdate = "orders:update"
    case alertsRead = "alerts:read"
    case alertsWrite = "alerts:write"
    case rulesetsRead = "rulesets:read"
    case rulesetsWrite = "rulesets:write"
    case schemeNoticesRead = "scheme_notices:read"
    case lookupsRead = "lookups:read"
    case simulationsLookups = "simulations:lookups"
    case simulationsSchemeNotices = "simulations:scheme_notices"
    case simulationsAlerts = "simulations:alerts"
    case simulationsEnrolments = "simulations:enrollments"
    // Beyond the original (amendment 8).
    case webhooksRead = "webhooks:read"
    case webhooksWrite = "webhooks:write"
    case refundsRead = "refunds:read"
    case refundsWrite = "refunds:write"
    case simulationsClock = "simulations:clock"

    /// Abilities that every key has without being asked for (CONTRACT.md 2.3).
    public static let always: Set<Ability> = [.integrationsRead, .integrationsWrite]
    /// What a key gets that asks for nothing (CONTRACT.md 2.3).
    public static let standard: Set<Ability> = [.ordersRead, .ordersWrite, .ordersUpdate]
    /// What new keys are made with; those of the deprecated `/v1/enrolments` have to be asked for.
    public static let ofNewKeys = Set(allCases).subtracting([
        .enrolmentsV1Read, .enrolmentsV1Write,
    ])
}

/// What a member may do in an organisation (CONTRACT.md 5).
public enum MembershipRole: String, Sendable, CaseIterable, Codable {
    case admin = "ADMIN"
    case standard = "STANDARD"
}

/// The kinds of merchant account (CONTRACT.md 21, row 11).
public enum MerchantType: String, Sendable, CaseIterable, Codable {
    case generic = "GENERIC"
    case stripe = "STRIPE"
    case adyen = "ADYEN"
    case authorizeNet = "AUTHORIZE_NET"
    case shopify = "SHOPIFY"
    case checkoutCom = "CHECKOUT_COM"
    case braintree = "BRAINTREE"
    case paypal = "PAYPAL"
}

/// What a merchant sells, for representments (CONTRACT.md 4).
public enum RepresentmentServiceType: String, Sendable, CaseIterable, Codable {
    case physicalGoods = "PHYSICAL_GOODS"
    case onlineServices = "ONLINE_SERVICES"
    case offlineServices = "OFFLINE_SERVICES"
}

/// Where an integration's orders come from; the API creates only `CUSTOM_ORDERS` (CONTRACT.md 6), the
/// operator the others.
public enum IntegrationType: String, Sendable, CaseIterable, Codable {
    case customOrders = "CUSTOM_ORDERS"
    case stripe = "STRIPE"
    case adyen = "ADYEN"
    case shopify = "SHOPIFY"

    /// Those of payment processors, which know their transactions themselves.
    public static let processors = allCases.filter { $0 != .customOrders }
}

/// Whether an integration takes orders (CONTRACT.md 6).
public enum IntegrationStatus: String, Sendable, CaseIterable, Codable {
    case enabled = "ENABLED"
    case disabled = "DISABLED"
}
