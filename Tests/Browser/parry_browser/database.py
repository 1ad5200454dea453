"""Time that passes for sessions: changes in the database beside the running server, all SQL of these tests."""

import contextlib
import sqlite3
import subprocess
import time

from parry_outside.postgres import Database, program

from .stage import Person, Stage

OF_PERSON = "person_id IN (SELECT id FROM person WHERE email = ?)"
CONFIRMATION_SECONDS = 600


class Sessions:
    """The sessions of people, as the database has them."""

    def __init__(self, stage: Stage):
        self._database = stage.server.database

    def _change(self, sql: str, *values):
        if self._rows_changed(sql, *values) == 0:
            raise AssertionError(f"there was nothing to change: {sql}")

    def _rows_changed(self, sql: str, *values) -> int:
        if isinstance(self._database, Database):
            for value in values:
                sql = sql.replace("?", literal(value), 1)
            return len(self._database.sql(f"{sql} RETURNING 1"))
        file = sqlite3.connect(self._database, timeout=10)
        with contextlib.closing(file) as connection, connection:
            return connection.execute(sql, values).rowcount

    def age_confirmation(self, person: Person):
        """As if the password had been given too long ago for keys and secrets."""
        self._change(
            f"UPDATE person_session SET confirmed_at = confirmed_at - ? WHERE {OF_PERSON}",
            CONFIRMATION_SECONDS * 1_000, person.email,
        )  # fmt: skip

    def age(self, person: Person, seconds: int):
        """As if the person had signed in so much earlier, and done nothing since."""
        self._change(
            "UPDATE person_session SET created_at = created_at - ?, seen_at = seen_at - ?, "
            f"confirmed_at = confirmed_at - ? WHERE {OF_PERSON}",
            *[seconds * 1_000] * 3, person.email,
        )  # fmt: skip

    def end(self, person: Person):
        """As if the operator had ended them all."""
        self._change(
            f"UPDATE person_session SET ended_at = created_at WHERE {OF_PERSON}", person.email
        )

    def let_guess_again(self, email: str):
        """As if the last wrong password had been an hour ago."""
        self._change(
            "UPDATE sign_in_pace SET failed_at = failed_at - 3600000 WHERE email_folded = ?", email
        )

    def guess_just_now(self, email: str, failures: int):
        """As if there had been so many wrong passwords, the last at this moment."""
        self._change(
            "UPDATE sign_in_pace SET failures = ?, failed_at = ? WHERE email_folded = ?",
            failures, int(time.time() * 1_000), email,
        )  # fmt: skip


def literal(value: str | int) -> str:
    """As SQL writes it; of values without a question mark."""
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def everything_stored(stage: Stage) -> bytes:
    """All that the database holds, as it lies in its files or as a dump writes it."""
    database = stage.server.database
    if isinstance(database, Database):
        command = [program("pg_dump"), "--inserts", "-d", database.url]
        return subprocess.run(command, check=True, capture_output=True).stdout
    return b"".join(path.read_bytes() for path in stage.folder.glob(database.name + "*"))
