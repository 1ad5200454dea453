"""An order with every member that CONTRACT 8.2 to 8.5 names, and what each member takes.

It is written from the contract and not from the server's schema, so that a member that the server
forgot is missed.
"""

from .world import World

TIME = "2026-02-18T11:12:13Z"
TEXT_WITH_EVERYTHING = 'Grüße, 東京 — "1/2" \\ 👩🏽‍💻 שלום'

ADDRESS = {
    "line1": "1 Main Street",
    "line2": "Floor 2",
    "line3": "c/o Jordan",
    "city": "Zürich",
    "region": "ZH",
    "postal_code": "8001",
    "country": "CH",
}

CUSTOMER = {
    "customer_id": "cust-1",
    "customer_email": "casey.jordan@example.com",
    "customer_phone": "+41 44 123 45 67",
    "customer_first_name": "Casey",
    "customer_last_name": "O'Jordan-Müller",
    "customer_ip_address": "2001:db8::7",
    "customer_device_id": "device-1",
    "customer_device_fingerprint": "f1e2d3",
    "customer_account_created_at": "2020-02-29T00:00:00Z",
    "billing_address": ADDRESS,
    "shipping_address": ADDRESS | {"line1": "2 Side Street", "country": "DE"},
}

TRANSACTION = {
    "reference_id": "txn-1",
    "amount_in_cents": 4900,
    "currency": "USD",
    "payment_method_type": "CARD",
    "authorisation_status": "SETTLED",
    "payment_method_reference_id": "pay-1",
    "authorised_at": "2026-02-17T09:59:05Z",
    "descriptor": "ACMEFIT MONTHLY",
    "payment_method_card_brand": "VISA",
    "payment_method_card_last_4": "0042",
    "payment_method_card_bin": "424242",
    "authorisation_code": "012345",
    "acquirer_reference_number": "74027012345678901234567",
}

REFUND = {
    "reference_id": "refund-1",
    "amount_in_cents": 100,
    "currency": "USD",
    "status": "SUCCEEDED",
    "original_transaction_reference_id": "txn-1",
    "refund_datetime": TIME,
}

DISPUTE = {
    "reference_id": "dispute-1",
    "original_transaction_reference_id": "txn-1",
    "amount_in_cents": 4900,
    "currency": "USD",
    "status": "OPEN",
    "reason_code": "10.4",
    "dispute_datetime": TIME,
}

ITEM = {
    "reference_id": "item-1",
    "name": "Membership",
    "description": TEXT_WITH_EVERYTHING,
    "sku": "SKU-1",
    "product_id": "prod-1",
    "type": "SUBSCRIPTION",
    "quantity": 2,
    "unit_of_measurement": "month",
    "unit_amount_in_cents": 2450,
    "currency": "USD",
    "image_url": "https://example.com/a.png?size=2&x=%20",
    "url": "https://example.com/membership#top",
    "condition": "new",
    "delivery_reference_id": "delivery-1",
    "subscription_reference_id": "subscription-1",
    "refund_reference_id": "refund-1",
}

DELIVERY = {
    "reference_id": "delivery-1",
    "type": "PHYSICAL",
    "status": "SHIPPED",
    "carrier": "UPS",
    "service": "Express",
    "tracking_number": "1Z999AA10123456784",
    "shipped_at": TIME,
    "delivered_at": TIME,
    "signature_required": True,
    "signed_by": "Casey",
    "address": ADDRESS,
    "ip_address": "192.0.2.7",
    "notification_method": "EMAIL",
    "notified_at": TIME,
    "download_started_at": TIME,
    "download_completed_at": TIME,
}

SUBSCRIPTION = {
    "reference_id": "subscription-1",
    "status": "ACTIVE",
    "interval": 3,
    "interval_unit": "MONTH",
    "amount_in_cents": 4900,
    "currency": "USD",
    "started_at": TIME,
    "current_period_started_at": TIME,
    "current_period_ends_at": TIME,
    "next_billing_at": TIME,
    "cancelled_at": TIME,
    "expires_at": TIME,
    "trial_status": "ENDED",
    "trial_starts_at": TIME,
    "trial_ends_at": TIME,
    "successful_payment_count": 7,
    "cancellation_policy_url": "https://example.com/cancel",
}

COMMUNICATION = {
    "channel": "EMAIL",
    "direction": "INBOUND",
    "sent_at": TIME,
    "subject": "Where is it?",
    "body": "Line 1\r\nLine 2\t" + TEXT_WITH_EVERYTHING,
}

NESTED = {
    "transactions": TRANSACTION,
    "refunds": REFUND,
    "disputes": DISPUTE,
    "items": ITEM,
    "deliveries": DELIVERY,
    "subscriptions": SUBSCRIPTION,
    "communications": COMMUNICATION,
}
"""One object of each list."""

WORDS = {
    "order_status": "OPEN_PENDING OPEN_PENDING_RETURN CLOSED_COMPLETE CLOSED_CANCELLED OTHER",
    "transactions.payment_method_type": "DIGITAL_WALLET BANK_TRANSFER BUY_NOW_PAY_LATER OTHER CARD",
    "transactions.authorisation_status": "PENDING AUTHORISED SETTLED DECLINED VOIDED FAILED",
    "transactions.payment_method_card_brand": "VISA MASTERCARD AMEX DISCOVER DINERS JCB UNIONPAY "
    "OTHER",
    "refunds.status": "PENDING SUCCEEDED FAILED CANCELLED",
    "disputes.status": "OPEN WON LOST CLOSED",
    "items.type": "PHYSICAL DIGITAL SUBSCRIPTION SERVICE OTHER",
    "deliveries.type": "PHYSICAL DIGITAL",
    "deliveries.status": "BACKORDERED CANCELLED IN_TRANSIT NOT_SHIPPED OTHER PARTIAL_SHIPPED "
    "PICKUP SHIPPED SHIPPING_EXCEPTION DELIVERED",
    "subscriptions.status": "ACTIVE CANCELLED EXPIRED NOT_STARTED",
    "subscriptions.interval_unit": "DAY WEEK MONTH YEAR",
    "communications.channel": "EMAIL SMS CHAT PHONE OTHER",
    "communications.direction": "INBOUND OUTBOUND",
}
"""The enumerations, by the path of their member without indices."""

