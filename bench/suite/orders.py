"""Storing orders: over HTTP by parry, beside what SQLite's C interface does with the same rows.

Both sides begin with equal databases and insert equally many orders, turn by turn, so that both
meet the same tables, indexes and sizes, and the same moods of the machine.
"""

from dataclasses import dataclass, field
from pathlib import Path

from .bench import Bench
from .figures import BenchError, Figure, Target, median
from .load import Load, Wrk
from .machine import cpu_use, peak_bytes
from .sample import DURABLE, copy_database, count_orders, order_shape

BATCH = 100
BATCH_CONNECTIONS = 4
SINGLE_CONNECTIONS = 64
NUMBERS_A_LOAD = 10_000_000
"""Each load numbers its orders from a multiple of this on, so that no reference comes twice."""


@dataclass
class Runs:
    """The turns of one comparison."""

    loads: list[Load] = field(default_factory=list)
    parry: list[float] = field(default_factory=list)
    """Orders a second."""
    raw: list[float] = field(default_factory=list)
    raw_longest_ms: list[float] = field(default_factory=list)
    """The raw program's longest transaction, one that checkpoints."""
    cpu: list[dict] = field(default_factory=list)
    """Of each turn parry's, then the raw program's."""
    peak_mb: float = 0
    orders_at_end: int = 0

    @property
    def details(self) -> dict:
        return {
            "runs": [round(rate) for rate in self.parry],
            "raw_runs": [round(rate) for rate in self.raw],
            "p50_ms": [load.p50_ms for load in self.loads],
            "p99_ms": [load.p99_ms for load in self.loads],
            "raw_longest_transaction_ms": self.raw_longest_ms,
            "orders_stored_at_end": self.orders_at_end,
            "peak_memory_mb": self.peak_mb,
            "cpu": self.cpu,
        }


class Twins:
    """Two databases with orders of the same number and shape: parry's and the raw program's."""

    def __init__(self, bench: Bench, folder: Path, stored: int):
        self.bench = bench
        self.stored = stored
        self.raw_database = folder / "raw.db"
        source = bench.stored_orders(stored) if stored else bench.base.database
        copy_database(source, self.raw_database)
        copy_database(source, folder / "parry.db")
        self.server = bench.base.server(folder)
        self.next_number = NUMBERS_A_LOAD
        self.orders = stored

    def take_numbers(self) -> int:
        first = self.next_number
        self.next_number += NUMBERS_A_LOAD
        return first

    def wrk(self, batch: int, connections: int, seconds: float, first: int) -> Wrk:
        return Wrk(
            "orders", self.server.base, self.bench.base.order_file,
            self.bench.base.partner.api_key, first, batch,
            connections=connections, seconds=seconds,
        )  # fmt: skip

    def take_turns(self, batch: int, connections: int, runs: Runs):
        """Parry for its seconds, then the raw program for as many orders."""
        first = self.take_numbers()
        self.bench.settle()
        with self.server.start() as server:
            with cpu_use(server.process.pid) as use:
                with self.wrk(batch, connections, self.bench.seconds, first) as running:
                    load = running.result()
            runs.peak_mb = max(runs.peak_mb, round(peak_bytes(server.process.pid) / 1e6, 1))
            server.stop()
        added = self.added_orders(load.requests * batch, connections * batch)
        self.bench.settle()
        with cpu_use() as raw_use:
            raw = self.bench.raw.insert(self.raw_database, added, first)
        if count_orders(self.raw_database) != self.orders:
            raise BenchError("the two databases have not the same number of orders any more")
        self.compare_shapes(first)
        runs.loads.append(load)
        runs.parry.append(load.per_second * batch)
        runs.raw.append(raw["per_second"])
        runs.raw_longest_ms.append(raw["longest_ms"])
        runs.cpu += [use.found, raw_use.found]
        runs.orders_at_end = self.orders

    def added_orders(self, acknowledged: int, unanswered_max: int) -> int:
        """How many are stored now and were not before: everything that was acknowledged."""
        before, self.orders = self.orders, count_orders(self.server.database)
        added = self.orders - before
        if not acknowledged <= added <= acknowledged + unanswered_max:
            raise BenchError(f"{acknowledged} orders were acknowledged, {added} were stored")
        return added

    def compare_shapes(self, number: int):
        """What is compared must be the same work: the same columns, types and sizes."""
        ours = order_shape(self.server.database, number)
        raw = order_shape(self.raw_database, number)
        if ours != raw:
            different = [pair for pair in zip(ours, raw) if pair[0] != pair[1]]
            raise BenchError(f"the rows differ in shape (parry, raw): {different}")


