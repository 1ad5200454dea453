"""How fast Verifi's questions about RDR cases are answered: evaluated, kept on the disk, answered.

Some hundred rulesets are held in memory. `wrk` asks about cases of one of them, half of which it
declines: as fast as it is answered, then at a fixed rate. Every answer has to be the right one and
none the fallback, and afterwards each has to be in the database.
"""

import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from parry_outside.api import Api
from parry_outside.networks import TEST_TOKEN, text_of
from parry_outside.server import wait_until
from parry_outside.world import enable_enrolment

from .bench import Bench
from .figures import BenchError, Figure, Target, median
from .load import Load, run_wrk
from .machine import cpu_use
from .webhooks_latency import Stage, Waits, postgres_stage, sqlite_stage

PATH = "/networks/verifi/rdr/decisions"
RULESETS = 300
"""Besides the one that is asked."""
BIN = "424242"
CONNECTIONS = 64
RATE = 1_000
P99_MS_MAX = 10
LIMIT_CENTS = 3_000
DECLINED, ACCEPTED = "49.00", "19.00"
WARM_SECONDS = 1
KNOWN_SECONDS_MAX = 10
OPTIONS = ("--test-network-token", TEST_TOKEN)
KEPT = """
/* bench */ SELECT network_id, CASE WHEN answer LIKE '%"origin":"FALLBACK"%' THEN 'fallback'
    WHEN answer LIKE '{{"decision":"DECLINE",%' THEN 'd' ELSE 'a' END
FROM network_message WHERE kind = 'DECISION' AND answer IS NOT NULL
AND substr(network_id, 10, 4) = '{run}'
"""


def measure(bench: Bench) -> Iterator[Figure]:
    """networks-decisions"""
    with sqlite_stage(bench, "networks-decisions", *OPTIONS) as stage:
        yield from figures_of(bench, stage, "")


def measure_postgres(bench: Bench) -> Iterator[Figure]:
    """pg-networks-decisions"""
    with postgres_stage(bench, "pg-networks-decisions", *OPTIONS) as stage:
        yield from figures_of(bench, stage, "PostgreSQL: ")


@dataclass
class Runs:
    """The turns at one rate."""

    loads: list[Load] = field(default_factory=list)
    waits: list[Waits] = field(default_factory=list)
    cpu: list[dict] = field(default_factory=list)


class Verifi:
    """It asks about cases of the newest enrolment; the runs are numbered through."""

    def __init__(self, stage: Stage):
        self.stage = stage
        self.number = 0
        self.file = stage.server.folder / "questions"
        self.out = stage.server.folder / "answered"

    def prepare(self):
        """All rulesets, the last of which is asked from now on."""
        with Api(self.stage.server.base, self.stage.key) as api:
            for number in range(RULESETS + 1):
                caid = f"CAID{number:08}"
                decide(api, self.stage, caid)
        questions = [question(caid, amount) for amount in (DECLINED, ACCEPTED)]
        self.file.write_text("".join(f"{json.dumps(one)}\n" for one in questions))
        if not wait_until(lambda: self.is_declined(questions[0]), KNOWN_SECONDS_MAX):
            raise BenchError(f"the ruleset does not decide after {KNOWN_SECONDS_MAX} s")

    def is_declined(self, asked: dict) -> bool:
        fresh = asked | {"decisionId": str(uuid.uuid4())}
        with Api(self.stage.server.base, TEST_TOKEN) as network:
            return network.must(200, "POST", PATH, fresh)["decision"] == "DECLINE"

    def ask(self, seconds: float, rate: int = 0) -> tuple[Load, Waits]:
        """Cases at a rate, 0 for as many as possible; the milliseconds until each answer are known
        at a rate only."""
        self.number += 1
        run = f"c{self.number:03}"
        load = run_wrk(
            "decisions", self.stage.server.base, self.file, TEST_TOKEN, self.out, rate, run,
            connections=CONNECTIONS, seconds=seconds,
        )  # fmt: skip
        lines = [line.split() for line in self.out.read_text().splitlines()]
        self.check_kept(run, [one[0] for one in lines])
        times = sorted(float(one[1]) for one in lines) if rate else []
        return load, Waits(load.per_second, times)

    def check_kept(self, run: str, answered: list[str]):
        """What was answered is in the database, and as it was answered."""
        kept = dict(self.stage.sql(KEPT.format(run=run)))
        if len(set(answered)) != len(answered):
            raise BenchError("an id was asked about twice")
        other = [one for one in answered if kept.get(one) != one[0]]
        if other:
            raise BenchError(
                f"{len(other)} of {len(answered)} answers are not kept as they were given:"
                f" {[(one, kept.get(one)) for one in other[:3]]}"
            )
        if len(kept) > len(answered) + CONNECTIONS:
            raise BenchError(f"{len(kept)} answers are kept of {len(answered)} that were given")


