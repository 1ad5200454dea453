"""How long an event takes from its commit to its receiver."""

import math
import time

from .scripted import ScriptedReceiver
from .sending import Sender


class Ledger:
    """Every event that was raised, with the moment at which its request was answered."""

    def __init__(self, sender: Sender):
        self._sender = sender
        self.committed: dict[str, float] = {}

    def raise_lookup(self):
        made = self._sender.raise_lookup()
        self.committed[made] = time.monotonic()

    def raise_steadily(self, count: int, per_second: float):
        """One at each beat; a late one does not move those after it."""
        start = time.monotonic()
        for number in range(count):
            time.sleep(max(0.0, start + number / per_second - time.monotonic()))
            self.raise_lookup()

    def missing(self, receiver: ScriptedReceiver) -> set[str]:
        return self.committed.keys() - {one.object_id for one in receiver.requests_to()}

    def latencies(self, receiver: ScriptedReceiver) -> list[float]:
        """Seconds from the commit to the first byte of the first try, of each event that came."""
        first: dict[str, float] = {}
        for one in receiver.requests_to():
            first.setdefault(one.object_id, one.began_at)
        return [
            max(0.0, first[made] - at) for made, at in self.committed.items() if made in first
        ]


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least this share of all does not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * share) - 1)]
