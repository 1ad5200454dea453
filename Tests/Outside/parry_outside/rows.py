"""Looks into the database, read-only and beside the running servers: all SQL stands here.

What a client was told must be there, and what belongs together must be there together. Whole
columns are read at once, since the server has no index for questions that only a test asks.
"""

import contextlib
import sqlite3
from collections import Counter, defaultdict
from pathlib import Path

from .postgres import Database, Session

ORDERS_WITHOUT_TRANSACTIONS = """
SELECT count(*) FROM "order" WHERE id NOT IN (SELECT order_id FROM order_transaction)
"""
TRANSACTIONS_WITHOUT_ORDER = """
SELECT count(*) FROM order_transaction WHERE order_id NOT IN (SELECT id FROM "order")
"""
ORDERS = 'SELECT id FROM "order"'
MERCHANTS = "SELECT id FROM merchant"
EVENTS = "SELECT object_id, id, type FROM event ORDER BY id"
DELIVERIES = "SELECT event_id FROM delivery UNION ALL SELECT event_id FROM delivery_ended"
DELIVERY_STATES = """
SELECT id, 'PENDING' FROM delivery UNION ALL SELECT id, state FROM delivery_ended ORDER BY 1
"""
MOST_ATTEMPTS = """
SELECT coalesce(max(attempt_count), 0)
FROM (SELECT attempt_count FROM delivery UNION ALL SELECT attempt_count FROM delivery_ended) AS d
"""
STORED_ANSWERS = "SELECT created_at FROM idempotency"
AUDIT = "SELECT organisation_id, action, detail FROM audit ORDER BY created_at, id"
SCHEMA_VERSION = "SELECT max(version) FROM schema_migration"


class Rows:
    """The database as it was at one moment."""

    def __init__(self, query, find_damage):
        """`query` runs one statement and returns its rows."""
        self._query = query
        self._find_damage = find_damage
        self.events: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        """Id and type of the events about each enrolment and alert."""
        for object_id, event_id, event_type in query(EVENTS):
            self.events[object_id].append((event_id, event_type))
        self.deliveries = Counter(event_id for (event_id,) in query(DELIVERIES))
        """How many deliveries each event has."""

    @property
    def event_ids(self) -> set[str]:
        return {event_id for events in self.events.values() for event_id, _ in events}

    def order_ids(self) -> set[str]:
        return {row[0] for row in self._query(ORDERS)}

    def merchant_ids(self) -> set[str]:
        """Those that were deleted too."""
        return {row[0] for row in self._query(MERCHANTS)}

    def half_written_orders(self) -> int:
        """Orders of a load in which every order has a transaction, and the other way round."""
        return self._number(ORDERS_WITHOUT_TRANSACTIONS) + self._number(TRANSACTIONS_WITHOUT_ORDER)

    def delivery_states(self) -> list[str]:
        return [row[1] for row in self._query(DELIVERY_STATES)]

    def most_attempts(self) -> int:
        """How often the most tried delivery was tried."""
        return self._number(MOST_ATTEMPTS)

    def stored_answers(self, older_than: float = float("inf")) -> int:
        """How many answers to requests with an Idempotency-Key are kept from before this time."""
        ages = [created_at / 1_000 for (created_at,) in self._query(STORED_ANSWERS)]
        return sum(age < older_than for age in ages)

    def audit(self) -> list[tuple[str, str, str]]:
        """Organisation, action and detail of what the operator did."""
        return [tuple(row) for row in self._query(AUDIT)]

    def schema_version(self) -> int:
        return self._number(SCHEMA_VERSION)

    def damage(self) -> list[str]:
        """What the engine itself finds wrong with the database."""
        return self._find_damage(self._query)

    def _number(self, sql: str) -> int:
        return int(self._query(sql)[0][0])


def sqlite_damage(query) -> list[str]:
    found = [row[0] for row in query("PRAGMA integrity_check")]
    broken = query("PRAGMA foreign_key_check")
    return [line for line in found if line != "ok"] + [f"foreign key: {row}" for row in broken]


def no_damage(query) -> list[str]:
    """PostgreSQL is not asked: it was not killed, and has no cheap check of its own."""
    return []


@contextlib.contextmanager
def open_rows(database: Path | Database):
    """The rows of a SQLite file or a PostgreSQL database, in one read transaction."""
    opened = open_file(database) if isinstance(database, Path) else open_database(database)
    with opened as rows:
        yield rows


@contextlib.contextmanager
def open_database(database: Database):
    with Session(database.url) as session:
        session.sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield Rows(session.sql, no_damage)


@contextlib.contextmanager
def open_file(database: Path):
    """The write-ahead log is read with it."""
    connection = sqlite3.connect(
        f"file:{database}?mode=ro", uri=True, timeout=10, isolation_level=None
    )
    try:
        connection.execute("BEGIN")
        yield Rows(lambda sql: connection.execute(sql).fetchall(), sqlite_damage)
    finally:
        connection.close()
