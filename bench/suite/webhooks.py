"""Sending webhooks, outbox included, beside the bare HTTP client that sends the same signed bodies.

The deliveries are prepared while the server is down: rows like those that parry made for one real
alert. Then it starts and finds them all due. What arrived is taken from the receiver's log, for
parry and for the bare client alike: from the first to the last, each delivery exactly once.
"""

import json
import os
import sqlite3
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from parry_outside.api import Api
from parry_outside.certificates import Certificates, make_certificates
from parry_outside.server import Server, free_port

from .bench import Bench
from .figures import BenchError, Figure, Target, median
from .ids import id_like
from .machine import cpu_use, peak_bytes
from .nginx import Nginx
from .sample import DURABLE, copy_database, open_database

IN_FLIGHT = 64
EVENT = "alert.created"
ARRIVAL_SECONDS_MAX = 120
RECORD_SECONDS_MAX = 10
POLL_SECONDS = 0.1
LOG = "log_format arrival '$msec $status $connection_requests $http_x_idempotency_key';"
SERVER = """
    server {{
        listen 127.0.0.1:{port}{tls};
        access_log {folder}/arrivals.log arrival buffer=64k flush=100ms;
        return 204;
    }}"""


@dataclass(frozen=True)
class Arrivals:
    """What the receiver saw of one run."""

    seconds: float
    count: int
    connections: int

    @property
    def per_second(self) -> float:
        return (self.count - 1) / self.seconds


class Receiver:
    """nginx that answers 204 over TLS and over plain HTTP and notes when."""

    def __init__(self, folder: Path, certificates: Certificates):
        self._log = folder / "arrivals.log"
        tls_port, plain_port = free_port(), free_port()
        self.url = f"https://127.0.0.1:{tls_port}/hook"
        self.plain_url = f"http://127.0.0.1:{plain_port}/hook"
        tls = (
            f" ssl; ssl_certificate {certificates.certificate};"
            f" ssl_certificate_key {certificates.key}"
        )
        servers = LOG + SERVER.format(port=tls_port, tls=tls, folder=folder)
        servers += SERVER.format(port=plain_port, tls="", folder=folder)
        self._nginx = Nginx(folder, servers, plain_port)

    def __enter__(self):
        self._nginx.__enter__()
        return self

    def __exit__(self, *_):
        self._nginx.__exit__()

    @property
    def processes(self) -> list[int]:
        return self._nginx.workers

    def forget(self):
        """Begins a new run. The workers append, so the file may be cut."""
        os.truncate(self._log, 0)

    def wait(self, count: int) -> Arrivals:
        """Waits until so many have arrived; fails unless each came once and got its 204."""
        deadline = time.monotonic() + ARRIVAL_SECONDS_MAX
        while (lines := self._log.read_bytes().count(b"\n")) < count:
            if time.monotonic() > deadline:
                raise BenchError(f"{lines} of {count} webhooks arrived in {ARRIVAL_SECONDS_MAX} s")
            time.sleep(POLL_SECONDS)
        time.sleep(5 * POLL_SECONDS)
        arrivals = [line.split() for line in self._log.read_text().splitlines()]
        if any(status != "204" for _, status, _, _ in arrivals):
            raise BenchError("the receiver answered something else than 204")
        if len(arrivals) != count or len({key for _, _, _, key in arrivals}) != count:
            raise BenchError(f"{len(arrivals)} webhooks arrived instead of {count} different ones")
        times = [float(moment) for moment, _, _, _ in arrivals]
        connections = sum(number == "1" for _, _, number, _ in arrivals)
        return Arrivals(max(times) - min(times), count, connections)


@dataclass(frozen=True)
class Outbox:
    """The database with everything due, and the same parcels in a file for the bare client."""

    database: Path
    parcels: Path
    secret: str
    count: int
    body_bytes: int


@dataclass
class Runs:
    """The turns of one comparison."""

    parry: list[Arrivals] = field(default_factory=list)
    bare: list[Arrivals] = field(default_factory=list)
    plain: list[Arrivals] = field(default_factory=list)
    """The bare client over HTTP without TLS, where parry does not send."""
    cpu: list[dict] = field(default_factory=list)
    """Of each turn parry's, then the bare client's."""
    peak_mb: float = 0


def measure(bench: Bench):
    """webhooks"""
    with bench.scratch("webhooks") as folder:
        certificates = make_certificates(folder / "certificates")
        options = ["--allow-private-webhook-targets", "--webhook-ca-file", str(certificates.ca)]
        runs = Runs()
        with (
            Receiver(folder / "receiver", certificates) as receiver,
            bench.base.server(folder, *options) as server,
        ):
            outbox = prepare(bench, server, receiver, folder)
            for _ in range(bench.turns):
                send_all(bench, server, receiver, outbox, runs)
                with cpu_use(tools=receiver.processes) as use:
                    bare = send_bare(bench, receiver, receiver.url, outbox, certificates)
                runs.bare.append(bare)
                runs.cpu.append(use.found)
                plain = send_bare(bench, receiver, receiver.plain_url, outbox, certificates)
                runs.plain.append(plain)
    yield figure_of(runs, outbox)


def send_all(bench: Bench, server: Server, receiver: Receiver, outbox: Outbox, runs: Runs):
    """Parry finds everything due when it starts."""
    copy_database(outbox.database, server.database)
    bench.settle()
    receiver.forget()
    server.spawn()
    with cpu_use(server.process.pid, tools=receiver.processes) as use:
        runs.parry.append(receiver.wait(outbox.count))
    runs.cpu.append(use.found)
    await_recorded(server.database, outbox.count)
    runs.peak_mb = max(runs.peak_mb, round(peak_bytes(server.process.pid) / 1e6, 1))
    server.stop()


