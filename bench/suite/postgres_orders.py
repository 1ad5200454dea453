"""Storing orders in PostgreSQL: over HTTP by parry, beside libpq alone and beside pgbench.

Both sides begin with equal databases on the same server, turn by turn.
"""

from dataclasses import dataclass, field

from parry_outside.postgres import Database

from .bench import Bench
from .figures import BenchError, Figure, Target, median
from .load import Load, run_wrk
from .machine import cpu_use, peak_bytes
from .orders import BATCH, BATCH_CONNECTIONS, NUMBERS_A_LOAD, SINGLE_CONNECTIONS
from .postgres import DURABLE, SETTINGS, Platform, count_orders, open_platform, order_shape
from .postgres_raw import BulkOrders, SingleOrders

PGBENCH_CONNECTIONS = 8
FIRST = NUMBERS_A_LOAD * 10_000
"""The first number: twelve digits, since pgbench does not pad."""
SERVER = "a PostgreSQL of its own ({})".format(
    ", ".join(f"{name} {SETTINGS[name]}" for name in ("shared_buffers", "max_wal_size"))
)


@dataclass
class Runs:
    """The turns of one comparison."""

    loads: list[Load] = field(default_factory=list)
    parry: list[float] = field(default_factory=list)
    """Orders a second."""
    raw: list[float] = field(default_factory=list)
    raw_longest_ms: list[float] = field(default_factory=list)
    cpu: list[dict] = field(default_factory=list)
    """Of each turn parry's, then the raw program's."""
    orders: list[int] = field(default_factory=list)
    peak_mb: float = 0

    @property
    def p99_ms(self) -> float:
        return median(load.p99_ms for load in self.loads)

    @property
    def details(self) -> dict:
        return {
            "runs": [round(rate) for rate in self.parry],
            "raw_runs": [round(rate) for rate in self.raw],
            "p50_ms": [load.p50_ms for load in self.loads],
            "p99_ms": [load.p99_ms for load in self.loads],
            "raw_longest_transaction_ms": self.raw_longest_ms,
            "orders_stored": self.orders,
            "peak_memory_mb": self.peak_mb,
            "cpu": self.cpu,
        }


def take_turn(
    bench: Bench, platform: Platform, database: Database, batch: int, connections: int, runs: Runs
) -> int:
    """Parry for its seconds; returns how many orders it stored, everything that was acknowledged."""
    platform.cluster.settle()
    with platform.server(database).start() as server:
        with cpu_use(server.process.pid, database=platform.cluster.process) as use:
            load = run_wrk(
                "orders", server.base, platform.order_file, platform.partner.api_key, FIRST, batch,
                connections=connections, seconds=bench.seconds,
            )  # fmt: skip
        runs.peak_mb = max(runs.peak_mb, round(peak_bytes(server.process.pid) / 1e6, 1))
        server.stop()
    stored = count_orders(database)
    acknowledged = load.requests * batch
    if not acknowledged <= stored <= acknowledged + connections * batch:
        raise BenchError(f"{acknowledged} orders were acknowledged, {stored} were stored")
    runs.loads.append(load)
    runs.parry.append(load.per_second * batch)
    runs.orders.append(stored)
    runs.cpu.append(use.found)
    return stored


def compare_shapes(ours: Database, raw: Database):
    """What is compared must be the same work: the same columns, types and sizes."""
    ours, raw = order_shape(ours, FIRST), order_shape(raw, FIRST)
    if ours != raw:
        different = [pair for pair in zip(ours, raw) if pair[0] != pair[1]]
        raise BenchError(f"the rows differ in shape (parry, raw): {different}")


def batches(bench: Bench):
    """pg-orders-batch"""
    runs = Runs()
    with open_platform(bench, "pg-batches") as platform:
        cluster, bulk = platform.cluster, BulkOrders(platform)
        for _ in range(bench.turns):
            with cluster.copy_of(platform.empty) as ours, cluster.copy_of(platform.empty) as raw:
                stored = take_turn(bench, platform, ours, BATCH, BATCH_CONNECTIONS, runs)
                cluster.settle()
                with cpu_use(database=cluster.process) as use:
                    found = bulk.insert(raw, stored, FIRST, BATCH_CONNECTIONS)
                if count_orders(raw) != stored:
                    raise BenchError("the raw program did not store as many orders")
                compare_shapes(ours, raw)
            runs.raw.append(found["per_second"])
            runs.raw_longest_ms.append(found["longest_ms"])
            runs.cpu.append(use.found)
    yield Figure(
        name=f"PostgreSQL: orders in batches of {BATCH}",
        what=(
            f"POST /v1/orders with {BATCH} orders each (the guide's COMPLETE order with one"
            f" transaction) from {BATCH_CONNECTIONS} connections into an empty database of {SERVER},"
            f" {DURABLE}; p99 of a batch {runs.p99_ms:.0f} ms"
        ),
        value=median(runs.parry),
        unit="orders/s",
        raw=median(runs.raw),
        raw_what=(
            f"a C program that stores as many orders of the same shape in another copy of the same"
            f" database by the same bulk statements, {BATCH} in a transaction, prepared, with binary"
            f" arrays, over {BATCH_CONNECTIONS} connections of libpq, each transaction in one round"
            f" trip"
        ),
        target=Target.share(0.60),
        details=runs.details,
    )


def singles(bench: Bench):
    """pg-orders-single"""
    runs = Runs()
    with open_platform(bench, "pg-singles") as platform:
        cluster, single = platform.cluster, SingleOrders(platform)
        for _ in range(bench.turns):
            with cluster.copy_of(platform.empty) as ours, cluster.copy_of(platform.empty) as raw:
                take_turn(bench, platform, ours, 1, SINGLE_CONNECTIONS, runs)
                cluster.settle()
                with cpu_use(database=cluster.process) as use:
                    rate = single.insert(raw, FIRST, PGBENCH_CONNECTIONS, bench.seconds)
                count_orders(raw)
                compare_shapes(ours, raw)
            runs.raw.append(rate)
            runs.cpu.append(use.found)
    yield Figure(
        name="PostgreSQL: single orders",
        what=(
            f"POST /v1/orders with one order each from {SINGLE_CONNECTIONS} connections into an"
            f" empty database of {SERVER}, {DURABLE};"
            f" p50 {median(load.p50_ms for load in runs.loads):.1f} ms, p99 {runs.p99_ms:.1f} ms"
        ),
        value=median(runs.parry),
        unit="orders/s",
        raw=median(runs.raw),
        raw_what=(
            f"pgbench that stores orders of the same shape one by one in another copy of the same"
            f" database, both rows in one transaction, prepared, over {PGBENCH_CONNECTIONS}"
            f" connections"
        ),
        target=Target.share(0.90),
        details=runs.details,
    )
