"""Many Ethoca alerts like one that parry took in: its rows, multiplied.

What the network sent is left out: nothing looks at it again. Ids are made here, since an id holds
the slot of its row.
"""

import time
from dataclasses import dataclass

from parry_outside.api import Api
from parry_outside.networks import Sale

from .figures import BenchError
from .ids import id_like
from .networks_alerts import push
from .webhooks_latency import Stage

DESCRIPTOR = "ACMEFIT"
TIMES = ("alert_received_at", "created_at", "updated_at")
CODES, LAST4S = 1_000_000, 10_000
OTHER_LAST4 = "0000"
"""Which no copy has."""
BATCH = 5_000
"""Alerts of one transaction, so that the server's own writes get their turns."""


@dataclass(frozen=True)
class Sample:
    """The rows of one open alert that found its sale, and of the event that it was raised."""

    alert: dict
    case: dict
    event: dict

    def copy(self, number: int, received: int, **changes) -> "Sample":
        """The rows of another alert, received at that millisecond, about another sale of another
        card; the changes are of the alert's own row."""
        alert = self.alert | dict.fromkeys(TIMES, received) | {
            "id": id_like(self.alert["id"], received),
            "alert_network_id": f"C{number:024}",
            "integration_transaction_id": f"txn-copy-{number:012}",
            # Neither these digits nor these codes are those of a sale that is uploaded meanwhile:
            # the alert would be matched again, and its own sale is not there.
            "transaction_card_last4": f"{1 + number * 7919 % (LAST4S - 1):04}",
            "transaction_authorisation_code": f"{CODES // 2 + number * 7919 % (CODES // 2):06}",
        }  # fmt: skip
        event = id_like(self.event["id"], received)
        names = {self.event["id"]: event} | {
            self.alert[name]: alert[name]
            for name in ("id", "alert_network_id", "integration_transaction_id")
        }
        return Sample(
            alert | changes,
            renamed(self.case, names)
            | {"alert_id": alert["id"], "alerted_at": received, "judged_at": received},
            renamed(self.event, names) | {"id": event, "created_at": received, "position": None},
        )


def renamed(row: dict, names: dict[str, str]) -> dict:
    """Every text of the row with other names in it."""
    return {name: _renamed(value, names) for name, value in row.items()}


def _renamed(value, names: dict[str, str]):
    if not isinstance(value, str):
        return value
    for old, new in names.items():
        value = value.replace(old, new)
    return value


def take_sample(stage: Stage) -> Sample:
    """One alert about one sale, over the API."""
    sale = Sale(DESCRIPTOR)
    with Api(stage.server.base, stage.key) as api:
        api.must(201, "POST", "/v1/orders", [sale.order(stage.world)])
        push(api, sale.alert())
    sample = Sample(
        stage.row("alert"), stage.row("alert_case"), stage.row("event WHERE type = 'alert.created'")
    )
    if sample.alert["integration_transaction_id"] != sale.transaction_id:
        raise BenchError("the sample alert did not find its sale")
    return sample


def store(stage: Stage, copies: list[Sample]):
    """Rows that parry could have written; events get their places in the feed from it."""
    for first in range(0, len(copies), BATCH):
        part = copies[first : first + BATCH]
        stage.store("alert", [one.alert for one in part])
        stage.store("alert_case", [one.case for one in part])
        stage.store("event", [one.event for one in part])
    if stage.cluster:
        # As its own background work leaves them: counts read indexes alone.
        stage.sql("VACUUM")


def await_numbered(stage: Stage, seconds_max: float):
    """Until parry has given all events their places."""
    unnumbered = "/* bench */ SELECT count(*) FROM event WHERE position IS NULL"
    deadline = time.monotonic() + seconds_max
    while left := int(stage.sql(unnumbered)[0][0]):
        if time.monotonic() > deadline:
            raise BenchError(f"{left} events are not in the feed after {seconds_max} s")
        time.sleep(0.2)
