"""Runs every test_*.py, two modules at a time, those of the optimised program three at a time.

    Tests/Outside/fast.py [--more | --slow | NAME…]

With `--more` every more_*.py instead: races, processes and trouble, which `make check` has time for;
with `--slow` every slow_*.py: kills by the dozen, worlds, and hours that pass.

A module is one process of unittest; what it printed is shown when it failed. Modules that measure
time run alone, after all others.
"""

import sys
from pathlib import Path

from parry_outside.modules import Modules

LONG = (
    "more_operations", "test_lifecycle", "more_postgres", "more_webhook_commands", "slow_linkage",
)  # fmt: skip
ALONE = ("more_webhook_fairness",)


def main(words: list[str]) -> int:
    kind = {(): "test", ("--more",): "more", ("--slow",): "slow"}.get(tuple(words))
    modules = Modules(
        Path(__file__).parent, LONG, ALONE, at_once=3 if kind in ("more", "slow") else 2
    )
    return modules.run(modules.find(kind) if kind else words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
