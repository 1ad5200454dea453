/// TEST or LIVE; it follows from the partner account and is never chosen by a caller (CONTRACT.md 2.1).
public enum AccountMode: String, Sendable, CaseIterable {
    case test = "TEST"
    case live = "LIVE"
}

/// What an API key may do (CONTRACT.md 2.3). Spelling as in the original, `enrollments` included.
public enum Ability: String, Sendable, CaseIterable {
    case organisationsRead = "organisations:read"
    case organisationsWrite = "organisations:write"
    case merchantsRead = "merchants:read"
    case merchantsWrite = "merchants:write"
    case enrolmentsRead = "enrolments_v2:read"
    case enrolmentsWrite = "enrolments_v2:write"
    case integrationsRead = "integrations:read"
    case integrationsWrite = "integrations:write"
    case ordersRead = "orders:read"
    case ordersWrite = "orders:write"
    case ordersUpdate = "orders:update"
    case alertsRead = "alerts:read"
    case alertsWrite = "alerts:write"
    case simulationsAlerts = "simulations:alerts"
    case simulationsEnrolments = "simulations:enrollments"

    /// Abilities that every key has without being asked for (CONTRACT.md 2.3).
    public static let always: Set<Ability> = [.integrationsRead, .integrationsWrite]
}

/// The kinds of merchant account (CONTRACT.md 21, row 11).
public enum MerchantType: String, Sendable, CaseIterable {
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
public enum RepresentmentServiceType: String, Sendable, CaseIterable {
    case physicalGoods = "PHYSICAL_GOODS"
    case onlineServices = "ONLINE_SERVICES"
    case offlineServices = "OFFLINE_SERVICES"
}

/// Where an integration's orders come from; the API creates only `CUSTOM_ORDERS` (CONTRACT.md 6).
public enum IntegrationType: String, Sendable, CaseIterable {
    case customOrders = "CUSTOM_ORDERS"
}

/// Whether an integration takes orders (CONTRACT.md 6).
public enum IntegrationStatus: String, Sendable, CaseIterable {
    case enabled = "ENABLED"
    case disabled = "DISABLED"
}
