"""Requests at a fixed rate, whether or not earlier ones were answered, and how long each took."""

import itertools
import threading
import time
from collections.abc import Callable

from parry_outside.api import Answer, Api

from .figures import BenchError
from .webhooks_latency import Waits

CONNECTIONS = 8
"""So many requests may be under way before one has to wait for its turn, which counts."""


class Steady:
    """One request at each planned moment, from entering until leaving; its time runs from there."""

    def __init__(
        self, base: str, key: str, rate: float, status: int, ask: Callable[[Api, int], Answer]
    ):
        """`ask` sends the request of this number, which has to have this status."""
        self._base = base
        self._key = key
        self._rate = rate
        self._status = status
        self._ask = ask
        self._turns = itertools.count()
        self._start = time.time()
        self._taken: list[tuple[float, float]] = []
        self._failures: list[str] = []
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._work) for _ in range(CONNECTIONS)]

    def __enter__(self):
        self._start = time.time()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        for thread in self._threads:
            thread.join()

    def _work(self):
        with Api(self._base, self._key) as api:
            while not self._failures:
                number = next(self._turns)
                moment = self._start + number / self._rate
                if self._end.wait(max(0.0, moment - time.time())):
                    return
                try:
                    answer = self._ask(api, number)
                except OSError as error:
                    self._failures.append(str(error))
                    return
                self._taken.append((moment, 1000 * (time.time() - moment)))
                if answer.status != self._status:
                    self._failures.append(f"{answer.status} {answer.body[:300]!r}")

    def between(self, begin: float, end: float) -> Waits:
        """Milliseconds of the requests that were planned in this time."""
        if self._failures:
            raise BenchError(f"a request failed: {self._failures[0]}")
        times = sorted(took for moment, took in list(self._taken) if begin <= moment < end)
        if not times:
            raise BenchError("no request was answered in that time")
        return Waits(len(times) / (end - begin), times)
