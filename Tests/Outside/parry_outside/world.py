"""The records that a test needs before it can begin, made over the API, and order documents."""

import itertools
import random
from dataclasses import dataclass, replace

from .api import Api


@dataclass(frozen=True)
class World:
    """One customer: organisation, merchant, order feed and an enabled Ethoca enrolment."""

    organisation_id: str
    merchant_id: str
    integration_id: str
    enrolment_id: str

    def alert(self) -> dict:
        """The body of a simulated alert that waits for a decision."""
        return {
            "organisation_id": self.organisation_id,
            "enrolment_id": self.enrolment_id,
            "status": "ACTION_REQUIRED",
        }

    def enrolment(self, descriptor: str) -> dict:
        """The body of an Ethoca enrolment."""
        descriptors = [{"descriptor": descriptor, "match_type": "STARTS_WITH"}]
        return {
            "merchant_ids": [self.merchant_id],
            "type": "ETHOCA_ALERT",
            "ethoca_alert": {"descriptors": descriptors},
        }

    def order(self, reference: str, chance: random.Random | None = None) -> dict:
        """A COMPLETE order with one transaction whose reference follows the order's."""
        chance = chance or random.Random(reference)
        return {
            "type": "COMPLETE",
            "organisation_id": self.organisation_id,
            "integration_id": self.integration_id,
            "reference_id": reference,
            "order_datetime": "2026-02-17T09:59:00Z",
            "order_number": f"AF-{reference}",
            "order_subtotal_amount_in_cents": 4900,
            "order_currency": "USD",
            "order_total_amount_in_cents": 4900,
            "order_status": "CLOSED_COMPLETE",
            "transactions": [self._transaction(reference, chance)],
        }

    def _transaction(self, reference: str, chance: random.Random) -> dict:
        return {
            "reference_id": f"txn-{reference}",
            "amount_in_cents": 4900,
            "currency": "USD",
            "payment_method_type": "CARD",
            "authorisation_status": "SETTLED",
            "payment_method_reference_id": f"pay-{reference}",
            "authorised_at": "2026-02-17T09:59:05Z",
            "payment_method_card_brand": "VISA",
            "payment_method_card_last_4": f"{chance.randrange(10_000):04}",
            "payment_method_card_bin": "424242",
            "acquirer_reference_number": f"7{chance.randrange(10**22):022}",
        }


_names = itertools.count(1)


def make_world(api: Api) -> World:
    """Needs a key with every ability under a TEST partner."""
    world = make_customer(api)
    enrolment = api.must(201, "POST", "/v2/enrolments", world.enrolment("ACME"))["id"]
    enable_enrolment(api, enrolment)
    return replace(world, enrolment_id=enrolment)


def make_customer(api: Api) -> World:
    """The same without an enrolment, which a LIVE partner cannot have enabled."""
    name = f"Acme {next(_names)}"
    organisation = api.must(201, "POST", "/v1/organisations", {"name": name})["id"]
    merchant = api.must(
        201,
        "POST",
        "/v1/merchants",
        {"organisation_id": organisation, "name": f"{name} Store", "type": "GENERIC"},
    )["id"]
    integration = api.must(
        201,
        "POST",
        "/v1/integrations",
        {
            "organisation_id": organisation,
            "name": f"{name} orders",
            "type": "CUSTOM_ORDERS",
            "status": "ENABLED",
            "merchant_ids": [merchant],
        },
    )["id"]
    return World(organisation, merchant, integration, "")


def enable_enrolment(api: Api, enrolment_id: str) -> dict:
    path = f"/v1/simulate/enrolments/{enrolment_id}"
    return api.must(200, "PATCH", path, {"status": "ENABLED"})
