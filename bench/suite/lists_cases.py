"""What is asked of the lists: first pages, pages far behind, each filter, each order."""

import time
from dataclasses import dataclass

from .lists_data import YEAR_MS, Customer
from .sample import MARKS


@dataclass(frozen=True)
class Case:
    """A list as it is asked for."""

    kind: str
    """What it belongs to in the figures."""
    name: str
    query: dict


@dataclass(frozen=True)
class Stored:
    """What was built, and who may see it."""

    customer: Customer
    orders: int
    alerts: int
    start: int
    keys: dict[str, str]
    """Of the organisation, and of the partner with its two organisations."""

    def moment(self, share: float) -> str:
        """A time of the year, as filters take it."""
        return time.strftime(
            "%Y-%m-%dT%H:%M:%SZ", time.gmtime((self.start + YEAR_MS * share) / 1000)
        )


def order_cases(stored: Stored) -> list[Case]:
    world, half = stored.customer.world, stored.moment(0.5)
    feed = {"integration_id": world.integration_id}
    offset = stored.orders // 10
    reference = f"order-{stored.orders // 2 + 1:0{len(MARKS['number'])}}"
    filters = {
        "integration of nearly all": feed,
        "integration of few": {"integration_id": stored.customer.processor_id},
        "organisation": {"organisation_id": world.organisation_id},
        "reference_id": {"reference_id": reference},
        "type of nearly all": {"type": "COMPLETE"},
        "type of few": {"type": "PARTIAL"},
        "order_status of nearly all": {"order_status": "CLOSED_COMPLETE"},
        "order_status of some": {"order_status": "OPEN_PENDING"},
        "order_status of few": {"order_status": "OTHER"},
        "integration and order_status": feed | {"order_status": "OTHER"},
    }
    ranges = {
        "from the middle": {"created_at_gte": half},
        "until the middle": {"created_at_lte": half},
        "from early on": {"created_at_gte": stored.moment(0.1)},
        "one day": {"created_at_gte": half, "created_at_lte": stored.moment(0.5 + 1 / 365)},
        "integration, from early on": feed | {"created_at_gte": stored.moment(0.1)},
        "order_status, from early on": {
            "order_status": "CLOSED_COMPLETE", "created_at_gte": stored.moment(0.1)
        },
    }  # fmt: skip
    sorts = {
        sort: {"sort": sort} for sort in ("created_at", "order_datetime", "-order_datetime")
    } | {
        "-order_datetime, type of few": {"sort": "-order_datetime", "type": "PARTIAL"},
        "-order_datetime, order_status of nearly all": {
            "sort": "-order_datetime", "order_status": "CLOSED_COMPLETE"
        },
        "-order_datetime, order_status of few": {
            "sort": "-order_datetime", "order_status": "OTHER"
        },
    }  # fmt: skip
    return cases(filters, ranges, sorts, offset)


def alert_cases(stored: Stored) -> list[Case]:
    world, half = stored.customer.world, stored.moment(0.5)
    opened, merchant = {"status": "ACTION_REQUIRED"}, {"merchant_id": world.merchant_id}
    deadline = {"sort": "action_required_deadline"}
    filters = {
        "open": opened,
        "resolved": {"status": "RESOLVED"},
        "invalid": {"status": "INVALID"},
        "organisation": {"organisation_id": world.organisation_id},
        "merchant": merchant,
        "open, of a merchant": opened | merchant,
    }
    ranges = {
        "from the middle": {"alert_received_at_gte": half},
        "until the middle": {"alert_received_at_lte": half},
        "open, from the middle": opened | {"alert_received_at_gte": half},
    }
    sorts = {
        "alert_received_at": {"sort": "alert_received_at"},
        "action_required_deadline": deadline,
        "-action_required_deadline": {"sort": "-action_required_deadline"},
        "action_required_deadline, open": deadline | opened,
        "action_required_deadline, of a merchant": deadline | merchant,
    }
    return cases(filters, ranges, sorts, stored.alerts * 9 // 10)


def cases(filters: dict, ranges: dict, sorts: dict, offset: int) -> list[Case]:
    found = [
        Case("first", "newest first", {}),
        Case("offset", f"offset {offset:,}", {"offset": offset}),
        Case("count", "limit 1", {"limit": 1}),
    ]
    found += [Case("filter", name, query) for name, query in filters.items()]
    found += [Case("range", name, query) for name, query in ranges.items()]
    found += [Case("sort", name, query) for name, query in sorts.items()]
    found += [
        Case("filtered count", f"{name}, limit 1", query | {"limit": 1})
        for name, query in (filters | ranges).items()
    ]
    return found
