"""How long `parry-partner serve` takes to answer webhooks that come at a fixed rate.

Two Python processes send, signed beforehand, over connections that stay; the time of each webhook
runs from the moment at which it was planned. The events are of a type that the program only keeps:
nothing is read at the platform meanwhile.
"""

import copy
import hashlib
import hmac
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from parry_outside.api import Api
from parry_outside.server import ParryError, wait_until

from .bench import Bench
from .figures import BenchError, Figure, Target, median
from .ids import id_like
from .machine import cpu_use, peak_bytes
from .partner import Stage, effort_of, open_stage
from .sample import OPTIONS, open_database
from .webhooks_latency import Waits

RATE = 500
P99_MS_MAX = 20
SENDERS = 2
SENDER = Path(__file__).with_name("partner_sender.py")
WARM_SECONDS = 1
"""At the same rate, and not counted."""
START_SECONDS = 3
"""Until then the senders have read their parcels and made their connections."""
GRACE_SECONDS = 30
WORKED_OFF_SECONDS_MAX = 60
SECRET = "whsec_of_an_endpoint_that_only_the_bench_knows"
INBOX = "SELECT count(*), count(DISTINCT id), sum(copies), sum(is_done) FROM inbox_event"


@dataclass(frozen=True)
class Turn:
    """What one turn measured."""

    waits: Waits
    late: Waits
    """How late the senders themselves began."""
    cpu: dict


def measure(bench: Bench):
    """partner-receiver"""
    seconds = effort_of(bench).event_seconds
    with open_stage(bench, "partner-receiver", *OPTIONS) as stage:
        stage.program.secret("secret", SECRET)
        try:
            with stage.server.start():
                example = one_event(bench, stage)
                stage.program.serve()
                turns = [send(bench, stage, example, seconds) for _ in range(bench.turns)]
                worked_off = await_inbox(stage, bench.turns * events_of(seconds))
                peak = round(peak_bytes(stage.program.process.pid) / 1e6, 1)
                stage.program.stop()
                stage.server.stop()
        except ParryError as error:
            raise BenchError(str(error)) from None
    yield figure_of(turns, seconds, len(json.dumps(example)), worked_off, peak)


def figure_of(
    turns: list[Turn], seconds: int, size: int, worked_off: float, peak: float
) -> Figure:
    return Figure(
        name=f"parry-partner answers webhooks, {RATE} a second, p99",
        what=(
            f"{RATE} distinct signed events of {size:,} bytes a second for {seconds} s to"
            f" parry-partner serve over TLS, from the planned moment to the 204; each is in the"
            f" inbox exactly once afterwards;"
            f" p50 {median(turn.waits.percentile(50) for turn in turns):.1f} ms"
        ),
        value=median(turn.waits.percentile(99) for turn in turns),
        unit="ms",
        target=Target.under(P99_MS_MAX, "ms"),
        details={
            "runs": [turn.waits.document() for turn in turns],
            "senders_late_ms": [turn.late.document() for turn in turns],
            "worked_off_seconds_after_the_last": round(worked_off, 2),
            "peak_memory_mb": peak,
            "cpu": [turn.cpu for turn in turns],
        },
    )


def events_of(seconds: int) -> int:
    return RATE * (WARM_SECONDS + seconds)


def one_event(bench: Bench, stage: Stage) -> dict:
    """An event as the platform has it."""
    organisation = stage.world.organisation_id
    with Api(stage.server.base, bench.base.partner.api_key) as api:
        made = api.must(201, "POST", "/v1/simulate/lookups", {"organisation_id": organisation})
        return api.must(200, "GET", f"/v1/events?object_id={made['id']}")["items"][0]


def send(bench: Bench, stage: Stage, example: dict, seconds: int) -> Turn:
    parcels = stage.folder / "parcels"
    write_parcels(parcels, example, events_of(seconds))
    bench.settle()
    start = time.time() + START_SECONDS
    program = stage.program.process.pid
    with cpu_use(program, tools=[stage.server.process.pid]) as use:
        senders = [spawn(stage, parcels, start, part) for part in range(SENDERS)]
        taken = collect(senders, START_SECONDS + WARM_SECONDS + seconds + GRACE_SECONDS)
    counted = [one for one in taken if one[0] >= RATE * WARM_SECONDS]
    if len(taken) != events_of(seconds):
        raise BenchError(f"{len(taken)} of {events_of(seconds)} webhooks were answered")
    return Turn(
        Waits(RATE, sorted(answered for _, _, answered in counted)),
        Waits(RATE, sorted(begun for _, begun, _ in counted)),
        use.found,
    )


def write_parcels(path: Path, example: dict, count: int):
    """Events like that one, each about an object of its own, signed now: a signature is good for
    five minutes."""
    now = time.time()
    with open(path, "w") as file:
        for number in range(count):
            event = copy.deepcopy(example)
            moment = int(now * 1000) + number
            event["id"] = id_like(example["id"], moment)
            held = event["data"]["object"]
            held["id"] = id_like(held["id"], moment)
            body = json.dumps(event, separators=(",", ":"))
            file.write(f"whd_{number}\t{signature_of(body, int(now))}\t{body}\n")


def signature_of(body: str, seconds: int) -> str:
    code = hmac.new(SECRET.encode(), f"{seconds}.{body}".encode(), hashlib.sha512)
    return f"t={seconds},v1={code.hexdigest()}"


def spawn(stage: Stage, parcels: Path, start: float, part: int) -> subprocess.Popen:
    program = stage.program
    return subprocess.Popen(
        [
            sys.executable, "-B", str(SENDER), "127.0.0.1", str(program.port), "/webhooks",
            str(program.certificates.ca), str(parcels), str(RATE), repr(start), str(part),
            str(SENDERS),
        ],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def collect(senders: list[subprocess.Popen], seconds_max: float) -> list[tuple]:
    """What they measured; none is left running."""
    taken = []
    try:
        for sender in senders:
            output, errors = sender.communicate(timeout=seconds_max)
            if sender.returncode != 0:
                raise BenchError(f"a sender of webhooks failed: {errors[-1_000:]}")
            taken += json.loads(output)
    except subprocess.TimeoutExpired:
        raise BenchError("the senders of webhooks do not end") from None
    finally:
        for sender in senders:
            if sender.poll() is None:
                sender.kill()
                sender.communicate()
    return taken


def await_inbox(stage: Stage, count: int) -> float:
    """Every event is there once, and worked off; how long the latter took."""
    started = time.monotonic()

    def state() -> tuple:
        with open_database(stage.partner_database) as database:
            return database.execute(INBOX).fetchone()

    if not wait_until(lambda: state()[3] == count, WORKED_OFF_SECONDS_MAX):
        raise BenchError(f"the inbox has events, ids, copies, done {state()}, not {count}")
    if state() != (count, count, 0, count):
        raise BenchError(f"the inbox has events, ids, copies, done {state()}, not {count} once")
    return time.monotonic() - started
