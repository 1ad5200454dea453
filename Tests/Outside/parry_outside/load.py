"""A load whose every acknowledgement is written down, so that it can be asked for afterwards.

Each worker owns one connection and its own records; nothing is shared but the stop signal. A
request that was sent but never answered may have happened or not; either is right, as long as it is
whole. A worker ends when the server dies under it, unless it endures: then it goes on with the next
request, and 503 counts like a lost answer.
"""

import http.client
import random
import threading
import time
from dataclasses import dataclass, field

from .api import Api
from .world import World

BATCH_ORDERS_MAX = 50
PAUSE_SECONDS = 0.05


@dataclass
class Tracked:
    """An enrolment or an alert: what was acknowledged, and what was asked for without an answer."""

    path: str
    acknowledged: dict
    in_flight: dict | None = None

    @property
    def id(self) -> str:
        return self.path.rsplit("/", 1)[1]


@dataclass
class Records:
    """What one worker was told."""

    orders: dict[str, str] = field(default_factory=dict)
    refunds: dict[str, str] = field(default_factory=dict)
    tracked: list[Tracked] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    unsettled: set[str] = field(default_factory=set)
    """References of orders that were sent and never acknowledged."""
    interruptions: int = 0
    """Lost answers and 503s that an enduring worker met."""
    seconds_max: float = 0
    """How long the slowest answer took."""

    def add(self, other: "Records"):
        self.orders |= other.orders
        self.refunds |= other.refunds
        self.tracked += other.tracked
        self.refusals += other.refusals
        self.unsettled |= other.unsettled
        self.interruptions += other.interruptions
        self.seconds_max = max(self.seconds_max, other.seconds_max)

    def acknowledgements(self) -> int:
        return len(self.orders) + len(self.refunds) + len(self.tracked)


class Worker(threading.Thread):
    """Repeats `work` until it is told to stop or the server is gone."""

    def __init__(
        self, base: str, key: str, world: World, name: str, seed: int, endures: bool = False
    ):
        super().__init__(name=name, daemon=True)
        self.api = Api(base, key)
        self.world = world
        self.chance = random.Random(f"{seed} {name}")
        self.records = Records()
        self.stopping = threading.Event()
        self.endures = endures
        self.count = 0

    def run(self):
        try:
            while not self.stopping.is_set():
                self.count += 1
                try:
                    self.work()
                except (http.client.HTTPException, OSError):
                    if not self.endures:
                        return
                    self.pause()
        finally:
            self.api.close()

    def pause(self):
        self.records.interruptions += 1
        self.stopping.wait(PAUSE_SECONDS)

    def ask(self, method: str, path: str, document):
        started = time.monotonic()
        try:
            return self.api.call(method, path, document)
        finally:
            took = time.monotonic() - started
            self.records.seconds_max = max(self.records.seconds_max, took)

    def work(self):
        raise NotImplementedError

    def reference(self) -> str:
        return f"{self.name}-{self.count}"

    def is_fine(self, answer, status: int) -> bool:
        """Notes an answer that a healthy server must not give."""
        if answer.status == status:
            return True
        if self.endures and answer.status == 503 and answer.headers["Retry-After"]:
            self.pause()
            return False
        self.records.refusals.append(f"{self.name}: {answer.status} {answer.body[:200]!r}")
        return False

    def send_orders(self, references: list[str]) -> bool:
        """Whether all were acknowledged."""
        self.records.unsettled.update(references)
        orders = [self.world.order(one) for one in references]
        answer = self.ask("POST", "/v1/orders", orders)
        if not self.is_fine(answer, 201):
            return False
        for order in answer.json()["results"]:
            self.records.orders[order["reference_id"]] = order["id"]
            self.records.unsettled.discard(order["reference_id"])
        return True

    def change(self, tracked: Tracked, path: str, document, wanted: dict):
        """Asks for a change; until it is acknowledged both states are right."""
        tracked.in_flight = wanted
        if self.is_fine(self.ask("PATCH", path, document), 200):
            tracked.acknowledged, tracked.in_flight = wanted, None


class SingleOrders(Worker):
    def work(self):
        self.send_orders([self.reference()])


class OrderBatches(Worker):
    def work(self):
        size = self.chance.randint(1, BATCH_ORDERS_MAX)
        self.send_orders([f"{self.reference()}-{index}" for index in range(size)])


class OrderChanges(Worker):
    """An order, then a refund on it."""

    def work(self):
        reference = self.reference()
        if not self.send_orders([reference]):
            return
        order_id = self.records.orders[reference]
        refund = {
            "reference_id": f"refund-{reference}",
            "amount_in_cents": 4900,
            "currency": "USD",
            "status": "SUCCEEDED",
            "original_transaction_reference_id": f"txn-{reference}",
            "refund_datetime": "2026-02-17T11:20:00Z",
        }
        answer = self.ask("PATCH", f"/v1/orders/{order_id}", {"refunds": [refund]})
        if self.is_fine(answer, 200):
            self.records.refunds[order_id] = refund["reference_id"]


class Enrolments(Worker):
    """An enrolment, then the simulator enables it."""

    def work(self):
        body = self.world.enrolment(f"ACME {self.reference()}")
        answer = self.ask("POST", "/v2/enrolments", body)
        if not self.is_fine(answer, 201):
            return
        enrolment_id = answer.json()["id"]
        tracked = Tracked(f"/v2/enrolments/{enrolment_id}", {"status": "PENDING"})
        self.records.tracked.append(tracked)
        enabled = {"status": "ENABLED"}
        self.change(tracked, f"/v1/simulate/enrolments/{enrolment_id}", enabled, enabled)


class Alerts(Worker):
    """A simulated alert, then a decision about it."""

    OUTCOMES = {"REFUND": "REFUNDED", "ACCEPT_DISPUTE": "NOT_REFUNDED"}

    def work(self):
        answer = self.ask("POST", "/v1/simulate/alerts", self.world.alert())
        if not self.is_fine(answer, 201):
            return
        alert_id = answer.json()["id"]
        waiting = {"status": "ACTION_REQUIRED", "transaction_refund_outcome": None, "note": None}
        tracked = Tracked(f"/v1/alerts/{alert_id}", waiting)
        self.records.tracked.append(tracked)
        action, outcome = self.chance.choice(list(self.OUTCOMES.items()))
        note = f"by {self.reference()}"
        resolved = {"status": "RESOLVED", "transaction_refund_outcome": outcome, "note": note}
        self.change(tracked, tracked.path, {"action": action, "note": note}, resolved)


WORKERS = (
    ("batch", OrderBatches, 2),
    ("single", SingleOrders, 4),
    ("change", OrderChanges, 2),
    ("enrolment", Enrolments, 1),
    ("alert", Alerts, 1),
)


def start_load(
    base: str, key: str, world: World, label: str, seed: int, endures: bool = False
) -> list[Worker]:
    """Starts every worker; `label` makes references unique across rounds and servers."""
    workers = [
        kind(base, key, world, f"{label}-{name}{index}", seed, endures)
        for name, kind, count in WORKERS
        for index in range(count)
    ]
    for worker in workers:
        worker.start()
    return workers


def collect(workers: list[Worker]) -> Records:
    """Stops the workers and joins what they were told."""
    for worker in workers:
        worker.stopping.set()
    together = Records()
    for worker in workers:
        worker.join()
        together.add(worker.records)
    return together
