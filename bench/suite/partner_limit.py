"""Sending a feed under the platform's rate limit: how much of it `parry-partner orders send` uses.

What was answered when is taken from the server's log. The time runs from the first answer, so that
the program's start is not in it.
"""

import json
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from parry_outside.server import wait_until

from .bench import Bench
from .figures import BenchError, Figure, Target
from .machine import cpu_use
from .partner import BATCH, Stage, effort_of, open_stage
from .partner_orders import CONNECTIONS, check_stored_once

LIMIT = 100
"""Requests a minute to one endpoint; what the contract says."""
SHARE_MIN = 0.97
FIRST_SECONDS_MAX = 20
GRACE_SECONDS = 2
"""So long after the counted minutes the program goes on."""


@dataclass(frozen=True)
class Answers:
    """The requests to POST /v1/orders in a server's log: when each ended, and how."""

    moments: list[tuple[float, int]]

    @staticmethod
    def read(log: Path) -> "Answers":
        found = []
        for line in log.read_text(errors="replace").splitlines():
            # The server goes on writing; the last line may be half of one.
            if '"request"' not in line or not line.endswith("}"):
                continue
            facts = json.loads(line)
            if (facts.get("method"), facts.get("route")) == ("POST", "/v1/orders"):
                moment = datetime.fromisoformat(facts["time"]).timestamp()
                found.append((moment, int(facts["status"])))
        return Answers(sorted(found))

    @property
    def begin(self) -> float:
        return self.moments[0][0]

    def statuses(self, seconds: float) -> Counter:
        """How many were answered with what within so long after the first."""
        end = self.begin + seconds
        return Counter(status for moment, status in self.moments if moment < end)


def measure(bench: Bench):
    """partner-limit"""
    minutes = effort_of(bench).limited_minutes
    options = ("--rate-limit", str(LIMIT))
    with open_stage(bench, "partner-limit", *options) as stage:
        stage.write_feed("feed.jsonl", (minutes + 1) * LIMIT * BATCH)
        bench.settle()
        with stage.server.start() as server:
            with cpu_use(server.process.pid) as use:
                send_for(stage, 60 * minutes)
            server.stop()
        answers = Answers.read(stage.server.log)
        good = [status for _, status in answers.moments if status in (200, 201)]
        # What was answered is stored, and what was under way at the end may be.
        least = len(good) * BATCH
        check_stored_once(stage.server.database, least, least + CONNECTIONS * BATCH)
    yield figure_of(answers, minutes, use.found)


def send_for(stage: Stage, seconds: float):
    """The program sends until so long after its first request was answered, and is stopped then."""
    process = stage.program.spawn("orders", "send", "feed.jsonl", "--rate-limit", str(LIMIT))
    stage.program.process = process
    log = stage.server.log
    if not wait_until(lambda: Answers.read(log).moments, FIRST_SECONDS_MAX):
        raise BenchError(f"no request came: {stage.program.log_text()[-1_000:]}")
    end = Answers.read(log).begin + seconds + GRACE_SECONDS
    while (left := end - time.time()) > 0:
        if process.poll() is not None:
            raise BenchError(f"orders send ended early: {stage.program.log_text()[-1_000:]}")
        time.sleep(min(1.0, left))
    stage.program.kill()


def figure_of(answers: Answers, minutes: int, cpu: dict) -> Figure:
    counted = answers.statuses(60 * minutes)
    good = counted[200] + counted[201]
    until = [answers.statuses(60 * minute).total() for minute in range(minutes + 1)]
    return Figure(
        name=f"requests of parry-partner, limit of {LIMIT} a minute",
        what=(
            f"parry-partner orders send --rate-limit {LIMIT} for {minutes} minutes from its first"
            f" answer on: requests to POST /v1/orders that the server answered 200 or 201, the"
            f" first burst included; {counted[429]} were answered 429"
        ),
        value=good / minutes,
        unit="requests/min",
        raw=float(LIMIT),
        raw_what="what the platform's limit allows in that time",
        target=Target.share(SHARE_MIN),
        details={
            "statuses": {str(status): count for status, count in sorted(counted.items())},
            "refused_429": counted[429],
            "per_minute": [later - before for before, later in zip(until, until[1:])],
            "cpu": [cpu],
        },
    )
