"""What the server costs while nobody asks, and whether requests leave memory behind."""

import time

from parry_outside.api import Api
from parry_outside.server import Server

from .bench import Bench
from .figures import BenchError, Figure, Target
from .load import run_wrk
from .machine import cpu_seconds, peak_bytes, resident_bytes, written_bytes
from .reads import write_paths
from .sample import copy_database

REQUESTS_BEFORE = 20
SETTLE_SECONDS = 3
SLICE_SECONDS = 2
CONNECTIONS = 64
MEGABYTE = 1_000_000


def measure(bench: Bench):
    """idle"""
    with bench.scratch("idle") as folder:
        copy_database(bench.stored_orders(bench.stored), folder / "parry.db")
        write_paths(bench, folder)
        with bench.base.server(folder).start() as server:
            use(bench, server)
            time.sleep(SETTLE_SECONDS)
            yield from watch(bench, server)
            yield growth(bench, server)
            server.stop()


def use(bench: Bench, server: Server):
    """A few requests, so that what is made on first use is there."""
    paths = (server.folder / "paths").read_text().split()
    with Api(server.base, bench.base.partner.api_key) as api:
        for path in paths[:REQUESTS_BEFORE]:
            api.must(200, "GET", path)


def watch(bench: Bench, server: Server):
    pid = server.process.pid
    seconds = bench.effort.idle_seconds
    resident = resident_bytes(pid)
    before = cpu_seconds(pid), written_bytes(pid), files(server)
    time.sleep(seconds)
    after = cpu_seconds(pid), written_bytes(pid), files(server)
    what = f"parry serve with {bench.stored:,} orders stored, watched for {seconds:g} s without"
    changed = sum(after[2].get(name) != state for name, state in before[2].items())
    changed += len(after[2].keys() - before[2].keys())
    yield Figure(
        name="idle: processor",
        what=f"{what} a request: user and system time as a share of one core",
        value=100 * (after[0] - before[0]) / seconds,
        unit="% of a core",
        target=Target.under(1, "% of a core"),
    )
    yield Figure(
        name="idle: writes",
        what=f"{what} a request: bytes that it had written to the disk, plus files that changed",
        value=after[1] - before[1] + changed,
        unit="bytes",
        target=Target.under(1, "bytes"),
        details={"bytes": after[1] - before[1], "files_changed": changed},
    )
    yield Figure(
        name="idle: memory",
        what=f"{what} a request: resident memory after {REQUESTS_BEFORE} GETs of orders",
        value=resident / MEGABYTE,
        unit="MB",
        target=Target.under(60, "MB"),
        details={"after_idling_mb": round(resident_bytes(pid) / MEGABYTE, 1)},
    )


def files(server: Server) -> dict[str, tuple]:
    """Size and time of the database's files; the log is not one of them."""
    found = {path.name: path.stat() for path in server.folder.glob("parry.db*")}
    return {name: (status.st_size, status.st_mtime_ns) for name, status in found.items()}


def growth(bench: Bench, server: Server) -> Figure:
    """After as many requests again memory must be where it was."""
    pid = server.process.pid
    residents, requests = [], []
    for _ in range(2):
        requests.append(ask(bench, server))
        time.sleep(1)
        residents.append(round(resident_bytes(pid) / MEGABYTE, 1))
    return Figure(
        name="memory growth",
        what=(
            f"resident memory after {sum(requests):,} GETs of orders from {CONNECTIONS} connections"
            f" less that after the first {requests[0]:,}; it is {residents[-1]:.0f} MB then"
        ),
        value=residents[1] - residents[0],
        unit="MB",
        target=Target.under(4, "MB"),
        details={
            "after_requests": requests,
            "resident_mb": residents,
            "peak_mb": round(peak_bytes(pid) / MEGABYTE, 1),
        },
    )


def ask(bench: Bench, server: Server) -> int:
    """At least so many GETs; wrk only knows time."""
    requests = 0
    deadline = time.monotonic() + 120
    while requests < bench.effort.requests:
        if time.monotonic() > deadline:
            raise BenchError(f"only {requests:,} GETs in 120 s")
        load = run_wrk(
            "get", server.base, server.folder / "paths", bench.base.partner.api_key,
            connections=CONNECTIONS, seconds=SLICE_SECONDS,
        )  # fmt: skip
        requests += load.requests
    return requests
