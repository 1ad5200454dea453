"""A queue in which very much is due that cannot be sent: what a claim costs, and whether the
webhooks of a partner whose receiver is well come any later.

The queue is made by SQL: events like a real one, each with a delivery to every endpoint of other
partners. Of these endpoints most are paused, and those of a few partners hang; then all of them do.
"""

import random
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field

from parry_outside.api import Api

from .bench import Bench
from .claims import PARTS, Claim, time_claims
from .figures import BenchError, Figure, Target, median
from .ids import ALPHABET, SLOT_MAX, id_like, slot_of
from .postgres_deliveries import copy_text
from .webhooks import EVENT, event_like
from .webhooks_latency import Stage, Waits, left_out, postgres_stage, sqlite_stage

PARTNERS = 50
ENDPOINTS_EACH = 4
ENDPOINTS = PARTNERS * ENDPOINTS_EACH
HANGING_PARTNERS = 2
"""Of those that are held back; more sends hang than one partner may have in flight."""
SLOTS = 64
RATE = 200
"""Alerts a second of the partner that is well."""
HANG_SECONDS = 24
"""Longer than a send to a receiver that hangs may take."""
START_SECONDS = 3
"""After these a server that found everything due has claimed what it may."""
CLAIM_MS_MAX = 5
SLOWER_MAX = 2.0
RESOLUTION_MS = 1.0
"""nginx tells no shorter time; faster counts as this."""
DIGITS_KEPT = 12
"""Of an id, all that say when and which slot; the others tell endpoints apart."""
DIGITS_OWN = 10
FILL = """
/* bench */ INSERT INTO delivery (id, slot, event_id, endpoint_id, attempt_count, due_at, lease,
    created_at)
SELECT '{prefix}_' || substr(v.id, {start}, {kept}) || p.suffix, v.slot, v.id, p.endpoint_id, 0,
    v.created_at, 0, v.created_at
FROM event v CROSS JOIN bench_place p WHERE v.id IN ({ids})
"""
FILL_EVENTS = 500
LOGGING = {
    "log_min_duration_statement": "0",
    "log_parameter_max_length": "0",
    "log_line_prefix": "bench %v ",
}
DURATION = re.compile(
    r"^bench (\S+) LOG:  duration: ([\d.]+) ms  (?:parse|bind|execute) [^:]*: (.*)$"
)
"""Connection and transaction, milliseconds and a statement's first line."""
CALM_ONLY = (
    "without those while the host took processor time away, unless that is most of them"
)
BEGINNINGS = {
    "look": ("WITH RECURSIVE turn", "WITH turn AS"),
    "candidates": ("SELECT line.id, line.slot",),
    "lease": ("WITH picked AS MATERIALIZED",),
}
"""Of the statements of a claim."""


@dataclass(frozen=True)
class Crowd:
    """The endpoints of the other partners."""

    stage: Stage
    endpoints: list[str]

    def update(self, change: str, endpoints: list[str]):
        self.stage.sql(
            f"/* bench */ UPDATE webhook_endpoint SET {change} WHERE id IN ({texts(endpoints)})"
        )

    def free(self):
        """Everything is due again, though a killed server had claimed some."""
        self.stage.sql(
            "/* bench */ UPDATE delivery SET due_at = created_at, lease = 0 WHERE lease <> 0"
        )


def texts(values) -> str:
    return ", ".join(f"'{value}'" for value in values)


def make_crowd(stage: Stage) -> Crowd:
    """Endpoints that hang, made by one partner, then given to others; the server runs."""
    with Api(stage.server.base, stage.key) as api:
        document = {"url": stage.receiver.hanging_url, "event_types": [EVENT]}
        crowd = Crowd(stage, [])
        for _ in range(PARTNERS):
            made = [
                api.must(201, "POST", "/v1/webhook-endpoints", document)["id"]
                for _ in range(ENDPOINTS_EACH)
            ]
            give_away(crowd, made)
            crowd.endpoints.extend(made)
    return crowd


