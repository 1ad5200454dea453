"""The OpenAPI documents that the server serves, and what the tools read out of them."""

import copy
import json
from dataclasses import dataclass
from pathlib import Path

VERSIONS = ("v1", "v2")
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
BUSINESS_CODES = "x-business-codes"
LARGE_MEMBERS = 15
SLIM_MEMBERS = 10


@dataclass(frozen=True)
class Operation:
    """One method of one path, with its own part of the document."""

    method: str
    path: str
    raw: dict

    @property
    def id(self) -> str:
        return self.raw["operationId"]

    @property
    def label(self) -> str:
        """As schemathesis names it."""
        return f"{self.method.upper()} {self.path}"

    @property
    def business_codes(self) -> list[str]:
        """The codes of business rules, each a 422 for a body that the schema allows."""
        return self.raw.get(BUSINESS_CODES, [])


class Document:
    """One OpenAPI document, by the version in its address."""

    def __init__(self, version: str, raw: dict):
        self.version = version
        self.raw = raw

    @classmethod
    def fetch(cls, api, version: str) -> "Document":
        return cls(version, api.must(200, "GET", f"/{version}/openapi.json"))

    @classmethod
    def read(cls, version: str, path: Path) -> "Document":
        return cls(version, json.loads(path.read_text()))

    @property
    def operations(self) -> list[Operation]:
        return [
            Operation(method, path, item[method])
            for path, item in self.raw["paths"].items()
            for method in METHODS
            if method in item
        ]

    @property
    def linked(self) -> list[list[Operation]]:
        """Each operation with links, and where they lead."""
        by_id = {one.id: one for one in self.operations}
        groups = []
        for one in self.operations:
            responses = one.raw["responses"].values()
            links = [link for answer in responses for link in answer.get("links", {}).values()]
            if links:
                groups.append([one] + [by_id[link["operationId"]] for link in links])
        return groups

    @property
    def kept_by_delete(self) -> list[Operation]:
        """Operations on paths whose DELETE answers with what is still there: it cancels, and what
        it cancelled can be read afterwards."""
        deletes = [one for one in self.operations if one.method == "delete"]
        kept = [one.path for one in deletes if "200" in one.raw["responses"]]
        return [
            one
            for one in self.operations
            if one.method != "delete" and any(one.path.startswith(path) for path in kept)
        ]

    def save(self, folder: Path) -> Path:
        path = folder / f"{self.version}.json"
        path.write_text(json.dumps(self.raw, indent=1))
        return path

    def strict(self) -> "Document":
        """The same with every object of an answer closed, so that a member that the document does
        not name is found. For testing alone: clients have to ignore members that they do not
        know."""
        copied = Document(self.version, copy.deepcopy(self.raw))
        sent = copied._sent
        for name, schema in copied.raw["components"]["schemas"].items():
            if name not in sent:
                _close(schema)
        for operation in copied.operations:
            _close(operation.raw["responses"])
        return copied

    def slim(self) -> "Document":
        """The same without most members of large bodies: a batch of whole orders is more than
        Hypothesis makes in one step of a scenario, so it would hardly ever make one."""
        copied = Document(self.version, copy.deepcopy(self.raw))
        for members in copied._large:
            for name in self.left_out & members.keys():
                del members[name]
        return copied

    @property
    def left_out(self) -> set[str]:
        """The members that `slim` leaves out: optional ones, after the first few."""
        return {name for members in self._large for name in list(members)[SLIM_MEMBERS:]}

    @property
    def _large(self) -> list[dict]:
        """The members of the schemas of request bodies that have many; what is required comes
        first in these."""
        schemas = [self.raw["components"]["schemas"][name] for name in self._sent]
        members = [one.get("properties", {}) for one in schemas]
        return [one for one in members if len(one) >= LARGE_MEMBERS]

    @property
    def _sent(self) -> set[str]:
        """Names of the schemas of request bodies."""
        return _reachable(self.raw, [one.raw.get("requestBody") for one in self.operations])


def _reachable(raw: dict, starts: list) -> set[str]:
    """Names of the schemas that these parts refer to, also by way of others."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            waiting += part.values()
            name = str(part.get("$ref", "")).removeprefix("#/components/schemas/")
            if name in raw["components"]["schemas"] and name not in found:
                found.add(name)
                waiting.append(raw["components"]["schemas"][name])
    return found


def _close(part):
    """Objects that are put together by `allOf` stay open: each part would refuse the others."""
    if isinstance(part, list):
        for one in part:
            _close(one)
    elif isinstance(part, dict):
        if isinstance(part.get("properties"), dict) and "allOf" not in part:
            part.setdefault("additionalProperties", False)
        for name, one in part.items():
            if name != "allOf":
                _close(one)
