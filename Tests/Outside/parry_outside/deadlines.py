"""What the tests of deadlines share: open alerts whose deadline is moved beside the server."""

import time
from collections import Counter

from .cases import wait_until
from .networks import SECONDS_MAX, NetworkCase, move_deadlines, rows
from .rows import open_rows
from .server import Server
from .simulated import Simulations

ENDS_SECONDS_MAX = 5
"""The chore looks once a second."""
HOUR_SECONDS = 3_600


class DeadlineCase(NetworkCase):
    def setUp(self):
        super().setUp()
        self.enrolment_id = self.customer.enrol()
        self.simulations = Simulations(self.customer, self.enrolment_id)
        self.mine = f"organisation_id = '{self.customer.world.organisation_id}'"

    def raised(self, **changes) -> dict:
        """An open alert of the network, as the partner sees it."""
        (sale,) = self.customer.sell()
        alert = sale.alert(**changes)
        self.push(alert)
        found = self.customer.alert(alert["alertId"])
        self.assertEqual(found["status"], "ACTION_REQUIRED")
        return found

    def move_deadline(self, *alerts: dict, **how) -> float:
        ids = ", ".join(f"'{one['id']}'" for one in alerts)
        return move_deadlines(self.server.database, f"id IN ({ids})", **how)

    def event_types(self, alert: dict) -> list[str]:
        path = f"/v1/events?object_id={alert['id']}"
        return sorted(one["type"] for one in self.api.must(200, "GET", path)["items"])

    def ends(self, alert: dict) -> dict:
        """The alert once it has ended at its deadline."""
        began = time.monotonic()
        shown = self.simulations.becomes(alert, "status", "RESOLVED")
        self.assertLess(time.monotonic() - began, ENDS_SECONDS_MAX)
        self.assertEqual(shown["transaction_refund_outcome"], "NOT_REFUNDED")
        return shown

    def due_of(self, alert: dict) -> float | None:
        """In seconds; None for an alert that waits for nothing."""
        sql = f"SELECT coalesce(due_at, -1) FROM alert WHERE id = '{alert['id']}'"
        due = int(rows(self.server.database, sql)[0][0])
        return None if due < 0 else due / 1_000


def assert_told_once(case, server: Server, ids: list[str]):
    """Each alert has one event of its end and one outcome, which the network took."""
    database = server.database
    listed = ", ".join(f"'{one}'" for one in ids)
    with open_rows(database) as seen:
        for one in ids:
            types = Counter(kind for _, kind in seen.events[one])
            case.assertEqual(types, {"alert.created": 1, "alert.updated": 1})
        case.assertEqual(seen.damage(), [])
    outcomes = (f"SELECT subject_id, state FROM network_request WHERE kind = 'OUTCOME' "
                f"AND subject_id IN ({listed})")  # fmt: skip

    def waiting() -> list:
        return [state for _, state in rows(database, outcomes) if state != "DONE"]

    wait_until(lambda: not waiting(), SECONDS_MAX)
    case.assertEqual(waiting(), [])
    case.assertEqual(Counter(one for one, _ in rows(database, outcomes)), Counter(ids))
