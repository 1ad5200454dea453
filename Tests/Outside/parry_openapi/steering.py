"""Leads generated requests to where they can succeed, without making a wrong one right.

Only parts that schemathesis means to be valid are touched, and of those only what no schema can
say: ids of things that exist and belong together, two ends of a time range in order, a key that is
used for the first time. Ids that some answer has named are left as they are, so links, deleted
resources and those of other customers keep their meaning; a share of the made-up ones stays too.

In the stateful phase there is no chance in it: Hypothesis sends the beginning of a scenario again
to vary its end, and gives up when the same request is answered otherwise than before.
"""

import copy
import random
import re
import uuid
from datetime import datetime

from parry_outside.api import Api

from .estate import Estate
from .order_steering import OrderSteering

ID = re.compile(r"\b[a-z]{2,8}_[1-9A-HJ-NP-Za-km-z]{22}\b")
FIRST_OR_LAST_DAY = re.compile(r"^((?:0001-01-01|9999-12-31)T[\d:.]+)[+-]\d\d:\d\d$")
STAYS_SHARE = 0.15
FRESH_SHARE = 0.25
QUERY_STAYS_SHARE = 0.5
KEY_STAYS_SHARE = 0.05
EMAIL_STAYS_SHARE = 0.5
AUTHORITY = re.compile(r"^https://[^/?#]+")
WEBHOOK_AUTHORITY = "https://hooks.invalid"
"""No schema can say which addresses and ports the server sends webhooks to."""
# What a request of these uses up is made for it in most cases.
USED_UP = {("DELETE", "*"), ("PATCH", "alert_id"), ("PATCH", "enrolment_id"), ("POST", "*")}
USED_UP_FRESH_SHARE = 0.7


class Steering:
    """Changes cases before they are sent and learns ids from what is answered."""

    def __init__(self, api: Api, seed: int, left_out: set[str]):
        self._chance = random.Random(seed)
        self.estate = Estate(api, self._chance)
        self._orders = OrderSteering(self._chance, left_out)
        self._known: set[str] = set()
        self._is_stateful = False

    def learn(self, text: str):
        self._known.update(ID.findall(text))

    def steer(self, case, valid: set[str], is_stateful: bool):
        """`valid` names the parts of the request that are meant to be valid."""
        self._is_stateful = is_stateful
        if case.query:
            case.query = sent(dict(case.query))
        if "path" in valid and case.path_parameters:
            self._steer_path(case)
        if "query" in valid and case.query:
            case.query = self._query(dict(case.query))
        if "header" in valid:
            self._steer_key(case)
        if "body" in valid and isinstance(case.body, (dict, list)):
            case.body = self._steered_body(case)

    def _chosen(self, share: float) -> bool:
        return not self._is_stateful and self._chance.random() < share

    def _is_made_up(self, value) -> bool:
        return isinstance(value, str) and value not in self._known

    def _steer_path(self, case):
        names = list(case.path_parameters)
        made_up = any(self._is_made_up(case.path_parameters[name]) for name in names)
        if not made_up or not all(map(self.estate.knows, names)) or self._chosen(STAYS_SHARE):
            return
        used_up = any((case.method, name) in USED_UP for name in (*names, "*"))
        share = USED_UP_FRESH_SHARE if used_up else FRESH_SHARE
        fresh = self._is_stateful or self._chosen(share)
        case.path_parameters = self.estate.living(*names, fresh=fresh)

    def _query(self, query: dict) -> dict:
        for name, value in query.items():
            made_up = name in MEMBERS and self._is_made_up(value)
            steered = made_up and not self._chosen(QUERY_STAYS_SHARE)
            query[name] = self._member(name) if steered else taken(value)
        self._steer_feed(query)
        order_ends(query)
        return query

    def _steer_feed(self, query: dict):
        """A cursor has to have been given, and has pages of its own."""
        if "after" in query and self._is_made_up(query["after"]):
            query["after"] = self._chance.choice(("oldest", "latest"))
            query.pop("offset", None)

    def _steer_key(self, case):
        """A key that came before answers with something that may be deleted by now."""
        if "Idempotency-Key" in case.headers and not self._chosen(KEY_STAYS_SHARE):
            case.headers["Idempotency-Key"] = str(uuid.UUID(int=self._chance.getrandbits(128)))

    def _steered_body(self, case):
        body = self._body(copy.deepcopy(case.body))
        if case.path == "/v1/simulate/clock" and isinstance(body, dict):
            return one_way(body)
        if case.path == "/v1/refund-intents" and isinstance(body, dict) and "currency" in body:
            return body | {"currency": "USD"}
        if case.path == "/v1/webhook-redeliveries" and isinstance(body, dict):
            return give_both_ends(body)
        if not case.path.startswith("/v1/orders"):
            return body
        if self._chosen(STAYS_SHARE):
            return self._orders.small(body)
        return self._orders.steer(body, self.estate.world)

    def _body(self, part, name: str = ""):
        if isinstance(part, dict):
            return order_ends({one: self._body(value, one) for one, value in part.items()})
        if isinstance(part, list):
            steered = [self._body(one, name) for one in part]
            # Several made-up ids of one list may have become the same id.
            are_ids = name in MEMBERS and all(isinstance(one, str) for one in steered)
            return list(dict.fromkeys(steered)) if are_ids else steered
        if name in MEMBERS and self._is_made_up(part) and not self._chosen(STAYS_SHARE):
            return self._member(name)
        if name == "url" and isinstance(part, str):
            return AUTHORITY.sub(WEBHOOK_AUTHORITY, part)
        if name == "email" and isinstance(part, str) and not self._chosen(EMAIL_STAYS_SHARE):
            return f"{self._chance.getrandbits(64):x}{part[part.rfind('@') :]}"
        return taken(part)

    def _member(self, name: str) -> str:
        """An id of the customer of the moment, so that the ids of one body belong together."""
        field = MEMBERS[name]
        if hasattr(self.estate.world, field):
            return getattr(self.estate.world, field)
        return self.estate.living(field, fresh=True)[field]


