public import ParryWire

/// What was sold.
public struct OrderItem: OrderPart, Hashable {
    public var referenceID: String
    /// 1 to 255 characters.
    public var name: String?
    public var description: String?
    public var sku: String?
    public var productID: String?
    /// `PHYSICAL`, `DIGITAL`, `SUBSCRIPTION`, `SERVICE` or `OTHER`.
    public var type: String?
    public var quantity: Int64?
    public var unitOfMeasurement: String?
    public var unitAmountInCents: Int64?
    public var currency: String?
    public var imageURL: String?
    public var url: String?
    public var condition: String?
    public var deliveryReferenceID: String?
    public var subscriptionReferenceID: String?
    public var refundReferenceID: String?

    /// A name is needed in a new order.
    public init(referenceID: String, name: String? = nil) {
        self.referenceID = referenceID
        self.name = name
    }

    enum CodingKeys: String, CodingKey {
        case name, description, sku, type, quantity, currency, url, condition
        case referenceID = "reference_id"
        case productID = "product_id"
        case unitOfMeasurement = "unit_of_measurement"
        case unitAmountInCents = "unit_amount_in_cents"
        case imageURL = "image_url"
        case deliveryReferenceID = "delivery_reference_id"
        case subscriptionReferenceID = "subscription_reference_id"
        case refundReferenceID = "refund_reference_id"
    }
}

/// How it came to the customer.
public struct OrderDelivery: OrderPart, Hashable {
    public var referenceID: String
    /// `PHYSICAL` or `DIGITAL`.
    public var type: String?
    /// Such as `SHIPPED` or `DELIVERED`.
    public var status: String?
    public var carrier: String?
    public var service: String?
    public var trackingNumber: String?
    public var shippedAt: Timestamp?
    public var deliveredAt: Timestamp?
    public var signatureRequired: Bool?
    public var signedBy: String?
    public var address: OrderAddress?
    public var ipAddress: String?
    public var notificationMethod: String?
    public var notifiedAt: Timestamp?
    public var downloadStartedAt: Timestamp?
    public var downloadCompletedAt: Timestamp?

    /// A type is needed in a new order.
    public init(referenceID: String, type: String? = nil) {
        self.referenceID = referenceID
        self.type = type
    }

    enum CodingKeys: String, CodingKey {
        case type, status, carrier, service, address
        case referenceID = "reference_id"
        case trackingNumber = "tracking_number"
        case shippedAt = "shipped_at"
        case deliveredAt = "delivered_at"
        case signatureRequired = "signature_required"
        case signedBy = "signed_by"
        case ipAddress = "ip_address"
        case notificationMethod = "notification_method"
        case notifiedAt = "notified_at"
        case downloadStartedAt = "download_started_at"
        case downloadCompletedAt = "download_completed_at"
    }
}
