"""What all measurements of a run share: folder, durations, base database, raw program."""

import contextlib
import functools
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from .raw import RawOrders
from .sample import Base, copy_database, make_base


@dataclass(frozen=True)
class Effort:
    """How long and how often is measured."""

    seconds: float
    turns: int
    stored: int
    """Orders in the database that is not empty."""
    webhooks: int
    slow_webhooks: int
    """Deliveries of one run to the receiver that takes its time."""
    waiting_webhooks: int
    """Deliveries that are due and are not sent."""
    postgres_webhooks: int
    """Deliveries of one run on PostgreSQL."""
    idle_seconds: float
    requests: int
    """GETs between two looks at the memory."""
    listed_orders: int
    listed_alerts: int
    matched_among: int
    """Transactions among which alerts find theirs."""
    matched_alerts: int
    """Alerts that are matched with a cold database, and as many with a warm one."""
    network_seconds: float
    """For which a network pushes alerts, or asks about cases."""
    deadline_alerts: int
    """Alerts whose deadline is the same second."""
    backtest_alerts: int
    """Alerts of a year on which a ruleset is tried."""
    world_transactions: int
    world_alerts: int


FULL = Effort(
    seconds=8, turns=3, stored=1_000_000, webhooks=60_000, slow_webhooks=10_000,
    waiting_webhooks=1_000_000, postgres_webhooks=20_000,
    idle_seconds=20, requests=200_000, listed_orders=1_000_000, listed_alerts=100_000,
    matched_among=10_000_000, matched_alerts=2_000, network_seconds=20,
    deadline_alerts=100_000, backtest_alerts=100_000,
    world_transactions=1_000_000, world_alerts=20_000,
)  # fmt: skip
QUICK = Effort(
    seconds=3, turns=1, stored=200_000, webhooks=10_000, slow_webhooks=4_000,
    waiting_webhooks=200_000, postgres_webhooks=10_000,
    idle_seconds=8, requests=30_000, listed_orders=100_000, listed_alerts=10_000,
    matched_among=1_000_000, matched_alerts=500, network_seconds=8,
    deadline_alerts=10_000, backtest_alerts=10_000,
    world_transactions=20_000, world_alerts=1_000,
)  # fmt: skip


class Bench:
    """One run."""

    def __init__(self, folder: Path, effort: Effort, sender: Path):
        self.folder = folder
        self.effort = effort
        self.sender = sender
        """The program `parry-bench`."""
        self.seconds = effort.seconds
        self.turns = effort.turns
        self.stored = effort.stored

    @functools.cached_property
    def base(self) -> Base:
        return make_base(self.folder / "base")

    @functools.cached_property
    def raw(self) -> RawOrders:
        return RawOrders(self.base, self.folder)

    @functools.cache
    def stored_orders(self, count: int) -> Path:
        """A database with so many orders, made once; take copies."""
        path = self.folder / "base" / f"stored-{count}.db"
        copy_database(self.base.database, path)
        self.raw.fill(path, count)
        return path

    @contextlib.contextmanager
    def scratch(self, name: str):
        """A folder for one measurement; databases are large, so it goes at once."""
        folder = self.folder / name
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @staticmethod
    def settle():
        """Writes out what copying left behind, so that nobody's fsync has to."""
        os.sync()
