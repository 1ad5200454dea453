"""How long a webhook takes from the answer of the request that raised its event, which is sent when
that is committed, to its first byte at the receiver.

The load is `wrk` at half of what the server takes; its script notes when each answer came, the
receiver when each webhook came. Both tell the time by the same clock.
"""

import contextlib
import json
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from parry_outside.api import Api
from parry_outside.certificates import make_certificates
from parry_outside.server import Server, wait_until
from parry_outside.world import World

from .bench import Bench
from .figures import BenchError, Figure, Target, median
from .load import Load, run_wrk
from .machine import cpu_use, stolen_time
from .postgres import Cluster, one_row, open_platform
from .postgres_deliveries import copy_text
from .receiver import Receiver
from .sample import open_database
from .webhooks import EVENT, insert

CONNECTIONS = 64
WARM_ALERTS = 200
"""So many make the connections, and what else is made on first use."""
RECORD_SECONDS_MAX = 120
P50_MS_MAX = 10
P99_MS_MAX = 100
WAITING = "/* bench */ SELECT count(*) FROM delivery WHERE endpoint_id = '{endpoint}'"
PAIRS = """
/* bench */ SELECT d.id, v.object_id FROM delivery_ended d
JOIN event v ON v.id = d.event_id AND v.slot = d.slot WHERE d.endpoint_id = '{endpoint}'
"""


@dataclass(frozen=True)
class Stage:
    """A server whose alerts become webhooks of one endpoint."""

    server: Server
    receiver: Receiver
    key: str
    world: World
    endpoint: str
    cluster: Cluster | None = None
    """Where the database is, if it is no file."""

    @property
    def database_file(self) -> Path | None:
        return None if self.cluster else self.server.database

    @property
    def log(self) -> Path | None:
        """PostgreSQL's."""
        return self.cluster.log if self.cluster else None

    def sql(self, text: str) -> list[list]:
        if self.cluster:
            return self.server.database.sql(text)
        with open_database(self.server.database) as database:
            return [list(row) for row in database.execute(text)]

    def row(self, table: str) -> dict:
        """Any row of a table."""
        if self.cluster:
            return one_row(self.server.database, f"{table} LIMIT 1")
        with open_database(self.server.database) as database:
            database.row_factory = sqlite3.Row
            return dict(database.execute(f"SELECT * FROM {table} LIMIT 1").fetchone())

    def store(self, table: str, rows: list[dict]):
        if self.cluster:
            self.server.database.sql(copy_text(table, rows))
            return
        with open_database(self.server.database) as database:
            database.execute("BEGIN")
            for row in rows:
                insert(database, table, row)
            database.execute("COMMIT")

    def settle(self):
        """What was written is on the disk, and known to the planner."""
        if self.cluster:
            self.sql("ANALYZE")
            self.cluster.settle()
        Bench.settle()

    def post(self, rate: float, seconds: float) -> tuple[Load, dict[str, float]]:
        """Alerts at a rate, 0 for as many as possible; when the answer to each came."""
        folder = self.server.folder
        (folder / "alert.json").write_text(json.dumps(self.world.alert()))
        load = run_wrk(
            "alerts", self.server.base, folder / "alert.json", self.key, folder / "answers",
            f"{rate:.3f}", connections=CONNECTIONS, seconds=seconds,
        )  # fmt: skip
        lines = map(str.split, (folder / "answers").read_text().splitlines())
        return load, {alert: float(moment) for alert, moment in lines}

    def await_recorded(self):
        waiting = WAITING.format(endpoint=self.endpoint)
        if not wait_until(lambda: int(self.sql(waiting)[0][0]) == 0, RECORD_SECONDS_MAX):
            raise BenchError(f"webhooks are not delivered within {RECORD_SECONDS_MAX} s")

    def warm(self):
        with Api(self.server.base, self.key) as api:
            for _ in range(WARM_ALERTS):
                api.must(201, "POST", "/v1/simulate/alerts", self.world.alert())
        self.await_recorded()

    def throughput(self, seconds: float) -> float:
        """Alerts a second, while their webhooks are sent too."""
        load, _ = self.post(0, seconds)
        self.await_recorded()
        return load.per_second

    def waits(self, rate: float, seconds: float, is_patient: bool = True) -> "Waits":
        """Milliseconds from each answer to its webhook. One that came before its answer counts as
        0; without patience one that has not come at the end of the load counts as coming then.

        What was answered at the very end of the load and not read is not among them, and what was
        answered while the host took the processors away only where that is most of it."""
        with stolen_time() as stolen:
            load, answers = self.post(rate, seconds)
        if is_patient:
            self.await_recorded()
        end = time.time()
        arrivals = self.receiver.moments()
        pairs = self.sql(PAIRS.format(endpoint=self.endpoint))
        alerts = {alert: delivery for delivery, alert in pairs}
        missing = [alert for alert in answers if alerts.get(alert) not in arrivals]
        if missing and is_patient or not answers:
            raise BenchError(f"of {len(missing)} of {len(answers)} alerts no webhook came")
        counted = stolen.calm([(moment, alert) for alert, moment in answers.items()])
        waits = {
            alert: 1000 * max(0.0, arrivals.get(alerts.get(alert), end) - moment)
            for alert, moment in answers.items()
        }
        all_of_them = Waits(load.per_second, sorted(waits.values()))
        return Waits(
            load.per_second, sorted(waits[alert] for alert in counted), len(missing),
            len(answers) - len(counted), all_of_them.percentile(99),
        )  # fmt: skip


