"""The figures of a run and how they are shown: a table for people, JSON for programs."""

import json
import statistics
from dataclasses import asdict, dataclass, field
from pathlib import Path


class BenchError(Exception):
    """Something was not measured, or what was measured were errors."""


@dataclass(frozen=True)
class Target:
    """What a figure, or its ratio to the raw one, is held against."""

    bound: float
    is_minimum: bool
    of_ratio: bool
    unit: str = ""
    includes_bound: bool = False
    """Whether a maximum may be reached."""

    @staticmethod
    def share(bound: float) -> "Target":
        """At least this share of the raw figure."""
        return Target(bound, is_minimum=True, of_ratio=True)

    @staticmethod
    def under(bound: float, unit: str) -> "Target":
        return Target(bound, is_minimum=False, of_ratio=False, unit=unit)

    @staticmethod
    def at_most(bound: float, unit: str) -> "Target":
        return Target(bound, is_minimum=False, of_ratio=False, unit=unit, includes_bound=True)

    @staticmethod
    def at_least(bound: float, unit: str) -> "Target":
        return Target(bound, is_minimum=True, of_ratio=False, unit=unit)

    @staticmethod
    def at_most_times(bound: float) -> "Target":
        """At most so many times the raw figure."""
        return Target(bound, is_minimum=False, of_ratio=True, includes_bound=True)

    @property
    def text(self) -> str:
        sign = "≥" if self.is_minimum else "≤" if self.includes_bound else "<"
        if self.of_ratio:
            return f"{sign} {self.bound:.0%}"
        return f"{sign} {self.bound:g} {self.unit}".strip()

    def is_met(self, figure: float, ratio: float | None) -> bool:
        value = ratio if self.of_ratio else figure
        if self.is_minimum:
            return value >= self.bound
        return value <= self.bound if self.includes_bound else value < self.bound


@dataclass
class Figure:
    """One measured thing beside its raw limit, if it has one."""

    name: str
    what: str
    """What was measured, in plain words."""
    value: float
    unit: str
    raw: float | None = None
    raw_what: str = ""
    target: Target | None = None
    details: dict = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        return self.value / self.raw if self.raw else None

    @property
    def is_met(self) -> bool | None:
        """None when there is no target."""
        return self.target.is_met(self.value, self.ratio) if self.target else None

    def cells(self) -> list[str]:
        verdict = {True: "yes", False: "NO", None: ""}[self.is_met]
        return [
            self.name,
            f"{number(self.value)} {self.unit}",
            f"{number(self.raw)} {self.unit}" if self.raw is not None else "",
            f"{self.ratio:.0%}" if self.ratio is not None else "",
            self.target.text if self.target else "",
            verdict,
        ]

    def document(self) -> dict:
        return {
            "name": self.name,
            "what": self.what,
            "value": self.value,
            "unit": self.unit,
            "raw": self.raw,
            "raw_what": self.raw_what or None,
            "ratio": self.ratio,
            "target": self.target.text if self.target else None,
            "ok": self.is_met,
            "details": self.details,
        }


@dataclass(frozen=True)
class Failure:
    """A measurement that did not come to an end."""

    name: str
    reason: str


HEADINGS = ["figure", "Parry", "raw limit", "ratio", "target", "ok"]


class Report:
    """Everything that one run has to say."""

    def __init__(self, circumstances: dict):
        self.circumstances = circumstances
        self.figures: list[Figure] = []
        self.failures: list[Failure] = []

    def table(self) -> str:
        """For the terminal, columns aligned."""
        rows = [HEADINGS] + [figure.cells() for figure in self.figures]
        rows += [[failure.name, "FAILED", "", "", "", "NO"] for failure in self.failures]
        widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)) for row in rows]
        lines.insert(1, "  ".join("-" * width for width in widths))
        return "\n".join(line.rstrip() for line in lines)

    def markdown(self) -> str:
        rows = [HEADINGS, ["---"] * len(HEADINGS)]
        rows += [figure.cells() for figure in self.figures]
        rows += [[failure.name, "FAILED", "", "", "", "NO"] for failure in self.failures]
        lines = ["# Figures of `make bench`", ""]
        lines += ["| " + " | ".join(row) + " |" for row in rows]
        lines += ["", "What was measured:", ""]
        for figure in self.figures:
            raw = f" Raw limit: {figure.raw_what}." if figure.raw_what else ""
            lines.append(f"- **{figure.name}**: {figure.what}.{raw}")
        for failure in self.failures:
            lines.append(f"- **{failure.name}** failed: {failure.reason.splitlines()[0]}")
        lines += ["", "Circumstances:", ""]
        lines += [f"- {name}: {value}" for name, value in self.circumstances.items()]
        return "\n".join(lines) + "\n"

    def document(self) -> dict:
        return {
            "circumstances": self.circumstances,
            "figures": [figure.document() for figure in self.figures],
            "failures": [asdict(failure) for failure in self.failures],
        }

    def write(self, path: Path):
        """JSON at `path`, Markdown beside it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.document(), indent=2, ensure_ascii=False)
        path.write_text(text + "\n")
        path.with_suffix(".md").write_text(self.markdown())


def number(value: float) -> str:
    """Three digits that matter, thousands apart."""
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def median(values) -> float:
    return statistics.median(values)
