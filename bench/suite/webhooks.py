"""Sending webhooks, outbox included, beside the bare HTTP client that sends the same signed bodies.

The deliveries are prepared while the server is down: rows like those that parry made for one real
alert. Then it starts and finds them all due. What arrived is taken from the receiver's log, for
parry and for the bare client alike: from the first to the last, each delivery exactly once.
"""

import json
import sqlite3
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from parry_outside.api import Api
from parry_outside.certificates import Certificates, make_certificates
from parry_outside.server import Server

from .bench import Bench
from .figures import BenchError, Figure, Target, median
from .ids import id_like
from .machine import cpu_use, peak_bytes
from .receiver import ARRIVAL_SECONDS_MAX, POLL_SECONDS, SLOW_MILLISECONDS, Arrivals, Receiver
from .sample import DURABLE, copy_database, open_database

IN_FLIGHT = 64
"""To one endpoint, of Parry by `Limits.sendsPerEndpointMax`, and of the bare client."""
EVENT = "alert.created"
RECORD_SECONDS_MAX = 10
STATES = """
SELECT state, count(*) FROM delivery_ended GROUP BY state
UNION ALL SELECT 'WAITING', count(*) FROM delivery
"""


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
    runs, outbox = compare(bench, "webhooks", bench.effort.webhooks)
    plain_rate = median(arrivals.per_second for arrivals in runs.plain)
    also = (
        f". Over plain HTTP it sends {plain_rate:,.0f} a second; Parry has no such figure, since it"
        f" refuses http:// targets by contract"
    )
    yield figure_of("webhooks over TLS", "at once", runs, outbox, also)


def measure_slow(bench: Bench):
    """webhooks-slow"""
    runs, outbox = compare(bench, "webhooks-slow", bench.effort.slow_webhooks, is_slow=True)
    name = f"webhooks over TLS, {SLOW_MILLISECONDS} ms to answer"
    yield figure_of(name, f"after {SLOW_MILLISECONDS} ms", runs, outbox)


def compare(bench: Bench, name: str, count: int, is_slow: bool = False) -> tuple[Runs, Outbox]:
    """Parry and the bare client in turns; to the receiver that answers at once also by HTTP."""
    with bench.scratch(name) as folder:
        certificates = make_certificates(folder / "certificates")
        options = ["--allow-private-webhook-targets", "--webhook-ca-file", str(certificates.ca)]
        runs = Runs()
        with (
            Receiver(folder / "receiver", certificates) as receiver,
            bench.base.server(folder, *options) as server,
        ):
            url = receiver.slow_url if is_slow else receiver.url
            outbox = prepare(bench, server, receiver, url, count)
            # From turn to turn either may be a third faster.
            for _ in range(2 * bench.turns - 1):
                send_all(bench, server, receiver, outbox, runs)
                with cpu_use(tools=receiver.processes) as use:
                    bare = send_bare(bench, receiver, url, outbox, certificates)
                runs.bare.append(bare)
                runs.cpu.append(use.found)
                if not is_slow:
                    plain = send_bare(bench, receiver, receiver.plain_url, outbox, certificates)
                    runs.plain.append(plain)
    return runs, outbox


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


def figure_of(name: str, answers: str, runs: Runs, outbox: Outbox, also: str = "") -> Figure:
    return Figure(
        name=name,
        what=(
            f"{outbox.count:,} due deliveries of {outbox.body_bytes:,} bytes to one endpoint,"
            f" {IN_FLIGHT} in flight, claimed from the outbox, signed, sent over TLS to nginx that"
            f" answers 204 {answers}, and recorded ({DURABLE}); from the first answer to the last,"
            f" each exactly once, over {runs.parry[-1].connections} connections that stay open"
        ),
        value=median(arrivals.per_second for arrivals in runs.parry),
        unit="webhooks/s",
        raw=median(arrivals.per_second for arrivals in runs.bare),
        raw_what=(
            f"the bare async-http-client (parry-bench send) with the same bodies, headers and"
            f" signatures to the same nginx over TLS, {IN_FLIGHT} in flight over"
            f" {runs.bare[-1].connections} connections{also}"
        ),
        target=Target.share(0.75),
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


def prepare(
    bench: Bench, server: Server, receiver: Receiver, url: str, count: int
) -> Outbox:
    """One real alert with its event and delivery, then as many like it as are wanted."""
    server.start()
    endpoint = server.create_webhook(bench.base.partner.id, url, [EVENT])
    with Api(server.base, bench.base.partner.api_key) as api:
        api.must(201, "POST", "/v1/simulate/alerts", bench.base.world.alert())
    receiver.wait(1)
    await_recorded(server.database, 1)
    server.stop()
    with open_database(server.database) as database:
        parcels = fill_outbox(database, count)
    folder = server.folder
    path = folder / "parcels"
    path.write_text("".join(f"{delivery}\t{body}\n" for delivery, body in parcels))
    copy_database(server.database, folder / "outbox.db")
    body_bytes = len(parcels[0][1].encode())
    return Outbox(folder / "outbox.db", path, endpoint["secret"], count, body_bytes)


def fill_outbox(database: sqlite3.Connection, count: int) -> list[tuple[str, str]]:
    """Events and deliveries in the shape that parry stored them in; returns ids and bodies."""
    database.row_factory = sqlite3.Row
    event = dict(database.execute("SELECT * FROM event WHERE type = ?", (EVENT,)).fetchone())
    ended = dict(database.execute("SELECT * FROM delivery_ended").fetchone())
    if event["id"] not in event["body"] or "\n" in event["body"]:
        raise BenchError("an event's body is not one line with the event's id")
    now = time.time_ns() // 1_000_000
    database.execute("BEGIN")
    database.execute("DELETE FROM delivery_attempt")
    database.execute("DELETE FROM delivery_ended")
    end = database.execute("SELECT max(position) FROM event").fetchone()[0]
    parcels = []
    for index in range(count):
        moment = now - count + index
        made = event_like(event, id_like(event["id"], moment), moment, end + 1 + index)
        waiting = delivery_like(ended, id_like(ended["id"], moment), made, moment)
        insert(database, "event", made)
        insert(database, "delivery", waiting)
        parcels.append((waiting["id"], made["body"]))
    database.execute("UPDATE event_feed_end SET position = ?", (end + count,))
    database.execute("COMMIT")
    return parcels


def event_like(event: dict, identifier: str, created: int, position: int | None = None) -> dict:
    """The row of another event like one that parry stored; without a position parry gives it one."""
    body = event["body"].replace(event["id"], identifier)
    return event | {"id": identifier, "body": body, "created_at": created, "position": position}


def delivery_like(ended: dict, identifier: str, event: dict, due: int) -> dict:
    """The row of `delivery` that waits, from one of `delivery_ended`."""
    return {
        "id": identifier, "slot": event["slot"], "event_id": event["id"],
        "endpoint_id": ended["endpoint_id"], "attempt_count": 0, "due_at": due, "lease": 0,
        "deadline_at": None, "created_at": event["created_at"],
    }  # fmt: skip


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
            found = dict(rows.execute(STATES))
            attempts = rows.execute("SELECT count(*) FROM delivery_attempt").fetchone()[0]
        if found == {"DELIVERED": count, "WAITING": 0} and attempts == count:
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
