"""Rows that are older than they are, and thousands where a test would make one: ids begin with the
time, so a row is given another id."""

import contextlib
import random
import sqlite3
import time
from pathlib import Path

from .postgres import Database, sql_beside

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
DIGITS = 22
SLOT_BITS, RANDOM_BITS = 12, 68
DAY = 86_400_000
STATEMENT_ROWS_MAX = 500


def now() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def bits_of(identifier: str) -> int:
    bits = 0
    for digit in identifier.split("_")[1]:
        bits = bits * len(ALPHABET) + ALPHABET.index(digit)
    return bits


def time_of(identifier: str) -> int:
    """The milliseconds that an id begins with."""
    return bits_of(identifier) >> (SLOT_BITS + RANDOM_BITS)


def id_like(example: str, milliseconds: int) -> str:
    """A new id of the same kind and slot, and of that time."""
    slot = bits_of(example) >> RANDOM_BITS & (1 << SLOT_BITS) - 1
    bits = (milliseconds << SLOT_BITS | slot) << RANDOM_BITS | random.getrandbits(RANDOM_BITS)
    digits = []
    for _ in range(DIGITS):
        bits, digit = divmod(bits, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return f"{example.split('_')[0]}_{''.join(reversed(digits))}"


def older(identifier: str, milliseconds: int) -> str:
    """An id like this one, of so much earlier."""
    return id_like(identifier, time_of(identifier) - milliseconds)


def change(database: Path | Database, *statements: str):
    """Runs them in one transaction."""
    if isinstance(database, Database):
        sql_beside(database.url, "; ".join(("BEGIN", *statements, "COMMIT")))
        return
    with contextlib.closing(sqlite3.connect(database, timeout=10)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def ask(database: Path | Database, query: str) -> list[tuple]:
    """The rows of one query, as texts."""
    if isinstance(database, Database):
        return [tuple(row) for row in database.sql(query)]
    with contextlib.closing(sqlite3.connect(database, timeout=10)) as connection:
        return [tuple(map(str, row)) for row in connection.execute(query)]


def count(database: Path | Database, rest: str) -> int:
    """`count(database, "event WHERE …")`."""
    return int(ask(database, f"SELECT count(*) FROM {rest}")[0][0])


def age_event(database: Path | Database, event: str, milliseconds: int) -> str:
    """The event as if it had happened so much earlier; its new id. Its deliveries follow it."""
    aged = older(event, milliseconds)
    change(
        database,
        f"UPDATE event SET id = '{aged}', created_at = created_at - {milliseconds},"
        f" body = replace(body, '{event}', '{aged}') WHERE id = '{event}'",
        f"UPDATE delivery SET event_id = '{aged}' WHERE event_id = '{event}'",
        f"UPDATE delivery_ended SET event_id = '{aged}' WHERE event_id = '{event}'",
    )
    return aged


def age_delivery(database: Path | Database, delivery: str, milliseconds: int) -> str:
    """The delivery and its tries as if so much earlier; its new id."""
    aged = older(delivery, milliseconds)
    earlier = f"id = '{aged}', created_at = created_at - {milliseconds}"
    change(
        database,
        f"UPDATE delivery SET {earlier} WHERE id = '{delivery}'",
        f"UPDATE delivery_ended SET {earlier} WHERE id = '{delivery}'",
        f"UPDATE delivery_attempt SET delivery_id = '{aged}',"
        f" started_at = started_at - {milliseconds} WHERE delivery_id = '{delivery}'",
    )
    return aged


def age_order(database: Path | Database, order: str, milliseconds: int) -> str:
    """The order as if it had been stored so much earlier; its new id."""
    aged = older(order, milliseconds)
    change(
        database,
        f"UPDATE \"order\" SET id = '{aged}', created_at = created_at - {milliseconds}"
        f" WHERE id = '{order}'",
        f"UPDATE order_transaction SET order_id = '{aged}' WHERE order_id = '{order}'",
    )
    return aged


def give_up_all(database: Path | Database, endpoint: str):
    """As if the sixth try of all that waits for the endpoint had failed."""
    change(
        database,
        "INSERT INTO delivery_ended SELECT id, slot, event_id, endpoint_id, 'FAILED', 6,"
        f" created_at, due_at FROM delivery WHERE endpoint_id = '{endpoint}'",
        f"DELETE FROM delivery WHERE endpoint_id = '{endpoint}'",
    )


def multiply_ended(database: Path | Database, delivery: str, number: int) -> list[str]:
    """So many deliveries more like one that ended, of the second before it; their ids."""
    start = time_of(delivery)
    made = [id_like(delivery, start - index % 1_000) for index in range(number)]
    parts = [made[at : at + STATEMENT_ROWS_MAX] for at in range(0, number, STATEMENT_ROWS_MAX)]
    change(database, *(_copies(delivery, part) for part in parts))
    return made


def _copies(delivery: str, identifiers: list[str]) -> str:
    values = ", ".join(f"('{one}')" for one in identifiers)
    return (
        "INSERT INTO delivery_ended SELECT v.column1, slot, event_id, endpoint_id, state,"
        " attempt_count, created_at, ended_at"
        f" FROM delivery_ended, (VALUES {values}) AS v WHERE id = '{delivery}'"
    )
