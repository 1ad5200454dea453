"""Looks into the database file, read-only and beside the running server: all SQL stands here.

What a client was told must be there, and what belongs together must be there together. Whole
columns are read at once, since the server has no index for questions that only a test asks.
"""

import contextlib
import sqlite3
from collections import Counter, defaultdict
from pathlib import Path

ORDERS_WITHOUT_TRANSACTIONS = """
SELECT count(*) FROM "order" WHERE id NOT IN (SELECT order_id FROM order_transaction)
"""
TRANSACTIONS_WITHOUT_ORDER = """
SELECT count(*) FROM order_transaction WHERE order_id NOT IN (SELECT id FROM "order")
"""
EVENTS = "SELECT object_id, id, type FROM event ORDER BY id"
DELIVERIES = "SELECT event_id FROM delivery"
DELIVERY_STATES = "SELECT state FROM delivery ORDER BY id"
MOST_ATTEMPTS = "SELECT coalesce(max(attempt_count), 0) FROM delivery"


class Rows:
    """The database as it was at one moment."""

    def __init__(self, connection: sqlite3.Connection):
        self._connection = connection
        self.events: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        """Id and type of the events about each enrolment and alert."""
        for object_id, event_id, event_type in connection.execute(EVENTS):
            self.events[object_id].append((event_id, event_type))
        self.deliveries = Counter(event_id for (event_id,) in connection.execute(DELIVERIES))
        """How many deliveries each event has."""

    @property
    def event_ids(self) -> set[str]:
        return {event_id for events in self.events.values() for event_id, _ in events}

    def half_written_orders(self) -> int:
        """Orders of a load in which every order has a transaction, and the other way round."""
        return self._number(ORDERS_WITHOUT_TRANSACTIONS) + self._number(TRANSACTIONS_WITHOUT_ORDER)

    def delivery_states(self) -> list[str]:
        return [row[0] for row in self._connection.execute(DELIVERY_STATES)]

    def most_attempts(self) -> int:
        """How often the most tried delivery was tried."""
        return self._number(MOST_ATTEMPTS)

    def damage(self) -> list[str]:
        """What SQLite itself finds wrong with the file."""
        found = [row[0] for row in self._connection.execute("PRAGMA integrity_check")]
        broken = self._connection.execute("PRAGMA foreign_key_check").fetchall()
        return [line for line in found if line != "ok"] + [f"foreign key: {row}" for row in broken]

    def _number(self, sql: str) -> int:
        return self._connection.execute(sql).fetchone()[0]


@contextlib.contextmanager
def open_rows(database: Path):
    """A read-only connection in one read transaction; the write-ahead log is read with it."""
    connection = sqlite3.connect(
        f"file:{database}?mode=ro", uri=True, timeout=10, isolation_level=None
    )
    try:
        connection.execute("BEGIN")
        yield Rows(connection)
    finally:
        connection.close()
