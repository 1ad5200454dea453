"""What the tests of test clocks share: the clock of an organisation, and customers who set theirs."""

from .api import Answer, Api
from .cases import OneServerCase
from .networks import SECONDS_MAX, Customer, text_of
from .receiver import Delivery, Receiver
from .sending import Sender, seconds
from .sharing import SharedByModule
from .simulated import Simulations

CLOCK = "/v1/simulate/clock"
MINUTE, HOUR, DAY = 60, 3_600, 86_400
WINDOW, MARGIN = 48 * HOUR, 15 * MINUTE
APPROACHING = "alert.deadline_approaching"
OPEN, ENDED = ("ACTION_REQUIRED", None), ("RESOLVED", "NOT_REFUNDED")
RETRIES = (MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 12 * HOUR)
"""The least wait before each further try of a webhook; a tenth more is the most."""


def longest(wait: int) -> int:
    """When a try has come surely that waits so long."""
    return wait + wait // 10 + 2


def state_of(alert: dict) -> tuple:
    return alert["status"], alert["transaction_refund_outcome"]


class Clock:
    """The clock of one organisation, as one key reaches it."""

    def __init__(self, api: Api, organisation_id: str):
        self.api = api
        self.organisation_id = organisation_id

    def look(self) -> Answer:
        return self.api.get(f"{CLOCK}?organisation_id={self.organisation_id}")

    def ask(self, **members) -> Answer:
        return self.api.post(CLOCK, {"organisation_id": self.organisation_id} | members)

    def read(self) -> dict:
        return self._shown(self.look())

    def now(self) -> int:
        return seconds(self.read()["now"])

    def ahead(self) -> int:
        return self.read()["advanced_seconds"]

    def advance(self, by: int) -> dict:
        return self._shown(self.ask(advance_seconds=by))

    def set_to(self, time_of_clock: int) -> dict:
        return self._shown(self.ask(set_to=text_of(time_of_clock)))

    def pass_by(self, time_text: str, before: int = 0) -> dict:
        """Sets it to when a time that is shown in whole seconds has surely come, less so many."""
        return self.set_to(seconds(time_text) + 1 - before)

    def _shown(self, answer: Answer) -> dict:
        assert answer.status == 200, answer.body[:300]
        shown = answer.json()
        assert shown.keys() == {"organisation_id", "now", "advanced_seconds"}, shown
        assert shown["organisation_id"] == self.organisation_id
        return shown


class ClockCase(SharedByModule, OneServerCase):
    """Each test has a customer with an endpoint that hears of alerts and lookups."""

    receiver: Receiver

    def setUp(self):
        super().setUp()
        self.customer = Customer(self.api)
        self.organisation_id = self.customer.world.organisation_id
        self.clock = Clock(self.api, self.organisation_id)
        self.simulations = Simulations(self.customer)
        self.sender = Sender(self.api, self.organisation_id)
        self.path = f"/{self.organisation_id}"
        types = ["alert.created", "alert.updated", APPROACHING, "lookup.created"]
        url = self.receiver.url(self.path)
        self.endpoint = self.sender.add_endpoint(url, event_types=types)
        self.receiver.trust(self.endpoint["secret"], self.path)

    def new_api(self, key: str | None = None) -> Api:
        """A connection, of the partner unless a key is given."""
        return self.enterContext(Api(self.server.base, key or self.partner.api_key))

    def heard(self, path: str = "") -> list[Delivery]:
        return [one for one in self.receiver.deliveries if one.path == (path or self.path)]

    def hears(self, event_type: str, count: int = 1) -> list[Delivery]:
        """The webhooks of this type, each event once, when so many have come."""

        def those() -> list[Delivery]:
            mine = [one for one in self.heard() if one.type == event_type]
            return list({one.event_id: one for one in mine}.values())

        self.receiver.wait_for(lambda _: len(those()) >= count, SECONDS_MAX)
        return those()

    def event_types(self, thing: dict) -> list[str]:
        path = f"/v1/events?object_id={thing['id']}"
        return sorted(one["type"] for one in self.api.must(200, "GET", path)["items"])

    def order_of(self, sale) -> dict:
        path = f"/v1/orders?organisation_id={self.organisation_id}&reference_id={sale.reference}"
        (found,) = self.api.must(200, "GET", path)["items"]
        return found

    def assert_between(self, start: int, end: int, *texts: str):
        for text in texts:
            self.assertTrue(start <= seconds(text) <= end, f"{start} <= {text} <= {end}")
