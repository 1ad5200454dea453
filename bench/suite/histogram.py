"""A histogram of parry's own metrics, read twice, and what happened in between."""

import math
import re
import urllib.request
from dataclasses import dataclass

from .figures import BenchError

BUCKET = re.compile(r'^(\w+)_bucket\{(?:.*,)?le="([^"]+)"\} (\d+)$', re.M)
SECONDS_MAX = 10


@dataclass(frozen=True)
class Histogram:
    """How many values were at most as large as each bound; the last bound is infinite."""

    totals: dict[float, int]

    @property
    def count(self) -> int:
        return max(self.totals.values(), default=0)

    def __sub__(self, before: "Histogram") -> "Histogram":
        return Histogram(
            {bound: total - before.totals.get(bound, 0) for bound, total in self.totals.items()}
        )

    def __add__(self, other: "Histogram") -> "Histogram":
        bounds = sorted({*self.totals, *other.totals})
        return Histogram(
            {bound: self.totals.get(bound, 0) + other.totals.get(bound, 0) for bound in bounds}
        )

    def quantile(self, share: float) -> float:
        """Of a bucket's values it is taken that they lie evenly between its bounds."""
        if not self.count:
            raise BenchError("the histogram is empty")
        rank, low, before = share * self.count, 0.0, 0
        for bound, total in sorted(self.totals.items()):
            if total >= rank and total > before:
                if math.isinf(bound):
                    return low
                return low + (bound - low) * (rank - before) / (total - before)
            low, before = bound, total
        return low

    def document(self) -> dict:
        """How many values were above the bound before and at most at each."""
        found, before = {}, 0
        for bound, total in sorted(self.totals.items()):
            if total > before:
                found[f"{bound:g}"] = total - before
            before = total
        return found


def scrape(port: int, name: str) -> Histogram:
    """All series of this name together."""
    url = f"http://127.0.0.1:{port}/metrics"
    with urllib.request.urlopen(url, timeout=SECONDS_MAX) as answer:
        text = answer.read().decode()
    totals: dict[float, int] = {}
    for found, bound, total in BUCKET.findall(text):
        if found == name:
            totals[float(bound)] = totals.get(float(bound), 0) + int(total)
    return Histogram(totals)
