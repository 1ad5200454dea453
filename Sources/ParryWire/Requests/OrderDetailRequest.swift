/// The nested objects of an order that no page of the original shows; shapes of CONTRACT.md 8.5.
public enum OrderDetailRequest {
    public static let referenceID = Field.identifier(
        "reference_id", RequestLimits.reference, .expected)
    public static let originalTransactionReferenceID = Field.identifier(
        "original_transaction_reference_id", RequestLimits.reference)
    public static let deliveryReferenceID = reference("delivery_reference_id")
    public static let subscriptionReferenceID = reference("subscription_reference_id")
    public static let refundReferenceID = reference("refund_reference_id")

    static let address = ObjectSchema(
        "AddressInput",
        [
            text("line1"), text("line2"), text("line3"), text("city"), text("region"),
            Field.text("postal_code", 0...32).declaration, Field.country("country").declaration,
        ])

    static let dispute = ObjectSchema(
        "DisputeInput",
        [
            referenceID.declaration, originalTransactionReferenceID.declaration,
            amount("amount_in_cents"), Field.currency("currency").declaration,
            Field.word("status", ["OPEN", "WON", "LOST", "CLOSED"]).declaration,
            text("reason_code"), time("dispute_datetime"),
        ])

    static let item = ObjectSchema(
        "ItemInput",
        [
            referenceID.declaration, Field.text("name", 1...255, .expected).declaration,
            text("description"), reference("sku").declaration, reference("product_id").declaration,
            Field.word("type", ["PHYSICAL", "DIGITAL", "SUBSCRIPTION", "SERVICE", "OTHER"])
                .declaration,
            Field.integer("quantity", RequestLimits.amount).declaration,
            text("unit_of_measurement"), amount("unit_amount_in_cents"),
            Field.currency("currency").declaration, Field.url("image_url").declaration,
            Field.url("url").declaration, text("condition"), deliveryReferenceID.declaration,
            subscriptionReferenceID.declaration, refundReferenceID.declaration,
        ])

    static let delivery = ObjectSchema(
        "DeliveryInput",
        [
            referenceID.declaration,
            Field.word("type", ["PHYSICAL", "DIGITAL"], .expected).declaration,
            Field.word("status", deliveryStatuses).declaration, text("carrier"), text("service"),
            reference("tracking_number").declaration, time("shipped_at"), time("delivered_at"),
            Field.boolean("signature_required").declaration, text("signed_by"),
            Field.object("address", address).declaration, Field.ipAddress("ip_address").declaration,
            text("notification_method"), time("notified_at"), time("download_started_at"),
            time("download_completed_at"),
        ])

    private static let deliveryStatuses = [
        "BACKORDERED", "CANCELLED", "IN_TRANSIT", "NOT_SHIPPED", "OTHER", "PARTIAL_SHIPPED",
        "PICKUP", "SHIPPED", "SHIPPING_EXCEPTION", "DELIVERED",
    ]

    static let subscription = ObjectSchema(
        "SubscriptionInput",
        [
            referenceID.declaration,
            Field.word("status", ["ACTIVE", "CANCELLED", "EXPIRED", "NOT_STARTED"]).declaration,
            amount("interval"),
            Field.word("interval_unit", ["DAY", "WEEK", "MONTH", "YEAR"]).declaration,
            amount("amount_in_cents"), Field.currency("currency").declaration, time("started_at"),
            time("current_period_started_at"), time("current_period_ends_at"),
            time("next_billing_at"), time("cancelled_at"), time("expires_at"),
            text("trial_status"), time("trial_starts_at"), time("trial_ends_at"),
            amount("successful_payment_count"), Field.url("cancellation_policy_url").declaration,
        ])

    static let communication = ObjectSchema(
        "CommunicationInput",
        [
            Field.word("channel", ["EMAIL", "SMS", "CHAT", "PHONE", "OTHER"]).declaration,
            Field.word("direction", ["INBOUND", "OUTBOUND"]).declaration, time("sent_at"),
            text("subject"),
            Field.text("body", RequestLimits.communication).declaration,
        ])

    private static func text(_ name: String) -> FieldDeclaration {
        Field.text(name, RequestLimits.text).declaration
    }

    private static func time(_ name: String) -> FieldDeclaration {
        Field.timestamp(name).declaration
    }

    private static func amount(_ name: String) -> FieldDeclaration {
        Field.integer(name, RequestLimits.amount).declaration
    }

    private static func reference(_ name: String) -> Field<String?> {
        Field.identifier(name, RequestLimits.reference)
    }
}
