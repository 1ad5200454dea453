"""Sending a feed without a limit: how busy `parry-partner orders send` keeps a server, beside wrk.

Both send orders of the same shape to the same server on equal databases, turn by turn.
"""

from dataclasses import dataclass, field
from pathlib import Path

from parry_outside.server import Server

from .bench import Bench
from .figures import BenchError, Figure, Target, median
from .load import Load, Wrk
from .machine import cpu_use, peak_bytes
from .partner import BATCH, Stage, Took, check_report, effort_of, open_stage, run_to_end
from .sample import DURABLE, OPTIONS, count_orders, open_database, order_shape, order_text

CONNECTIONS = 4
"""So many requests the program has under way, and wrk too."""
SHARE_MIN = 0.80
SEND_SECONDS_MAX = 600


@dataclass
class Runs:
    """The turns of one comparison."""

    program: list[Took] = field(default_factory=list)
    wrk: list[Load] = field(default_factory=list)
    stored: list[int] = field(default_factory=list)
    """Of each turn by the program, then by wrk."""
    cpu: list[dict] = field(default_factory=list)
    server_peak_mb: float = 0

    @property
    def rates(self) -> list[float]:
        """Orders a second of the program."""
        return [took.report["accepted"] / took.seconds for took in self.program]

    @property
    def raw_rates(self) -> list[float]:
        return [load.per_second * BATCH for load in self.wrk]

    @property
    def details(self) -> dict:
        return {
            "runs": [round(rate) for rate in self.rates],
            "raw_runs": [round(rate) for rate in self.raw_rates],
            "program": [took.document() for took in self.program],
            "stored": self.stored,
            "server_peak_memory_mb": self.server_peak_mb,
            "cpu": self.cpu,
        }


def measure(bench: Bench):
    """partner-orders"""
    count = effort_of(bench).orders
    runs = Runs()
    with open_stage(bench, "partner-orders", *OPTIONS) as stage:
        stage.write_feed("feed.jsonl", count)
        order = stage.folder / "order.json"
        order.write_text(order_text(stage.world))
        for _ in range(bench.turns):
            ours = send(bench, stage, count, runs)
            compare_shapes(ours, load(bench, stage, order, runs))
    took = runs.program
    yield Figure(
        name="orders sent by parry-partner, no limit",
        what=(
            f"parry-partner orders send --rate-limit 0 of {count:,} orders as JSON lines, from the"
            f" program's start to its end; the server's database is {DURABLE}, and the program"
            f" keeps each batch in its own before it goes out. It uses"
            f" {median(one.cpu_seconds for one in took):.1f} s of the processors and"
            f" {max(one.peak_mb for one in took):.0f} MB"
        ),
        value=median(runs.rates),
        unit="orders/s",
        raw=median(runs.raw_rates),
        raw_what=(
            f"wrk with batches of {BATCH} of the same orders from {CONNECTIONS} connections for as"
            f" long, on an equal database"
        ),
        target=Target.share(SHARE_MIN),
        details=runs.details,
    )


def send(bench: Bench, stage: Stage, count: int, runs: Runs) -> list[tuple]:
    """The program sends all; the shape of the first order as it is stored."""
    stage.fresh()
    bench.settle()
    with stage.server.start() as server:
        with cpu_use(server.process.pid) as use:
            took = run_to_end(
                stage.program, "orders", "send", "feed.jsonl", "--rate-limit", "0",
                seconds_max=SEND_SECONDS_MAX,
            )  # fmt: skip
        note(runs, server, use.found)
    check_report(took.report, count)
    check_stored_once(stage.server.database, count, count)
    runs.program.append(took)
    runs.stored.append(count)
    return order_shape(stage.server.database, 0)


def load(bench: Bench, stage: Stage, order: Path, runs: Runs) -> list[tuple]:
    """wrk for about as long as the program just took: it knows whole seconds only."""
    stage.fresh()
    bench.settle()
    seconds = max(1, round(runs.program[-1].seconds))
    with stage.server.start() as server:
        with cpu_use(server.process.pid) as use:
            with Wrk(
                "orders", server.base, order, bench.base.partner.api_key, 0, BATCH,
                connections=CONNECTIONS, seconds=seconds,
            ) as running:  # fmt: skip
                result = running.result()
        note(runs, server, use.found)
    answered = result.requests * BATCH
    stored = check_stored_once(stage.server.database, answered, answered + CONNECTIONS * BATCH)
    runs.wrk.append(result)
    runs.stored.append(stored)
    return order_shape(stage.server.database, 0)


def compare_shapes(ours: list[tuple], theirs: list[tuple]):
    """What is compared must be the same work: the same columns, types and sizes."""
    if ours != theirs:
        different = [pair for pair in zip(ours, theirs) if pair[0] != pair[1]]
        raise BenchError(f"the rows differ in shape (program, wrk): {different}")


def note(runs: Runs, server: Server, cpu: dict):
    """Writes down what the server took, and ends it."""
    runs.cpu.append(cpu)
    peak = round(peak_bytes(server.process.pid) / 1e6, 1)
    runs.server_peak_mb = max(runs.server_peak_mb, peak)
    server.stop()


def check_stored_once(database: Path, at_least: int, at_most: int) -> int:
    """So many orders are stored, no reference twice."""
    stored = count_orders(database)
    with open_database(database) as connection:
        (different,) = connection.execute(
            'SELECT count(DISTINCT reference_id) FROM "order"'
        ).fetchone()
    if not at_least <= stored <= at_most or different != stored:
        raise BenchError(
            f"{stored} orders with {different} references are stored, not {at_least} to {at_most}"
        )
    return stored
