"""The rules of the refund guard once more, and walks that hold the platform against them.

They are written from what partners are told, and not from the server.
"""

import random
import time
from dataclasses import dataclass

from .api import Answer
from .networks import Sale
from .refunds import WHOLE, Refunder

STATUSES = ("SUCCEEDED", "PENDING", "FAILED", "CANCELLED")
REFERENCES = ("r1", "r2", "r3", "r4")
AMOUNTS = (1, 300, 700, 700, 1600, 2450, WHOLE - 1, WHOLE, WHOLE + 1)
SECOND = 2000
"""What the second transaction of an order costs, in cents."""
LIVES, ADVANCE = (60, 180), 120
"""Seconds that reservations live, and by which the clock is advanced: never nearly the same."""
STEPS = {
    "ask": 10, "commit": 6, "release": 3, "tell": 3, "correct": 1, "expire": 2, "case": 1,
    "retract": 1, "declare": 1,
}  # fmt: skip
"""What a walk may do next, and how often."""


@dataclass
class Reservation:
    transaction: str
    amount: int
    expires_at: int
    id: str = ""
    state: str = "RESERVED"
    reference: str | None = None
    is_late: bool = False
    """Whether it was committed after it had expired."""


class Book:
    """What is known of the refunds of one order."""

    def __init__(self, amounts: dict[str, int]):
        self.amounts = amounts
        self.now = 0
        self.intents: list[Reservation] = []
        self.refunds: dict[str, dict] = {}
        self.alerts: list[tuple[str, str, int | None]] = []
        """Source, transaction and amount."""

    def status(self, one: Reservation) -> str:
        is_over = one.state == "RESERVED" and self.now >= one.expires_at
        return "EXPIRED" if is_over else one.state

    def told(self, transaction: str) -> list[dict]:
        """The order's refunds that are, or may be, of this transaction."""
        return [
            one for one in self.refunds.values()
            if one["original_transaction_reference_id"] in (None, transaction)
        ]  # fmt: skip

    def entries(self, transaction: str) -> list[tuple[str, str | None, int | None]]:
        told = self.told(transaction)
        named = {one["reference_id"] for one in told}
        orders = [
            ("ORDER", one["reference_id"], amount_of(one))
            for one in told if one["status"] == "SUCCEEDED"
        ]  # fmt: skip
        intents = [
            ("INTENT", one.reference, one.amount)
            for one in self.intents
            if one.transaction == transaction
            and one.state == "COMMITTED"
            and one.reference not in named
        ]
        alerts = [
            (source, None, amount) for source, about, amount in self.alerts if about == transaction
        ]
        return orders + intents + alerts

    def refunded(self, transaction: str) -> int:
        sums = dict.fromkeys(("ORDER", "INTENT", "NETWORK", "ACTION"), 0)
        for source, _, amount in self.entries(transaction):
            sums[source] += self.amounts[transaction] if amount is None else amount
        return sums["NETWORK"] + max(sums["ORDER"] + sums["INTENT"], sums["ACTION"])

    def in_flight(self, transaction: str) -> int:
        pending = [
            amount_of(one) for one in self.told(transaction) if one["status"] == "PENDING"
        ]  # fmt: skip
        open_ones = [
            one.amount
            for one in self.intents
            if one.transaction == transaction and self.status(one) == "RESERVED"
        ]
        whole = self.amounts[transaction]
        return sum(whole if one is None else one for one in pending) + sum(open_ones)

    def outcome(self, transaction: str, amount: int) -> str:
        left = self.amounts[transaction] - self.refunded(transaction)
        if left <= 0:
            return "ALREADY_REFUNDED"
        if amount > left:
            return "EXCEEDS_REMAINING"
        return "IN_FLIGHT" if amount > left - self.in_flight(transaction) else "SAFE"

    def answer(self, transaction: str, amount: int) -> dict:
        """The answer to a question, without the intent."""
        whole, refunded = self.amounts[transaction], self.refunded(transaction)
        return {
            "outcome": self.outcome(transaction, amount),
            "currency": "USD",
            "transaction_amount_in_cents": whole,
            "refunded_in_cents": refunded,
            "in_flight_in_cents": self.in_flight(transaction),
            "remaining_in_cents": max(0, whole - refunded),
        }

    def commit(self, one: Reservation, reference: str) -> str | None:
        """The code of a refusal; without one the intent is committed."""
        if one.state == "COMMITTED" and one.reference == reference:
            return None
        if one.state != "RESERVED":
            return "REFUND_INTENT_ENDED"
        taken = {each.reference for each in self.intents if each.transaction == one.transaction}
        if reference in taken:
            return "REFUND_REFERENCE_TAKEN"
        one.is_late = self.status(one) == "EXPIRED"
        one.state, one.reference = "COMMITTED", reference
        return None

    def release(self, one: Reservation) -> str | None:
        if one.state == "COMMITTED":
            return "REFUND_INTENT_ENDED"
        one.state = "RELEASED"
        return None

    def kept(self, transaction: str) -> int:
        """The sum of what was committed in time, and what the order has never told of."""
        return sum(
            one.amount
            for one in self.intents
            if one.transaction == transaction
            and one.state == "COMMITTED"
            and not one.is_late
            and one.reference not in self.refunds
        )


