"""Asks a server for everything that was acknowledged, and looks at the rows behind it."""

import itertools
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from .api import Api
from .load import Records, Tracked
from .rows import Rows, open_rows
from .server import Server

READERS = 4


def lost_or_torn(server: Server, key: str, records: Records) -> list[str]:
    """Every acknowledged thing that is not there as acknowledged; empty when all is well.

    Expects one webhook endpoint, made before the first event, that takes every event.
    """
    orders = list(records.orders.items())
    found = _in_parallel(server, key, orders, _order_problems)
    found += _in_parallel(server, key, list(records.refunds.items()), _refund_problems)
    seen: dict[str, dict] = {}

    def tracked_problems(api: Api, one: Tracked) -> list[str]:
        return _tracked_problems(api, one, seen)

    found += _in_parallel(server, key, records.tracked, tracked_problems)
    with open_rows(server.database) as rows:
        for one in records.tracked:
            if one.id in seen:
                found += _event_problems(rows, one, seen[one.id])
        found += _whole_database_problems(rows)
    return found


def _in_parallel(server: Server, key: str, items: list, check) -> list[str]:
    def check_all(part: list) -> list[str]:
        with Api(server.base, key) as api:
            return list(itertools.chain.from_iterable(check(api, item) for item in part))

    parts = [items[index::READERS] for index in range(READERS)]
    with ThreadPoolExecutor(READERS) as readers:
        return list(itertools.chain.from_iterable(readers.map(check_all, parts)))


def _order_problems(api: Api, item: tuple[str, str]) -> list[str]:
    reference, order_id = item
    page = api.must(200, "GET", f"/v1/orders?reference_id={reference}")
    if page["count"] != 1 or page["items"][0]["id"] != order_id:
        return [f"order {reference} ({order_id}): found {page['count']}"]
    if len(page["items"][0]["transactions"]) != 1:
        return [f"order {reference}: without its transaction"]
    return []


def _refund_problems(api: Api, item: tuple[str, str]) -> list[str]:
    order_id, reference = item
    refunds = api.must(200, "GET", f"/v1/orders/{order_id}").get("refunds") or []
    if [one["reference_id"] for one in refunds] != [reference]:
        return [f"order {order_id}: acknowledged refund {reference}, has {refunds}"]
    return []


def _tracked_problems(api: Api, one: Tracked, seen: dict) -> list[str]:
    """The last acknowledged state, or the one that was asked for when the server died."""
    answer = api.get(one.path)
    if answer.status != 200:
        return [f"{one.path}: {answer.status}"]
    stored = answer.json()
    seen[one.id] = stored
    for state in filter(None, (one.acknowledged, one.in_flight)):
        if all(stored[name] == value for name, value in state.items()):
            return []
    return [f"{one.path}: acknowledged {one.acknowledged}, stored {stored}"]


def _event_problems(rows: Rows, one: Tracked, stored: dict) -> list[str]:
    """A change and its event are one: neither may be there without the other."""
    subject = "enrolment" if one.path.startswith("/v2/") else "alert"
    wanted = Counter([f"{subject}.created"])
    if stored["status"] in ("ENABLED", "RESOLVED"):
        wanted[f"{subject}.updated"] += 1
    events = rows.events[one.id]
    if Counter(type for _, type in events) != wanted:
        return [f"{one.path} is {stored['status']} with events {events}"]
    return []


def _whole_database_problems(rows: Rows) -> list[str]:
    found = rows.damage()
    if half := rows.half_written_orders():
        found.append(f"{half} half-written orders")
    for event_id in sorted(rows.event_ids):
        if rows.deliveries[event_id] != 1:
            found.append(f"event {event_id} has {rows.deliveries[event_id]} deliveries")
    return found
