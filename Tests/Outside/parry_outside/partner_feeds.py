"""The feeds of a partner: orders as JSON lines and as CSV with its mapping."""

MAPPING = """\
separator: ";"
constants:
  transactions.payment_method_type: CARD
  transactions.authorisation_status: SETTLED
columns:
  id: reference_id
  number: order_number
  placed: {to: order_datetime, as: datetime, zone: "+02:00"}
  state: {to: order_status, words: {done: CLOSED_COMPLETE, open: OPEN_PENDING}}
  currency: {to: [order_currency, transactions.currency]}
  net: {to: order_subtotal_amount_in_cents, as: money, decimal: ","}
  total: {to: order_total_amount_in_cents, as: money, decimal: ","}
  payment: transactions.reference_id
  paid: {to: transactions.amount_in_cents, as: money, decimal: ",", currency: currency}
  paid_at: {to: transactions.authorised_at, as: epoch}
  token: transactions.payment_method_reference_id
  brand: {to: transactions.payment_method_card_brand, words: {vi: VISA, mc: MASTERCARD}}
  last4: transactions.payment_method_card_last_4
  bin: transactions.payment_method_card_bin
  code: transactions.authorisation_code
  arn: transactions.acquirer_reference_number
"""
HEADER = (
    "id;number;placed;state;currency;net;total;payment;paid;paid_at;token;brand;last4;bin;code;arn"
    ";note"
)
ARN = "74027012345678901234567"


def row(name: str, **cells: str) -> str:
    """A row of that file; a cell is given by its column's name."""
    made = {
        "id": name, "number": f"N-{name}", "placed": "2026-02-17 11:59:00", "state": "done",
        "currency": "EUR", "net": "49,00", "total": "49,00", "payment": f"t-{name}",
        "paid": "49,00", "paid_at": "1771322345", "token": f"p-{name}", "brand": "vi",
        "last4": "4242", "bin": "424242", "code": "A1B2C3", "arn": ARN, "note": "free text",
    } | cells  # fmt: skip
    return ";".join(made.values())


def sold(number: int | str, cents: int = 4900, **more) -> dict:
    """An order as a partner's feed has it: without ids of the platform, the type left out."""
    return {
        "reference_id": f"o-{number}", "order_datetime": "2026-02-17T09:59:00Z",
        "order_number": f"N{number}", "order_subtotal_amount_in_cents": cents,
        "order_total_amount_in_cents": cents, "order_currency": "USD",
        "order_status": "CLOSED_COMPLETE", "transactions": [paid(number, cents)],
    } | more  # fmt: skip


def paid(number: int | str, cents: int = 4900, **more) -> dict:
    """A card transaction that has all that alerts are matched by; None leaves a member out."""
    made = {
        "reference_id": f"t-{number}", "amount_in_cents": cents, "currency": "USD",
        "payment_method_type": "CARD", "authorisation_status": "SETTLED",
        "payment_method_reference_id": f"p-{number}", "authorised_at": "2026-02-17T09:59:05Z",
        "payment_method_card_brand": "VISA", "payment_method_card_last_4": "4242",
        "payment_method_card_bin": "424242", "authorisation_code": "A1B2C3",
        "acquirer_reference_number": "74027012345678901234567",
    } | more  # fmt: skip
    return {name: value for name, value in made.items() if value is not None}


def refunded(number: int | str, cents: int = 100) -> dict:
    return {
        "reference_id": f"r-{number}", "amount_in_cents": cents, "currency": "USD",
        "status": "SUCCEEDED", "refund_datetime": "2026-02-18T10:00:00Z",
    }  # fmt: skip