def give_away(crowd: Crowd, endpoints: list[str]):
    """To another partner."""
    stage = crowd.stage
    owner = stage.sql(f"SELECT partner_id FROM webhook_endpoint WHERE id = '{endpoints[0]}'")[0][0]
    partner = id_like(owner, time.time_ns() // 1_000_000)
    stage.sql(
        f"INSERT INTO partner (id, name, mode, created_at) SELECT '{partner}', name, mode,"
        f" created_at FROM partner WHERE id = '{owner}'"
    )
    crowd.update(f"partner_id = '{partner}'", endpoints)


def fill(crowd: Crowd, count: int):
    """So many deliveries, due for a while; the server does not run."""
    stage = crowd.stage
    event, ended = stage.row("event"), stage.row("delivery_ended")
    slots = random.sample(range(SLOT_MAX + 1), SLOTS)
    made = count // ENDPOINTS
    start = time.time_ns() // 1_000_000 - 60_000 - made
    events = [event_of(event, start + number, random.choice(slots)) for number in range(made)]
    stage.store("event", events)
    places = [
        {"suffix": "1" * (DIGITS_OWN - 2) + ALPHABET[number // 58] + ALPHABET[number % 58],
         "endpoint_id": endpoint}
        for number, endpoint in enumerate(crowd.endpoints)
    ]  # fmt: skip
    stage.sql("CREATE TABLE bench_place (suffix TEXT NOT NULL, endpoint_id TEXT NOT NULL)")
    stage.store("bench_place", places)
    for first in range(0, made, FILL_EVENTS):
        ids = texts(event["id"] for event in events[first : first + FILL_EVENTS])
        stage.sql(
            FILL.format(
                prefix=ended["id"].split("_")[0], start=len(event["id"].split("_")[0]) + 2,
                kept=DIGITS_KEPT, ids=ids,
            )
        )  # fmt: skip
    stage.sql("DROP TABLE bench_place")
    stage.settle()


def event_of(event: dict, moment: int, slot: int) -> dict:
    """One whose id still says its slot when its last digits are others."""
    while True:
        identifier = id_like(event["id"], moment, slot)
        kept = identifier[:-DIGITS_OWN]
        if {slot_of(kept + digit * DIGITS_OWN) for digit in (ALPHABET[0], ALPHABET[-1])} == {slot}:
            return event_like(event | {"slot": slot}, identifier, moment)


@dataclass(frozen=True)
class Runs:
    """The turns of one comparison."""

    empty: list[Waits] = field(default_factory=list)
    held: list[Waits] = field(default_factory=list)
    hanging: list[Waits] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    """Beside the queue that is held back, where they can be seen."""


def measure(bench: Bench):
    """webhooks-waiting"""
    with (
        sqlite_stage(bench, "webhooks-waiting") as stage,
        sqlite_stage(bench, "webhooks-empty") as empty,
    ):
        yield from figures_of(bench, stage, empty, "")


def measure_postgres(bench: Bench):
    """pg-webhooks-waiting"""
    with (
        postgres_stage(bench, "pg-webhooks-waiting", **LOGGING) as stage,
        postgres_stage(bench, "pg-webhooks-empty", **LOGGING) as empty,
    ):
        yield from figures_of(bench, stage, empty, "PostgreSQL: ")


def figures_of(bench: Bench, stage: Stage, empty: Stage, prefix: str):
    for one in (empty, stage):
        one.warm()
    empty.server.stop()
    crowd = make_crowd(stage)
    stage.server.stop()
    count = bench.effort.waiting_webhooks
    fill(crowd, count)
    waiting = f"{count:,} due deliveries of {ENDPOINTS} endpoints of {PARTNERS} partners"
    yield from claim_figures(bench, crowd, prefix, waiting)
    runs = Runs()
    for _ in range(bench.turns):
        take_turn(bench, crowd, empty, runs)
    what = f"{waiting} that are paused but for those of {HANGING_PARTNERS} partners, which hang"
    yield from slower_figures(f"{prefix}beside a queue that is held back", what, runs.held, runs)
    if runs.claims:
        yield claim_figure(f"{prefix}claim beside a queue that is held back", what, runs.claims)
    what = f"{waiting} that all hang, from {START_SECONDS} s after the start of the server on"
    yield from slower_figures(f"{prefix}beside a queue that hangs", what, runs.hanging, runs)
    for one in (empty, stage):
        one.server.start()


def take_turn(bench: Bench, crowd: Crowd, empty: Stage, runs: Runs):
    """Each in a server that has just started."""
    runs.empty.append(waits_from_start(empty, HANG_SECONDS)[0])
    crowd.update("is_paused = 1", crowd.endpoints[HANGING_PARTNERS * ENDPOINTS_EACH :])
    held, claims = waits_beside(crowd, bench.seconds)
    runs.held.append(held)
    runs.claims.extend(claims)
    crowd.update("is_paused = 0", crowd.endpoints)
    runs.hanging.append(waits_beside(crowd, HANG_SECONDS, is_patient=False)[0])


def waits_beside(
    crowd: Crowd, seconds: float, is_patient: bool = True
) -> tuple[Waits, list[Claim]]:
    """Beside all that is due to the crowd."""
    crowd.free()
    return waits_from_start(crowd.stage, seconds, is_patient)


def waits_from_start(
    stage: Stage, seconds: float, is_patient: bool = True
) -> tuple[Waits, list[Claim]]:
    """Of a server that has just started, and its claims where they can be seen."""
    stage.server.start()
    time.sleep(START_SECONDS)
    log = ClaimLog(stage)
    waits = stage.waits(RATE, seconds, is_patient)
    claims = log.claims()
    stage.server.kill()
    return waits, claims


def slower_figures(name: str, what: str, waits: list[Waits], runs: Runs):
    rate = median(one.per_second for one in waits)
    missing = sum(one.missing for one in waits)
    for percent in (50, 99):
        yield Figure(
            name=f"{name}: commit to first byte, p{percent}",
            what=(
                f"from the 201 of an alert of a partner whose receiver is well to the first byte of"
                f" its webhook, at {rate:.0f} alerts a second, beside {what};"
                f" {missing:,} had not come at the end of the load and count as coming then;"
                f" {left_out(waits)}; the median of {len(waits)}"
            ),
            value=typical(waits, percent),
            unit="ms",
            raw=typical(runs.empty, percent),
            raw_what=(
                f"the same in turns with an empty queue, over {HANG_SECONDS} s of a server that has"
                f" just started; less than {RESOLUTION_MS:g} ms counts as that;"
                f" {left_out(runs.empty)}"
            ),
            target=Target.at_most_times(SLOWER_MAX),
            details={
                "waits": [one.document() for one in waits],
                "empty": [one.document() for one in runs.empty],
            },
        )


def typical(waits: list[Waits], percent: float) -> float:
    return max(RESOLUTION_MS, median(one.percentile(percent) for one in waits))


def claim_figures(bench: Bench, crowd: Crowd, prefix: str, waiting: str):
    """Of claims that find all of it welcome: on SQLite the statements by themselves, on PostgreSQL
    those of a server that sends them."""
    stage = crowd.stage
    if stage.database_file:
        for name, claims in time_claims(stage.database_file, crowd.endpoints[0]).items():
            yield claim_figure(f"{prefix}claim of {name}", f"{waiting}; {CALM_ONLY}", claims)
        return
    crowd.update(f"url = '{stage.receiver.url}'", crowd.endpoints)
    stage.receiver.forget()
    log = ClaimLog(stage)
    stage.server.start()
    time.sleep(bench.seconds)
    stage.server.kill()
    rate = stage.receiver.count() / bench.seconds
    crowd.update(f"url = '{stage.receiver.hanging_url}'", crowd.endpoints)
    what = f"{waiting} whose receivers are well; {rate:,.0f} were sent a second"
    yield claim_figure(f"{prefix}claim of a queue that is sent", what, log.claims())


def claim_figure(name: str, what: str, claims: list[Claim]) -> Figure:
    if not claims:
        raise BenchError(f"{name}: no claim was seen, or not in the words that are known here")
    found = Waits(0, sorted(sum(claim.values()) for claim in claims))
    parts = {part: round(median(claim.get(part, 0) for claim in claims), 2) for part in PARTS}
    return Figure(
        name=f"{name}, p99",
        what=(
            f"the statements of one claim, without BEGIN and COMMIT, of {len(claims):,} claims from"
            f" {what}"
        ),
        value=found.percentile(99),
        unit="ms",
        target=Target.under(CLAIM_MS_MAX, "ms"),
        details=found.document() | {"median_of_parts_ms": parts},
    )


class ClaimLog:
    """What PostgreSQL's log says of claims since this was made."""

    def __init__(self, stage: Stage):
        self._path = stage.log
        self._start = self._path.stat().st_size if self._path else 0

    def claims(self) -> list[Claim]:
        """What each that leased something took. Its statements follow each other on a connection."""
        if not self._path:
            return []
        claims: dict[str, list[Claim]] = defaultdict(lambda: [defaultdict(float)])
        with open(self._path, errors="replace") as log:
            log.seek(self._start)
            for line in log:
                match = DURATION.match(line)
                if match and (part := part_of(match[3])):
                    own = claims[match[1].split("/")[0]]
                    if part == "look" and own[-1].keys() - {"look"}:
                        own.append(defaultdict(float))
                    own[-1][part] += float(match[2])
        return [claim for own in claims.values() for claim in own if claim.keys() == set(PARTS)]


def part_of(statement: str) -> str | None:
    return next((part for part, texts in BEGINNINGS.items() if statement.startswith(texts)), None)
