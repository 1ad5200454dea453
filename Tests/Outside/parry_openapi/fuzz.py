"""Runs schemathesis: its processes, and what has to come out of them.

Each kind of phases runs over each document as a process with a customer base of its own, two at a
time: Python uses one core of a process.
"""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from parry_outside.server import Server

from .documents import Document, Operation
from .settings import credentials, settings
from .tally import Tally

OUTSIDE = Path(__file__).resolve().parents[1]
# The longest first.
PHASES = {"fuzzing": "fuzzing", "stateful": "stateful", "coverage": "examples,coverage"}
PROCESSES = 2
# Hypothesis ends a test early when a request is answered otherwise than the same one before, which
# a platform with a memory does. So a lane begins anew until it has sent enough: in the fuzzing
# phase each operation its examples, in the stateful phase a part of them on the average.
ROUNDS_MAX = {"fuzzing": 6, "stateful": 60, "coverage": 1}
STATEFUL_SHARE = 0.2
GROUP_SHARE = 0.25
FAILURE_LINES_MAX = 400
SUMMARY_LINES = 30


@dataclass(frozen=True)
class Effort:
    """How much is sent, and which part of it."""

    examples: int
    seed: int
    only: tuple[str, ...] = ()

    def includes(self, operation) -> bool:
        return not self.only or operation.id in self.only


@dataclass(frozen=True)
class Lane:
    """Some phases of schemathesis over one document."""

    server: Server
    document: Document
    phases: str
    effort: Effort
    folder: Path

    @property
    def name(self) -> str:
        return f"{self.document.version} {self.phases}"

    @property
    def tally(self) -> Tally:
        return Tally.read(self.folder.glob("*/tally.json"))

    @property
    def last_log(self) -> Path:
        return max(self.folder.glob("*/log.txt"), key=lambda path: int(path.parent.name))

    def run(self) -> int:
        """Returns the exit code of schemathesis: 0 only without any failure."""
        groups = self.linked_groups
        for number in range(len(groups) + ROUNDS_MAX[self.phases]):
            operations = groups[number] if number < len(groups) else self.unfinished
            if not operations:
                break
            code = self._round(number, [one.id for one in operations])
            if code != 0:
                return code
        return 0

    @property
    def linked_groups(self) -> list[list[Operation]]:
        """The stateful phase begins with each link of the document by itself: among all of them it
        would follow some only by chance."""
        if self.phases != "stateful" or self.effort.only:
            return []
        return self.document.linked

    @property
    def operations(self) -> list[Operation]:
        return list(filter(self.effort.includes, self.document.operations))

    @property
    def unfinished(self) -> list[Operation]:
        """The operations that have not had enough, not counting the rounds with single links."""
        rounds = self.folder.glob("*/tally.json")
        first = len(self.linked_groups)
        tally = Tally.read(one for one in rounds if int(one.parent.name) >= first)
        if self.phases == "fuzzing":
            return [one for one in self.operations if tally.requests(one.label) < self.examples]
        wanted = self.examples * STATEFUL_SHARE if self.phases == "stateful" else 1
        is_done = tally.all_requests >= wanted * len(self.operations)
        return [] if is_done else self.operations

    @property
    def examples(self) -> int:
        return self.effort.examples

    def _examples_of(self, number: int) -> int:
        in_group = number < len(self.linked_groups)
        return max(1, round(self.examples * GROUP_SHARE)) if in_group else self.examples

    def _round(self, number: int, operations: list[str]) -> int:
        folder = self.folder / str(number)
        folder.mkdir(parents=True)
        owner = self.server.create_partner(f"Owner {self.name}").api_key
        stranger = self.server.create_partner(f"Stranger {self.name}").api_key
        (folder / "auth.json").write_text(credentials(owner=owner, stranger=stranger))
        (folder / "settings.toml").write_text(
            settings(self.document, self.phases, self._examples_of(number), number % 2 == 1)
        )
        with open(folder / "log.txt", "wb") as log:
            return subprocess.run(
                self._command(folder, self.effort.seed + number, operations),
                cwd=folder,
                env=self._environment(folder, owner),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
            ).returncode

    def _command(self, folder: Path, seed: int, operations: list[str]) -> list[str]:
        program = "import schemathesis.cli; schemathesis.cli.schemathesis()"
        command = [sys.executable, "-c", program, "--config-file", "settings.toml", "run"]
        document = self.document.slim() if self.phases == "stateful" else self.document
        command += [str(document.strict().save(folder)), "--origin", self.server.base]
        command += ["--phases", PHASES[self.phases], "--mode", "all"]
        command += ["--seed", str(seed), "--generation-database", "none", "--no-color"]
        command += ["--suppress-health-check", "all", "--request-timeout", "30"]
        command += ["--continue-on-failure"]
        for operation in operations:
            command += ["--include-operation-id", operation]
        return command

    def _environment(self, folder: Path, key: str) -> dict[str, str]:
        left_out = sorted(self.document.left_out) if self.phases == "stateful" else []
        run = {"base": self.server.base, "key": key, "seed": self.effort.seed}
        run["left_out"] = left_out
        (folder / "run.json").write_text(json.dumps(run))
        return os.environ | {
            "PYTHONPATH": str(OUTSIDE),
            "SCHEMATHESIS_HOOKS": "parry_openapi.hooks",
            "PARRY_OPENAPI_FOLDER": str(folder),
        }


def run(server: Server, documents: list[Document], effort: Effort, folder: Path) -> list[str]:
    """Runs everything; returns the problems, and prints what was sent. A single operation has
    nothing to be linked with."""
    lanes = [
        Lane(server, document, phases, effort, folder / document.version / phases)
        for phases in PHASES
        for document in documents
        if any(map(effort.includes, document.operations))
        and not (phases == "stateful" and len(effort.only) == 1)
    ]
    with ThreadPoolExecutor(PROCESSES) as threads:
        codes = list(threads.map(Lane.run, lanes))
    problems = []
    for lane, code in zip(lanes, codes):
        if code != 0:
            show(lane)
            problems.append(f"schemathesis, {lane.name}: exit code {code}")
        elif lane.unfinished:
            names = ", ".join(one.id for one in lane.unfinished)
            problems.append(f"schemathesis, {lane.name}: too few requests to {names}")
    for document in documents:
        problems += sent_problems([one for one in lanes if one.document is document])
    return problems


def show(lane: Lane):
    """The log, whose end is a summary."""
    lines = lane.last_log.read_text(errors="replace").splitlines()
    left_out = len(lines) - FAILURE_LINES_MAX - SUMMARY_LINES
    if left_out > 0:
        lines[FAILURE_LINES_MAX:-SUMMARY_LINES] = [f"… {left_out} more lines"]
    print(f"-- {lane.name}", *lines, sep="\n", flush=True)


def sent_problems(lanes: list[Lane]) -> list[str]:
    """Some of what was sent to each operation succeeded."""
    problems = []
    tally = Tally.sum(lane.tally for lane in lanes)
    for operation in lanes[0].operations if lanes else []:
        print(f"{lanes[0].document.version} {tally.line(operation.label)}")
        if not tally.successes(operation.label):
            problems.append(f"{operation.label}: no request has ever succeeded")
    return problems
