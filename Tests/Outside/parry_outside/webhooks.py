"""What every webhook must look like, whichever event it carries."""

from .receiver import Delivery
from .shapes import TIME

API_VERSIONS = {"enrolment": "v2", "alert": "v1", "scheme_notice": "v1", "lookup": "v1"}
EVENT_ID_PREFIX = "evt_"


def delivery_problems(delivery: Delivery) -> list[str]:
    """Everything that a receiver written from the documentation would stumble over."""
    found = [delivery.refusal] if delivery.refusal else []
    content_type = delivery.headers.get("content-type", "").split(";")[0]
    if content_type != "application/json":
        found.append(f"Content-Type is {content_type!r}")
    if not delivery.idempotency_key:
        found.append("X-Idempotency-Key is missing")
    return found + _envelope_problems(delivery.event)


def _envelope_problems(event: dict) -> list[str]:
    found = []
    if not event.get("id", "").startswith(EVENT_ID_PREFIX):
        found.append(f"id is {event.get('id')!r}")
    if not TIME.match(event.get("created_at", "")):
        found.append(f"created_at is {event.get('created_at')!r}")
    subject, _, verb = event.get("type", "").partition(".")
    if event.get("api_version") != API_VERSIONS.get(subject):
        found.append(f"api_version of {event.get('type')} is {event.get('api_version')!r}")
    return found + _data_problems(event.get("data", {}), verb)


def _data_problems(data: dict, verb: str) -> list[str]:
    found = []
    resource = data.get("object", {})
    if not resource.get("id"):
        found.append("data.object has no id")
    if "links" in resource:
        found.append("data.object has links")
    previous = data.get("previous_attributes")
    if verb == "updated" and not previous:
        found.append("previous_attributes is missing from an update")
    if verb == "created" and previous:
        found.append("previous_attributes on something new")
    for name, value in (previous or {}).items():
        if name not in resource:
            found.append(f"previous_attributes.{name} is not an attribute of data.object")
        elif resource[name] == value:
            found.append(f"previous_attributes.{name} has not changed")
    return found
