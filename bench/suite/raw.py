"""The raw program: SQLite's C interface alone, with the durability and caches of parry's driver."""

import json
import re
import subprocess
from pathlib import Path

from parry_outside.server import REPOSITORY

from .figures import BenchError
from .sample import MARKS, Base

SOURCE = Path(__file__).with_name("raw") / "orders.c"
DRIVER = REPOSITORY / "Sources" / "ParryDatabase" / "SQLite" / "SQLiteConfiguration.swift"
SECONDS_MAX = 600
CHECKPOINT_PAGES = 1_000
"""SQLite's default: a commit copies the log. Parry does so beside the writer, with code of its own."""
FILL_BATCH = 10_000
FILL_CACHE_KIB = 1_048_576
FILL_CHECKPOINT_PAGES = 200_000
FILL_MILLISECONDS_APART = 50


def driver_setting(name: str) -> int:
    """A size that the driver sets, read from its source, so that the two cannot differ."""
    found = re.search(rf"var {name} = ([\d_]+)$", DRIVER.read_text(), re.M)
    if not found:
        raise BenchError(f"{DRIVER.name} has no {name} any more: change suite/raw.py too")
    return int(found[1].replace("_", ""))


class RawOrders:
    """Inserts orders of the sample's shape with prepared statements, a batch in a transaction."""

    def __init__(self, base: Base, folder: Path):
        self._template = base.template
        self._program = folder / "raw-orders"
        command = ["gcc", "-std=gnu11", "-O2", "-o", str(self._program), str(SOURCE), "-lsqlite3"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise BenchError(f"gcc failed:\n{done.stderr}")

    def insert(self, database: Path, orders: int, first: int) -> dict:
        """As durable as parry, in batches of 100; returns `per_second` and more."""
        return self._run(
            database, orders, first,
            "--cache-kib", driver_setting("writerCacheKiB"),
            "--checkpoint-pages", CHECKPOINT_PAGES,
        )  # fmt: skip

    def fill(self, database: Path, orders: int):
        """Prepares a database with orders 0, 1, … as fast as it goes."""
        self._run(
            database, orders, 0, "--synchronous", "OFF", "--batch", FILL_BATCH,
            "--cache-kib", FILL_CACHE_KIB, "--checkpoint-pages", FILL_CHECKPOINT_PAGES,
            "--milliseconds-apart", FILL_MILLISECONDS_APART,
        )  # fmt: skip

    def _run(self, database: Path, orders: int, first: int, *words) -> dict:
        command = [
            self._program, "--database", database, "--template", self._template,
            "--orders", orders, "--first", first,
            "--wal-limit", driver_setting("walSizeLimitBytes"),
            "--mark-number", MARKS["number"], "--mark-amount", MARKS["amount"],
            "--mark-last-4", MARKS["last4"], "--mark-code", MARKS["code"],
            "--mark-arn", MARKS["arn"], *words,
        ]  # fmt: skip
        done = subprocess.run(
            list(map(str, command)), capture_output=True, text=True, timeout=SECONDS_MAX
        )
        if done.returncode != 0:
            raise BenchError(f"the raw program failed: {done.stderr.strip()}")
        return json.loads(done.stdout)
