"""Changes in a SQLite file: time that passes and damage while no server runs, a lock beside one."""

import contextlib
import sqlite3
from pathlib import Path


def age_stored_answers(database: Path, milliseconds: int):
    """As if the requests with an Idempotency-Key had come so much earlier."""
    _change(database, "UPDATE idempotency SET created_at = created_at - ?", milliseconds)


def bring_deadline_closer(database: Path, alert_id: str, milliseconds: int):
    sql = "UPDATE alert SET action_required_deadline = action_required_deadline - ? WHERE id = ?"
    _change(database, sql, milliseconds, alert_id)


def damage_alert(database: Path, alert_id: str):
    """Puts a status there that no program ever writes."""
    _change(database, "UPDATE alert SET status = 'NONSENSE' WHERE id = ?", alert_id)


@contextlib.contextmanager
def write_lock(database: Path):
    """Holds what a server needs for each write, as a forgotten shell does."""
    connection = sqlite3.connect(database, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
    finally:
        connection.close()


def _change(database: Path, sql: str, *values):
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        changed = connection.execute(sql, values).rowcount
        if changed == 0:
            raise AssertionError(f"there was nothing to change: {sql}")
