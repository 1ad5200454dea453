"""How long parry takes to find an alert's sale among ten millions, and to judge it: candidate
look-up and verdict, timed by parry inside the transaction that takes the alert in.

Alerts are pushed one after another, as Ethoca does, each about another sale that was chosen at
random: first with nothing of the database in memory, then, about other sales, with all of it.
"""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from parry_outside.api import Api
from parry_outside.networks import TEST_TOKEN
from parry_outside.server import Server, free_port
from parry_outside.world import World

from . import postgres
from .bench import Bench
from .figures import BenchError, Figure, Target
from .histogram import Histogram, scrape
from .machine import cpu_use
from .networks_alerts import Alerts, Found, alerts_about, check, pick, push
from .networks_data import INTEGRATIONS, Sales, check_sample, sample_order, start_of
from .networks_stores import (
    UNLOGGED, PostgresStore, SqliteStore, forget, gigabytes, read_through,
)  # fmt: skip

METRIC = "parry_alert_matching_seconds"
P99_MS_MAX = 5
WARM_ALERTS = 50
"""So many make connections and prepare statements, about sales of their own."""
SEED = 1
PHASES = {"cold": forget, "warm": read_through}
"""What is done with the database before each half of the alerts."""


@dataclass(frozen=True)
class Place:
    """A server with all those sales; its organisation is enrolled."""

    bench: Bench
    server: Server
    store: SqliteStore | PostgresStore
    world: World
    key: str
    metrics_port: int
    prefix: str


def measure(bench: Bench) -> Iterator[Figure]:
    """networks-matching"""
    with bench.scratch("networks-matching") as folder:
        port = free_port()
        server = bench.base.server(folder, *options(port))
        store = SqliteStore(folder / "parry.db")
        yield from figures(
            Place(bench, server, store, bench.base.world, bench.base.partner.api_key, port, "")
        )


def measure_postgres(bench: Bench) -> Iterator[Figure]:
    """pg-networks-matching"""
    with postgres.open_platform(bench, "pg-networks-matching", **UNLOGGED) as platform:
        port = free_port()
        server = platform.server(platform.empty, *options(port))
        place = Place(
            bench, server, PostgresStore(platform.empty, platform.cluster), platform.world,
            platform.partner.api_key, port, "PostgreSQL: ",
        )  # fmt: skip
        yield from figures(place)


def options(metrics_port: int) -> list[str]:
    return ["--test-network-token", TEST_TOKEN, "--management-port", str(metrics_port)]


def figures(place: Place) -> Iterator[Figure]:
    began = time.monotonic()
    sales = build(place)
    details = {
        "build_seconds": round(time.monotonic() - began), "gigabytes": gigabytes(place.store),
        "cpu": [],
    }  # fmt: skip
    each = place.bench.effort.matched_alerts + WARM_ALERTS
    chance, phases = random.Random(SEED), {}
    numbers = chance.sample(range(sales.count), len(PHASES) * each)
    for turn, (name, prepare) in enumerate(PHASES.items()):
        picked = pick(place.store, sales, numbers[turn * each : (turn + 1) * each])
        alerts = alerts_about(picked, chance)
        prepare(place.store)
        phases[name], found, use = match(place, alerts)
        details[name] = document(phases[name], found)
        details["cpu"].append(use)
    yield from shown(place, sales, phases, details)


def match(place: Place, alerts: Alerts) -> tuple[Histogram, dict[str, Found], dict]:
    """How long it took, what was found, and the cores in use."""
    with place.server.start():
        push_all(place, alerts.messages[:WARM_ALERTS])
        before = scrape(place.metrics_port, METRIC)
        with cpu_use(place.server.process.pid, database=place.store.process) as use:
            push_all(place, alerts.messages[WARM_ALERTS:])
        times = scrape(place.metrics_port, METRIC) - before
        found = check(place.store, alerts)
        place.server.stop()
    check_count(times, len(alerts.messages) - WARM_ALERTS)
    return times, found, use.found


def shown(
    place: Place, sales: Sales, phases: dict[str, Histogram], details: dict
) -> Iterator[Figure]:
    both, alerts = phases["cold"] + phases["warm"], 2 * place.bench.effort.matched_alerts
    what = (
        f"candidate look-up and verdict of {alerts:,} Ethoca alerts, pushed one after another,"
        f" each about another of {sales.count:,} transactions of one organisation in"
        f" {len(sales.integrations)} integrations, by ARN, by code, by last 4 alone and about none;"
        f" this is the half that found the database in memory; {both.count - alerts} second looks"
        f" are among the times of both halves. From the buckets of {METRIC}, whose"
        f" values are taken as evenly spread within a bucket"
    )
    name = f"{place.prefix}matching, {sales.count:,} transactions"
    warm, cold = phases["warm"], phases["cold"]
    for percent, target in ((50, None), (99, Target.under(P99_MS_MAX, "ms"))):
        yield Figure(
            f"{name}, p{percent}", what, warm.quantile(percent / 100) * 1000, "ms", target=target,
            details=details if target else {},
        )  # fmt: skip
    for percent in (50, 99):
        yield Figure(
            f"{name}, nothing in memory before, p{percent}",
            "the same of the half that was pushed when the database had to be read from the disk",
            cold.quantile(percent / 100) * 1000, "ms",
        )  # fmt: skip


def document(found: Histogram, kinds: dict[str, Found]) -> dict:
    return {
        "p50_ms": round(found.quantile(0.5) * 1000, 2),
        "p99_ms": round(found.quantile(0.99) * 1000, 2),
        "matched": found.count,
        "buckets": found.document(),
        "found": {
            kind: {"right": one.right, "wrong": one.wrong, "none": one.none}
            for kind, one in kinds.items()
        },
    }


def build(place: Place) -> Sales:
    """One order over the API, then rows like those that parry made of it, by SQL."""
    with place.server.start(), Api(place.server.base, place.key) as api:
        integrations = [place.world.integration_id] + [
            add_integration(api, place.world, number) for number in range(1, len(INTEGRATIONS))
        ]
        created = api.must(201, "POST", "/v1/orders", [sample_order(place.world)])
        if created["created"] != 1:
            raise BenchError(f"the sample order is refused: {created}")
        place.server.stop()
    store = place.store
    order = store.row('SELECT * FROM "order"')
    transaction = store.row("SELECT * FROM order_transaction ORDER BY reference_id LIMIT 1")
    check_sample(order, transaction)
    sales = Sales(
        order, transaction, integrations, place.bench.effort.matched_among // 2, start_of(),
        store.dates,
    )  # fmt: skip
    with store.building() as run:
        indexes = run(store.indexes)
        for name, _ in indexes:
            run(f"DROP INDEX {name}")
        for statement in sales.statements():
            run(statement)
        for _, definition in indexes:
            run(definition)
    return sales


def add_integration(api: Api, world: World, number: int) -> str:
    return api.must(201, "POST", "/v1/integrations", {
        "organisation_id": world.organisation_id, "name": f"Shop {number}",
        "type": "CUSTOM_ORDERS", "status": "ENABLED", "merchant_ids": [world.merchant_id],
    })["id"]  # fmt: skip


def push_all(place: Place, messages: list[dict]):
    with Api(place.server.base) as api:
        for message in messages:
            push(api, message)


def check_count(found: Histogram, alerts: int):
    """Alerts without a sale are matched again after a while, which counts as well."""
    if not found.count:
        raise BenchError(f"this parry has no {METRIC}")
    if found.count < alerts:
        raise BenchError(f"{METRIC} counts {found.count} of {alerts} alerts")
