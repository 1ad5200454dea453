public import ParryWire

/// An order as the platform keeps it.
public struct Order: Codable, Sendable, Hashable, Identifiable {
    public let id: OrderID
    public let type: Word<OrderType>
    public let organisationID: OrganisationID
    public let integrationID: IntegrationID
    /// What the partner calls it.
    public let referenceID: String
    public let orderDatetime: Timestamp?
    public let orderNumber: String?
    public let orderSubtotalAmountInCents: Int64?
    public let orderCurrency: String?
    public let orderTotalAmountInCents: Int64?
    public let orderStatus: Word<OrderStatus>?
    public let customerID: String?
    public let customerEmail: String?
    public let customerPhone: String?
    public let customerFirstName: String?
    public let customerLastName: String?
    public let customerIPAddress: String?
    public let customerDeviceID: String?
    public let customerDeviceFingerprint: String?
    public let customerAccountCreatedAt: Timestamp?
    public let billingAddress: OrderAddress?
    public let shippingAddress: OrderAddress?
    public let transactions: [OrderTransaction]?
    public let refunds: [OrderRefund]?
    public let disputes: [OrderDispute]?
    public let items: [OrderItem]?
    public let deliveries: [OrderDelivery]?
    public let subscriptions: [OrderSubscription]?
    public let communications: [OrderCommunication]?
    public let createdAt: Timestamp?
    public let updatedAt: Timestamp?

    enum CodingKeys: String, CodingKey {
        case id, type, transactions, refunds, disputes, items, deliveries, subscriptions,
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
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}
