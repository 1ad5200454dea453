"""A hundred thousand open alerts whose deadline is the same second: how long until all have ended,
each with its webhook and its outcome for the network queued, and what others notice of it.

Requests at a fixed rate begin well before that second and go on until the end. One run: the
database is another one after it.
"""

import dataclasses
import time
from collections.abc import Iterator

from parry_outside.api import Answer, Api
from parry_outside.networks import TEST_TOKEN, Sale

from .bench import Bench
from .figures import BenchError, Figure, Target
from .machine import cpu_use
from .networks_copies import DESCRIPTOR, OTHER_LAST4, await_numbered, store, take_sample
from .steady import Steady
from .webhooks_latency import WAITING, Stage, Waits, postgres_stage, sqlite_stage

OPTIONS = ("--test-network-token", TEST_TOKEN)
RATE = 20
"""Requests of each kind a second."""
LIST = "/v1/alerts?status=ACTION_REQUIRED&limit=10"
MINUTE_MS, HOUR_MS = 60_000, 3_600_000
OPEN_HOURS = 48
LAST_REMINDER_HOURS = 4
BUILD_SECONDS, BUILD_SECONDS_OF_ALERT = 5, 0.0008
"""How long before the deadline the alerts begin to be made, besides what is measured before it."""
ENDED_SECONDS_MAX, ENDED_SECONDS_LIMIT = 60, 600
DELIVERED_SECONDS_LIMIT = 900
POLL_SECONDS = 0.2
SETTLE_SECONDS = 1
LEFT = "/* bench */ SELECT count(*) FROM (SELECT 1 FROM alert WHERE due_at <= {due} LIMIT 1) one"
ENDED = """
/* bench */ SELECT
    (SELECT count(*) FROM alert WHERE action_required_deadline = {due} AND status = 'RESOLVED'
        AND transaction_refund_outcome = 'NOT_REFUNDED'),
    (SELECT count(*) FROM event WHERE type = 'alert.updated'),
    (SELECT count(*) FROM network_request WHERE kind = 'OUTCOME')
"""


def measure(bench: Bench) -> Iterator[Figure]:
    """networks-deadlines"""
    with sqlite_stage(bench, "networks-deadlines", *OPTIONS) as stage:
        yield from figures_of(bench, stage, "")


def measure_postgres(bench: Bench) -> Iterator[Figure]:
    """pg-networks-deadlines"""
    with postgres_stage(bench, "pg-networks-deadlines", *OPTIONS) as stage:
        yield from figures_of(bench, stage, "PostgreSQL: ")


@dataclasses.dataclass(frozen=True)
class Run:
    """Seconds after the deadline, and the requests before and after it."""

    ended_seconds: float
    delivered_seconds: float
    before: dict[str, Waits]
    meanwhile: dict[str, Waits]
    cpu: dict


def figures_of(bench: Bench, stage: Stage, prefix: str) -> Iterator[Figure]:
    count = bench.effort.deadline_alerts
    stage = listen(stage)
    run = run_out(bench, stage, count)
    name = f"{prefix}{count:,} alerts due at once"
    due = f"{count:,} open Ethoca alerts of one organisation whose deadline is the same second"
    yield Figure(
        name=f"{name}, until all have ended",
        what=(
            f"{due}: from then until each is RESOLVED, with its event and its outcome for the"
            f" network. Webhooks are sent to nginx over TLS meanwhile; Ethoca is not connected"
        ),
        value=run.ended_seconds,
        unit="s",
        target=Target.at_most(ENDED_SECONDS_MAX, "s"),
        details={"a_second": round(count / run.ended_seconds), "cpu": [run.cpu]},
    )
    yield Figure(
        name=f"{name}, until their webhooks are delivered",
        what="the same until the first byte of the last webhook, one for each, is at nginx",
        value=run.delivered_seconds,
        unit="s",
    )
    for request, before in run.before.items():
        meanwhile = run.meanwhile[request]
        yield Figure(
            name=f"{name}, {request} meanwhile, p99",
            what=(
                f"{request}, {RATE} a second evenly spread while the alerts end, from the planned"
                f" moment to the answer; p50 {meanwhile.percentile(50):.1f} ms"
            ),
            value=meanwhile.percentile(99),
            unit="ms",
            raw=before.percentile(99),
            raw_what=f"the same by parry before the deadline; p50 {before.percentile(50):.1f} ms",
            details={"meanwhile": meanwhile.document(), "before": before.document()},
        )


