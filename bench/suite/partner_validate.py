"""Checking a large CSV file with a mapping: how long it takes, and whether memory grows with it."""

from pathlib import Path

from parry_outside import partner_feeds
from parry_outside.certificates import make_certificates
from parry_outside.partner import PartnerProgram
from parry_outside.server import Server

from .bench import Bench
from .figures import Figure, Target, median
from .machine import cpu_use
from .partner import Took, check_report, effort_of, run_to_end

SECONDS_A_MILLION_MAX = 60
GROWTH_MAX = 1.20
"""Of the peak memory, from a tenth of the lines to all."""
VALIDATE_SECONDS_MAX = 600


def measure(bench: Bench):
    """partner-validate"""
    lines = effort_of(bench).csv_lines
    few = lines // 10
    runs: dict[int, list[Took]] = {few: [], lines: []}
    cpu = []
    with bench.scratch("partner-validate") as folder:
        # Neither the server nor the configuration is used.
        program = PartnerProgram(
            folder, Server(folder), bench.base.partner, make_certificates(folder / "certificates")
        )
        (program.folder / "mapping.yaml").write_text(partner_feeds.MAPPING)
        for count in runs:
            write_csv(program.folder / f"{count}.csv", count)
        bench.settle()
        for _ in range(bench.turns):
            for count, took in runs.items():
                with cpu_use() as use:
                    took.append(validate(program, count))
                cpu.append(use.found)
        size = (program.folder / f"{lines}.csv").stat().st_size
    yield from figures_of(runs, lines, few, size, cpu)


def figures_of(runs: dict[int, list[Took]], lines: int, few: int, size: int, cpu: list[dict]):
    details = {str(count): [one.document() for one in took] for count, took in runs.items()}
    yield Figure(
        name=f"{lines:,} lines of CSV validated",
        what=(
            f"parry-partner orders validate --mapping of {lines:,} lines ({size / 1e6:.0f} MB), one"
            f" order each, from the program's start to its end; the target is"
            f" {SECONDS_A_MILLION_MAX} s for a million"
        ),
        value=median(one.seconds for one in runs[lines]),
        unit="s",
        target=Target.under(SECONDS_A_MILLION_MAX * lines / 1_000_000, "s"),
        details=details | {"cpu": cpu},
    )
    yield Figure(
        name=f"peak memory of {lines:,} lines",
        what="the program's greatest resident memory in these runs",
        value=max(one.peak_mb for one in runs[lines]),
        unit="MB",
        raw=max(one.peak_mb for one in runs[few]),
        raw_what=f"the same with {few:,} lines",
        target=Target.at_most_times(GROWTH_MAX),
        details={str(count): [one.peak_mb for one in took] for count, took in runs.items()},
    )


def validate(program: PartnerProgram, count: int) -> Took:
    took = run_to_end(
        program, "orders", "validate", f"{count}.csv", "--mapping", "mapping.yaml",
        seconds_max=VALIDATE_SECONDS_MAX,
    )  # fmt: skip
    check_report(took.report, count)
    return took


def write_csv(path: Path, count: int):
    """Orders that differ in what real ones differ in, of one line each."""
    with open(path, "w") as file:
        file.write(partner_feeds.HEADER + "\n")
        for number in range(count):
            cents = f"{10 + number % 90},{number % 100:02d}"
            file.write(partner_feeds.row(
                f"{number:09d}", net=cents, total=cents, paid=cents,
                paid_at=str(1_771_322_345 + number), brand=("vi", "mc")[number % 2],
                last4=f"{number * 7 % 10_000:04d}", code=f"{number * 7_919 % 1_000_000:06d}",
                arn=f"7{number * 1_000_003:022d}",
            ) + "\n")  # fmt: skip
