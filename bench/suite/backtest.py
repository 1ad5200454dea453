"""How long it takes to try a ruleset on a year of alerts: `POST /v1/rulesets/{id}/backtest`.

A tenth of the alerts is in euros, which an AMOUNT rule converts by the rate of each day. What the
alerts are is computed from their numbers, and what the answer has to say is counted here.
"""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from parry_outside.api import Api
from parry_outside.networks import TEST_TOKEN, text_of

from .bench import Bench
from .figures import BenchError, Figure, Target, median
from .machine import cpu_use
from .networks_copies import Sample, store, take_sample
from .webhooks_latency import Stage, postgres_stage, sqlite_stage

OPTIONS = ("--test-network-token", TEST_TOKEN)
REQUESTS = 10
SECONDS_MAX = 2
DAY_SECONDS, DAYS = 86_400, 365
RATE_DAYS_BEFORE = 10
LIMIT_CENTS = 5_000
CENTS_MIN, CENTS_SPREAD = 299, 9_000
DESCRIPTORS = ("ACMEFIT MONTHLY", "ACMEFIT YEARLY", "ACMEFIT TRIAL", "ACMEFIT*SHOP")
WANTED = ("ACMEFIT T", "ACMEFIT*")
"""An alert's descriptor begins so where the DESCRIPTOR rule holds."""
EUROS_OF_TEN, INVALID_OF_TEN = 1, 1
OPEN_OF_HUNDRED = 2
CHANCE = 7919


