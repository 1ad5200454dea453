"""A load whose every acknowledgement is written down, so that it can be asked for afterwards.

Each worker owns one connection and its own records; nothing is shared but the stop signal. A worker
ends when the server dies under it: then its last request was sent but never answered, and either
outcome of that one is right, as long as it is whole.
"""

import http.client
import random
import threading
from dataclasses import dataclass, field

from .api import Api
from .world import World

BATCH_ORDERS_MAX = 50


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

    def add(self, other: "Records"):
        self.orders |= other.orders
        self.refunds |= other.refunds
        self.tracked += other.tracked
        self.refusals += other.refusals

    def acknowledgements(self) -> int:
        return len(self.orders) + len(self.refunds) + len(self.tracked)


class Worker(threading.Thread):
    """Repeats `work` until it is told to stop or the server is gone."""

    def __init__(self, base: str, key: str, world: World, name: str, seed: int):
        super().__init__(name=name, daemon=True)
        self.api = Api(base, key)
        self.world = world
        self.chance = random.Random(f"{seed} {name}")
        self.records = Records()
        self.stopping = threading.Event()
        self.count = 0

    def run(self):
        try:
            while not self.stopping.is_set():
                self.count += 1
                self.work()
        except (http.client.HTTPException, OSError):
            pass
        finally:
            self.api.close()

    def work(self):
        raise NotImplementedError

    def reference(self) -> str:
        return f"{self.name}-{self.count}"

    def is_fine(self, answer, status: int) -> bool:
        """Notes an answer that a healthy server must not give."""
        if answer.status == status:
            return True
        self.records.refusals.append(f"{self.name}: {answer.status} {answer.body[:200]!r}")
        return False

    def note_orders(self, answer):
        for order in answer.json()["results"]:
            self.records.orders[order["reference_id"]] = order["id"]


class SingleOrders(Worker):
    def work(self):
        answer = self.api.post("/v1/orders", [self.world.order(self.reference())])
        if self.is_fine(answer, 201):
            self.note_orders(answer)


class OrderBatches(Worker):
    def work(self):
        size = self.chance.randint(1, BATCH_ORDERS_MAX)
        references = [f"{self.reference()}-{index}" for index in range(size)]
        answer = self.api.post("/v1/orders", [self.world.order(one) for one in references])
        if self.is_fine(answer, 201):
            self.note_orders(answer)


class OrderChanges(Worker):
    """An order, then a refund on it."""

    def work(self):
        reference = self.reference()
        answer = self.api.post("/v1/orders", [self.world.order(reference)])
        if not self.is_fine(answer, 201):
            return
        self.note_orders(answer)
        order_id = self.records.orders[reference]
        refund = {
            "reference_id": f"refund-{reference}",
            "amount_in_cents": 4900,
            "currency": "USD",
            "status": "SUCCEEDED",
            "original_transaction_reference_id": f"txn-{reference}",
            "refund_datetime": "2026-02-17T11:20:00Z",
        }
        answer = self.api.patch(f"/v1/orders/{order_id}", {"refunds": [refund]})
        if self.is_fine(answer, 200):
            self.records.refunds[order_id] = refund["reference_id"]


class Enrolments(Worker):
    """An enrolment, then the simulator enables it."""

    def work(self):
        body = self.world.enrolment(f"ACME {self.reference()}")
        answer = self.api.post("/v2/enrolments", body)
        if not self.is_fine(answer, 201):
            return
        enrolment_id = answer.json()["id"]
        tracked = Tracked(f"/v2/enrolments/{enrolment_id}", {"status": "PENDING"})
        self.records.tracked.append(tracked)
        tracked.in_flight = {"status": "ENABLED"}
        answer = self.api.patch(f"/v1/simulate/enrolments/{enrolment_id}", {"status": "ENABLED"})
        if self.is_fine(answer, 200):
            tracked.acknowledged = tracked.in_flight
        tracked.in_flight = None


class Alerts(Worker):
    """A simulated alert, then a decision about it."""

    OUTCOMES = {"REFUND": "REFUNDED", "ACCEPT_DISPUTE": "NOT_REFUNDED"}

    def work(self):
        answer = self.api.post("/v1/simulate/alerts", self.world.alert())
        if not self.is_fine(answer, 201):
            return
        alert_id = answer.json()["id"]
        waiting = {"status": "ACTION_REQUIRED", "transaction_refund_outcome": None, "note": None}
        tracked = Tracked(f"/v1/alerts/{alert_id}", waiting)
        self.records.tracked.append(tracked)
        action, outcome = self.chance.choice(list(self.OUTCOMES.items()))
        note = f"by {self.reference()}"
        tracked.in_flight = {
            "status": "RESOLVED", "transaction_refund_outcome": outcome, "note": note
        }  # fmt: skip
        answer = self.api.patch(tracked.path, {"action": action, "note": note})
        if self.is_fine(answer, 200):
            tracked.acknowledged = tracked.in_flight
        tracked.in_flight = None


WORKERS = (
    ("batch", OrderBatches, 2),
    ("single", SingleOrders, 4),
    ("change", OrderChanges, 2),
    ("enrolment", Enrolments, 1),
    ("alert", Alerts, 1),
)


def start_load(base: str, key: str, world: World, label: str, seed: int) -> list[Worker]:
    """Starts every worker; `label` makes references unique across rounds."""
    workers = [
        kind(base, key, world, f"{label}-{name}{index}", seed)
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