def listen(stage: Stage) -> Stage:
    """With an endpoint that hears of the ends, and of nothing else."""
    with Api(stage.server.base, stage.key) as api:
        endpoint = api.must(201, "POST", "/v1/webhook-endpoints", {
            "organisation_id": stage.world.organisation_id, "url": stage.receiver.url,
            "event_types": ["alert.updated"],
        })  # fmt: skip
    return dataclasses.replace(stage, endpoint=endpoint["id"])


def run_out(bench: Bench, stage: Stage, count: int) -> Run:
    seconds = bench.effort.network_seconds
    due = int(time.time() + BUILD_SECONDS + count * BUILD_SECONDS_OF_ALERT + seconds)
    make(stage, count, due)
    base, key = stage.server.base, stage.key
    database = stage.cluster.process if stage.cluster else None
    begin = time.time()
    if begin + seconds > due:
        raise BenchError(f"the alerts were made {begin + seconds - due:.0f} s too late")
    steady = {
        f"GET {LIST}": Steady(base, key, RATE, 200, lambda api, _: api.get(LIST)),
        "POST of one order": Steady(base, key, RATE, 201, lambda api, _: sell(api, stage)),
    }
    with steady[f"GET {LIST}"], steady["POST of one order"]:
        time.sleep(due - time.time())
        with cpu_use(
            stage.server.process.pid, tools=stage.receiver.processes, database=database
        ) as use:
            ended = await_ended(stage, due)
    check(stage, count, due)
    await_delivered(stage, due)
    delivered = max(stage.receiver.moments().values())
    before = {name: one.between(begin + SETTLE_SECONDS, due) for name, one in steady.items()}
    meanwhile = {name: one.between(due, ended) for name, one in steady.items()}
    return Run(ended - due, delivered - due, before, meanwhile, use.found)


def make(stage: Stage, count: int, due: int):
    """Alerts as they are after their last reminder: received in one minute, 48 hours before."""
    sample, deadline = take_sample(stage), due * 1000
    received = deadline - OPEN_HOURS * HOUR_MS
    open_still = {
        "action_required_deadline": deadline, "due_at": deadline,
        "reminded_at": deadline - LAST_REMINDER_HOURS * HOUR_MS,
    }  # fmt: skip
    store(
        stage,
        [
            sample.copy(number, received + number * MINUTE_MS // count, **open_still)
            for number in range(count)
        ],
    )
    await_numbered(stage, max(0.0, due - time.time()))
    stage.settle()


def sell(api: Api, stage: Stage) -> Answer:
    return api.post("/v1/orders", [Sale(DESCRIPTOR, last4=OTHER_LAST4).order(stage.world)])


def await_ended(stage: Stage, due: int) -> float:
    """The moment at which no alert was due any more."""
    left = LEFT.format(due=due * 1000)
    while int(stage.sql(left)[0][0]):
        if time.time() > due + ENDED_SECONDS_LIMIT:
            raise BenchError(f"alerts have not ended {ENDED_SECONDS_LIMIT} s after their deadline")
        time.sleep(POLL_SECONDS)
    return time.time()


def await_delivered(stage: Stage, due: int):
    """Until the results of all webhooks are written."""
    waiting = WAITING.format(endpoint=stage.endpoint)
    while left := int(stage.sql(waiting)[0][0]):
        if time.time() > due + DELIVERED_SECONDS_LIMIT:
            raise BenchError(f"{left} webhooks wait {DELIVERED_SECONDS_LIMIT} s after the deadline")
        time.sleep(POLL_SECONDS)


def check(stage: Stage, count: int, due: int):
    """Each alert has ended once, and was told once."""
    found = [int(one) for one in stage.sql(ENDED.format(due=due * 1000))[0]]
    if found != [count] * 3:
        raise BenchError(f"{count} alerts: ended, events and outcomes are {found}")
