"""Reading one order through authentication, beside a server that only answers."""

from parry_outside.api import Api
from parry_outside.server import free_port

from .bench import Bench
from .figures import BenchError, Figure, Target, median
from .load import Load, run_wrk
from .machine import cpu_use
from .nginx import Nginx
from .sample import copy_database, open_database

CONNECTIONS = 64
THREADS = 2
ORDERS = 10_000
"""So many different ones are asked for in turn."""


def measure(bench: Bench):
    """get-order"""
    folder = bench.folder / "get"
    copy_database(bench.stored_orders(bench.stored), folder / "parry.db")
    paths = write_paths(bench, folder)
    key = bench.base.partner.api_key
    loads, raw, cpu = [], [], []
    with bench.base.server(folder).start() as server:
        with Api(server.base, key) as api:
            answer = api.get(paths[0])
        body = answer.body
        if answer.status != 200 or answer.json()["id"] not in paths[0]:
            raise BenchError(f"GET {paths[0]}: {answer.status} {body!r}")
        port = free_port()
        block = f"server {{ listen 127.0.0.1:{port}; return 200 '{body.decode()}'; }}"
        with Nginx(folder / "nginx", block, port):
            for _ in range(bench.turns):
                with cpu_use(server.process.pid) as use:
                    loads.append(get(bench, server.base, folder, key, len(body)))
                raw.append(get(bench, f"http://127.0.0.1:{port}", folder, key, len(body)))
                cpu.append(use.found)
        server.stop()
    rate = median(load.per_second for load in loads)
    yield Figure(
        name="GET of one order",
        what=(
            f"GET /v1/orders/ID with a bearer key, {ORDERS:,} different orders of {bench.stored:,}"
            f" in turn, answers of {len(body):,} bytes, {CONNECTIONS} connections;"
            f" p99 {median(load.p99_ms for load in loads):.1f} ms"
        ),
        value=rate,
        unit="requests/s",
        raw=median(load.per_second for load in raw),
        raw_what=(
            "nginx with 2 workers that answers the same requests with one and the same order from"
            " its configuration"
        ),
        target=Target.share(0.15),
        details={
            "runs": [round(load.per_second) for load in loads],
            "raw_runs": [round(load.per_second) for load in raw],
            "p50_ms": [load.p50_ms for load in loads],
            "p99_ms": [load.p99_ms for load in loads],
            "cpu": cpu,
        },
    )


def write_paths(bench: Bench, folder) -> list[str]:
    """Paths of orders from all over the table."""
    with open_database(folder / "parry.db") as database:
        found = database.execute(
            'SELECT id FROM "order" WHERE rowid % ? = 0 LIMIT ?',
            (max(1, bench.stored // ORDERS), ORDERS),
        )
        paths = [f"/v1/orders/{order_id}" for (order_id,) in found]
    (folder / "paths").write_text("\n".join(paths) + "\n")
    return paths


def get(bench: Bench, base: str, folder, key: str, body_bytes: int) -> Load:
    load = run_wrk(
        "get", base, folder / "paths", key,
        connections=CONNECTIONS, threads=THREADS, seconds=bench.seconds,
    )  # fmt: skip
    if load.bytes / load.requests < body_bytes:
        raise BenchError(f"{base}: answers are shorter than an order")
    return load
