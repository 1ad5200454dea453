"""Ten millions of card sales of one organisation, for alerts to be about: orders and transactions
as parry stores them, multiplied by SQL.

An order is paid in two instalments, 30 days apart. Most cards come back when the second one is
paid, so they pay the same amount every month, as subscribers do; the others buy once. Everything
about a sale is computed from its number, on both engines alike.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

from parry_outside.world import World

from .figures import BenchError
from .ids import DIGITS, slot_of
from .lists_data import DAY_MS, YEAR_MS, insertion, literal

ORDERS_OF_A_CARD = 6
"""Of one that comes back, within the year."""
RETURNING_OF_TEN = 7
"""Orders whose card comes back."""
INSTALMENT_MS = 30 * DAY_MS
INTEGRATIONS = (6, 3, 1)
"""Of ten orders so many came through each."""
BINS_VISA, BINS_ALL = 200, 300
HEAVY_PRICES = {4900: 150, 2900: 100, 9900: 70, 1999: 60, 1499: 40}
"""Of 1,000 cards so many pay these; the others one of 300 prices."""
PRICES = 300
WITH_ARN_OF_100 = 50
BATCH = 100_000
"""Orders of one statement."""
PRIME = 15_485_863
"""Above every number: a multiple of the number, modulo this, is another number for each."""
MARKS = {
    "order": "770770770770",
    "sale": "660660660661", "next sale": "660660660662",
    "total": "12778", "amount": "6389",
    "last4": "5153", "bin": "437551", "brand": "VISA",
    "code": "919273", "next code": "919274",
    "arn": "78484848484848484848484", "next arn": "78484848484848484848485",
    "time": "2026-02-17T09:59:00Z", "next time": "2026-03-19T09:59:00Z",
}  # fmt: skip
"""What stands in the sample for what differs from order to order; the integration does too."""
DESCRIPTOR = "ACMEFIT MONTHLY"


def sample_order(world: World) -> dict:
    """An order of two instalments, both with an ARN."""
    return {
        "type": "COMPLETE",
        "organisation_id": world.organisation_id,
        "integration_id": world.integration_id,
        "reference_id": f"order-{MARKS['order']}",
        "order_datetime": MARKS["time"],
        "order_number": f"AF-{MARKS['order']}",
        "order_subtotal_amount_in_cents": int(MARKS["total"]),
        "order_currency": "USD",
        "order_total_amount_in_cents": int(MARKS["total"]),
        "order_status": "CLOSED_COMPLETE",
        "transactions": [_transaction(""), _transaction("next ")],
    }


def _transaction(part: str) -> dict:
    return {
        "reference_id": f"txn-{MARKS[part + 'sale']}",
        "amount_in_cents": int(MARKS["amount"]),
        "currency": "USD",
        "payment_method_type": "CARD",
        "authorisation_status": "SETTLED",
        "payment_method_reference_id": f"pay_{MARKS[part + 'sale']}",
        "authorised_at": MARKS[part + "time"],
        "descriptor": DESCRIPTOR,
        "payment_method_card_brand": MARKS["brand"],
        "payment_method_card_last_4": MARKS["last4"],
        "payment_method_card_bin": MARKS["bin"],
        "authorisation_code": MARKS[part + "code"],
        "acquirer_reference_number": MARKS[part + "arn"],
    }


@dataclass(frozen=True)
class Sales:
    """How many there are, since when, and the rows of the sample as parry stored them."""

    order: dict
    transaction: dict
    """Of the first instalment."""
    integrations: list[str]
    orders: int
    start: int
    date: str
    """How this engine writes a time: a format for an expression of milliseconds."""

    @property
    def count(self) -> int:
        return 2 * self.orders

    def statements(self) -> Iterator[str]:
        """Batches of orders, each followed by its transactions."""
        for first in range(0, self.orders, BATCH):
            end = min(first + BATCH, self.orders)
            yield _numbers("j", first, end) + insertion('"order"', self._order_values())
            yield _numbers("i", 2 * first, 2 * end) + insertion(
                "order_transaction", self._transaction_values()
            )

    def _order_values(self) -> dict[str, str]:
        found, made = self._expressions("j"), self._time("j")
        return {name: _varied(value, found) for name, value in self.order.items()} | {
            "id": self._order_id("j"),
            "order_datetime": made,
            "created_at": made,
            "updated_at": made,
        }

    def _transaction_values(self) -> dict[str, str]:
        order, sale = "(i / 2)", "i"
        found = self._expressions(order, sale)
        made = f"({self._time(order)} + i % 2 * {INSTALMENT_MS})"
        return {name: _varied(value, found) for name, value in self.transaction.items()} | {
            "order_id": self._order_id(order),
            "authorised_at": made,
            "amount": _amount(self._card(order)),
            "acquirer_reference_number": f"CASE WHEN {_has_arn(sale)} THEN {_arn(sale)} END",
        }

    def _expressions(self, order: str, sale: str | None = None) -> dict[str, str]:
        """What stands for each mark, given the numbers of the order and of its first sale."""
        card, made = self._card(order), self._time(order)
        first, second = sale or f"(2 * {order})", f"(2 * {order} + 1)"
        found = {
            "order": _padded(order, 12),
            "total": f"CAST(2 * {_amount(card)} AS TEXT)",
            "amount": f"CAST({_amount(card)} AS TEXT)",
            "last4": _padded(_mixed(card, 7_368_787, 10_000), 4),
            "bin": f"CAST({_bin(card)} AS TEXT)",
            "brand": (
                f"CASE WHEN {_bin_number(card)} < {BINS_VISA} THEN 'VISA' ELSE 'MASTERCARD' END"
            ),
            "time": self.date.format(made),
            "next time": self.date.format(f"({made} + {INSTALMENT_MS})"),
        }
        for part, number in (("", first), ("next ", second)):
            member = f',"acquirer_reference_number":"{MARKS[part + "arn"]}"'
            text = f"""',"acquirer_reference_number":"' || {_arn(number)} || '"'"""
            found |= {
                part + "sale": _padded(number, 12),
                part + "code": _padded(f"1 + {_mixed(number, 3_497_861, 999_998)}", 6),
                member: f"CASE WHEN {_has_arn(number)} THEN {text} ELSE '' END",
            }
        texts = {MARKS.get(name, name): f"({text})" for name, text in found.items()}
        return texts | {self.order["integration_id"]: f"({self._integration(order)})"}

    def _card(self, order: str) -> str:
        """The number of the card that pays an order."""
        cards = self.orders // ORDERS_OF_A_CARD
        return (
            f"(CASE WHEN {order} % 10 < {RETURNING_OF_TEN} THEN {order} % {cards}"
            f" ELSE {cards} + {order} END)"
        )

    def _time(self, order: str) -> str:
        return f"(({self.start} + {order} * {YEAR_MS} / {self.orders}) / 1000 * 1000)"

    def _integration(self, order: str) -> str:
        bound, cases = 0, []
        for name, share in zip(self.integrations, INTEGRATIONS):
            bound += share
            # By another digit than the one that says whether a card comes back.
            cases.append(f"WHEN {order} / 10 % 10 < {bound} THEN '{name}'")
        return f"CASE {' '.join(cases)} END"

    def _order_id(self, order: str) -> str:
        """Digits that sort by time, as long as other ids."""
        prefix = self.order["id"].split("_")[0]
        tail = f"{slot_of(self.order['id']):0{DIGITS - 10}}"
        return f"'{prefix}_' || CAST(1000000000 + {order} AS TEXT) || '{tail}'"


def start_of(months_13: int = YEAR_MS + INSTALMENT_MS) -> int:
    """When the first order was: the last instalment is paid now."""
    return time.time_ns() // 1_000_000 - months_13


def sale_reference(number: int) -> str:
    return f"txn-{number:012}"


def _numbers(name: str, first: int, end: int) -> str:
    return (
        f"WITH RECURSIVE numbered ({name}) AS (SELECT CAST({first} AS BIGINT)"
        f" UNION ALL SELECT {name} + 1 FROM numbered WHERE {name} < {end - 1}) "
    )


def _mixed(number: str, factor: int, count: int) -> str:
    """One of so many, evenly spread, and another for each factor."""
    return f"({number} * {factor} % {PRIME} % {count})"


def _padded(number: str, digits: int) -> str:
    return f"substr(CAST({10**digits} + {number} AS TEXT), 2, {digits})"


def _bin_number(card: str) -> str:
    return _mixed(card, 9_576_907, BINS_ALL)


def _bin(card: str) -> str:
    number = _bin_number(card)
    return (
        f"(CASE WHEN {number} < {BINS_VISA} THEN 411000 + {number} * 37"
        f" ELSE 520000 + {number} * 41 END)"
    )


def _amount(card: str) -> str:
    chance, bound, cases = _mixed(card, 5_915_587, 1_000), 0, []
    for price, share in HEAVY_PRICES.items():
        bound += share
        cases.append(f"WHEN {chance} < {bound} THEN {price}")
    return f"(CASE {' '.join(cases)} ELSE 299 + 100 * {_mixed(card, 1_500_450, PRICES)} END)"


def _has_arn(sale: str) -> str:
    return f"{_mixed(sale, 8_179_919, 100)} < {WITH_ARN_OF_100}"


def _arn(sale: str) -> str:
    """23 digits: the acquirer's, which all share, and a sequence."""
    return f"('74270005123' || {_padded(f'{sale} * 99991', 12)})"


def _varied(value, expressions: dict[str, str]) -> str:
    """A value of the sample with an expression instead of each mark."""
    if not isinstance(value, str):
        return literal(value)
    marks = sorted(expressions, key=len, reverse=True)
    parts = re.split(f"({'|'.join(map(re.escape, marks))})", value)
    return " || ".join(expressions.get(part) or literal(part) for part in parts if part)


def check_sample(order: dict, transaction: dict):
    """Marks must stand where they are meant to, and nowhere else."""
    wanted = {"order": 2, "sale": 2, "next sale": 2, "total": 2, "amount": 2, "last4": 2, "bin": 2,
              "brand": 2, "code": 1, "next code": 1, "arn": 1, "next arn": 1, "time": 2,
              "next time": 1}  # fmt: skip
    found = {name: order["document"].count(MARKS[name]) for name in wanted}
    if found != wanted or transaction["reference_id"] != f"txn-{MARKS['sale']}":
        raise BenchError(f"the stored sample has its marks {found} times, not {wanted}")