def figure_of(runs: Runs, outbox: Outbox) -> Figure:
    plain_rate = median(arrivals.per_second for arrivals in runs.plain)
    return Figure(
        name="webhooks over TLS",
        what=(
            f"{outbox.count:,} due deliveries of {outbox.body_bytes:,} bytes to one endpoint,"
            f" {IN_FLIGHT} in flight, claimed from the outbox, signed, sent over TLS to nginx that"
            f" answers 204, and recorded ({DURABLE}); from the first arrival to the last, each"
            f" exactly once, over {runs.parry[-1].connections} connections that stay open"
        ),
        value=median(arrivals.per_second for arrivals in runs.parry),
        unit="webhooks/s",
        raw=median(arrivals.per_second for arrivals in runs.bare),
        raw_what=(
            f"the bare async-http-client (parry-bench send) with the same bodies, headers and"
            f" signatures to the same nginx over TLS, {IN_FLIGHT} in flight over"
            f" {runs.bare[-1].connections} connections. Over plain HTTP it sends {plain_rate:,.0f}"
            f" a second; Parry has no such figure, since it refuses http:// targets by contract"
        ),
        target=Target.share(0.60),
        details={
            "runs": [round(arrivals.per_second) for arrivals in runs.parry],
            "raw_runs": [round(arrivals.per_second) for arrivals in runs.bare],
            "raw_plain_http_runs": [round(arrivals.per_second) for arrivals in runs.plain],
            "connections": [arrivals.connections for arrivals in runs.parry],
            "raw_connections": [arrivals.connections for arrivals in runs.bare],
            "peak_memory_mb": runs.peak_mb,
            "cpu": runs.cpu,
        },
    )


def prepare(bench: Bench, server: Server, receiver: Receiver, folder: Path) -> Outbox:
    """One real alert with its event and delivery, then as many like it as are wanted."""
    server.start()
    endpoint = server.create_webhook(bench.base.partner.id, receiver.url, [EVENT])
    with Api(server.base, bench.base.partner.api_key) as api:
        api.must(201, "POST", "/v1/simulate/alerts", bench.base.world.alert())
    receiver.wait(1)
    await_recorded(server.database, 1)
    server.stop()
    count = bench.effort.webhooks
    with open_database(server.database) as database:
        parcels = fill_outbox(database, count)
    path = folder / "parcels"
    path.write_text("".join(f"{delivery}\t{body}\n" for delivery, body in parcels))
    copy_database(server.database, folder / "outbox.db")
    return Outbox(
        folder / "outbox.db", path, endpoint["secret"], count, len(parcels[0][1].encode())
    )


def fill_outbox(database: sqlite3.Connection, count: int) -> list[tuple[str, str]]:
    """Events and deliveries in the shape that parry stored them in; returns ids and bodies."""
    database.row_factory = sqlite3.Row
    event = dict(database.execute("SELECT * FROM event WHERE type = ?", (EVENT,)).fetchone())
    delivery = dict(database.execute("SELECT * FROM delivery").fetchone())
    if event["id"] not in event["body"] or "\n" in event["body"]:
        raise BenchError("an event's body is not one line with the event's id")
    now = time.time_ns() // 1_000_000
    database.execute("BEGIN")
    database.execute("DELETE FROM delivery_attempt")
    database.execute("DELETE FROM delivery")
    parcels = []
    for index in range(count):
        moment = now - count + index
        made = event | {"id": id_like(event["id"], moment), "created_at": moment}
        made["body"] = event["body"].replace(event["id"], made["id"])
        waiting = delivery | {
            "id": id_like(delivery["id"], moment), "event_id": made["id"], "state": "PENDING",
            "attempt_count": 0, "due_at": moment, "lease": 0, "created_at": moment,
        }  # fmt: skip
        insert(database, "event", made)
        insert(database, "delivery", waiting)
        parcels.append((waiting["id"], made["body"]))
    database.execute("COMMIT")
    return parcels


def insert(database: sqlite3.Connection, table: str, row: dict):
    places = ", ".join("?" * len(row))
    database.execute(
        f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", tuple(row.values())
    )


def await_recorded(database: Path, count: int):
    """Waits for the results of the last sends, which are written after they arrived."""
    deadline = time.monotonic() + RECORD_SECONDS_MAX
    while True:
        with open_database(database) as rows:
            found = dict(rows.execute("SELECT state, count(*) FROM delivery GROUP BY state"))
            attempts = rows.execute("SELECT count(*) FROM delivery_attempt").fetchone()[0]
        if found == {"DELIVERED": count} and attempts == count:
            return
        if time.monotonic() > deadline:
            raise BenchError(f"{count} webhooks arrived, recorded are {found}, {attempts} attempts")
        time.sleep(POLL_SECONDS)


def send_bare(
    bench: Bench, receiver: Receiver, url: str, outbox: Outbox, certificates: Certificates
) -> Arrivals:
    receiver.forget()
    command = [
        bench.sender, "send", "--url", url, "--parcels", outbox.parcels, "--secret", outbox.secret,
        "--count", outbox.count, "--in-flight", IN_FLIGHT, "--ca", certificates.ca,
    ]  # fmt: skip
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, timeout=ARRIVAL_SECONDS_MAX
    )
    if done.returncode != 0 or json.loads(done.stdout)["sends"] != outbox.count:
        raise BenchError(f"parry-bench send: {done.stderr.strip()}")
    return receiver.wait(outbox.count)
