"""Reading one order through authentication, beside a server that only answers."""

from pathlib import Path

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
    key = bench.base.partner.api_key
    loads, raw, cpu = [], [], []
    with bench.scratch("get") as folder:
        copy_database(bench.stored_orders(bench.stored), folder / "parry.db")
        paths = write_paths(bench, folder)
        with bench.base.server(folder).start() as server:
            body = one_answer(server.base, key, paths[0])
            port = free_port()
            block = f"server {{ listen 127.0.0.1:{port}; return 200 '{body.decode()}'; }}"
            with Nginx(folder / "nginx", block, port) as nginx:
                for _ in range(bench.turns):
                    with cpu_use(server.process.pid) as use:
                        loads.append(get(bench, server.base, folder, len(body)))
                    with cpu_use(tools=nginx.workers) as raw_use:
                        raw.append(get(bench, f"http://127.0.0.1:{port}", folder, len(body)))
                    cpu += [use.found, raw_use.found]
            server.stop()
    yield Figure(
        name="GET of one order",
        what=(
            f"GET /v1/orders/ID with a bearer key, {ORDERS:,} different orders of {bench.stored:,}"
            f" in turn, answers of {len(body):,} bytes, {CONNECTIONS} connections;"
            f" p99 {median(load.p99_ms for load in loads):.1f} ms"
        ),
        value=median(load.per_second for load in loads),
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


def one_answer(base: str, key: str, path: str) -> bytes:
    """The order as parry shows it, which nginx then shows too."""
    with Api(base, key) as api:
        answer = api.get(path)
    if answer.status != 200 or answer.json()["id"] not in path:
        raise BenchError(f"GET {path}: {answer.status} {answer.body!r}")
    if b"'" in answer.body or b"\\" in answer.body or b"$" in answer.body:
        raise BenchError("the order cannot be written into a configuration of nginx as it is")
    return answer.body


def write_paths(bench: Bench, folder: Path) -> list[str]:
    """Paths of orders from all over the table."""
    with open_database(folder / "parry.db") as database:
        found = database.execute(
            'SELECT id FROM "order" WHERE rowid % ? = 0 LIMIT ?',
            (max(1, bench.stored // ORDERS), ORDERS),
        )
        paths = [f"/v1/orders/{order_id}" for (order_id,) in found]
    (folder / "paths").write_text("\n".join(paths) + "\n")
    return paths


def get(bench: Bench, base: str, folder: Path, body_bytes: int) -> Load:
    load = run_wrk(
        "get", base, folder / "paths", bench.base.partner.api_key,
        connections=CONNECTIONS, threads=THREADS, seconds=bench.seconds,
    )  # fmt: skip
    if load.bytes / load.requests < body_bytes:
        raise BenchError(f"{base}: answers are shorter than an order")
    return load