def decide(api: Api, stage: Stage, caid: str):
    """An enabled RDR enrolment with a ruleset of two rules."""
    world = stage.world
    enrolment = api.must(201, "POST", "/v2/enrolments", {
        "merchant_ids": [world.merchant_id], "type": "VERIFI_RDR",
        "verifi_rdr": {"bin": BIN, "caid": caid},
    })["id"]  # fmt: skip
    enable_enrolment(api, enrolment)
    api.must(201, "POST", "/v1/rulesets", {
        "organisation_id": world.organisation_id, "enrolment_ids": [enrolment],
        "outcome": "ACCEPT_DISPUTE", "join_operator": "AND", "rules": [
            {"type": "AMOUNT", "parameters": {
                "operator": "GREATER_THAN", "currency_code": "USD",
                "amount_in_cents": LIMIT_CENTS,
            }},
            {"type": "DESCRIPTOR", "parameters": {
                "descriptors": [{"value": "ACMEFIT", "match_type": "STARTS_WITH"}],
            }},
        ],
    })  # fmt: skip


def question(caid: str, amount: str) -> dict:
    """As Verifi asks it."""
    now, money = time.time(), {"amount": amount, "currency": "USD"}
    return {
        "decisionId": str(uuid.uuid4()), "caseType": "DISPUTE", "source": "VMPI",
        "caseDate": text_of(now), "transactionDate": text_of(now - 7 * 86_400),
        "paymentDescriptor": "ACMEFIT MONTHLY", "paymentDescriptorContact": "8005551234",
        "acquirerBin": BIN, "cardAcceptorId": caid, "transactionId": "123456789012345",
        "cardBin": "424242", "cardLast4": "4242", "paymentType": "VISA", "authCode": "123456",
        "arn": "74027012345678901234567", "mcc": "7997", "transactionAmount": money,
        "caseAmount": money, "transactionType": "ECOMMERCE", "reasonCode": "13.1",
    }  # fmt: skip


def figures_of(bench: Bench, stage: Stage, prefix: str) -> Iterator[Figure]:
    verifi = Verifi(stage)
    verifi.prepare()
    verifi.ask(WARM_SECONDS)
    full = take_turns(bench, verifi, bench.seconds, 0)
    asked = (
        f"POST {PATH} of new cases of one enrolment, half of them declined, beside {RULESETS}"
        f" rulesets of others, over {CONNECTIONS} connections"
    )
    yield Figure(
        name=f"{prefix}RDR decisions",
        what=(
            f"{asked}, each answer right and kept; p50"
            f" {median(one.p50_ms for one in full.loads):.1f} ms, p99"
            f" {median(one.p99_ms for one in full.loads):.1f} ms"
        ),
        value=median(one.per_second for one in full.loads),
        unit="decisions/s",
        details={
            "runs": [round(one.per_second) for one in full.loads],
            "p50_ms": [one.p50_ms for one in full.loads],
            "p99_ms": [one.p99_ms for one in full.loads], "cpu": full.cpu,
        },
    )  # fmt: skip
    even = take_turns(bench, verifi, bench.effort.network_seconds, RATE)
    for percent, target in ((50, None), (99, Target.under(P99_MS_MAX, "ms"))):
        yield Figure(
            name=f"{prefix}RDR decisions, {RATE:,} a second, p{percent}",
            what=(
                f"{asked}, evenly spread, whether or not earlier ones are answered; from the"
                f" planned moment of a question to its answer. wrk's timers are up to 1 ms late,"
                f" which is part of it"
            ),
            value=median(one.percentile(percent) for one in even.waits),
            unit="ms",
            target=target,
            details={
                "runs": [one.document() for one in even.waits],
                "per_second": [round(one.per_second) for one in even.loads],
                "from_the_request_p99_ms": [one.p99_ms for one in even.loads], "cpu": even.cpu,
            },
        )  # fmt: skip


def take_turns(bench: Bench, verifi: Verifi, seconds: float, rate: int) -> Runs:
    runs, stage = Runs(), verifi.stage
    for _ in range(bench.turns):
        stage.settle()
        database = stage.cluster.process if stage.cluster else None
        with cpu_use(
            stage.server.process.pid, tools=stage.receiver.processes, database=database
        ) as use:
            load, waits = verifi.ask(seconds, rate)
        runs.loads.append(load)
        runs.waits.append(waits)
        runs.cpu.append(use.found)
    return runs
