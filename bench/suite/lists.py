"""Lists with much data: a year of orders and alerts of one organisation, asked for page by page.

`count` is part of every answer, so every request pays for it too. Requests with `limit=1` show
what a list costs without the writing of a hundred items.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from parry_outside.api import Api
from parry_outside.server import Server
from parry_outside.world import make_world

from . import postgres, sample
from .bench import Bench
from .figures import BenchError, Figure, Target, median
from .lists_cases import Case, Stored, alert_cases, order_cases
from .lists_data import (
    COUNTS, Customer, Samples, alert_statements, more_merchants, order_statements, year_start,
)  # fmt: skip
from .machine import cpu_use

REQUESTS = 30
"""Of each kind and key; two more come before them."""
WARM_UP = 2
MERCHANTS = 5
SMALL_SHARE = 1_000
"""The partner's other organisation has one order and alert for so many of the large one."""
PAGE_MS_MAX = 50
FILTERED_COUNT_MS_MAX = 250
TABLES = ("order_transaction", '"order"', "alert")


def measure(bench: Bench) -> Iterator[Figure]:
    """lists"""
    with bench.scratch("lists") as folder:
        sample.copy_database(bench.base.database, folder / "parry.db")
        server = bench.base.server(folder)

        def run(*statements: str):
            with sample.open_database(folder / "parry.db") as database:
                database.execute("PRAGMA synchronous = OFF")
                database.execute("PRAGMA cache_size = -1048576")
                for statement in statements:
                    database.execute(statement)

        def row(table: str) -> dict:
            with sample.open_database(folder / "parry.db") as database:
                cursor = database.execute(f"SELECT * FROM {table}")
                names = [column[0] for column in cursor.description]
                return dict(zip(names, cursor.fetchone()))

        stored = build(bench, server, bench.base, row, run)
        bench.settle()
        yield from figures(server, stored, "", None)


def measure_postgres(bench: Bench) -> Iterator[Figure]:
    """pg-lists"""
    with postgres.open_platform(bench, "pg-lists") as platform:
        with platform.cluster.copy_of(platform.empty) as database:
            server = platform.server(database)

            def run(*statements: str):
                for statement in statements:
                    database.sql(statement)

            stored = build(
                bench, server, platform, lambda table: postgres.one_row(database, table), run
            )
            # As the server's own background work leaves them: counts read indexes alone.
            run("VACUUM ANALYZE")
            platform.cluster.settle()
            yield from figures(server, stored, "PostgreSQL: ", platform.cluster.process)


