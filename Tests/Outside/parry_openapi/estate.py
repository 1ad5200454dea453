"""Living resources for generated requests, which would otherwise name things that do not exist.

What schemathesis makes up it may also delete, cancel or use up. So nothing here is kept for long:
after some uses of a resource the next question for its kind makes a new one, and what one request
uses up, such as an alert that waits for a decision, is made for that request.
"""

import itertools
import random
from dataclasses import replace
from string import ascii_uppercase

from parry_outside.api import Api
from parry_outside.world import World, enable_enrolment, make_customer

ENDPOINTS = "/v1/webhook-endpoints"
ENDPOINTS_KEPT = 20
USES_MAX = 12
WORLD_USES_MAX = 150
AMOUNT_RULE = {
    "type": "AMOUNT",
    "parameters": {"operator": "LESS_THAN", "currency_code": "USD", "amount_in_cents": 100},
}


class Estate:
    """One customer at a time, and the newest resource of each kind that belongs to it."""

    def __init__(self, api: Api, chance: random.Random):
        self._api = api
        self._chance = chance
        self._numbers = itertools.count(1)
        self._world: World | None = None
        self._world_uses = 0
        self._newest: dict[str, tuple[str, int]] = {}

    def seed(self):
        """At least one of everything, so that the first list is not empty."""
        for kind in self._makers():
            self.living(kind)
        self.living("ruleset_id", "rule_id")

    @property
    def world(self) -> World:
        """The customer of the moment; a new one after some uses."""
        self._world_uses += 1
        if self._world is None or self._world_uses > WORLD_USES_MAX:
            self._world = make_customer(self._api)
            self._world_uses = 0
            self._newest = {}
            self._world = replace(self._world, enrolment_id=self._enabled_enrolment())
        return self._world

    def knows(self, name: str) -> bool:
        """Whether a member or parameter of this name holds an id that can be had here."""
        return name in self._makers() or name == "rule_id"

    def living(self, *names: str, fresh: bool = False) -> dict[str, str]:
        """An id for each name, which belong together; `fresh` makes new ones."""
        world = self.world
        found = {name: self._one(world, name, fresh) for name in names if name != "rule_id"}
        if "rule_id" in names:
            found["rule_id"] = self._rule_of(found["ruleset_id"])
        return found

    def _one(self, world: World, name: str, fresh: bool) -> str:
        made, uses = self._newest.get(name, ("", USES_MAX))
        if fresh or uses >= USES_MAX:
            made, uses = self._makers()[name](world), 0
        self._newest[name] = (made, uses + 1)
        return made

    def _makers(self) -> dict:
        """Each takes the customer and returns the id of something new of it."""
        return {
            "organisation_id": self._organisation,
            "merchant_id": self._merchant,
            "membership_id": self._membership,
            "integration_id": self._integration,
            "enrolment_id": lambda _: self._enrolment(),
            "enabled_enrolment_id": lambda _: self._enabled_enrolment(),
            "order_id": self._order,
            "alert_id": self._alert,
            "ruleset_id": self._ruleset,
            "transaction_reference_id": self._transaction,
            "refund_intent_id": self._refund_intent,
            "scheme_notice_id": self._scheme_notice,
            "lookup_id": self._lookup,
            "webhook_endpoint_id": self._webhook_endpoint,
            "event_id": lambda world: self._delivery(world)["event_id"],
            "webhook_redelivery_id": self._webhook_redelivery,
            "webhook_delivery_id": lambda world: self._delivery(world)["id"],
        }

    def _made(self, path: str, body) -> dict:
        return self._api.must(201, "POST", path, body)

    def _name(self) -> str:
        """Of letters: many digits in a row may by chance be a card number, which is refused."""
        letters = "".join(self._chance.choices(ascii_uppercase, k=12))
        return f"Estate {letters} {next(self._numbers)}"

    def _organisation(self, _: World) -> str:
        return self._made("/v1/organisations", {"name": self._name()})["id"]

    def _merchant(self, world: World) -> str:
        body = {"organisation_id": world.organisation_id, "name": self._name(), "type": "GENERIC"}
        return self._made("/v1/merchants", body)["id"]

    def _membership(self, world: World) -> str:
        email = f"kim{next(self._numbers)}.{self._chance.randrange(10**9)}@example.com"
        body = {"organisation_id": world.organisation_id, "email": email, "role": "STANDARD"}
        return self._made("/v1/memberships", body | {"first_name": "Kim", "last_name": "Lee"})["id"]

    def _integration(self, world: World) -> str:
        body = {
            "organisation_id": world.organisation_id,
            "name": self._name(),
            "type": "CUSTOM_ORDERS",
            "merchant_ids": [world.merchant_id],
        }
        return self._made("/v1/integrations", body)["id"]

    def _enrolment(self) -> str:
        return self._made("/v2/enrolments", self._world.enrolment(self._name()))["id"]

    def _enabled_enrolment(self) -> str:
        made = self._enrolment()
        enable_enrolment(self._api, made)
        return made

    def _order(self, world: World) -> str:
        return self._made("/v1/orders", [self._new_order(world)])["results"][0]["id"]

    def _new_order(self, world: World) -> dict:
        return world.order(f"estate-{next(self._numbers)}-{self._chance.randrange(10**9)}")

    def _transaction(self, world: World) -> str:
        order = self._new_order(world)
        self._made("/v1/orders", [order])
        return order["transactions"][0]["reference_id"]

    def _refund_intent(self, world: World) -> str:
        body = {
            "organisation_id": world.organisation_id,
            "integration_id": world.integration_id,
            "transaction_reference_id": self._transaction(world),
            "amount_in_cents": 100,
            "currency": "USD",
        }
        return self._api.must(200, "POST", "/v1/refund-intents", body)["refund_intent"]["id"]

    def _alert(self, world: World) -> str:
        """In an enrolment of its own: the customer's may have been changed by now."""
        body = world.alert() | {"enrolment_id": self._enabled_enrolment()}
        return self._made("/v1/simulate/alerts", body)["id"]

    def _ruleset(self, world: World) -> str:
        body = {
            "organisation_id": world.organisation_id,
            "enrolment_ids": [self._enabled_enrolment()],
            "outcome": "ACCEPT_DISPUTE",
            "join_operator": "OR",
        }
        return self._made("/v1/rulesets", body)["id"]

    def _rule_of(self, ruleset: str) -> str:
        """Any rule that the ruleset has by now, or a new one."""
        path = f"/v1/rulesets/{ruleset}/rules"
        page = self._api.get(path)
        items = page.json()["items"] if page.status == 200 else []
        return items[0]["id"] if items else self._new_rule(path)

    def _new_rule(self, path: str) -> str:
        answer = self._api.post(path, AMOUNT_RULE)
        return answer.json()["id"] if answer.status == 201 else "resrule_gone"

    def _scheme_notice(self, world: World) -> str:
        body = {"organisation_id": world.organisation_id, "merchant_id": world.merchant_id}
        return self._made("/v1/simulate/scheme-notices", body)["id"]

    def _webhook_endpoint(self, world: World) -> str:
        """Its name is for documentation and has no address."""
        body = {
            "organisation_id": world.organisation_id,
            "url": "https://hooks.invalid/hooks",
            "event_types": ["lookup.created"],
        }
        answer = self._api.post(ENDPOINTS, body)
        if answer.code == "TOO_MANY_WEBHOOK_ENDPOINTS":
            self._delete_old_endpoints(world)
            return self._made(ENDPOINTS, body)["id"]
        assert answer.status == 201, answer.body[:300]
        return answer.json()["id"]

    def _delete_old_endpoints(self, world: World):
        """An organisation may have so many and not more, and the generated requests make some too."""
        path = f"{ENDPOINTS}?organisation_id={world.organisation_id}&limit=1000"
        for old in self._api.must(200, "GET", path)["items"][ENDPOINTS_KEPT:]:
            self._api.call("DELETE", f"{ENDPOINTS}/{old['id']}")

    def _webhook_redelivery(self, world: World) -> str:
        body = {"webhook_endpoint_id": self._webhook_endpoint(world)}
        return self._made("/v1/webhook-redeliveries", body)["id"]

    def _delivery(self, world: World) -> dict:
        """What a new lookup sends to a new endpoint."""
        endpoint = self._webhook_endpoint(world)
        self._lookup(world)
        path = f"/v1/webhook-deliveries?webhook_endpoint_id={endpoint}"
        return self._api.must(200, "GET", path)["items"][0]

    def _lookup(self, world: World) -> str:
        return self._made("/v1/simulate/lookups", {"organisation_id": world.organisation_id})["id"]
