"""One customer with something to see on every page, made over the API as a partner would."""

import time
from dataclasses import dataclass

from parry_outside.api import Api
from parry_outside.networks import EVENT_TYPES, Sale, text_of
from parry_outside.receiver import Reply
from parry_outside.simulated import Simulations
from parry_outside.world import World, enable_enrolment

HOUR_SECONDS = 3_600


@dataclass(frozen=True)
class Goods:
    """What a customer sells, as statements of cards name it."""

    name: str
    descriptor: str
    bin: str
    caid: str
    amounts: tuple[int, ...] = (4900, 1290, 12_900, 2_400, 7_500)


class Shop:
    """An organisation, its merchant, its order feed, and what is enrolled there."""

    def __init__(self, api: Api, goods: Goods, is_live: bool = False):
        self.api, self.goods, self.is_live = api, goods, is_live
        organisation = self._make("/v1/organisations", name=goods.name)
        merchant = self._make(
            "/v1/merchants", organisation_id=organisation, name=f"{goods.name} shop",
            type="GENERIC", external_id=f"shop-{goods.descriptor.lower()}",
        )  # fmt: skip
        feed = self._make(
            "/v1/integrations", organisation_id=organisation, name=f"{goods.name} orders",
            type="CUSTOM_ORDERS", status="ENABLED", merchant_ids=[merchant],
        )  # fmt: skip
        self.world = World(organisation, merchant, feed, self._enrol_ethoca(merchant))
        self.rdr_enrolment_id = self._make(
            "/v2/enrolments", merchant_ids=[merchant], type="VERIFI_RDR",
            verifi_rdr={"bin": goods.bin, "caid": goods.caid},
        )  # fmt: skip
        if not is_live:
            enable_enrolment(api, self.world.enrolment_id)
            enable_enrolment(api, self.rdr_enrolment_id)
        self.sold = 0

    @property
    def id(self) -> str:
        return self.world.organisation_id

    def _make(self, path: str, **members) -> str:
        return self.api.must(201, "POST", path, members)["id"]

    def _enrol_ethoca(self, merchant: str) -> str:
        descriptors = [{"descriptor": self.goods.descriptor, "match_type": "STARTS_WITH"}]
        return self._make(
            "/v2/enrolments", merchant_ids=[merchant], type="ETHOCA_ALERT",
            ethoca_alert={"descriptors": descriptors},
        )  # fmt: skip

    def sell(self, count: int = 1, amount: int | None = None, **changes) -> list[Sale]:
        """Sales of the last days whose orders are uploaded; each has a code of its own."""
        sales = []
        for _ in range(count):
            self.sold += 1
            sold_at = time.time() - (1 + self.sold % 5) * 24 * HOUR_SECONDS
            sale = Sale(self.goods.descriptor, f"{self.goods.descriptor}-{self.sold:04}", sold_at)
            order = sale.order(self.world, **changes)
            self.price(order, amount or self.goods.amounts[self.sold % len(self.goods.amounts)])
            self.api.must(201, "POST", "/v1/orders", [order])
            sales.append(sale)
        return sales

    @staticmethod
    def price(order: dict, amount: int):
        """Has an order of one transaction cost so much."""
        order["order_total_amount_in_cents"] = order["order_subtotal_amount_in_cents"] = amount
        order["transactions"][0]["amount_in_cents"] = amount

    def amount_of(self, sale: Sale) -> int:
        path = f"/v1/orders?organisation_id={self.id}&reference_id={sale.reference}"
        (order,) = self.api.must(200, "GET", path)["items"]
        return order["order_total_amount_in_cents"]

    def alert_about(self, sale: Sale, **members) -> dict:
        """An alert that matches the sale and waits for a decision."""
        simulations = Simulations(self, self.world.enrolment_id)
        return simulations.about(sale, amount_in_cents=self.amount_of(sale), **members)

    def strange_alert(self, amount: int = 3_300, **members) -> dict:
        """An alert about no sale that is known."""
        return Simulations(self, self.world.enrolment_id).raised(
            match=True, amount_in_cents=amount, currency_code="EUR", card_scheme="MASTERCARD",
            transaction_card_bin="511111", transaction_card_last4="9876",
            transaction_authorised_at=text_of(time.time() - 60 * HOUR_SECONDS),
            transaction_statement_descriptor=f"{self.goods.descriptor} GIFT", **members,
        )  # fmt: skip

    def open_alerts(self, count: int) -> list[dict]:
        """So many alerts that wait, each about a sale."""
        return [self.alert_about(sale) for sale in self.sell(count)]

    def rdr_alert(self) -> dict:
        simulations = Simulations(self, self.rdr_enrolment_id)
        return simulations.raised(status="RESOLVED", amount_in_cents=2_500, card_scheme="VISA")

    def act(self, alert: dict, action: str, **more) -> dict:
        return self.api.must(200, "PATCH", f"/v1/alerts/{alert['id']}", {"action": action} | more)

    def alert(self, alert_id: str) -> dict:
        return self.api.must(200, "GET", f"/v1/alerts/{alert_id}")

    def waiting(self) -> list[str]:
        """The ids of the alerts that wait for a decision."""
        path = f"/v1/alerts?organisation_id={self.id}&status=ACTION_REQUIRED&limit=1000"
        return [one["id"] for one in self.api.must(200, "GET", path)["items"]]

    def ruleset(self, enrolment_id: str, above: int = 10_000, is_enabled: bool = True) -> str:
        return self._make(
            "/v1/rulesets", organisation_id=self.id, enrolment_ids=[enrolment_id],
            outcome="ACCEPT_DISPUTE", join_operator="OR", is_enabled=is_enabled,
            rules=[
                {"type": "AMOUNT", "parameters": {
                    "operator": "GREATER_THAN", "currency_code": "USD", "amount_in_cents": above}},
                {"type": "DESCRIPTOR", "parameters": {"descriptors": [
                    {"value": f"{self.goods.descriptor} GIFT", "match_type": "STARTS_WITH"}]}},
            ],
        )  # fmt: skip

    def endpoint(self, url: str, of_partner: bool = False) -> dict:
        body = {"url": url, "event_types": list(EVENT_TYPES)}
        if not of_partner:
            body["organisation_id"] = self.id
        return self.api.must(201, "POST", "/v1/webhook-endpoints", body)

    def furnish(self, receiver):
        """Orders, alerts of every kind, rules, and endpoints of which one fails."""
        made = self.endpoint(receiver.url(f"/{self.id}"))
        receiver.trust(made["secret"], f"/{self.id}")
        receiver.reply_next(*[Reply(status=500)] * 50, path=f"/{self.id}-broken")
        self.endpoint(receiver.url(f"/{self.id}-broken"))
        # The rules come later: they would decide what is to wait here.
        self.open_alerts(4)
        decided = self.open_alerts(3)
        self.act(decided[0], "REFUND")
        self.act(decided[1], "ACCEPT_DISPUTE", note="Fought and won before.")
        self.act(decided[2], "REFUND", note="The customer has moved away.")
        self.strange_alert()
        self.rdr_alert()
        self._trouble_with_orders()
        self.ruleset(self.world.enrolment_id, is_enabled=False)
        self.ruleset(self.rdr_enrolment_id, above=5_000)

    def _trouble_with_orders(self):
        """An order with a refund, and one that came twice."""
        (sale,) = self.sell()
        path = f"/v1/orders?organisation_id={self.id}&reference_id={sale.reference}"
        order_id = self.api.must(200, "GET", path)["items"][0]["id"]
        refund = sale.refund(time.time() - HOUR_SECONDS, amount_in_cents=100)
        self.api.must(200, "PATCH", f"/v1/orders/{order_id}", {"refunds": [refund]})
        self.api.must(200, "POST", "/v1/orders", [sale.order(self.world)])
