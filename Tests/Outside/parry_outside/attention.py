"""What the tests of attention share: sales that are declined, refunded and taken up by RDR cases, and
alerts that somebody has to look at because of that."""

import itertools
import time
import unittest
from functools import cached_property
from pathlib import Path

from .api import Api
from .certificates import make_certificates
from .networks import SECONDS_MAX, TEST_TOKEN, NetworkCase, Sale, Simulator, text_of
from .receiver import Delivery, Receiver
from .sending import seconds
from .server import temporary_folder, wait_until
from .sharing import SharedByModule
from .simulated import Simulations
from .webhooks import delivery_problems
from .world import enable_enrolment

NEEDS_ATTENTION = "alert.needs_attention"
NOTIFICATIONS = "/networks/verifi/rdr/notifications"
CASE_DELETED, OUTCOME_REFUSED = "CASE_DELETED", "OUTCOME_REFUSED"
REFUNDED_AFTER_DECLINE, REFUNDED_TWICE = "REFUNDED_AFTER_DECLINE", "REFUNDED_TWICE"
RATE_MISSING = "RATE_MISSING"
SLACK_SECONDS = 60
DAY_SECONDS = 86_400
_numbers = itertools.count(1)


class AttentionCase(SharedByModule, NetworkCase):
    """Each test has a customer with an endpoint that hears of attention alone."""

    @classmethod
    def start(cls) -> dict:
        made = make_certificates(Path(unittest.enterModuleContext(temporary_folder())))
        folder = unittest.enterModuleContext(temporary_folder())
        simulator = unittest.enterModuleContext(Simulator(folder))
        shared = cls.start_server(made, *simulator.platform_options)
        simulator.start_before(shared["server"].base)
        receiver = unittest.enterModuleContext(Receiver(made))
        return shared | {"simulator": simulator, "receiver": receiver}

    def setUp(self):
        super().setUp()
        self.organisation_id = self.customer.world.organisation_id
        self.path = f"/attention-{self.organisation_id}"
        endpoint = self.api.must(201, "POST", "/v1/webhook-endpoints", {
            "organisation_id": self.organisation_id, "url": self.receiver.url(self.path),
            "event_types": [NEEDS_ATTENTION],
        })  # fmt: skip
        self.receiver.trust(endpoint["secret"], self.path)

    @cached_property
    def simulations(self) -> Simulations:
        return Simulations(self.customer)

    @cached_property
    def caid(self) -> str:
        """What the cases of the customer's RDR enrolment name."""
        caid = f"ATT{next(_numbers):06}"
        body = self.customer.world.enrolment("") | {
            "type": "VERIFI_RDR", "verifi_rdr": {"bin": "424242", "caid": caid},
        }  # fmt: skip
        del body["ethoca_alert"]
        self.rdr_enrolment_id = self.api.must(201, "POST", "/v2/enrolments", body)["id"]
        enable_enrolment(self.api, self.rdr_enrolment_id)
        return caid

    def case_of(self, sale: Sale, amount: str = "49.00", **changes) -> dict:
        """A case about a sale, as Verifi tells of it."""
        money = {"amount": amount, "currency": "USD"}
        number = f"C{next(_numbers):012}"
        return {
            "decisionId": number, "caseId": number, "caseType": "DISPUTE", "source": "VMPI",
            "caseDate": text_of(time.time()), "transactionDate": text_of(sale.sold_at),
            "paymentDescriptor": f"{sale.descriptor} MONTHLY", "acquirerBin": "424242",
            "cardAcceptorId": self.caid, "cardBin": "424242", "cardLast4": sale.last4,
            "paymentType": "VISA", "authCode": sale.code, "transactionAmount": money,
            "caseAmount": money, "reasonCode": "13.1",
        } | changes  # fmt: skip

    def tell(self, case: dict, status: str):
        """A notice by a connection of its own."""
        shown = {"Authorization": f"Bearer {TEST_TOKEN}"}
        with Api(self.server.base) as network:
            answer = network.call("POST", NOTIFICATIONS, case | {"status": status}, **shown)
        self.assertEqual(answer.status, 200, answer.body[:300])

    def notify(self, case: dict, status: str) -> dict:
        """The alert of the case, after this notice."""
        self.tell(case, status)
        return self.customer.alert(case["caseId"])

    def order_path(self, sale: Sale, api: Api | None = None) -> str:
        path = f"/v1/orders?organisation_id={self.organisation_id}&reference_id={sale.reference}"
        (found,) = (api or self.api).must(200, "GET", path)["items"]
        return f"/v1/orders/{found['id']}"

    def tell_of_refund(self, sale: Sale, api: Api | None = None, **changes) -> dict:
        """The order, once it says that the sale was refunded yesterday."""
        refund = sale.refund(time.time() - DAY_SECONDS, **changes)
        path = self.order_path(sale, api)
        return (api or self.api).must(200, "PATCH", path, {"refunds": [refund]})

    def upload_refunded(self, sale: Sale):
        """The order of the sale, which says from the beginning that it was refunded yesterday."""
        refunds = [sale.refund(time.time() - DAY_SECONDS)]
        self.api.must(201, "POST", "/v1/orders", [sale.order(self.customer.world, refunds=refunds)])

    def new_apis(self, count: int) -> list[Api]:
        key = self.partner.api_key
        return [self.enterContext(Api(self.server.base, key)) for _ in range(count)]

    def reserve(self, sale: Sale, cents: int = 4900) -> dict:
        asked = self.api.must(200, "POST", "/v1/refund-intents", {
            "organisation_id": self.organisation_id,
            "integration_id": self.customer.world.integration_id,
            "transaction_reference_id": sale.transaction_id, "amount_in_cents": cents,
            "currency": "USD",
        })  # fmt: skip
        self.assertEqual(asked["outcome"], "SAFE")
        return asked["refund_intent"]

    def commit(self, intent: dict, reference: str = "by-intent", api: Api | None = None) -> dict:
        path = f"/v1/refund-intents/{intent['id']}/commit"
        return (api or self.api).must(200, "POST", path, {"refund_reference_id": reference})

    def declined(self, sale: Sale) -> dict:
        """An alert about the sale that was answered with that the money stays."""
        alert = self.customer.act(self.simulations.about(sale), "ACCEPT_DISPUTE")
        self.assertEqual(alert["integration_transaction_id"], sale.transaction_id)
        self.assert_unflagged(alert)
        return alert

    def read(self, alert: dict) -> dict:
        return self.api.must(200, "GET", f"/v1/alerts/{alert['id']}")

    def clear(self, alert: dict, api: Api | None = None, **more) -> dict:
        change = {"needs_attention": False} | more
        return (api or self.api).must(200, "PATCH", f"/v1/alerts/{alert['id']}", change)

    def events(self, alert: dict) -> list[dict]:
        """The events of the alert's need of attention, the first one first."""
        path = f"/v1/events?type={NEEDS_ATTENTION}&object_id={alert['id']}"
        return self.api.must(200, "GET", path)["items"][::-1]

    def reasons_told(self, alert: dict) -> list[str]:
        return [one["data"]["object"]["attention"]["reason"] for one in self.events(alert)]

    def heard(self, alert: dict, count: int) -> list[Delivery]:
        """The webhooks of them, each event once, when so many have come."""

        def those() -> list[Delivery]:
            mine = [
                one for one in self.receiver.deliveries
                if one.path == self.path and one.event["data"]["object"]["id"] == alert["id"]
            ]  # fmt: skip
            return list({one.event_id: one for one in mine}.values())

        self.receiver.wait_for(lambda _: len(those()) >= count, SECONDS_MAX)
        return those()

    def assert_flagged(self, alert: dict, *reasons: str):
        """Shown for the last reason, and told once of each, in this order."""
        shown = self.read(alert)
        self.assertEqual(shown.get("attention", {}).get("reason"), reasons[-1], shown)
        self.assertEqual(shown["attention"].keys(), {"reason", "since"})
        self.assertAlmostEqual(
            seconds(shown["attention"]["since"]), time.time(), delta=SLACK_SECONDS
        )
        self.assertEqual(self.reasons_told(alert), list(reasons))
        heard = self.heard(alert, len(reasons))
        self.assertEqual([delivery_problems(one) for one in heard], [[]] * len(reasons))
        self.assertCountEqual([one.event for one in heard], self.events(alert))
        self.assertIn(alert["id"], self.ids("needs_attention=true"))
        self.assertNotIn(alert["id"], self.ids("needs_attention=false"))

    def assert_unflagged(self, alert: dict, *told: str):
        """Nobody has to look at it, or not any more after what was told before."""
        self.assertNotIn("attention", self.read(alert))
        self.assertEqual(self.reasons_told(alert), list(told))
        self.assertNotIn(alert["id"], self.ids("needs_attention=true"))
        self.assertIn(alert["id"], self.ids("needs_attention=false"))

    def flagged_later(self, alert: dict, *reasons: str):
        """The same for what the network or a chore brings about."""
        wait_until(lambda: "attention" in self.read(alert), SECONDS_MAX)
        self.assert_flagged(alert, *reasons)

    def ids(self, query: str, api: Api | None = None) -> list[str]:
        path = f"/v1/alerts?organisation_id={self.organisation_id}&{query}"
        return [one["id"] for one in (api or self.api).must(200, "GET", path)["items"]]
