"""What the measurements of `parry-partner` share: the program with a feed on a fresh platform, and
one run of it with the time, processor and memory that it took."""

import contextlib
import json
import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from parry_outside.certificates import make_certificates
from parry_outside.partner import PartnerProgram
from parry_outside.server import ParryError, Server
from parry_outside.world import World

from .bench import QUICK, Bench
from .figures import BenchError
from .machine import peak_bytes
from .sample import copy_database, fill, order_text

BATCH = 100
"""Orders in a request of the program."""
ONBOARDING = """\
customers:
  - key: acme
    name: Acme Fitness
    merchants:
      - {key: main, name: Acme Fitness Main Store, external_id: mid_123456789}
    feeds:
      - {key: orders, name: Acme Fitness Orders API}
"""
OTHERS = ("changed", "known", "duplicates", "repeated", "invalid", "refused")
"""What an order of a report may be besides accepted."""
MEMORY_SECONDS = 0.02
"""How often a run's peak is read: what grows in its last moment is not seen."""


@dataclass(frozen=True)
class Effort:
    """How much is measured of the partner's program."""

    orders: int
    limited_minutes: int
    csv_lines: int
    event_seconds: int


FULL = Effort(orders=200_000, limited_minutes=5, csv_lines=1_000_000, event_seconds=20)
QUICK_EFFORT = Effort(orders=20_000, limited_minutes=2, csv_lines=200_000, event_seconds=5)


def effort_of(bench: Bench) -> Effort:
    return QUICK_EFFORT if bench.effort is QUICK else FULL


@dataclass(frozen=True)
class Stage:
    """A platform and the partner's program, whose one feed nothing was sent of."""

    server: Server
    program: PartnerProgram
    world: World
    """The customer of the feed."""
    folder: Path

    @property
    def partner_database(self) -> Path:
        return self.program.folder / "partner.sqlite"

    def fresh(self):
        """Both databases as they were after onboarding."""
        for database in (self.server.database, self.partner_database):
            for ending in ("", "-wal", "-shm"):
                database.with_name(database.name + ending).unlink(missing_ok=True)
            copy_database(self._kept(database), database)

    def keep(self):
        """What `fresh` brings back."""
        for database in (self.server.database, self.partner_database):
            copy_database(database, self._kept(database))

    def _kept(self, database: Path) -> Path:
        return self.folder / "kept" / database.name

    def write_feed(self, name: str, count: int) -> Path:
        """Orders numbered from 0 like those that wrk sends, as a partner's feed has them: the
        program adds type and ids."""
        text = order_text(self.world)
        head = (
            f'{{"type":"COMPLETE","organisation_id":"{self.world.organisation_id}",'
            f'"integration_id":"{self.world.integration_id}",'
        )
        if not text.startswith(head):
            raise BenchError("the sample order begins otherwise than a feed's")
        template = "{" + text.removeprefix(head)
        path = self.program.folder / name
        with open(path, "w") as file:
            for number in range(count):
                file.write(fill(template, values_of(number)) + "\n")
        return path


def values_of(number: int) -> dict[str, str]:
    """What stands for the {tokens} of the sample order, of the lengths that wrk's script gives
    them. No code is all zeros, since the platform takes that for none."""
    return {
        "number": f"{number:012d}",
        "amount": str(1_000 + number % 9_000),
        "last4": f"{number * 7 % 10_000:04d}",
        "code": f"{1 + number * 7_919 % 999_999:06d}",
        "arn": f"7{number * 1_000_003:022d}",
    }


@contextlib.contextmanager
def open_stage(bench: Bench, name: str, *options: str):
    """The server is down; its options are these alone."""
    with bench.scratch(name) as folder:
        copy_database(bench.base.database, folder / "parry.db")
        server = Server(folder, *options, environment=bench.base.environment)
        certificates = make_certificates(folder / "certificates")
        program = PartnerProgram(folder, server, bench.base.partner, certificates)
        with server, program:
            try:
                server.start()
                ids = program.onboard(ONBOARDING)
                server.stop()
            except ParryError as error:
                raise BenchError(str(error)) from None
            world = World(ids["customer acme"], "", ids["feed acme/orders"], "")
            stage = Stage(server, program, world, folder)
            stage.keep()
            yield stage


@dataclass(frozen=True)
class Took:
    """One run of the program from start to end."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    report: dict

    def document(self) -> dict:
        return {
            "seconds": round(self.seconds, 2),
            "cpu_seconds": round(self.cpu_seconds, 2),
            "cores": round(self.cpu_seconds / self.seconds, 2),
            "peak_memory_mb": self.peak_mb,
        }


def run_to_end(program: PartnerProgram, *words: str, seconds_max: float) -> Took:
    """A command that answers with one JSON object, in which every record has to be accepted."""
    started = time.monotonic()
    process = program.spawn(*words, "--json", stdout=subprocess.PIPE)
    peak = Peak(process.pid)
    # Only wait4 tells what this one child used; it cannot wait for a time.
    limit = threading.Timer(seconds_max, process.kill)
    limit.start()
    try:
        with process.stdout as output:
            answer = output.read()
        _, status, used = os.wait4(process.pid, 0)
    finally:
        limit.cancel()
    seconds = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise BenchError(
            f"parry-partner {' '.join(words)} ended with {process.returncode} after"
            f" {seconds:.0f} s: {answer!r} {program.log_text()[-1_000:]}"
        )
    return Took(seconds, used.ru_utime + used.ru_stime, peak.stop(), json.loads(answer))


class Peak:
    """Reads a process's peak memory until it ends: what `wait4` says includes its parent's."""

    def __init__(self, pid: int):
        self._pid = pid
        self._bytes = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self):
        while not self._end.wait(MEMORY_SECONDS):
            try:
                self._bytes = peak_bytes(self._pid)
            # One that has ended has no memory, and then no file.
            except (TypeError, OSError):
                return

    def stop(self) -> float:
        """Megabytes."""
        self._end.set()
        self._thread.join()
        return round(self._bytes / 1e6, 1)


def check_report(report: dict, accepted: int):
    """All were accepted, and nothing else became of any."""
    others = {name: report[name] for name in OTHERS if report[name]}
    if report["accepted"] != accepted or others:
        raise BenchError(f"of {accepted} orders {report['accepted']} were accepted: {report}")
