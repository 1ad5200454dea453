#!/usr/bin/env python3
"""The OpenAPI documents against the server: valid, kept to, and good for making clients.

The documents are fetched from a running server. openapi-spec-validator reads them; schemathesis
sends what they allow and what they forbid, follows their links and compares every answer with
them; openapi-python-client makes clients of them, with which the guide's flow is walked.

Needs the packages of `scripts/setup openapi`: .venv/bin/python Tests/Outside/openapi.py
"""

import argparse
import importlib.util
import os
import random
import sys
import time
from pathlib import Path

from parry_outside.api import Api
from parry_outside.server import Server, temporary_folder

EXAMPLES = 200
PACKAGES = ("schemathesis", "openapi_python_client", "openapi_spec_validator")


def arguments() -> argparse.Namespace:
    effort = float(os.environ.get("EFFORT", "1"))
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--examples", type=int, default=max(1, round(EXAMPLES * effort)))
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    parser.add_argument(
        "--only", action="append", default=[], metavar="OPERATION", help="an operationId"
    )
    parser.add_argument("--part", choices=("validate", "fuzz", "client"), action="append")
    parser.add_argument(
        "--document",
        action="append",
        default=[],
        metavar="VERSION=FILE",
        help="a file in place of what the server serves",
    )
    return parser.parse_args()


def find_documents(api: Api, files: list[str]):
    from parry_openapi.documents import VERSIONS, Document

    if files:
        pairs = [one.split("=", 1) for one in files]
        return [Document.read(version, Path(path)) for version, path in pairs]
    return [Document.fetch(api, version) for version in VERSIONS]


def check(server: Server, wanted: argparse.Namespace, folder: Path) -> list[str]:
    from parry_openapi import fuzz, typed_flow, validity

    api = Api(server.base, server.create_partner().api_key)
    documents = find_documents(api, wanted.document)
    effort = fuzz.Effort(wanted.examples, wanted.seed, tuple(wanted.only))
    parts = {
        "validate": lambda: validity.problems(documents),
        "client": lambda: typed_flow.problems(server, documents, folder),
        "fuzz": lambda: fuzz.run(server, documents, effort, folder),
    }
    problems = []
    for name, run in parts.items():
        if name in (wanted.part or parts):
            started = time.monotonic()
            found = run()
            seconds = time.monotonic() - started
            print(f"{name}: {len(found)} problems in {seconds:.0f} s", flush=True)
            problems += found
    return problems


def main() -> int:
    wanted = arguments()
    missing = [one for one in PACKAGES if importlib.util.find_spec(one) is None]
    if missing:
        sys.exit(f"{', '.join(missing)} missing: scripts/setup openapi, then use .venv/bin/python")
    print(f"{wanted.examples} examples an operation, --seed {wanted.seed}", flush=True)
    with temporary_folder() as folder, Server(folder, "--rate-limit", "0") as server:
        server.start()
        problems = check(server, wanted, folder)
        server.stop()
    for problem in problems:
        print(f"FAILED: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
