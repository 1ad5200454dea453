"""How long it takes from an alert that a network pushes to the first byte of its webhook: matched,
judged, stored, claimed, signed and sent over TLS.

The network pushes at a fixed rate, whether or not what it pushed before was answered, and the time
runs from the moment at which an alert was to be pushed. nginx and this program tell the time by the
same clock.
"""

import itertools
import threading
import time
from collections.abc import Iterator

from parry_outside.api import Api
from parry_outside.networks import TEST_TOKEN, Sale

from .bench import Bench
from .figures import BenchError, Figure, Target, median
from .machine import cpu_use
from .networks_alerts import push
from .webhooks_latency import Stage, Waits, postgres_stage, sqlite_stage

RATE = 50
"""Alerts a second."""
PUSHERS = 32
"""Connections: so many pushes may be under way before one has to wait for its turn."""
WARM_ALERTS = 200
DESCRIPTOR = "ACMEFIT"
ORDERS_PER_REQUEST = 100
P99_MS_MAX = 250
LEAD_SECONDS = 0.5
"""Until the first push, so that all connections wait for it."""
OPTIONS = ("--test-network-token", TEST_TOKEN)
PAIRS = """
/* bench */ SELECT d.id, a.alert_network_id, coalesce(a.integration_transaction_id, '')
FROM delivery_ended d JOIN event v ON v.id = d.event_id AND v.slot = d.slot
JOIN alert a ON a.id = v.object_id AND a.slot = v.slot WHERE d.endpoint_id = '{endpoint}'
"""


def measure(bench: Bench) -> Iterator[Figure]:
    """networks-latency"""
    with sqlite_stage(bench, "networks-latency", *OPTIONS) as stage:
        yield from figures_of(bench, stage, "")


def measure_postgres(bench: Bench) -> Iterator[Figure]:
    """pg-networks-latency"""
    with postgres_stage(bench, "pg-networks-latency", *OPTIONS) as stage:
        yield from figures_of(bench, stage, "PostgreSQL: ")


def figures_of(bench: Bench, stage: Stage, prefix: str) -> Iterator[Figure]:
    seconds = bench.effort.network_seconds
    warm_up(stage)
    runs, cpu = [], []
    for _ in range(bench.turns):
        database = stage.cluster.process if stage.cluster else None
        sales = sell(stage, round(RATE * seconds))
        stage.settle()
        with cpu_use(
            stage.server.process.pid, tools=stage.receiver.processes, database=database
        ) as use:
            moments = push_at(stage, sales)
        runs.append(waits(stage, moments, seconds))
        cpu.append(use.found)
    for percent, target in ((50, None), (99, Target.under(P99_MS_MAX, "ms"))):
        yield Figure(
            name=f"{prefix}alert pushed to webhook's first byte, p{percent}",
            what=(
                f"from the planned moment of an Ethoca push to the first byte of the webhook at"
                f" nginx over TLS, {RATE} alerts a second for {seconds:g} s, each about a sale of"
                f" its own, one in a push, whether or not earlier ones are answered"
            ),
            value=median(one.percentile(percent) for one in runs),
            unit="ms",
            target=target,
            details={"runs": [one.document() for one in runs], "cpu": cpu},
        )


def warm_up(stage: Stage):
    """Makes the connections, and what else is made on first use."""
    with Api(stage.server.base) as api:
        for sale in sell(stage, WARM_ALERTS):
            push(api, sale.alert())
    stage.await_recorded()


def sell(stage: Stage, count: int) -> list[Sale]:
    """Sales whose orders are uploaded."""
    sales = [Sale(DESCRIPTOR) for _ in range(count)]
    with Api(stage.server.base, stage.key) as api:
        for first in range(0, count, ORDERS_PER_REQUEST):
            part = sales[first : first + ORDERS_PER_REQUEST]
            api.must(201, "POST", "/v1/orders", [one.order(stage.world) for one in part])
    return sales


def push_at(stage: Stage, sales: list[Sale]) -> dict[str, tuple[float, str]]:
    """When each alert was to be pushed, by its id, with the sale that it is about."""
    alerts = [one.alert() for one in sales]
    start = time.time() + LEAD_SECONDS
    turns, failures = itertools.count(), []

    def work():
        # One that comes late pushes at once, and its alert has waited since its moment.
        with Api(stage.server.base) as api:
            while not failures and (number := next(turns)) < len(alerts):
                time.sleep(max(0.0, start + number / RATE - time.time()))
                try:
                    push(api, alerts[number])
                except (BenchError, OSError) as error:
                    failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(PUSHERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise BenchError(f"an alert could not be pushed: {failures[0]}")
    return {
        alert["alertId"]: (start + number / RATE, sales[number].transaction_id)
        for number, alert in enumerate(alerts)
    }


def waits(stage: Stage, moments: dict[str, tuple[float, str]], seconds: float) -> Waits:
    """Milliseconds from each alert's moment to its webhook; each has to come and name its sale."""
    stage.await_recorded()
    arrivals = stage.receiver.moments()
    found = {
        alert: (arrivals.get(delivery), sale)
        for delivery, alert, sale in stage.sql(PAIRS.format(endpoint=stage.endpoint))
        if alert in moments
    }
    missing = [one for one in moments if found.get(one, (None,))[0] is None]
    if missing:
        raise BenchError(f"of {len(missing)} of {len(moments)} alerts no webhook came")
    wrong = [one for one, (_, sale) in moments.items() if found[one][1] != sale]
    if wrong:
        raise BenchError(f"{len(wrong)} of {len(moments)} alerts did not find their sale")
    times = sorted(1000 * (found[one][0] - moment) for one, (moment, _) in moments.items())
    return Waits(len(times) / seconds, times)
