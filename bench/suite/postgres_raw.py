"""The raw limits of storing orders in PostgreSQL: libpq alone, and pgbench."""

import functools
import json
import re
import subprocess
import time
from pathlib import Path

from parry_outside.postgres import Database, program

from .figures import BenchError
from .postgres import Platform, one_row
from .sample import MARKS

SOURCE = Path(__file__).with_name("raw") / "postgres_orders.c"
SECONDS_MAX = 300
PGBENCH_THREADS = 2


class BulkOrders:
    """Inserts orders of the sample's shape by the bulk statements that parry sends."""

    def __init__(self, platform: Platform):
        self._platform = platform

    @functools.cached_property
    def _program(self) -> Path:
        made = self._platform.folder / "postgres-orders"
        flags = _output("pkg-config", "--cflags", "--libs", "libpq").split()
        _output("gcc", "-std=gnu11", "-O2", "-o", made, SOURCE, *flags, "-pthread")
        return made

    def insert(self, database: Database, orders: int, first: int, connections: int) -> dict:
        """In batches of 100; returns `per_second` and more."""
        return json.loads(
            _output(
                self._program, "--database", database.url,
                "--template", self._platform.template.url,
                "--orders", orders, "--first", first, "--connections", connections,
                "--mark-number", MARKS["number"], "--mark-amount", MARKS["amount"],
                "--mark-last-4", MARKS["last4"], "--mark-code", MARKS["code"],
                "--mark-arn", MARKS["arn"],
            )  # fmt: skip
        )


class SingleOrders:
    """Inserts orders of the sample's shape one by one, each with its transaction, by pgbench."""

    def __init__(self, platform: Platform):
        self._platform = platform

    @functools.cached_property
    def _script(self) -> Path:
        made = self._platform.folder / "orders.pgbench"
        made.write_text(script(self._platform.template))
        return made

    def insert(self, database: Database, first: int, connections: int, seconds: float) -> float:
        """Orders a second."""
        # pgbench knows whole seconds.
        output = _output(
            program("pgbench"), "--no-vacuum", "--protocol=prepared", "--file", self._script,
            "--client", connections, "--jobs", PGBENCH_THREADS, "--time", max(1, round(seconds)),
            "--define", f"first={first}", "--define", "count=0",
            "--define", f"clients={connections}",
            "--define", f"now={time.time_ns() // 1_000_000}", database.url,
        )  # fmt: skip
        found = re.search(r"^tps = ([\d.]+) ", output, re.M)
        failed = re.search(r"^number of failed transactions: (\d+) ", output, re.M)
        if not found or not failed or failed[1] != "0":
            raise BenchError(f"pgbench failed:\n{output}")
        return float(found[1])


ID_TAIL = ":place || :id_tail"
VALUES = {
    "number": ":number",
    "amount": ":amount",
    "last4": ":last4",
    "code": ":code",
    "arn": "'7' || :arn_head || :arn_tail",
}
SET = """\
\\set count :count + 1
\\set number :first + :count * :clients + :client_id
\\set place 1000000000 + :count * :clients + :client_id
\\set id_tail random(1000000000, 9999999999)
\\set amount random(1000, 9999)
\\set last4 random(1000, 9999)
\\set code random(100000, 999999)
\\set arn_head random(10000000000, 99999999999)
\\set arn_tail random(10000000000, 99999999999)
"""
ID_TAIL_DIGITS = 20


def script(template: Database) -> str:
    """One transaction of pgbench. What varies is the same as in the loads and the other raw program:
    references count up and ids grow with time, so that the indexes grow alike. pgbench has numbers
    only, so ids are made of digits."""
    order_id = one_row(template, '"order"')["id"]
    inserts = [_insert(template, table, order_id) for table in ('"order"', "order_transaction")]
    return SET + "\n".join(["BEGIN;", *inserts, "COMMIT;", ""])


def _insert(template: Database, table: str, order_id: str) -> str:
    row = one_row(template, table)
    values = ", ".join(_value(name, value, order_id) for name, value in row.items())
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values});"


def _value(name: str, value, order_id: str) -> str:
    if value is None:
        return "NULL"
    if name in ("created_at", "updated_at"):
        return ":now"
    if name == "amount":
        return ":amount"
    return str(value) if isinstance(value, int) else _text(value, order_id)


def _text(text: str, order_id: str) -> str:
    """Literal text and what varies in turn, joined by the server."""
    variables = {MARKS[name]: variable for name, variable in VALUES.items()}
    variables[order_id[-ID_TAIL_DIGITS:]] = ID_TAIL
    pieces = re.split("(" + "|".join(map(re.escape, variables)) + ")", text)
    return " || ".join(variables.get(piece) or _literal(piece) for piece in pieces if piece)


def _literal(text: str) -> str:
    """Without a colon, behind which pgbench looks for the name of a variable."""
    return "E'" + text.replace("\\", "\\\\").replace("'", "''").replace(":", "\\x3A") + "'"


def _output(*command) -> str:
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, timeout=SECONDS_MAX
    )
    if done.returncode != 0:
        raise BenchError(f"{Path(command[0]).name} failed:\n{done.stderr.strip()}")
    return done.stdout
