"""How well matching finds the sales of a generated world, and how fast: `parry generate-world`,
then `parry evaluate-matching --late`. The words are those of docs/matching.md.
"""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from parry_outside.server import clean_environment, find_binary

from .bench import Bench
from .figures import BenchError, Figure, Target
from .machine import cpu_use

SEED, ORGANISATIONS = 11, 12
"""The world of docs/matching.md."""
PER_ALERTS = 10_000
WRONG_MAX = 1
RECALL_PERCENT_MIN = 98
SECONDS_MAX = 1_800


def measure(bench: Bench) -> Iterator[Figure]:
    """evaluate-matching"""
    with bench.scratch("evaluate-matching") as folder:
        with cpu_use() as use:
            began = time.monotonic()
            world = generate(bench, folder)
            generated = time.monotonic() - began
            lines = evaluate(folder)
            seconds = time.monotonic() - began
        size = sum(path.stat().st_size for path in (folder / "world").iterdir())
    details = {
        "world": world, "world_mb": round(size / 1e6), "generate_seconds": round(generated, 1),
        "scenarios": list(lines.values()), "cpu": [use.found],
    }  # fmt: skip
    yield from figures(bench, lines, details)
    yield Figure(
        "world generated, loaded and matched", "both programs, from start to end", seconds, "s"
    )


def generate(bench: Bench, folder: Path) -> dict:
    text = run(
        folder, "generate-world", "--seed", SEED, "--organisations", ORGANISATIONS,
        "--transactions", bench.effort.world_transactions, "--alerts", bench.effort.world_alerts,
        "--out", folder / "world",
    )  # fmt: skip
    return json.loads(text)


def evaluate(folder: Path) -> dict[str, dict]:
    """The line of each scenario, and of all."""
    text = run(folder, "evaluate-matching", "--world", folder / "world", "--late")
    return {line["scenario"]: line for line in map(json.loads, text.splitlines())}


def run(folder: Path, command: str, *words) -> str:
    # The database that it makes has to be where databases are to be.
    environment = clean_environment({"TMPDIR": str(folder)})
    try:
        done = subprocess.run(
            list(map(str, (find_binary(), command, *words))), env=environment, capture_output=True,
            text=True, timeout=SECONDS_MAX,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise BenchError(f"parry {command} does not end within {SECONDS_MAX} s") from None
    if done.returncode:
        raise BenchError(f"parry {command}: {done.stderr.strip()}")
    return done.stdout


def figures(bench: Bench, lines: dict[str, dict], details: dict) -> Iterator[Figure]:
    all, world = lines["all"], f"{bench.effort.world_transactions:,} transactions"
    alerts, decidable = all["alerts"], all["decidable"]
    wrong = all["wrong_exact_or_high"]
    of_alerts = f"of {alerts:,} Ethoca alerts of a generated world of {world}"
    yield Figure(
        "wrong matches at EXACT and HIGH",
        f"`wrong_exact_or_high` {of_alerts}: {wrong} alerts, for each {PER_ALERTS:,}",
        wrong * PER_ALERTS / alerts, "", target=Target.at_most(WRONG_MAX, ""), details=details,
    )  # fmt: skip
    yield Figure(
        "recall", f"alerts that found their sale, of {decidable:,} whose sale the data can tell",
        all["found"] * 100 / decidable, "%", target=Target.at_least(RECALL_PERCENT_MIN, "%"),
    )  # fmt: skip
    for percent in (50, 99):
        yield Figure(
            f"matching in the world, p{percent}",
            f"look-up and verdict on SQLite, one alert after another, {of_alerts}",
            all[f"p{percent}_in_us"] / 1000, "ms",
        )  # fmt: skip
