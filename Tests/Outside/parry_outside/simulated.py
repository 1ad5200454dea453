"""Alerts that a customer simulates, like those of a network with `"match": true`."""

from .api import Answer, Api
from .cases import wait_until
from .networks import SECONDS_MAX, Customer, Sale, text_of
from .world import enable_enrolment

PATH = "/v1/simulate/alerts"


class Simulations:
    """What a customer simulates, enrolled without a network unless an enrolment is given."""

    def __init__(self, customer: Customer, enrolment_id: str = ""):
        self.customer = customer
        self.api = customer.api
        self.enrolment_id = enrolment_id or customer.ask_to_enrol()
        if not enrolment_id:
            enable_enrolment(self.api, self.enrolment_id)

    def ask(self, api: Api | None = None, **members) -> Answer:
        body = {
            "organisation_id": self.customer.world.organisation_id,
            "enrolment_id": self.enrolment_id,
        }
        return (api or self.api).post(PATH, body | members)

    def raised(self, api: Api | None = None, **members) -> dict:
        answer = self.ask(api, **members)
        assert answer.status == 201, answer.body[:500]
        return answer.json()

    def about(self, sale: Sale, api: Api | None = None, **members) -> dict:
        """A matched one that knows the code, the card, the amount and the time of a sale."""
        known = {
            "match": True,
            "amount_in_cents": 4900,
            "currency_code": "USD",
            "card_scheme": "VISA",
            "transaction_card_bin": "424242",
            "transaction_card_last4": sale.last4,
            "transaction_authorisation_code": sale.code,
            "transaction_authorised_at": text_of(sale.sold_at),
            "transaction_statement_descriptor": f"{sale.descriptor} MONTHLY",
        }
        return self.raised(api, **known | members)

    def read(self, alert: dict) -> dict:
        """As GET shows it, without the links that only GET has."""
        shown = self.api.must(200, "GET", f"/v1/alerts/{alert['id']}")
        del shown["links"]
        return shown

    def match_of(self, alert: dict) -> dict:
        return self.api.must(200, "GET", f"/v1/alerts/{alert['id']}/match")

    def evidence_of(self, alert: dict) -> dict[str, str]:
        """What the best candidate's fields say."""
        (best, *_) = self.match_of(alert)["candidates"]
        return {one["field"]: one["result"] for one in best["evidence"]}

    def becomes(self, alert: dict, member: str, value) -> dict:
        wait_until(lambda: self.read(alert)[member] == value, SECONDS_MAX)
        shown = self.read(alert)
        assert shown[member] == value, f"{member} is not {value}: {shown}"
        return shown
