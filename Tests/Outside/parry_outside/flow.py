"""What must happen when the guide's TEST flow is walked: the one place of its expectations.

The demo prints these acts, the test asserts them. Two acts repeat a step of the guide: its second
way of resolving an alert needs an alert that is still open.
"""

from dataclasses import dataclass, field, replace

from .guide import Outcome, Step, Walk
from .shapes import TIME, differences

EVENT_TYPES = ("enrolment.created", "enrolment.updated", "alert.created", "alert.updated")


@dataclass(frozen=True)
class Act:
    """A step with what it must answer and which webhooks it must cause."""

    step: Step
    title: str
    says: str
    status: int
    code: str | None = None
    values: dict = field(default_factory=dict)
    webhooks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Expectation:
    """The guide's request, by method and path, in the guide's order.

    The title is the guide's own heading unless another one says it better.
    """

    method: str
    path: str
    says: str
    status: int
    code: str | None = None
    values: dict = field(default_factory=dict)
    webhooks: tuple[str, ...] = ()
    title: str = ""


NOT_REFUNDED = {
    "status": "RESOLVED",
    "transaction_refund_outcome": "NOT_REFUNDED",
    "note": "Merchant chose not to refund this alert.",
}

ENABLED = {
    "status": "ENABLED",
    "ethoca_alert": {
        "descriptors": [
            {"descriptor": "ACMEFIT", "match_type": "STARTS_WITH", "status": "ENABLED"}
        ]
    },
}

EXPECTATIONS = (
    Expectation(
        "GET", "/v1/organisations/?limit=10&offset=0",
        "The key works; a new partner has no organisations yet.",
        200, values={"items": [], "count": 0}, title="Confirm that the key works",
    ),
    Expectation(
        "POST", "/v1/organisations/",
        "One organisation per customer; under a TEST partner its name says so.",
        201,
    ),
    Expectation("POST", "/v1/merchants/", "The customer's shop, under its own identifier.", 201),
    Expectation(
        "POST", "/v1/integrations/",
        "The feed through which this customer's orders will come.",
        201,
    ),
    Expectation(
        "POST", "/v2/enrolments/",
        "Ethoca Alerts finds the merchant by its billing descriptor; the enrolment starts PENDING.",
        201, webhooks=("enrolment.created",),
    ),
    Expectation(
        "POST", "/v2/enrolments/",
        "Verifi RDR finds it by the acquirer's BIN and the merchant's CAID.",
        201, webhooks=("enrolment.created",),
    ),
    Expectation(
        "PATCH", "/v1/simulate/enrolments/enrl_ethoca123",
        "In TEST the simulator plays the network and enables the enrolment.",
        200, values=ENABLED, webhooks=("enrolment.updated",),
    ),
    Expectation(
        "POST", "/v1/orders/",
        "Orders come as an array; each transaction carries what alerts are matched by.",
        201,
    ),
    Expectation(
        "POST", "/v1/simulate/alerts",
        "A cardholder disputes: the alert waits 48 hours for a decision.",
        201, webhooks=("alert.created",),
    ),
    Expectation(
        "PATCH", "/v1/alerts/netalrt_abc123",
        "The partner has refunded and says so; the alert is resolved.",
        200, webhooks=("alert.updated",),
    ),
    Expectation(
        "PATCH", "/v1/alerts/netalrt_abc123",
        "A resolved alert cannot be decided a second time.",
        422, code="ALERT_NOT_ACTIONABLE", title="Try to resolve it a second time",
    ),
    Expectation(
        "POST", "/v1/rulesets/",
        "Rules decide the Visa cases, which nobody is asked about one by one.",
        201,
    ),
    Expectation(
        "PATCH", "/v1/orders/ord_abc123",
        "What happened later is added under its own reference; nothing else changes.",
        200, title="Write the refund down on the order",
    ),
)  # fmt: skip


def plan(steps: list[Step]) -> list[Act]:
    """The acts in order; raises when the guide's requests are not the ones expected here."""
    requests = [step for step in steps if step.is_request]
    found = [(step.method, step.path) for step in requests]
    wanted = [(one.method, one.path) for one in EXPECTATIONS]
    if found != wanted:
        raise ValueError(f"the guide has changed: {found}")
    acts = [
        Act(
            step, one.title or step.title, one.says, one.status, one.code, one.values, one.webhooks
        )
        for step, one in zip(requests, EXPECTATIONS)
    ]
    return _with_second_alert(acts)


def _with_second_alert(acts: list[Act]) -> list[Act]:
    """After the refused second decision: a fresh alert, and the same command once more."""
    refused = next(index for index, act in enumerate(acts) if act.code == "ALERT_NOT_ACTIONABLE")
    resolved = acts[refused - 1].step
    simulate = Act(
        next(act.step for act in acts if act.step.path == "/v1/simulate/alerts"),
        title="Simulate another alert",
        says="It waits for a decision like the first one.",
        status=201,
        webhooks=("alert.created",),
    )
    accept = Act(
        replace(acts[refused].step, example=resolved.example | NOT_REFUNDED),
        title="Resolve it the other way",
        says="The merchant does not refund and lets the dispute come.",
        status=200,
        webhooks=("alert.updated",),
    )
    return acts[: refused + 1] + [simulate, accept] + acts[refused + 1 :]


def perform(act: Act, walk: Walk) -> tuple[Outcome, list[str]]:
    """Runs an act; returns its outcome and everything that is not as the guide says."""
    outcome = walk.perform(act.step)
    return outcome, _problems(act, outcome, walk)


def _problems(act: Act, outcome: Outcome, walk: Walk) -> list[str]:
    if outcome.status != act.status:
        return [f"expected status {act.status}, got {outcome.status}: {outcome.text[:500]}"]
    found = []
    if not outcome.headers.get("x-request-id"):
        found.append("X-Request-Id: missing")
    if outcome.headers.get("content-type", "").split(";")[0] != "application/json":
        found.append(f"Content-Type: {outcome.headers.get('content-type')!r}")
    answer = outcome.document
    if act.code:
        if answer.get("code") != act.code:
            found.append(f"code: expected {act.code}, got {answer.get('code')}")
        return found
    if act.step.example is not None:
        example = walk.placeholders.fill_document(act.step.example)
        found += differences(example, answer)
    return found + differences(act.values, answer) + _time_problems(answer)


def _time_problems(answer) -> list[str]:
    """Times are UTC with `Z` and whole seconds, everywhere."""
    found = []
    for name in ("created_at", "updated_at", "alert_received_at"):
        if name in answer and not TIME.match(str(answer[name])):
            found.append(f"{name}: {answer[name]!r}")
    return found