# Members of bodies and queries that name something else: a field of the customer, or a kind of
# the estate of which each use needs a new one.
MEMBERS = {
    "organisation_id": "organisation_id",
    "merchant_id": "merchant_id",
    "merchant_ids": "merchant_id",
    "integration_id": "integration_id",
    "enrolment_id": "enrolment_id",
    "enrollment_id": "enrolment_id",
    "enrolment_ids": "enabled_enrolment_id",
    "parent_lookup_id": "lookup_id",
    "transaction_reference_id": "transaction_reference_id",
    "webhook_endpoint_id": "webhook_endpoint_id",
}


RANGE = ("created_at_gte", "created_at_lte")


def sent(query: dict) -> dict:
    """Without those that a link took from a member that is null. They are not sent, but schemathesis
    would judge them, and wonder why nobody refused them."""
    return {name: value for name, value in query.items() if value is not None}


def order_ends(members: dict) -> dict:
    """The two ends of each time range in order."""
    if isinstance(members.get("from"), str) and isinstance(members.get("to"), str):
        members["from"], members["to"] = sorted((members["from"], members["to"]), key=instant)
    for name in [one for one in members if one.endswith("_gte")]:
        end = name.removesuffix("_gte") + "_lte"
        if isinstance(members.get(end), str) and isinstance(members[name], str):
            members[name], members[end] = sorted((members[name], members[end]), key=instant)
    return members


def give_both_ends(members: dict) -> dict:
    """One that is left out is now, or where what is kept begins; the other may be beyond that."""
    for one, other in (RANGE, RANGE[::-1]):
        if isinstance(members.get(one), str) and not isinstance(members.get(other), str):
            members[other] = members[one]
    return members


def one_way(members: dict) -> dict:
    """A clock is set by a step or to a time; a step fits however far it is ahead already."""
    if isinstance(members.get("advance_seconds"), int):
        members["advance_seconds"] = min(members["advance_seconds"], 60)
        members.pop("set_to", None)
    return members


def taken(value):
    """To JSON Schema 4900.0 is an integer too; the platform takes amounts without decimals only. Nor
    does it take a time whose offset leads out of the years from 1 to 9999."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        return FIRST_OR_LAST_DAY.sub(r"\1Z", value)
    return value


def instant(text: str) -> float:
    """Sorts RFC 3339 times; what is not one comes first."""
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        return float("-inf")
