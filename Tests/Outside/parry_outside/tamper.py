"""Changes in a database: time that passes, damage while no server runs, a lock beside one."""

import contextlib
import sqlite3
from pathlib import Path

from .postgres import Database, Session


def age_stored_answers(database: Path, milliseconds: int):
    """As if the requests with an Idempotency-Key had come so much earlier."""
    _change(database, "UPDATE idempotency SET created_at = created_at - ?", milliseconds)


def bring_deadline_closer(database: Path, alert_id: str, milliseconds: int):
    sql = "UPDATE alert SET action_required_deadline = action_required_deadline - ? WHERE id = ?"
    _change(database, sql, milliseconds, alert_id)


def age_rotation(database: Path | Database, endpoint_id: str, milliseconds: int):
    """As if the secret had been rotated so much earlier."""
    sql = "UPDATE webhook_endpoint SET former_secret_until = former_secret_until - ? WHERE id = ?"
    _change(database, sql, milliseconds, endpoint_id)


def give_up(database: Path | Database, delivery_id: str):
    """As if the sixth try had failed, which takes most of a day."""
    sql = """
        INSERT INTO delivery_ended
        SELECT id, slot, event_id, endpoint_id, 'FAILED', 6, created_at, due_at
        FROM delivery WHERE id = ?
        """
    _change(database, sql, delivery_id)
    _change(database, "DELETE FROM delivery WHERE id = ?", delivery_id)


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


def _change(database: Path | Database, sql: str, *values):
    if isinstance(database, Database):
        for value in values:
            sql = sql.replace("?", f"'{value}'", 1)
        with Session(database.url) as session:
            if not session.sql(sql + " RETURNING 1"):
                raise AssertionError(f"there was nothing to change: {sql}")
        return
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        changed = connection.execute(sql, values).rowcount
        if changed == 0:
            raise AssertionError(f"there was nothing to change: {sql}")