def amount_of(refund: dict) -> int | None:
    return refund["amount_in_cents"] if refund["currency"] == "USD" else None


class Walk:
    """Random steps with one order of two transactions; each answer has to be the model's."""

    def __init__(self, customer: Refunder, sale: Sale, order_id: str, seed: int):
        self.customer, self.sale, self.order_id = customer, sale, order_id
        self.chance = random.Random(seed)
        self.second = f"{sale.transaction_id}-2"
        self.book = Book({sale.transaction_id: WHOLE, self.second: SECOND})
        self.cases: list[str] = []
        self.history: list[str] = [f"seed {seed}"]

    @staticmethod
    def order(customer: Refunder, sale: Sale) -> dict:
        """The sale's, with a second transaction that no alert is about."""
        order = sale.order(customer.world)
        (first,) = order["transactions"]
        second = {
            "reference_id": f"{sale.transaction_id}-2", "amount_in_cents": SECOND,
            "payment_method_reference_id": f"pay-2-{sale.reference}",
            "payment_method_card_last_4": f"{(int(sale.last4) + 5000) % 10_000:04}",
            "authorisation_code": f"X{sale.code}",
        }  # fmt: skip
        return order | {"transactions": [first, first | second]}

    def take(self, steps: int):
        for _ in range(steps):
            (name,) = self.chance.choices(list(STEPS), STEPS.values())
            getattr(self, f"_{name}")()
            self._check(*self._read())

    def _check(self, got, expected):
        story = [*self.history, f"got      {got}", f"expected {expected}"]
        assert got == expected, "\n".join(story)

    def _read(self) -> tuple:
        """An intent as it is shown, and as it should be."""
        if not self.book.intents:
            return None, None
        one = self.chance.choice(self.book.intents)
        shown = self.customer.read({"id": one.id})
        expected = (self.book.status(one), one.reference, one.amount)
        names = ("status", "refund_reference_id", "amount_in_cents")
        return tuple(shown[name] for name in names), expected

    def _ask(self):
        transaction = self.chance.choice(list(self.book.amounts))
        amount, life = self.chance.choice(AMOUNTS), self.chance.choice(LIVES)
        self.history.append(f"{self.book.now}: ask {amount} of {transaction} for {life} s")
        expected = self.book.answer(transaction, amount)
        answer = self.customer.asked(transaction, amount, expires_in_seconds=life)
        self._check({name: answer[name] for name in expected}, expected)
        members = ("source", "refund_reference_id", "amount_in_cents")
        refunds = [tuple(one[name] for name in members) for one in answer["refunds"]]
        self._check(sorted(refunds, key=str), sorted(self.book.entries(transaction), key=str))
        is_safe = expected["outcome"] == "SAFE"
        self._check("refund_intent" in answer, is_safe)
        if is_safe:
            expires_at = self.book.now + life
            made = Reservation(transaction, amount, expires_at, answer["refund_intent"]["id"])
            self.book.intents.append(made)

    def _intent(self) -> Reservation | None:
        return self.chance.choice(self.book.intents) if self.book.intents else None

    def _judge(self, answer: Answer, one: Reservation, refusal: str | None):
        self._check((answer.status, answer.code), (422 if refusal else 200, refusal))
        if not refusal:
            shown = answer.json()
            self._check(
                (shown["status"], shown["refund_reference_id"]),
                (self.book.status(one), one.reference),
            )
        for transaction, whole in self.book.amounts.items():
            kept = self.book.kept(transaction)
            self._check((kept, kept <= whole), (kept, True))

    def _commit(self):
        if one := self._intent():
            reference = self.chance.choice(REFERENCES)
            self.history.append(f"{self.book.now}: commit {one} with {reference}")
            refusal = self.book.commit(one, reference)
            self._judge(self.customer.commit({"id": one.id}, reference), one, refusal)

    def _release(self):
        if one := self._intent():
            self.history.append(f"{self.book.now}: release {one}")
            refusal = self.book.release(one)
            self._judge(self.customer.release({"id": one.id}), one, refusal)

    def _tell(self):
        original = self.chance.choice((*self.book.amounts, self.sale.transaction_id, None))
        refund = self.sale.refund(
            time.time(),
            reference_id=self.chance.choice(REFERENCES),
            amount_in_cents=self.chance.choice(AMOUNTS),
            currency=self.chance.choice(("USD", "USD", "USD", "USD", "EUR")),
            status=self.chance.choice(STATUSES),
            original_transaction_reference_id=original,
        )
        self._patch(refund)

    def _correct(self):
        """Another status of a refund that the order has, and nothing else."""
        if self.book.refunds:
            reference = self.chance.choice(list(self.book.refunds))
            self._patch({"reference_id": reference, "status": self.chance.choice(STATUSES)})

    def _patch(self, refund: dict):
        self.history.append(f"{self.book.now}: PATCH {refund}")
        path = f"/v1/orders/{self.order_id}"
        self.customer.api.must(200, "PATCH", path, {"refunds": [refund]})
        known = self.book.refunds.get(refund["reference_id"], {})
        self.book.refunds[refund["reference_id"]] = known | refund

    def _expire(self):
        self.history.append(f"{self.book.now}: advance")
        self.customer.advance(ADVANCE)
        self.book.now += ADVANCE

    def _case(self):
        """The network refunds the first transaction, or a part of it."""
        cents = self.chance.choice((WHOLE, 2000))
        self.history.append(f"{self.book.now}: RDR case of {cents}")
        amount = {"amount": f"{cents / 100:.2f}", "currency": "USD"}
        self.cases.append(self.customer.case(self.sale, caseAmount=amount))
        self.book.alerts.append(("NETWORK", self.sale.transaction_id, cents))

    def _retract(self):
        """The network takes back its first case."""
        if self.cases:
            self.history.append(f"{self.book.now}: the first RDR case is deleted")
            self.customer.case(self.sale, "DELETED", self.cases.pop(0))
            first = next(one for one in self.book.alerts if one[0] == "NETWORK")
            self.book.alerts.remove(first)

    def _declare(self):
        """An alert of Ethoca's is resolved by a refund."""
        cents = self.chance.choice((WHOLE, 2000))
        self.history.append(f"{self.book.now}: action of {cents}")
        made = self.customer.simulations.about(
            self.sale, status="RESOLVED", amount_in_cents=cents
        )  # fmt: skip
        self._check(made["integration_transaction_id"], self.sale.transaction_id)
        self.book.alerts.append(("ACTION", self.sale.transaction_id, cents))
