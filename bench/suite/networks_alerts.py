"""Ethoca alerts about sales that are stored, and whether they found them."""

import random
import time
from collections import Counter
from dataclasses import dataclass, field

from parry_outside.api import Api
from parry_outside.networks import push_to, text_of

from .figures import BenchError
from .networks_data import DESCRIPTOR, Sales, sale_reference
from .networks_stores import PostgresStore, SqliteStore

KINDS = {"arn": 30, "code": 30, "card": 30, "none": 10}
"""Of 100 alerts so many name the sale by its ARN, by its code, by the last 4 alone, or no sale."""
NO_AMOUNT_CENTS = 123
"""Less than anything costs, so that every sale of the card could be meant in part."""
CLOCKS_SECONDS_MAX = 7_200
"""How far the alert's time of the sale is from the shop's."""
FOUND_PERCENT_MIN = {"arn": 100, "code": 99, "card": 60}
"""A code is now and then another sale's too; of one last 4 some sales cost the same that day."""
PICK_REFERENCES = 500
PICK = """
SELECT reference_id, authorised_at, amount, card_brand, card_last_4, card_bin, authorisation_code,
    coalesce(acquirer_reference_number, '')
FROM order_transaction WHERE integration_id IN ({integrations}) AND reference_id IN ({references})
"""
MATCHED = "SELECT alert_network_id, coalesce(integration_transaction_id, '') FROM alert"


@dataclass(frozen=True)
class Sale:
    """A row of `order_transaction`."""

    reference: str
    sold_at: float
    amount: int
    brand: str
    last4: str
    bin: str
    code: str
    arn: str


@dataclass
class Alerts:
    """What is pushed, and which sale each is about."""

    messages: list[dict] = field(default_factory=list)
    sales: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Of each alert its kind and the reference of its sale, which is empty for none."""


@dataclass(frozen=True)
class Found:
    """What the alerts of a kind were matched to."""

    right: int
    wrong: int
    none: int

    @property
    def count(self) -> int:
        return self.right + self.wrong + self.none


def pick(store: SqliteStore | PostgresStore, sales: Sales, numbers: list[int]) -> list[Sale]:
    """Some of the sales as they are stored, in the order of the numbers."""
    integrations = ", ".join(f"'{one}'" for one in sales.integrations)
    found = {}
    for first in range(0, len(numbers), PICK_REFERENCES):
        part = numbers[first : first + PICK_REFERENCES]
        references = ", ".join(f"'{sale_reference(number)}'" for number in part)
        statement = PICK.format(integrations=integrations, references=references)
        for row in store.rows(statement):
            made, amount = int(row[1]) / 1000, int(row[2])
            found[row[0]] = Sale(row[0], made, amount, *row[3:])
    if len(found) != len(numbers):
        raise BenchError(f"of {len(numbers)} sales {len(found)} are stored")
    return [found[sale_reference(number)] for number in numbers]


def alerts_about(sales: list[Sale], chance: random.Random) -> Alerts:
    alerts = Alerts()
    for sale in sales:
        kind = chance.choices(list(KINDS), KINDS.values())[0]
        if kind == "arn" and not sale.arn:
            kind = "code"
        message = alert_about(sale, kind, chance)
        alerts.messages.append(message)
        alerts.sales[message["alertId"]] = (kind, "" if kind == "none" else sale.reference)
    return alerts


def alert_about(sale: Sale, kind: str, chance: random.Random) -> dict:
    """As Ethoca pushes it."""
    sold_at = sale.sold_at + chance.randint(-CLOCKS_SECONDS_MAX, CLOCKS_SECONDS_MAX)
    amount = NO_AMOUNT_CENTS if kind == "none" else sale.amount
    code = {"arn": sale.code, "code": sale.code, "card": None}
    return {
        "alertId": f"B{chance.randrange(10**24):024}",
        "alertType": "CUSTOMERDISPUTE",
        "alertTimestamp": text_of(time.time()),
        "issuer": "Bank of America",
        "cardBin": None if kind == "card" else sale.bin,
        "cardLast4": sale.last4,
        "cardScheme": sale.brand,
        "acquirerReferenceNumber": sale.arn if kind == "arn" else None,
        "authCode": code.get(kind, f"{chance.randrange(1, 10**6):06}"),
        "transactionTimestamp": text_of(sold_at),
        "transactionAmount": f"{amount // 100}.{amount % 100:02}",
        "transactionCurrency": "USD",
        "merchantDescriptor": DESCRIPTOR,
        "merchantId": None,
        "mcc": "7997",
        "transactionType": "ECOMMERCE",
        "is3DSecure": "NO",
        "chargebackReasonCode": "13.1",
    }


def push(api: Api, alert: dict):
    """It has to be acknowledged."""
    answer = push_to(api, alert)
    if answer.status != 200 or b"FAILURE" in answer.body:
        raise BenchError(f"an alert is refused: {answer.status} {answer.body[:500]!r}")


def check(store: SqliteStore | PostgresStore, alerts: Alerts) -> dict[str, Found]:
    """Alerts have to find their sales, and nothing else."""
    matched = dict(store.rows(MATCHED))
    counts: dict[str, Counter] = {kind: Counter() for kind in KINDS}
    for alert, (kind, reference) in alerts.sales.items():
        if alert not in matched:
            raise BenchError(f"alert {alert} is not stored")
        found = matched[alert]
        counts[kind]["none" if not found else "right" if found == reference else "wrong"] += 1
    kinds = {
        kind: Found(one["right"], one["wrong"], one["none"]) for kind, one in counts.items()
    }
    for kind, one in kinds.items():
        if one.wrong:
            raise BenchError(f"{one.wrong} of {one.count} alerts found a wrong sale: {kind}")
        if one.right * 100 < FOUND_PERCENT_MIN.get(kind, 0) * one.count:
            raise BenchError(f"{one.right} of {one.count} alerts found their sale: {kind}")
    return kinds
