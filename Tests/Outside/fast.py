"""Runs every test_*.py, two modules at a time, since most of their time is waiting.

    Tests/Outside/fast.py [--more | --slow | NAME…]

With `--more` every more_*.py instead: races, processes and trouble, which `make check` has time for;
with `--slow` every slow_*.py: kills by the dozen, worlds, and hours that pass.

A module is one process of unittest; what it printed is shown when it failed. Modules that measure
time run alone, after all others.
"""

import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
AT_ONCE = 2
LONG = (
    "test_operations", "test_lifecycle", "test_postgres", "more_webhook_commands", "slow_linkage",
)  # fmt: skip
"""These begin first, so that the end is not spent waiting for one of them."""
ALONE = ("test_webhook_fairness",)
RAN = re.compile(r"^Ran (\d+) tests? in", re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    module: str
    output: str
    seconds: float
    is_success: bool

    @property
    def tests(self) -> int:
        found = RAN.search(self.output)
        return int(found[1]) if found else 0


def run(module: str) -> Outcome:
    started = time.monotonic()
    command = ["-m", "unittest", "discover", "-s", str(FOLDER), "-p", f"{module}.py"]
    done = subprocess.run(
        [sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    seconds = time.monotonic() - started
    outcome = Outcome(module, done.stdout, seconds, done.returncode == 0)
    # A module in which nothing ran would hide what it was to show.
    outcome = outcome if outcome.tests else Outcome(module, done.stdout, seconds, False)
    print(f"{module}: {outcome.tests} tests in {seconds:.0f} s", flush=True)
    if not outcome.is_success:
        print(outcome.output, flush=True)
    return outcome


def order(module: str) -> tuple[int, str]:
    return (LONG.index(module) if module in LONG else len(LONG), module)


def main(names: list[str]) -> int:
    started = time.monotonic()
    kind = {(): "test", ("--more",): "more", ("--slow",): "slow"}.get(tuple(names))
    found = [path.stem for path in FOLDER.glob(f"{kind}_*.py")] if kind else names
    modules = sorted(found, key=order)
    with ThreadPoolExecutor(AT_ONCE) as workers:
        outcomes = list(workers.map(run, [one for one in modules if one not in ALONE]))
    outcomes += [run(one) for one in modules if one in ALONE]
    failed = [one.module for one in outcomes if not one.is_success]
    count = sum(one.tests for one in outcomes)
    print(f"\nRan {count} tests in {time.monotonic() - started:.3f}s\n")
    print(f"FAILED: {', '.join(failed)}" if failed else "OK")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
