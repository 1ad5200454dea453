extension Glossary {
    static let orderText = """

        reference_id | Your own id of it: unique in the integration for orders and transactions, in the order for the rest. | "order-10001"
        Transaction.reference_id | Your own id of the transaction, unique in the integration. | "txn-10001"
        TransactionReceipt.reference_id | Your own id of the transaction. | "txn-10001"
        Refund.reference_id | Your own id of the refund. | "refund-10001"
        Dispute.reference_id | Your own id of the dispute. | "dispute-10001"
        Item.reference_id | Your own id of the item. | "item-10001"
        Delivery.reference_id | Your own id of the delivery. | "delivery-10001"
        Subscription.reference_id | Your own id of the subscription. | "sub-10001"
        OrderError.reference_id | The order's reference as sent. | "order-10001"
        created | How many orders were stored. | 1
        failed | How many were refused. | 0
        results | The stored orders, in the order sent. | []
        index | The order's place in the request, from 0. | 0
        identical | Whether the stored order says the same; with DUPLICATE_ORDER only. | true
        order_datetime | When the customer ordered. | "2026-02-17T09:59:00Z"
        order_number | The number that the customer knows. | "AF-10001"
        order_subtotal_amount_in_cents | Before tax, in the currency's minor unit. | 4900
        order_total_amount_in_cents | What the customer pays, in the currency's minor unit. | 4900
        order_currency | ISO 4217. | "USD"
        order_status | The state of the order. | "CLOSED_COMPLETE"
        customer_id | Your own id of the customer. | "customer-10001"
        customer_email | The customer's e-mail address. | "casey.jordan@example.com"
        customer_phone | The customer's telephone number. | "+15551234567"
        customer_first_name | The customer's first name. | "Casey"
        customer_last_name | The customer's last name. | "Jordan"
        customer_ip_address | Where the customer ordered from. | "203.0.113.7"
        customer_device_id | The customer's device. | "device-10001"
        customer_device_fingerprint | The fingerprint of that device. | "f3a9c1"
        customer_account_created_at | Since when the customer has an account. | "2025-01-05T08:00:00Z"
        billing_address | Where the card's bills go. | null
        shipping_address | Where goods go. | null
        transactions | The payments; alerts are matched to them. | []
        refunds | Money given back; detects alerts that are already refunded. | []
        disputes | Disputes that you know of; detects alerts that are already disputed. | []
        Order.items | What was bought. | []
        OrderCreate.items | What was bought. | []
        OrderUpdate.items | What was bought. | []
        deliveries | How goods or services reached the customer. | []
        subscriptions | Subscriptions that the order began or renewed. | []
        communications | Messages to and from the customer; a repeat is dropped. | []
        currency | ISO 4217. | "USD"
        payment_method_type | How it was paid. | "CARD"
        authorisation_status | How far the payment is. | "SETTLED"
        payment_method_reference_id | Your reference of the payment; for PARTIAL orders the processor's. | "pay_10001"
        authorised_at | When it was authorised. | "2026-02-17T09:59:05Z"
        Transaction.descriptor | What the cardholder reads on the statement. | "ACMEFIT MONTHLY"
        payment_method_card_brand | The card's brand; required when paid by CARD. | "VISA"
        payment_method_card_last_4 | The last four digits; required when paid by CARD. | "4242"
        payment_method_card_bin | The first 6 to 8 digits. | "424242"
        authorisation_code | The issuer's authorisation code. | "123456"
        acquirer_reference_number | The ARN, 23 digits: the strongest identifier. | "74027012345678901234567"
        Refund.status | Only SUCCEEDED refunds count. | "SUCCEEDED"
        original_transaction_reference_id | The transaction of this order that it is about. | "txn-10001"
        refund_datetime | When it was refunded. | "2026-02-17T11:20:00Z"
        Dispute.status | The state of the dispute. | "OPEN"
        reason_code | The scheme's reason code. | "10.4"
        dispute_datetime | When it was disputed. | "2026-02-18T11:20:00Z"
        Item.name | What it is called. | "Monthly membership"
        description | What it is. | "Gym membership, February 2026"
        sku | Your stock number. | "GYM-M"
        product_id | Your product's id. | "gym-monthly"
        Item.type | Its kind. | "SUBSCRIPTION"
        quantity | How many. | 1
        unit_of_measurement | Of what. | "month"
        unit_amount_in_cents | The price of one, in the currency's minor unit. | 4900
        image_url | A picture of it. | "https://shop.example.com/gym.png"
        Item.url | Its page. | "https://shop.example.com/gym"
        condition | New, used and the like. | "new"
        delivery_reference_id | The delivery of this order that brings it. | "delivery-10001"
        subscription_reference_id | The subscription of this order that it belongs to. | "sub-10001"
        refund_reference_id | The refund of this order that gives it back. | "refund-10001"
        Delivery.type | Its kind. | "DIGITAL"
        Delivery.status | How far it is. | "DELIVERED"
        carrier | Who carries it. | "UPS"
        service | The carrier's service. | "Ground"
        tracking_number | The carrier's number. | "1Z999AA10123456784"
        shipped_at | When it left. | "2026-02-17T12:00:00Z"
        delivered_at | When it arrived. | "2026-02-19T12:00:00Z"
        signature_required | Whether somebody has to sign. | false
        signed_by | Who signed. | "C. Jordan"
        address | Where it goes. | null
        ip_address | Where a digital good was fetched from. | "203.0.113.7"
        notification_method | How the customer was told. | "EMAIL"
        notified_at | When the customer was told. | "2026-02-17T10:00:00Z"
        download_started_at | When a download began. | "2026-02-17T10:01:00Z"
        download_completed_at | When it was complete. | "2026-02-17T10:02:00Z"
        Subscription.status | The state of the subscription. | "ACTIVE"
        interval | Every so many units it is paid. | 1
        interval_unit | The unit. | "MONTH"
        Subscription.started_at | When it began. | "2026-01-17T09:59:00Z"
        current_period_started_at | When the paid period began. | "2026-02-17T09:59:00Z"
        current_period_ends_at | When it ends. | "2026-03-17T09:59:00Z"
        next_billing_at | When it is paid next. | "2026-03-17T09:59:00Z"
        cancelled_at | When it was cancelled. | null
        expires_at | When it expires. | null
        trial_status | How far a trial is. | "ENDED"
        trial_starts_at | When the trial began. | "2026-01-10T09:59:00Z"
        trial_ends_at | When it ended. | "2026-01-17T09:59:00Z"
        successful_payment_count | How often it was paid. | 2
        cancellation_policy_url | How it can be cancelled. | "https://shop.example.com/cancel"
        channel | How it was sent. | "EMAIL"
        direction | INBOUND from the customer, OUTBOUND to the customer. | "OUTBOUND"
        sent_at | When it was sent. | "2026-02-17T10:00:00Z"
        subject | Its subject. | "Your receipt"
        body | Its text. | "Thank you for your order."
        line1 | The first line. | "1 Main Street"
        line2 | The second line. | null
        line3 | The third line. | null
        city | The city. | "Springfield"
        region | The state or province. | "IL"
        postal_code | The postal code. | "62701"
        country | ISO 3166-1 alpha-2. | "US"
        """
}
