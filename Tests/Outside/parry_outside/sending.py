"""What the tests of sending share: one customer's endpoints and deliveries over the API."""

import calendar
import time

from .api import Api
from .server import wait_until

ENDPOINTS, DELIVERIES = "/v1/webhook-endpoints", "/v1/webhook-deliveries"
LOOKUP = "lookup.created"
ENDPOINTS_MAX = 100
"""Of one organisation, and of a partner itself."""
SENT_SECONDS_MAX = 15
PAGE = 1_000


def seconds(time_text: str) -> int:
    """Seconds since 1970 of a time that the platform set."""
    return calendar.timegm(time.strptime(time_text, "%Y-%m-%dT%H:%M:%SZ"))


class Sender:
    """Raises events of one organisation and asks what became of their deliveries."""

    def __init__(self, api: Api, organisation_id: str):
        self.api = api
        self.organisation_id = organisation_id

    def add_endpoint(self, url: str, **more) -> dict:
        body = {"organisation_id": self.organisation_id, "url": url, "event_types": [LOOKUP]}
        return self.api.must(201, "POST", ENDPOINTS, body | more)

    def update(self, endpoint: dict, **members) -> dict:
        return self.api.must(200, "PATCH", f"{ENDPOINTS}/{endpoint['id']}", members)

    def bring_retries_forward(self, endpoint: dict):
        """A resumed endpoint gets at once whatever waits for it."""
        self.update(endpoint, is_paused=True)
        self.update(endpoint, is_paused=False)

    def raise_lookup(self) -> str:
        body = {"organisation_id": self.organisation_id}
        return self.api.must(201, "POST", "/v1/simulate/lookups", body)["id"]

    def deliveries_to(self, endpoint: dict) -> list[dict]:
        path = f"{DELIVERIES}?webhook_endpoint_id={endpoint['id']}&limit={PAGE}"
        page = self.api.must(200, "GET", path)
        assert page["count"] <= PAGE, "one page does not show them all"
        return page["items"]

    def count(self, endpoint: dict, state: str) -> int:
        path = f"{DELIVERIES}?webhook_endpoint_id={endpoint['id']}&state={state}&limit=1"
        return self.api.must(200, "GET", path)["count"]

    def delivery(self, delivery_id: str) -> dict:
        return self.api.must(200, "GET", f"{DELIVERIES}/{delivery_id}")

    def attempts_of(self, delivery_id: str, count: int = 1) -> list[dict]:
        """Its tries, once so many were written down."""

        def is_so() -> bool:
            return len(self.delivery(delivery_id)["attempts"]) >= count

        assert wait_until(is_so, SENT_SECONDS_MAX), f"{delivery_id} was not tried {count} times"
        return self.delivery(delivery_id)["attempts"]

    def ended(self, endpoint: dict, attempts: int = 1) -> dict:
        """The endpoint's one delivery, once so many tries of it were written down."""
        assert wait_until(lambda: self.deliveries_to(endpoint), SENT_SECONDS_MAX), "no delivery"
        found = self.deliveries_to(endpoint)[0]["id"]
        self.attempts_of(found, attempts)
        return self.delivery(found)