@dataclass(frozen=True)
class Waits:
    """Sorted, in milliseconds."""

    per_second: float
    milliseconds: list[float]
    missing: int = 0
    """Webhooks that had not come."""
    left_out: int = 0
    """Not among them, because the host took the processors away."""
    p99_of_all: float = 0
    """With those."""

    def percentile(self, percent: float) -> float:
        """The smallest that so many are not above."""
        place = round(percent / 100 * len(self.milliseconds))
        return self.milliseconds[max(0, min(place, len(self.milliseconds) - 1))]

    def document(self) -> dict:
        shown = {f"p{part:g}": round(self.percentile(part), 2) for part in (50, 90, 99, 99.9)}
        shown |= {"max": round(self.milliseconds[-1], 2), "count": len(self.milliseconds)}
        shown |= {"missing": self.missing} if self.missing else {}
        if self.left_out:
            shown |= {"left_out": self.left_out, "p99_with_those": round(self.p99_of_all, 2)}
        return shown


def left_out(runs: list[Waits]) -> str:
    count, all_of_them = (
        sum(many) for many in zip(*((w.left_out, w.left_out + len(w.milliseconds)) for w in runs))
    )
    return (
        f"{count:,} of {all_of_them:,} are left out, answered in tenths of a second in which the"
        f" host took processor time away"
    )


@contextlib.contextmanager
def sqlite_stage(bench: Bench, name: str, *more: str):
    """With more options for the server."""
    with bench.scratch(name) as folder:
        certificates = make_certificates(folder / "certificates")
        with (
            Receiver(folder / "receiver", certificates) as receiver,
            bench.base.server(folder, *options(certificates), *more).start() as server,
        ):
            partner = bench.base.partner
            endpoint = server.create_webhook(partner.id, receiver.url, [EVENT])
            yield Stage(server, receiver, partner.api_key, bench.base.world, endpoint["id"])
            server.stop()


@contextlib.contextmanager
def postgres_stage(bench: Bench, name: str, *more: str, **settings: str):
    """The same, with settings for PostgreSQL."""
    with open_platform(bench, name, **settings) as platform:
        certificates = make_certificates(platform.folder / "certificates")
        with (
            Receiver(platform.folder / "receiver", certificates) as receiver,
            platform.server(platform.empty, *options(certificates), *more).start() as server,
        ):
            partner = platform.partner
            endpoint = server.create_webhook(partner.id, receiver.url, [EVENT])
            yield Stage(
                server, receiver, partner.api_key, platform.world, endpoint["id"], platform.cluster
            )
            server.stop()


def options(certificates) -> list[str]:
    return ["--allow-private-webhook-targets", "--webhook-ca-file", str(certificates.ca)]


def measure(bench: Bench):
    """webhooks-latency"""
    with sqlite_stage(bench, "webhooks-latency") as stage:
        yield from figures_of(bench, stage, "")


def measure_postgres(bench: Bench):
    """pg-webhooks-latency"""
    with postgres_stage(bench, "pg-webhooks-latency") as stage:
        yield from figures_of(bench, stage, "PostgreSQL: ")


def figures_of(bench: Bench, stage: Stage, prefix: str):
    stage.warm()
    full = stage.throughput(bench.seconds)
    runs, cpu = [], []
    for _ in range(bench.turns):
        database = stage.cluster.process if stage.cluster else None
        tools = stage.receiver.processes
        with cpu_use(stage.server.process.pid, tools=tools, database=database) as use:
            runs.append(stage.waits(full / 2, bench.seconds))
        cpu.append(use.found)
    rate = median(waits.per_second for waits in runs)
    for percent, bound in ((50, P50_MS_MAX), (99, P99_MS_MAX)):
        yield Figure(
            name=f"{prefix}commit to first byte, p{percent}",
            what=(
                f"from the 201 of POST /v1/simulate/alerts to the first byte of its webhook at"
                f" nginx over TLS, at {rate:,.0f} alerts a second over {CONNECTIONS} connections;"
                f" as many as possible are {full:,.0f} a second. What came before its 201 counts as"
                f" 0; {left_out(runs)}"
            ),
            value=median(waits.percentile(percent) for waits in runs),
            unit="ms",
            target=Target.under(bound, "ms"),
            details={"runs": [waits.document() for waits in runs], "full": round(full), "cpu": cpu},
        )
