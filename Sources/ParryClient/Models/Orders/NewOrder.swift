public import ParryWire

/// An order to be sent. A `COMPLETE` one needs the members from ``orderDatetime`` to ``orderStatus``, a `PARTIAL` one a
/// transaction that its processor knows.
public struct NewOrder: Encodable, Sendable, Hashable {
    public var type: OrderType
    public var organisationID: OrganisationID
    public var integrationID: IntegrationID
    /// The name that no other order of the integration has: sending it again is safe.
    public var referenceID: String
    public var orderDatetime: Timestamp?
    public var orderNumber: String?
    public var orderSubtotalAmountInCents: Int64?
    public var orderCurrency: String?
    public var orderTotalAmountInCents: Int64?
    public var orderStatus: OrderStatus?
    public var customerID: String?
    public var customerEmail: String?
    public var customerPhone: String?
    public var customerFirstName: String?
    public var customerLastName: String?
    public var customerIPAddress: String?
    public var customerDeviceID: String?
    public var customerDeviceFingerprint: String?
    public var customerAccountCreatedAt: Timestamp?
    public var billingAddress: OrderAddress?
    public var shippingAddress: OrderAddress?
    public var transactions: [OrderTransaction] = []
    public var refunds: [OrderRefund] = []
    public var disputes: [OrderDispute] = []
    public var items: [OrderItem] = []
    public var deliveries: [OrderDelivery] = []
    public var subscriptions: [OrderSubscription] = []
    public var communications: [OrderCommunication] = []

    /// A `COMPLETE` order unless told, of which nothing more is said yet.
    public init(
        organisationID: OrganisationID, integrationID: IntegrationID, referenceID: String,
        type: OrderType = .complete
    ) {
        self.organisationID = organisationID
        self.integrationID = integrationID
        self.referenceID = referenceID
        self.type = type
    }

    enum CodingKeys: String, CodingKey {
        case type, transactions, refunds, disputes, items, deliveries, subscriptions,
            communications
        case organisationID = "organisation_id"
        case integrationID = "integration_id"
        case referenceID = "reference_id"
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