AMOUNTS = (
    "order_subtotal_amount_in_cents",
    "order_total_amount_in_cents",
    "transactions.amount_in_cents",
    "refunds.amount_in_cents",
    "disputes.amount_in_cents",
    "items.unit_amount_in_cents",
    "subscriptions.amount_in_cents",
)

TIMES = (
    "order_datetime",
    "customer_account_created_at",
    "transactions.authorised_at",
    "refunds.refund_datetime",
    "disputes.dispute_datetime",
    "deliveries.shipped_at",
    "deliveries.delivered_at",
    "deliveries.notified_at",
    "deliveries.download_started_at",
    "deliveries.download_completed_at",
    "subscriptions.started_at",
    "subscriptions.current_period_started_at",
    "subscriptions.current_period_ends_at",
    "subscriptions.next_billing_at",
    "subscriptions.cancelled_at",
    "subscriptions.expires_at",
    "subscriptions.trial_starts_at",
    "subscriptions.trial_ends_at",
    "communications.sent_at",
)

CURRENCIES = (
    "order_currency",
    "transactions.currency",
    "refunds.currency",
    "disputes.currency",
    "items.currency",
    "subscriptions.currency",
)

FREE_TEXT = (
    "customer_first_name",
    "customer_last_name",
    "transactions.descriptor",
    "transactions.authorisation_code",
    "transactions.acquirer_reference_number",
    "disputes.reason_code",
    "items.name",
    "items.description",
    "items.unit_of_measurement",
    "items.condition",
    "deliveries.carrier",
    "deliveries.service",
    "deliveries.signed_by",
    "deliveries.notification_method",
    "subscriptions.trial_status",
    "communications.subject",
    "communications.body",
)
"""Where no full card number may stand (amendment 5)."""

EXEMPT = (
    "reference_id",
    "order_number",
    "customer_id",
    "customer_phone",
    "customer_device_id",
    "customer_device_fingerprint",
    "transactions.payment_method_reference_id",
    "items.sku",
    "items.product_id",
    "deliveries.tracking_number",
)
"""Identifiers, one in ten of which looks like a card number (amendment 5)."""

REFERENCES = (
    "original_transaction_reference_id",
    "delivery_reference_id",
    "subscription_reference_id",
    "refund_reference_id",
)
"""What names another object of the same order."""

REQUIRED = (
    "organisation_id",
    "integration_id",
    "reference_id",
    "order_datetime",
    "order_number",
    "order_subtotal_amount_in_cents",
    "order_currency",
    "order_total_amount_in_cents",
    "order_status",
)
"""Of a COMPLETE order, without `type`, which is judged earlier (amendment 9)."""

REQUIRED_NESTED = (
    "transactions.reference_id",
    "transactions.amount_in_cents",
    "transactions.currency",
    "transactions.payment_method_type",
    "transactions.authorisation_status",
    "transactions.payment_method_reference_id",
    "transactions.authorised_at",
    "transactions.payment_method_card_brand",
    "transactions.payment_method_card_last_4",
    "disputes.reference_id",
    "items.reference_id",
    "items.name",
    "deliveries.reference_id",
    "deliveries.type",
    "subscriptions.reference_id",
)


def full_order(world: World, reference: str) -> dict:
    """Everything at once; references inside are those of the order's own objects."""
    order = world.order(reference) | CUSTOMER
    return order | {name: [dict(one)] for name, one in NESTED.items()}


def plain_order(world: World, reference: str) -> dict:
    """A COMPLETE order without a transaction."""
    order = world.order(reference)
    del order["transactions"]
    return order


def with_member(order: dict, path: str, value) -> tuple[dict, str]:
    """The order with another value at a path like `items.type`, and the path as errors tell it."""
    name, _, member = path.partition(".")
    if not member:
        return order | {name: value}, name
    return order | {name: [NESTED[name] | {member: value}]}, f"{name}[0].{member}"


def lone_order(world: World, reference: str, path: str, value) -> dict:
    """An order with this value; its nested object names no other and has its own reference."""
    order, _ = with_member(plain_order(world, reference), path, value)
    for one in order.get(path.partition(".")[0], []) if "." in path else []:
        for name in REFERENCES:
            one.pop(name, None)
        if "reference_id" in one:
            one["reference_id"] = reference
    return order


def without_member(order: dict, path: str) -> tuple[dict, str]:
    """The order without the member at a path, and the path as errors tell it."""
    name, _, member = path.partition(".")
    if not member:
        return {key: value for key, value in order.items() if key != name}, name
    nested = {key: value for key, value in NESTED[name].items() if key != member}
    return order | {name: [nested]}, f"{name}[0].{member}"


def value_at(order: dict, path: str):
    """The value at a path, in the first of the nested objects."""
    name, _, member = path.partition(".")
    return order[name][0][member] if member else order[name]