def compare(
    bench: Bench, folder: Path, stored: int, batch: int, connections: int
) -> tuple[Runs, Twins]:
    """All turns, and the twins as they are after them."""
    runs = Runs()
    twins = None
    for turn in range(bench.turns):
        # What was empty is no more after the first turn; a million hardly changes.
        if twins is None or not stored:
            twins = Twins(bench, folder / f"turn-{turn}", stored)
        twins.take_turns(batch, connections, runs)
    return runs, twins


def state_text(stored: int) -> str:
    return f"{stored:,} orders stored" if stored else "empty"


def raw_text(stored: int) -> str:
    return (
        f"a C program that inserts as many orders of the same shape into a copy of the same"
        f" database ({state_text(stored)}), 100 in a transaction, prepared statements, {DURABLE}"
    )


def batches(bench: Bench):
    """orders-batch"""
    for stored in (0, bench.stored):
        with bench.scratch("batches") as folder:
            runs, _ = compare(bench, folder, stored, BATCH, BATCH_CONNECTIONS)
        yield Figure(
            name=f"orders in batches of {BATCH}, {state_text(stored)}",
            what=(
                f"POST /v1/orders with {BATCH} orders each (the guide's COMPLETE order with one"
                f" transaction) from {BATCH_CONNECTIONS} connections, {DURABLE};"
                f" p99 of a batch {median(load.p99_ms for load in runs.loads):.0f} ms"
            ),
            value=median(runs.parry),
            unit="orders/s",
            raw=median(runs.raw),
            raw_what=raw_text(stored),
            target=Target.share(0.80),
            details=runs.details,
        )


def singles(bench: Bench):
    """orders-single"""
    for stored in (0, bench.stored):
        with bench.scratch("singles") as folder:
            runs, twins = compare(bench, folder, stored, 1, SINGLE_CONNECTIONS)
            yield from singles_figures(runs, stored)
            if stored:
                yield singles_beside_batches(bench, twins)


def singles_figures(runs: Runs, stored: int):
    yield Figure(
        name=f"single orders, {state_text(stored)}",
        what=(
            f"POST /v1/orders with one order each from {SINGLE_CONNECTIONS} connections,"
            f" {DURABLE}; p50 {median(load.p50_ms for load in runs.loads):.1f} ms"
        ),
        value=median(runs.parry),
        unit="orders/s",
        raw=median(runs.raw),
        raw_what=raw_text(stored),
        target=Target.share(0.50),
        details=runs.details,
    )
    yield latency_figure(
        f"p99 of single orders, {state_text(stored)}",
        f"how long 99 of 100 of these POSTs took at most, {SINGLE_CONNECTIONS} at a time",
        runs.loads,
    )


def singles_beside_batches(bench: Bench, twins: Twins) -> Figure:
    loads, beside, cpu = [], [], []
    for _ in range(bench.turns):
        bench.settle()
        with twins.server.start() as server:
            with cpu_use(server.process.pid) as use:
                first, second = twins.take_numbers(), twins.take_numbers()
                with (
                    twins.wrk(BATCH, 1, bench.seconds, first) as batches,
                    twins.wrk(1, SINGLE_CONNECTIONS, bench.seconds, second) as singles,
                ):
                    loads.append(singles.result())
                    beside.append(batches.result())
            server.stop()
        cpu.append(use.found)
        acknowledged = loads[-1].requests + beside[-1].requests * BATCH
        twins.added_orders(acknowledged, SINGLE_CONNECTIONS + BATCH)
    batch_rate = median(load.per_second * BATCH for load in beside)
    figure = latency_figure(
        "p99 of single orders beside batches",
        (
            f"the same, with {state_text(twins.stored)}, while one more connection POSTs batches of"
            f" {BATCH} without a pause: {batch_rate:,.0f} orders/s in batches beside"
            f" {median(load.per_second for load in loads):,.0f} single ones"
        ),
        loads,
    )
    figure.details |= {"batch_orders_per_second": round(batch_rate), "cpu": cpu}
    return figure


def latency_figure(name: str, what: str, loads: list[Load]) -> Figure:
    return Figure(
        name=name,
        what=what,
        value=median(load.p99_ms for load in loads),
        unit="ms",
        target=Target.under(50, "ms"),
        details={
            "p50_ms": [load.p50_ms for load in loads],
            "p99_ms": [load.p99_ms for load in loads],
            "max_ms": [load.max_ms for load in loads],
            "single_orders_per_second": [round(load.per_second) for load in loads],
        },
    )
