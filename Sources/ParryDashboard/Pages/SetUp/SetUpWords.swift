import ParryWire

/// The API's words as people say them.
enum SetUpWords {
    static func product(_ type: EnrolmentType) -> String {
        switch type {
        case .ethocaAlert: "Ethoca Alerts"
        case .verifiRDR: "Verifi RDR"
        }
    }

    static func matchType(_ type: DescriptorMatchType) -> String {
        switch type {
        case .startsWith: "Starts with"
        case .exactMatch: "Is exactly"
        }
    }

    static func merchantType(_ type: MerchantType) -> String {
        switch type {
        case .generic: "Generic"
        case .stripe: "Stripe"
        case .adyen: "Adyen"
        case .authorizeNet: "Authorize.net"
        case .shopify: "Shopify"
        case .checkoutCom: "Checkout.com"
        case .braintree: "Braintree"
        case .paypal: "PayPal"
        }
    }

    static func serviceType(_ type: RepresentmentServiceType) -> String {
        switch type {
        case .physicalGoods: "Physical goods"
        case .onlineServices: "Online services"
        case .offlineServices: "Offline services"
        }
    }

    static func feedType(_ type: IntegrationType) -> String {
        switch type {
        case .customOrders: "Orders that you upload"
        case .stripe: "Stripe"
        case .adyen: "Adyen"
        case .shopify: "Shopify"
        }
    }

    static func feedStatus(_ status: IntegrationStatus) -> String {
        switch status {
        case .enabled: "Enabled: takes orders"
        case .disabled: "Disabled: refuses orders"
        }
    }

    static func alertStatus(_ status: AlertStatus) -> String {
        switch status {
        case .actionRequired: "Action required"
        case .resolved: "Resolved"
        case .invalid: "Invalid"
        }
    }
}
