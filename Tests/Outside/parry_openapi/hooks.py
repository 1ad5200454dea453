"""Loaded by schemathesis itself, by way of SCHEMATHESIS_HOOKS. The folder that PARRY_OPENAPI_FOLDER
names holds `run.json`, with the server, the key and more, and gets the tally."""

import atexit
import json
import os
from pathlib import Path

import schemathesis
from schemathesis.core.failures import Failure
from schemathesis.core.parameters import ParameterLocation

from parry_outside.api import Api

from .documents import BUSINESS_CODES
from .steering import Steering
from .tally import Tally

FOLDER = Path(os.environ["PARRY_OPENAPI_FOLDER"])
RUN = json.loads((FOLDER / "run.json").read_text())
LOCATIONS = {
    "path": ParameterLocation.PATH,
    "query": ParameterLocation.QUERY,
    "header": ParameterLocation.HEADER,
    "body": ParameterLocation.BODY,
}

steering = Steering(Api(RUN["base"], RUN["key"]), RUN["seed"], set(RUN["left_out"]))
steering.estate.seed()
tally = Tally()
atexit.register(tally.save, FOLDER / "tally.json")


@schemathesis.hook
def before_call(context, case, kwargs):
    if is_of_operation(case):
        meta = case.meta
        valid = {name for name, place in LOCATIONS.items() if not meta.is_negative_at(place)}
        steering.steer(case, valid, meta.phase.name.value == "stateful")


@schemathesis.hook
def after_call(context, case, response):
    steering.learn(response.text)
    if is_of_operation(case):
        is_valid = case.meta.generation.mode.is_positive
        tally.add(case.operation.label, is_valid, answer_of(case, response))


def is_of_operation(case) -> bool:
    """Not a probe, nor a method that the path does not have."""
    return case.meta is not None and case.method == case.operation.method.upper()


def code_of(response) -> str:
    return response.json().get("code", "")


def answer_of(case, response) -> str:
    """The status, and which rule a 422, or the first order that was not stored, is about."""
    status = response.status_code
    if status == 422:
        return f"422 {code_of(response)}"
    if status == 200 and case.operation.label == "POST /v1/orders":
        return f"200 {response.json()['errors'][0]['code']}"
    return str(status)


class Undocumented(Failure):
    """A 422 for which the document has no reason."""


@schemathesis.check
def documented_refusal(ctx, response, case):
    """A 422 has a code that the operation names, or is about a request that breaks the schema."""
    if response.status_code != 422 or not is_of_operation(case):
        return
    code = code_of(response)
    allowed = list(case.operation.definition.raw.get(BUSINESS_CODES, []))
    if case.meta.generation.mode.is_negative:
        allowed.append("VALIDATION_ERROR")
    if code not in allowed:
        raise Undocumented(
            operation=case.operation.label,
            title=f"Undocumented {code}",
            message=f"{code} is none of {', '.join(allowed) or 'no codes'}",
        )