@dataclass(frozen=True)
class Kind:
    """What an alert of a number is like."""

    number: int

    @property
    def cents(self) -> int:
        return CENTS_MIN + self.number * CHANCE % CENTS_SPREAD

    @property
    def currency(self) -> str:
        return "EUR" if self.number % 10 < EUROS_OF_TEN else "USD"

    @property
    def descriptor(self) -> str:
        return DESCRIPTORS[self.number * CHANCE // 10 % len(DESCRIPTORS)]

    @property
    def outcome(self) -> tuple[str, str | None]:
        """Status, and what became of the money."""
        chance = self.number * CHANCE // 100 % 100
        if chance < 10 * INVALID_OF_TEN:
            return "INVALID", None
        if chance < 10 * INVALID_OF_TEN + OPEN_OF_HUNDRED:
            return "ACTION_REQUIRED", None
        return "RESOLVED", "REFUNDED" if chance % 2 else "NOT_REFUNDED"

    @property
    def dollar_cents(self) -> int:
        """A euro is worth 1.25 dollars; halves are rounded up."""
        return (self.cents * 5 + 2) // 4 if self.currency == "EUR" else self.cents

    @property
    def held(self) -> tuple[bool, bool]:
        """Whether the AMOUNT and the DESCRIPTOR rule hold."""
        return self.dollar_cents > LIMIT_CENTS, self.descriptor.startswith(WANTED)

    @property
    def row(self) -> dict:
        """What differs from the sample."""
        status, refund = self.outcome
        return {
            "transaction_amount_in_cents": self.cents, "transaction_currency_code": self.currency,
            "transaction_statement_descriptor": self.descriptor, "status": status,
            "transaction_refund_outcome": refund, "due_at": None,
        }  # fmt: skip


RULESET = {
    "outcome": "REFUND", "join_operator": "OR", "rules": [
        {"type": "AMOUNT", "parameters": {
            "operator": "GREATER_THAN", "currency_code": "USD", "amount_in_cents": LIMIT_CENTS,
        }},
        {"type": "DESCRIPTOR", "parameters": {
            "descriptors": [{"value": one, "match_type": "STARTS_WITH"} for one in WANTED],
        }},
    ],
}  # fmt: skip


def expected(count: int) -> dict:
    """What the answer has to count."""
    found = Counter()
    for kind in map(Kind, range(count)):
        status, refund = kind.outcome
        if status == "INVALID":
            found["invalid_count"] += 1
            continue
        found["alert_count"] += 1
        found["AMOUNT"] += kind.held[0]
        found["DESCRIPTOR"] += kind.held[1]
        found[("REFUND" if any(kind.held) else None, kind.currency)] += kind.cents
        found["REFUND" if any(kind.held) else None] += 1
        found["flip_count"] += any(kind.held) and refund == "NOT_REFUNDED"
    return dict(found)


def told(answer: dict) -> dict:
    """The same of an answer."""
    found = {name: answer[name] for name in ("invalid_count", "alert_count", "flip_count")}
    found |= {one["type"]: one["held_count"] for one in answer["rules"]}
    for one in answer["outcomes"]:
        found[one["outcome"]] = one["alert_count"]
        found |= {(one["outcome"], m["currency"]): m["amount_in_cents"] for m in one["money"]}
    return found


def measure(bench: Bench) -> Iterator[Figure]:
    """backtest"""
    with sqlite_stage(bench, "backtest", *OPTIONS) as stage:
        yield figure_of(bench, stage, "")


def measure_postgres(bench: Bench) -> Iterator[Figure]:
    """pg-backtest"""
    with postgres_stage(bench, "pg-backtest", *OPTIONS) as stage:
        yield figure_of(bench, stage, "PostgreSQL: ")


def figure_of(bench: Bench, stage: Stage, prefix: str) -> Figure:
    count, end = bench.effort.backtest_alerts, int(time.time()) - DAY_SECONDS
    start = end - DAYS * DAY_SECONDS
    make(stage, count, start, end)
    path = f"/v1/rulesets/{decide(stage)}/backtest"
    asked = {"from": text_of(start), "to": text_of(end)}
    database = stage.cluster.process if stage.cluster else None
    with cpu_use(
        stage.server.process.pid, tools=stage.receiver.processes, database=database
    ) as use:
        times = ask(stage, path, asked, expected(count))
    return Figure(
        name=f"{prefix}backtest on {count:,} alerts",
        what=(
            f"POST /v1/rulesets/ID/backtest on {count:,} alerts of one enrolment over a year, a"
            f" tenth in EUR with a rate for each day, one AMOUNT and one DESCRIPTOR rule, every"
            f" count checked; median of {REQUESTS} requests one after another, the slowest"
            f" {max(times):.2f} s"
        ),
        value=median(times),
        unit="s",
        target=Target.under(SECONDS_MAX, "s"),
        details={"seconds": [round(one, 3) for one in times], "cpu": [use.found]},
    )


def make(stage: Stage, count: int, start: int, end: int):
    """The alerts, evenly spread over the time, and the rates of all its days."""
    sample = take_sample(stage)
    store(stage, [copy(sample, number, count, start, end) for number in range(count)])
    file = stage.server.folder / "rates.csv"
    file.write_text(rates(start, end))
    stage.server.command("rates", "import", str(file))
    stage.settle()


def copy(sample: Sample, number: int, count: int, start: int, end: int) -> Sample:
    received = 1000 * start + 1000 * (end - start) * number // count
    return sample.copy(number, received, **Kind(number).row)


def rates(start: int, end: int) -> str:
    days = range(start - RATE_DAYS_BEFORE * DAY_SECONDS, end + DAY_SECONDS, DAY_SECONDS)
    lines = [f"{text_of(day)[:10]},EUR,1.25" for day in days]
    return "\n".join(["date,currency,usd_per_unit", *lines, ""])


def decide(stage: Stage) -> str:
    """The enrolment's ruleset."""
    whose = {
        "organisation_id": stage.world.organisation_id,
        "enrolment_ids": [stage.world.enrolment_id],
    }  # fmt: skip
    with Api(stage.server.base, stage.key) as api:
        return api.must(201, "POST", "/v1/rulesets", whose | RULESET)["id"]


def ask(stage: Stage, path: str, asked: dict, wanted: dict) -> list[float]:
    """The seconds that each request took."""
    taken = []
    with Api(stage.server.base, stage.key) as api:
        for _ in range(REQUESTS):
            began = time.perf_counter()
            answer = api.must(200, "POST", path, asked)
            taken.append(time.perf_counter() - began)
            if told(answer) != wanted:
                raise BenchError(f"the backtest counts {told(answer)}, not {wanted}")
    return taken
