"""The statements of a claim as they stand in the Swift sources, run on a database file: an SQLite
server has no log of its statements.

The text is read from the sources, so that this cannot measure what is not run any more; what the
program does between the statements is written here once more.
"""

import json
import re
import sqlite3
import time
from collections import defaultdict
from itertools import chain, pairwise, zip_longest
from pathlib import Path

from .figures import BenchError
from .machine import stolen_time

STORE = Path(__file__).resolve().parents[2] / "Sources" / "ParryStore"
LIMITS = STORE.parent / "ParryDomain" / "Limits.swift"
LITERAL = re.compile(r'"""\n(.*?)\n *"""', re.S)
PLACE = re.compile(r"\\\((?:anyOf: )?([^()]+)\)")
COLUMNS = "d.id, v.body, d.attempt_count, d.deadline_at"
WAITING = "SELECT e.id, e.partner_id"
"""Beginning of the fragment `Self.waiting`."""
LIST = "(SELECT value FROM json_each(?))"
"""What `DeliveryStore.list` makes of ids."""
LEASE_SECONDS = 45
CLAIMS = 500
"""So many of each kind."""
PARTS = ("look", "candidates", "lease")
Claim = dict[str, float]
"""Milliseconds of each part."""


class Statement:
    """An SQL literal of a Swift source, with places for values."""

    def __init__(self, file: str, beginning: str):
        literals = LITERAL.findall((STORE / file).read_text())
        found = [text for text in literals if text.strip().startswith(beginning)]
        if len(found) != 1:
            raise BenchError(f"{file} has {len(found)} statements that begin with {beginning!r}")
        self._text = found[0]

    def bind(self, **values) -> tuple[str, list]:
        """Text with question marks, and their values; of lists, as many as Parry makes."""
        arguments = []

        def place(match: re.Match) -> str:
            name = match[1]
            if name == "Self.columns":
                return COLUMNS
            if name == "Self.waiting":
                return Statement("DeliveryClaim.swift", WAITING)._text
            if name == "list":
                arguments.append(json.dumps(values["ids"]))
                return LIST
            value = values.get(name.replace(".", "_"))
            if value is None:
                raise BenchError(f"a claim binds {name}, which the bench does not know")
            if not isinstance(value, list):
                arguments.append(value)
                return "?"
            size = 1 << (len(value) - 1).bit_length()
            arguments.extend(value + value[-1:] * (size - len(value)))
            return "(" + ", ".join("?" * size) + ")"

        return PLACE.sub(place, self._text), arguments


def limit(name: str) -> int:
    found = re.search(rf"static let {name}(?:: \w+)? = ([\d_]+)", LIMITS.read_text())
    if not found:
        raise BenchError(f"Limits.swift has no {name}")
    return int(found[1])


class Claimer:
    """Claims as one process does, on a connection with Parry's settings."""

    def __init__(self, file: Path):
        self._database = sqlite3.connect(file, isolation_level=None, timeout=30)
        for setting in ("synchronous = FULL", "foreign_keys = ON", "cache_size = -32768"):
            self._database.execute(f"PRAGMA {setting}")
        self._look = Statement("DeliveryClaim.swift", "WITH RECURSIVE turn")
        self._line = Statement("DeliveryClaim.swift", "SELECT * FROM (SELECT id, slot")
        self._read = Statement("DeliveryLease.swift", "SELECT \\(Self.columns) FROM delivery")
        self._lease = Statement("DeliveryLease.swift", "UPDATE delivery SET due_at")
        self._looked_at = limit("endpointsLookedAtMax")
        self._claimed = limit("endpointsClaimedMax")
        self._room = limit("deliveryClaimMax")
        self._of_new = limit("sendsToNewEndpointMax")
        self._after = ""

    def close(self):
        self._database.close()

    def run(self, only: str | None = None) -> Claim:
        """One claim of all endpoints in turn, or of one delivery; without BEGIN and COMMIT."""
        self._database.execute("BEGIN IMMEDIATE")
        times = [time.perf_counter()]
        taken = self._run(only, lambda: times.append(time.perf_counter()))
        self._database.execute("COMMIT")
        if not taken or (only and taken != 1):
            raise BenchError(f"a claim took {taken} deliveries")
        spent = (1000 * (end - start) for start, end in pairwise(times))
        return dict(zip(PARTS, spent, strict=True))

    def _run(self, only: str | None, lap) -> int:
        now = time.time_ns() // 1_000_000
        after = "" if only else self._after
        look = self._look.bind(appetite_after=after, Limits_endpointsLookedAtMax=self._looked_at)
        endpoints = [row[0] for row in self._database.execute(*look) if row[-1] <= now]
        lap()
        asked = [only] if only else endpoints[: self._claimed]
        self._after = asked[-1] if len(endpoints) > len(asked) else ""
        wanted = 1 if only else self._of_new
        lines = defaultdict(list)
        for identifier, _, endpoint in self._candidates(asked, wanted, now):
            lines[endpoint].append(identifier)
        lap()
        turns = zip_longest(*(line[:wanted] for line in lines.values()))
        chosen = [found for found in chain(*turns) if found]
        ids = chosen[: self._room]
        self._database.execute(*self._read.bind(ids=ids)).fetchall()
        end = now + 1000 * LEASE_SECONDS
        lease = self._lease.bind(end_milliseconds=end, number=now, ids=ids)
        taken = self._database.execute(*lease).rowcount
        lap()
        return taken

    def _candidates(self, asked: list[str], wanted: int, now: int) -> list[tuple]:
        size = 1 << (len(asked) - 1).bit_length()
        lines = [(endpoint, wanted + 1) for endpoint in asked]
        lines += [(asked[0], 0)] * (size - len(asked))
        bound = [
            self._line.bind(endpoint_id_text=endpoint, now_milliseconds=now, limit=number)
            for endpoint, number in lines
        ]
        text = " UNION ALL ".join(text for text, _ in bound)
        return self._database.execute(text, [*chain(*(found for _, found in bound))]).fetchall()


def time_claims(file: Path, endpoint: str) -> dict[str, list[Claim]]:
    """Claims that take as much as they may, and of ones that take one delivery; without those while
    the host took the processors away, unless that is most of them."""
    claimer = Claimer(file)
    found = {
        name: calm_claims(claimer, only)
        for name, only in (("many deliveries", None), ("one delivery", endpoint))
    }
    claimer.close()
    return found


def calm_claims(claimer: Claimer, only: str | None) -> list[Claim]:
    with stolen_time() as stolen:
        claims = [(time.time(), claimer.run(only)) for _ in range(CLAIMS)]
    return stolen.calm(claims)
