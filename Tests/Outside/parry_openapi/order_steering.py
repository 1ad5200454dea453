"""Makes generated orders ones that can be stored: what makes them acceptable is in their parts'
relations, such as which members an order of this type needs and what its references name."""

import random

from parry_outside.world import World

# Members of nested objects that name another part of the order, by chance never one that is there.
REFERENCES = {
    "original_transaction_reference_id",
    "delivery_reference_id",
    "subscription_reference_id",
    "refund_reference_id",
}
IMMUTABLE = {"type", "organisation_id", "integration_id", "reference_id"}
# An order takes 500 parts of a kind in all, and the same one is changed several times.
PARTS_MAX = 20
# What a nested object cannot do without.
NEEDED = {
    "refunds": {"amount_in_cents": 4900, "currency": "USD", "status": "SUCCEEDED"},
    "disputes": {},
    "items": {"name": "Membership"},
    "deliveries": {"type": "DIGITAL"},
    "subscriptions": {},
}


def few(value):
    return value[:PARTS_MAX] if isinstance(value, list) else value


class OrderSteering:
    """Fills in what is missing; what was generated stays where it can.

    Members that a slim document does not name may still be made, as members that nobody knows, and
    the server does know them: they go.
    """

    def __init__(self, chance: random.Random, left_out: set[str]):
        self._chance = chance
        self._left_out = left_out

    def steer(self, body, world: World):
        if isinstance(body, list):
            return [self._created(order, world) for order in body if isinstance(order, dict)]
        changes = {name: one for name, one in body.items() if name not in IMMUTABLE}
        return self._nested(self.small(changes))

    def small(self, body):
        """A change with few parts; a batch, whose orders are new, stays as it is."""
        return {name: few(one) for name, one in body.items()} if isinstance(body, dict) else body

    def _created(self, order: dict, world: World) -> dict:
        needed = world.order(self._reference())
        given = {name: one for name, one in order.items() if one is not None}
        own = {"type": "COMPLETE", "reference_id": self._reference()}
        return self._nested(needed | given | own)

    def _nested(self, order: dict) -> dict:
        order = {name: one for name, one in order.items() if name not in self._left_out}
        for name, needed in NEEDED.items():
            if isinstance(order.get(name), list):
                order[name] = [self._part(one, needed) for one in order[name]]
        if isinstance(order.get("transactions"), list):
            order["transactions"] = [self._transaction(one) for one in order["transactions"]]
        return order

    def _part(self, part, needed: dict):
        if not isinstance(part, dict):
            return part
        given = {
            name: one for name, one in part.items() if one is not None and name not in REFERENCES
        }
        return {"reference_id": self._reference()} | needed | given

    def _transaction(self, part):
        whole = World("", "", "", "").order(self._reference(), self._chance)["transactions"][0]
        given = self._part(part, {})
        return whole | given | {"reference_id": self._reference()} if part else whole

    def _reference(self) -> str:
        return f"made-{self._chance.getrandbits(64):x}"
