"""A year of one organisation: orders and alerts as parry stores them, multiplied by SQL.

The statements are the same on both engines. What varies from row to row is computed from the row's
number, so that every run has the same rows; ids are made of digits, which sort by time like real
ones.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from parry_outside.api import Api
from parry_outside.world import World

from .ids import DIGITS, slot_of
from .sample import MARKS

YEAR_MS = 365 * 86_400_000
DAY_MS = 86_400_000
PARTIAL_SHARE = 10
"""One order in so many came through a payment processor: PARTIAL, without status and time."""
ORDER_STATUSES = {
    "CLOSED_COMPLETE": 880, "OPEN_PENDING": 60, "CLOSED_CANCELLED": 40, "OPEN_PENDING_RETURN": 15,
    "OTHER": 5,
}  # fmt: skip
"""Of 1,000 COMPLETE orders so many each."""
ALERT_STATUSES = {"RESOLVED": 880, "INVALID": 100, "ACTION_REQUIRED": 20}
WITHOUT_DEADLINE = 300
"""Of 1,000 alerts so many have no deadline, as those that a rule decides at once."""
BATCH = 100_000
"""Rows of one statement: what an engine keeps of a recursion stays small."""


@dataclass(frozen=True)
class Customer:
    """The organisation that has much, and one that has little, of the same partner."""

    world: World
    processor_id: str
    """The integration that brings PARTIAL orders."""
    merchant_ids: list[str]
    small: World
    small_processor_id: str

    @property
    def of_small(self) -> "Customer":
        """The small organisation as the one to fill."""
        return Customer(
            self.small, self.small_processor_id, [self.small.merchant_id], self.small,
            self.small_processor_id,
        )  # fmt: skip


def more_merchants(api: Api, world: World, count: int) -> list[str]:
    """The organisation's merchants with so many new ones."""
    body = {"organisation_id": world.organisation_id, "type": "GENERIC"}
    return [world.merchant_id] + [
        api.must(201, "POST", "/v1/merchants", body | {"name": f"Branch {number}"})["id"]
        for number in range(1, count + 1)
    ]


@dataclass(frozen=True)
class Samples:
    """The rows of one order with its transaction, and of one alert, as parry stored them."""

    order: dict
    transaction: dict
    alert: dict

    def of(self, world: World) -> "Samples":
        """The same for another organisation."""
        slot = {"slot": slot_of(world.organisation_id), "organisation_id": world.organisation_id}
        feed = slot | {"integration_id": world.integration_id}
        return Samples(
            self.order | feed, self.transaction | feed,
            self.alert | slot | {"enrolment_id": world.enrolment_id},
        )  # fmt: skip


def year_start() -> int:
    return time.time_ns() // 1_000_000 - YEAR_MS


def order_statements(
    samples: Samples, customer: Customer, count: int, *, start: int, first: int = 0
) -> Iterator[str]:
    """Orders with one transaction each, numbered from `first`, spread evenly over the year."""
    start -= first * YEAR_MS // count
    for begin in range(first, first + count, BATCH):
        rows = numbers(begin, min(BATCH, first + count - begin))
        yield rows + insertion('"order"', order_values(samples.order, customer, start, count))
        yield rows + insertion(
            "order_transaction", transaction_values(samples.transaction, samples.order, customer)
        )


def alert_statements(
    samples: Samples, customer: Customer, count: int, *, start: int, first: int = 0
) -> Iterator[str]:
    """Alerts, numbered from `first`, spread evenly over the year."""
    start -= first * YEAR_MS // count
    for begin in range(first, first + count, BATCH):
        rows = numbers(begin, min(BATCH, first + count - begin))
        yield rows + insertion("alert", alert_values(samples.alert, customer, start, count))


COUNTS = (
    "DELETE FROM order_count",
    "INSERT INTO order_count (integration_id, order_status, part, slot, delta)"
    " SELECT integration_id, coalesce(order_status, ''), min(id), slot, count(*) FROM \"order\""
    " GROUP BY integration_id, coalesce(order_status, ''), slot",
)
"""What parry counts while it stores orders, as its own migration of orders counts it."""


def numbers(first: int, count: int) -> str:
    """Rows with the numbers `i`; `chance` is one of a thousand, evenly spread."""
    return (
        f"WITH RECURSIVE n (i) AS (SELECT CAST({first} AS BIGINT)"
        f" UNION ALL SELECT i + 1 FROM n WHERE i < {first + count - 1}),"
        " numbered (i, chance) AS (SELECT i, (i * 7919 % 1000003) % 1000 FROM n) "
    )


