public import ParryWire

/// What is to be another of an order. Objects in the lists are merged by their `referenceID`: a known one takes the
/// members given, a new one is added, one that is left out stays. To clear a member of such an object, send a document:
/// ``OrderCalls/update(_:document:)``.
public struct OrderChange: Encodable, Sendable {
    public var orderDatetime: Timestamp?
    public var orderNumber: String?
    public var orderSubtotalAmountInCents: Int64?
    public var orderCurrency: String?
    public var orderTotalAmountInCents: Int64?
    public var orderStatus: OrderStatus?
    public var customerID: Change<String> = .keep
    public var customerEmail: Change<String> = .keep
    public var customerPhone: Change<String> = .keep
    public var customerFirstName: Change<String> = .keep
    public var customerLastName: Change<String> = .keep
    public var customerIPAddress: Change<String> = .keep
    public var customerDeviceID: Change<String> = .keep
    public var customerDeviceFingerprint: Change<String> = .keep
    public var customerAccountCreatedAt: Change<Timestamp> = .keep
    public var billingAddress: Change<OrderAddress> = .keep
    public var shippingAddress: Change<OrderAddress> = .keep
    public var transactions: [OrderTransaction] = []
    public var refunds: [OrderRefund] = []
    public var disputes: [OrderDispute] = []
    public var items: [OrderItem] = []
    public var deliveries: [OrderDelivery] = []
    public var subscriptions: [OrderSubscription] = []
    public var communications: [OrderCommunication] = []

    /// A change of nothing yet.
    public init() {}

    enum CodingKeys: String, CodingKey {
        case transactions, refunds, disputes, items, deliveries, subscriptions,
            communications
        case orderDatetime = "order_datetime"
        case orderNumber = "order_number"
        case orderSubtotalAmountInCents = "order_subtotal_amount_in_cents"
        case orderCurrency = "order_currency"
        case orderTotalAmountInCents = "order_total_amount_in_cents"
        case orderStatus = "order_status"
        case customerID = "customer_id"
        case customerEmail = "customer_email"
        case customerPhone = "customer_phone"
        case customerFirstName = "customer_first_name"
        case customerLastName = "customer_last_name"
        case customerIPAddress = "customer_ip_address"
        case customerDeviceID = "customer_device_id"
        case customerDeviceFingerprint = "customer_device_fingerprint"
        case customerAccountCreatedAt = "customer_account_created_at"
        case billingAddress = "billing_address"
        case shippingAddress = "shipping_address"
    }
}