def build(bench: Bench, server: Server, base, row, run) -> Stored:
    """Two organisations of the partner over the API; then rows like those of parry, by SQL.

    `row` reads the only row of a table, `run` runs statements.
    """
    with server.start(), Api(server.base, base.partner.api_key) as api:
        customer = make_customer(server, api, base)
        key = server.command(
            "key", "create", "--organisation", base.world.organisation_id, "--all-abilities"
        )
        server.stop()
    samples = Samples(row('"order"'), row("order_transaction"), row("alert"))
    run(*(f"DELETE FROM {table}" for table in TABLES))
    start, effort = year_start(), bench.effort
    orders, alerts = effort.listed_orders, effort.listed_alerts
    run(*order_statements(samples, customer, orders, start=start))
    run(*alert_statements(samples, customer, alerts, start=start))
    few, seller = samples.of(customer.small), customer.of_small
    run(*order_statements(few, seller, orders // SMALL_SHARE, start=start, first=orders))
    run(*alert_statements(few, seller, alerts // SMALL_SHARE, start=start, first=alerts))
    run(*COUNTS)
    keys = {"organisation": key["api_key"], "partner": base.partner.api_key}
    return Stored(customer, orders, alerts, start, keys)


def make_customer(server: Server, api: Api, base) -> Customer:
    """With one order and one alert of the large organisation."""
    world, small = base.world, make_world(api)

    def processor(of) -> str:
        return server.command(
            "integration", "create", "--organisation", of.organisation_id, "--type", "STRIPE",
            "--name", "Stripe", "--merchant", of.merchant_id,
        )["id"]  # fmt: skip

    customer = Customer(
        world, processor(world), more_merchants(api, world, MERCHANTS - 1), small, processor(small)
    )
    order = sample.fill(sample.order_text(world), sample.MARKS)
    answer = api.send("POST", "/v1/orders", f"[{order}]".encode())
    if answer.status != 201 or answer.json()["created"] != 1:
        raise BenchError(f"the sample order is refused: {answer.status} {answer.body!r}")
    api.must(201, "POST", "/v1/simulate/alerts", world.alert())
    return customer


KINDS = {
    "first": ("first page", PAGE_MS_MAX, "the first page of 100, newest first"),
    "offset": ("page at an offset", PAGE_MS_MAX, "100 at an offset of"),
    "count": ("count", PAGE_MS_MAX, "one item, so that the time is that of `count`"),
    "filter": ("filtered page", PAGE_MS_MAX, "the slowest first page with a filter"),
    "sort": ("sorted page", PAGE_MS_MAX, "the slowest first page in another order"),
    "range": (
        "page of a time range", FILTERED_COUNT_MS_MAX,
        "the slowest first page of a time range, whose `count` has to be counted",
    ),
    "filtered count": (
        "filtered count", FILTERED_COUNT_MS_MAX,
        "one item of each filtered list, the slowest, so that the time is that of `count`",
    ),
}  # fmt: skip
"""Of each kind the figure's name, its target in milliseconds, and what it is."""


def figures(
    server: Server, stored: Stored, prefix: str, database: int | None
) -> Iterator[Figure]:
    with server.start():
        for table, path, total, asked in (
            ("orders", "/v1/orders", stored.orders, order_cases(stored)),
            ("alerts", "/v1/alerts", stored.alerts, alert_cases(stored)),
        ):
            for kind in KINDS:
                with cpu_use(server.process.pid, database=database) as use:
                    times = [
                        ask(server, path, total, owner, key, case)
                        for case in asked if case.kind == kind
                        for owner, key in stored.keys.items()
                    ]  # fmt: skip
                yield figure(f"{prefix}{total:,} {table}", kind, times, use.found)
        server.stop()


@dataclass(frozen=True)
class Times:
    """How long the same request took, in milliseconds."""

    name: str
    count: int
    all: list[float]

    @property
    def p50(self) -> float:
        return median(self.all)

    @property
    def p99(self) -> float:
        return sorted(self.all)[min(len(self.all) - 1, round(len(self.all) * 0.99))]


def ask(server: Server, path: str, total: int, owner: str, key: str, case: Case) -> Times:
    """The request again and again over one connection."""
    path = f"{path}?{urlencode(case.query)}"
    taken = []
    with Api(server.base, key) as api:
        for _ in range(WARM_UP + REQUESTS):
            began = time.perf_counter()
            answer = api.get(path)
            taken.append((time.perf_counter() - began) * 1000)
            if answer.status != 200:
                raise BenchError(f"GET {path}: {answer.status} {answer.body[:500]!r}")
    found = answer.json()
    if not found["items"]:
        raise BenchError(f"GET {path} finds nothing")
    expected = total if owner == "organisation" else total + total // SMALL_SHARE
    if case.kind in ("first", "offset", "count", "sort") and "," not in case.name:
        check(found["count"] == expected, f"GET {path} counts {found['count']}, not {expected}")
    return Times(f"{case.name} ({owner} key)", found["count"], taken[WARM_UP:])


def check(holds: bool, otherwise: str):
    if not holds:
        raise BenchError(otherwise)


def figure(what: str, kind: str, times: list[Times], use: dict) -> Figure:
    name, target, described = KINDS[kind]
    slowest = max(times, key=lambda found: found.p50)
    return Figure(
        name=f"{what}, {name}",
        what=(
            f"{described}: {slowest.name}, median of {REQUESTS} requests one after another over"
            f" HTTP; p99 {slowest.p99:.1f} ms; `count` {slowest.count:,}"
        ),
        value=slowest.p50,
        unit="ms",
        target=Target.under(target, "ms"),
        details={
            "p50_ms": {found.name: round(found.p50, 2) for found in times},
            "p99_ms": {found.name: round(found.p99, 2) for found in times},
            "count": {found.name: found.count for found in times},
            "cpu": [use],
        },
    )