def insertion(table: str, values: dict[str, str]) -> str:
    columns, found = ", ".join(values), ", ".join(values.values())
    return f"INSERT INTO {table} ({columns}) SELECT {found} FROM numbered"


def literal(value) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def new_id(example: str) -> str:
    """The prefix of the example and the row's number, as long as other ids."""
    prefix = example.split("_")[0]
    tail = f"{slot_of(example):0{DIGITS - 10}}"
    return f"'{prefix}_' || CAST(1000000000 + i AS TEXT) || '{tail}'"


def marked(text: str) -> str:
    """A text of the sample with the row's own number instead of the sample's."""
    number = f"substr(CAST(1000000000000 + i AS TEXT), 2, {len(MARKS['number'])})"
    varied = literal(text)
    if MARKS["number"] in text:
        varied = f"replace({varied}, '{MARKS['number']}', {number})"
    if MARKS["arn"] in text:
        tail = "substr(CAST(100000000000 + i * 7919 % 99999999977 AS TEXT), 2, 11)"
        varied = f"replace({varied}, '{MARKS['arn']}', '{MARKS['arn'][:12]}' || {tail})"
    if MARKS["last4"] in text:
        last4 = "substr(CAST(10000 + i * 7919 % 9973 AS TEXT), 2, 4)"
        varied = f"replace({varied}, '{MARKS['last4']}', {last4})"
    return varied


def shares(words: dict[str, int], value: str = "chance") -> str:
    """A word for each of a thousand, by its share."""
    bound, cases = 0, []
    for word, share in words.items():
        bound += share
        cases.append(f"WHEN {value} < {bound} THEN '{word}'")
    return f"CASE {' '.join(cases)} END"


IS_PARTIAL = f"i % {PARTIAL_SHARE} = 0"


def moment(start: int, count: int) -> str:
    return f"{start} + i * {YEAR_MS} / {count}"


def order_values(order: dict, customer: Customer, start: int, count: int) -> dict[str, str]:
    def of_type(partial: str, complete: str) -> str:
        return f"CASE WHEN {IS_PARTIAL} THEN {partial} ELSE {complete} END"

    made = moment(start, count)
    status = shares(ORDER_STATUSES)
    document = f"replace({marked(order['document'])}, '{order['order_status']}', {status})"
    return {name: literal(value) for name, value in order.items()} | {
        "id": new_id(order["id"]),
        "integration_id": of_type(literal(customer.processor_id), literal(order["integration_id"])),
        "reference_id": marked(order["reference_id"]),
        "type": of_type("'PARTIAL'", "'COMPLETE'"),
        "order_status": of_type("NULL", status),
        "order_datetime": of_type("NULL", f"{made} - i * 7919 % {3 * DAY_MS}"),
        "document": document,
        "created_at": made,
        "updated_at": made,
    }


def transaction_values(transaction: dict, order: dict, customer: Customer) -> dict[str, str]:
    integration = literal(transaction["integration_id"])
    texts = {
        name: marked(value) if isinstance(value, str) else literal(value)
        for name, value in transaction.items()
    }
    return texts | {
        "integration_id": (
            f"CASE WHEN {IS_PARTIAL} THEN {literal(customer.processor_id)} ELSE {integration} END"
        ),
        "order_id": new_id(order["id"]),
    }


def alert_values(alert: dict, customer: Customer, start: int, count: int) -> dict[str, str]:
    made = moment(start, count)
    places = len(customer.merchant_ids)
    cases = " ".join(
        f"WHEN {place} THEN '{merchant}'" for place, merchant in enumerate(customer.merchant_ids)
    )
    return {name: literal(value) for name, value in alert.items()} | {
        "id": new_id(alert["id"]),
        "alert_network_id": "'ETHOCA-' || CAST(i AS TEXT)",
        "merchant_id": f"CASE i % {places} {cases} END",
        "status": shares(ALERT_STATUSES),
        "action_required_deadline": (
            f"CASE WHEN i * 6007 % 1000 < {WITHOUT_DEADLINE} THEN NULL"
            f" ELSE {made} + {2 * DAY_MS} + i * 7919 % {DAY_MS} END"
        ),
        "alert_received_at": made,
        "created_at": made,
        "updated_at": made,
    }
