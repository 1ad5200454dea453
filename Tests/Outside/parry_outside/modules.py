"""Modules of tests, each in a process of its own, some at a time, since most of their time is waiting."""

import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

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


@dataclass(frozen=True)
class Modules:
    """Those of a folder."""

    folder: Path
    long: tuple[str, ...]
    """These begin first, so that the end is not spent waiting for one of them."""
    alone: tuple[str, ...] = ()
    """These measure time, and run after all others."""
    at_once: int = 2

    def find(self, kind: str) -> list[str]:
        return [path.stem for path in self.folder.glob(f"{kind}_*.py")]

    def run(self, names: list[str]) -> int:
        """Prints a line for each, and what it printed when it failed; 1 when one did."""
        started = time.monotonic()
        modules = sorted(names, key=self._order)
        with ThreadPoolExecutor(self.at_once) as workers:
            together = [one for one in modules if one not in self.alone]
            outcomes = list(workers.map(self._run, together))
        outcomes += [self._run(one) for one in modules if one in self.alone]
        failed = [one.module for one in outcomes if not one.is_success]
        count = sum(one.tests for one in outcomes)
        print(f"\nRan {count} tests in {time.monotonic() - started:.3f}s\n")
        print(f"FAILED: {', '.join(failed)}" if failed else "OK")
        return 1 if failed else 0

    def _order(self, module: str) -> tuple[int, str]:
        return (self.long.index(module) if module in self.long else len(self.long), module)

    def _run(self, module: str) -> Outcome:
        started = time.monotonic()
        command = ["-m", "unittest", "discover", "-s", str(self.folder), "-p", f"{module}.py"]
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
