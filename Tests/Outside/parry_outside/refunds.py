"""What the tests of the refund guard share: a customer who asks it before refunding, and whose
networks refund by themselves.
"""

import itertools
import time

from .api import Answer, Api
from .contract import AMOUNT_MAX, ContractCase
from .networks import TEST_TOKEN, Customer, Sale, text_of
from .simulated import Simulations
from .world import enable_enrolment

GUARD, CLOCK = "/v1/refund-intents", "/v1/simulate/clock"
NOTIFICATIONS = "/networks/verifi/rdr/notifications"
WHOLE = 4900
"""What a sale costs, in cents."""

_numbers = itertools.count(1)


def transaction_of(sale: Sale | str) -> str:
    return sale if isinstance(sale, str) else sale.transaction_id


class Refunder(Customer):
    """Sells, asks before it refunds, and is enrolled with both networks."""

    def __init__(self, api: Api, network: Api):
        """`network` is a connection without a key."""
        super().__init__(api)
        self.network = network
        self.caid = f"CAID{next(_numbers):06}"
        self.simulations = Simulations(self)
        body = self.world.enrolment("") | {"type": "VERIFI_RDR"}
        del body["ethoca_alert"]
        block = {"verifi_rdr": {"bin": "424242", "caid": self.caid}}
        self.rdr_id = api.must(201, "POST", "/v2/enrolments", body | block)["id"]
        enable_enrolment(api, self.rdr_id)

    def question(self, sale: Sale | str, amount: int = WHOLE, **changes) -> dict:
        return {
            "organisation_id": self.world.organisation_id,
            "integration_id": self.world.integration_id,
            "transaction_reference_id": transaction_of(sale),
            "amount_in_cents": amount,
            "currency": "USD",
        } | changes

    def ask(
        self, sale: Sale | str, amount: int = WHOLE, api: Api | None = None, **changes
    ) -> Answer:
        return (api or self.api).post(GUARD, self.question(sale, amount, **changes))

    def asked(self, sale: Sale | str, amount: int = WHOLE, **changes) -> dict:
        return self.api.must(200, "POST", GUARD, self.question(sale, amount, **changes))

    def reserved(self, sale: Sale | str, amount: int = WHOLE, **changes) -> dict:
        """The intent of a refund that is safe."""
        answer = self.asked(sale, amount, **changes)
        assert answer["outcome"] == "SAFE", answer
        return answer["refund_intent"]

    def committed(self, sale: Sale | str, amount: int, reference: str) -> dict:
        intent = self.reserved(sale, amount)
        answer = self.commit(intent, reference)
        assert answer.status == 200, answer.body
        return answer.json()

    def ledger(self, sale: Sale | str, **changes) -> dict:
        """What is known of a sale; nothing is reserved, for nobody refunds so much."""
        answer = self.asked(sale, AMOUNT_MAX, **changes)
        assert "refund_intent" not in answer, answer
        return answer

    def commit(self, intent: dict, reference: str, api: Api | None = None) -> Answer:
        body = {"refund_reference_id": reference}
        return (api or self.api).post(f"{GUARD}/{intent['id']}/commit", body)

    def release(self, intent: dict, api: Api | None = None) -> Answer:
        return (api or self.api).call("POST", f"{GUARD}/{intent['id']}/release")

    def read(self, intent: dict) -> dict:
        return self.api.must(200, "GET", f"{GUARD}/{intent['id']}")

    def intents(self, sale: Sale | str) -> list[dict]:
        path = f"{GUARD}?integration_id={self.world.integration_id}&limit=100"
        path += f"&transaction_reference_id={transaction_of(sale)}"
        return self.api.must(200, "GET", path)["items"]

    def order_of(self, sale: Sale) -> str:
        page = self.api.must(200, "GET", f"/v1/orders?reference_id={sale.reference}")
        return page["items"][0]["id"]

    def patch_order(self, sale: Sale, api: Api | None = None, **members) -> Answer:
        return (api or self.api).patch(f"/v1/orders/{self.order_of(sale)}", members)

    def tell(self, sale: Sale, **changes):
        """Has the order tell of a refund of the whole sale, unless told otherwise."""
        answer = self.patch_order(sale, refunds=[sale.refund(time.time(), **changes)])
        assert answer.status == 200, answer.body

    def case(
        self, sale: Sale, status: str = "ACCEPTED", case_id: str = "", network: Api | None = None,
        **changes,
    ) -> str:  # fmt: skip
        """Verifi's notice of an RDR case about a sale; the case's id."""
        now = time.time()
        case_id = case_id or f"C{next(_numbers):012}"
        notice = {
            "caseId": case_id, "decisionId": case_id, "caseType": "DISPUTE", "status": status,
            "caseDate": text_of(now), "transactionDate": text_of(sale.sold_at),
            "paymentDescriptor": f"{sale.descriptor} MONTHLY", "acquirerBin": "424242",
            "cardAcceptorId": self.caid, "cardBin": "424242", "cardLast4": sale.last4,
            "paymentType": "VISA", "authCode": sale.code, "reasonCode": "13.1",
            "transactionAmount": {"amount": "49.00", "currency": "USD"},
            "caseAmount": {"amount": "49.00", "currency": "USD"},
        } | changes  # fmt: skip
        shown = {"Authorization": f"Bearer {TEST_TOKEN}"}
        answer = (network or self.network).call("POST", NOTIFICATIONS, notice, **shown)
        assert answer.status == 200, answer.body
        return case_id

    def set_clock(self, **how) -> dict:
        body = {"organisation_id": self.world.organisation_id} | how
        return self.api.must(200, "POST", CLOCK, body)

    def advance(self, seconds: int) -> dict:
        return self.set_clock(advance_seconds=seconds)


class RefundCase(ContractCase):
    """A customer for each test, with one sale."""

    options = ("--rate-limit", "0", "--test-network-token", TEST_TOKEN)

    def setUp(self):
        self.api = self.new_api(self.partner.api_key)
        self.customer = Refunder(self.api, self.new_api(None))
        self.world = self.customer.world
        (self.sale,) = self.customer.sell()

    def assert_ledger(
        self, refunded: int, in_flight: int = 0, sources: str = "", sale: Sale | str = ""
    ):
        """The sums, and where the refunds are from: a word for each."""
        ledger = self.customer.ledger(sale or self.sale)
        shown = (ledger["refunded_in_cents"], ledger["in_flight_in_cents"])
        self.assertEqual(shown, (refunded, in_flight), ledger)
        left = max(0, ledger["transaction_amount_in_cents"] - refunded)
        self.assertEqual(ledger["remaining_in_cents"], left)
        self.assertCountEqual([one["source"] for one in ledger["refunds"]], sources.split())
        self.assertEqual(ledger["outcome"], "EXCEEDS_REMAINING" if left else "ALREADY_REFUNDED")

    def outcome(self, amount: int, sale: Sale | str = "") -> str:
        return self.customer.asked(sale or self.sale, amount)["outcome"]

    def assert_ended(self, answer: Answer):
        self.assert_error(answer, 422, "REFUND_INTENT_ENDED")
