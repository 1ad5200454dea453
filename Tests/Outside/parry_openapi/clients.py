"""Python clients made from the documents by openapi-python-client, and calls through them."""

import importlib
import json
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from .documents import Document

CONFIGURATION = "post_hooks: []\n"
MAKE_SECONDS_MAX = 120
TIME = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:.]+(Z|\+00:00)")


class Problem(Exception):
    """A client cannot be made, or does something else than it says."""


def make(document: Document, folder: Path) -> str:
    """Makes the client in the folder and returns the name of its package; a part of the document
    that the generator leaves out with a warning is an error."""
    name = f"parry_{document.version}_client"
    (folder / "client.yaml").write_text(CONFIGURATION)
    program = "from openapi_python_client.cli import app; app()"
    command = [sys.executable, "-c", program, "generate", "--meta", "none", "--fail-on-warning"]
    command += ["--config", str(folder / "client.yaml"), "--output-path", str(folder / name)]
    done = subprocess.run(
        command + ["--path", str(document.save(folder))],
        capture_output=True,
        text=True,
        timeout=MAKE_SECONDS_MAX,
        check=False,
    )
    if done.returncode != 0:
        raise Problem(f"no client of {document.version}: {done.stdout}{done.stderr}")
    return name


class TypedApi:
    """Calls by operationId; bodies and answers are the client's own models."""

    def __init__(self, document: Document, package: str, base: str, key: str):
        self._operations = {one.id: one for one in document.operations}
        self._package = package
        client = importlib.import_module(f"{package}.client")
        self._client = client.AuthenticatedClient(base_url=base, token=key)
        self._models = importlib.import_module(f"{package}.models")

    def model(self, name: str, /, **values):
        """The model of this name; words become its enumerations and lists its models."""
        if not hasattr(self._models, name):
            raise Problem(f"the client of {self._package} has no model {name}")
        return getattr(self._models, name).from_dict(values)

    def call(self, operation: str, status: int, model: str | None, /, **arguments):
        """The parsed answer, which has to have this status and be of this model."""
        tag = self._operations[operation].raw["tags"][0]
        module = importlib.import_module(f"{self._package}.api.{tag}.{operation}")
        answer = module.sync_detailed(client=self._client, **arguments)
        if int(answer.status_code) != status:
            found = f"{answer.status_code} {answer.content}"
            raise Problem(f"{operation}: {found} instead of {status}")
        if model is None:
            return None
        if type(answer.parsed).__name__ != model:
            raise Problem(f"{operation}: parsed as {type(answer.parsed).__name__}, not as {model}")
        self._compare(operation, json.loads(answer.content), answer.parsed)
        return answer.parsed

    @staticmethod
    def _compare(operation: str, sent, parsed):
        """Everything that was sent is in the model, and nowhere as a member without a name."""
        if _plain(parsed.to_dict()) != _plain(sent):
            raise Problem(f"{operation}: {sent} was read as {parsed.to_dict()}")
        for unnamed in _unnamed(parsed):
            raise Problem(f"{operation}: {unnamed}")


def _plain(value):
    """Times as instants: a model writes UTC in another way than the server."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, str) and TIME.fullmatch(value):
        return datetime.fromisoformat(value)
    return value


def _unnamed(model):
    """The members of a parsed answer, and of all in it, that the document does not name."""
    if isinstance(model, list):
        for one in model:
            yield from _unnamed(one)
    elif hasattr(model, "__attrs_attrs__"):
        for name in getattr(model, "additional_properties", {}):
            yield f"{type(model).__name__} does not know {name}"
        for attribute in model.__attrs_attrs__:
            if attribute.name != "additional_properties":
                yield from _unnamed(getattr(model, attribute.name))
