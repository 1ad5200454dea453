"""What a run of schemathesis has sent, by operation: so that a run that proves little is seen."""

import json
from collections import Counter, defaultdict
from pathlib import Path


class Tally:
    """Requests by operation, by whether they were meant to be valid, and by answer."""

    def __init__(self):
        self._counts: dict[str, Counter] = defaultdict(Counter)

    def add(self, label: str, is_valid: bool, answer: str):
        """The answer is a status, and the code of a business rule after it."""
        self._counts[label][f"{'valid' if is_valid else 'invalid'} {answer}"] += 1

    def save(self, path: Path):
        path.write_text(json.dumps(self._counts))

    @classmethod
    def read(cls, paths) -> "Tally":
        """The sum of what several processes have saved."""
        tally = cls()
        for path in paths:
            for label, counts in json.loads(path.read_text()).items():
                tally._counts[label].update(counts)
        return tally

    @classmethod
    def sum(cls, tallies) -> "Tally":
        total = cls()
        for tally in tallies:
            for label, counts in tally._counts.items():
                total._counts[label].update(counts)
        return total

    @property
    def all_requests(self) -> int:
        return sum(map(self.requests, self._counts))

    def requests(self, label: str) -> int:
        return self._counts[label].total() if label in self._counts else 0

    def successes(self, label: str) -> int:
        counts = self._counts.get(label, {})
        return sum(count for kind, count in counts.items() if kind.split()[1].startswith("2"))

    def line(self, label: str) -> str:
        """The answers of one operation, those to valid and to invalid requests apart."""
        lines = [label]
        for wanted in ("valid", "invalid"):
            shown = [
                f"{answer}: {count}"
                for (kind, _, answer), count in sorted(
                    (one.partition(" "), count) for one, count in self._counts[label].items()
                )
                if kind == wanted
            ]
            lines.append(f"    {wanted + ':':9} {', '.join(shown) or 'none'}")
        return "\n".join(lines)
