"""Reads the partner integration guide and runs its own commands in a real bash with a real curl.

The text of a command stays the guide's; only the placeholder ids become the ids of this run.
Status, headers and body are caught by a shell function around curl, not by changing the command.
"""

import json
import os
import re
import shlex
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from .shapes import Placeholders

GUIDE = Path(__file__).resolve().parents[1] / "Fixtures" / "guide.md"
COMMAND_SECONDS_MAX = 60

HEADING = re.compile(r"^#{2,3} (.+)$")
TAB = re.compile(r'^{% tab title="(.+)" %}$')
FENCE = re.compile(r"^```(\w+)$")
REQUEST_LINE = re.compile(r'curl -X (\w+) "\$CBS_API_BASE([^"]*)"')
RESPONSE_LEAD = re.compile(r"^Example( TEST)? response:$")

CURL_THAT_TELLS = """\
curl() {
  command curl --silent --show-error --max-time 30 \\
    --dump-header "$GUIDE_FOLDER/headers" --output "$GUIDE_FOLDER/body" \\
    --write-out '%{http_code}' "$@"
}
"""


@dataclass(frozen=True)
class Step:
    """One bash block: where it stands, what leads to it, and the answer the guide shows."""

    title: str
    lead: str
    command: str
    example: object = None

    @property
    def is_request(self) -> bool:
        return REQUEST_LINE.search(self.command) is not None

    @property
    def method(self) -> str:
        return REQUEST_LINE.search(self.command).group(1)

    @property
    def path(self) -> str:
        return REQUEST_LINE.search(self.command).group(2)


@dataclass(frozen=True)
class Outcome:
    """What happened when a step ran."""

    step: Step
    command: str
    status: int
    headers: dict[str, str]
    text: str

    @property
    def path(self) -> str:
        return REQUEST_LINE.search(self.command).group(2)

    @property
    def request_body(self) -> str | None:
        """The text after `-d`, as the shell hands it to curl."""
        words = shlex.split(self.command)
        return words[words.index("-d") + 1] if "-d" in words else None

    @property
    def document(self):
        return json.loads(self.text) if self.text else None


@dataclass(frozen=True)
class Block:
    """A fenced block with the heading above it and the line of text before it."""

    language: str
    title: str
    lead: str
    text: str


def read_blocks(text: str) -> list[Block]:
    """Every fenced block of the Markdown, in order."""
    blocks: list[Block] = []
    heading = tab = lead = ""
    inside: list[str] | None = None
    language = ""
    for line in text.splitlines():
        if inside is not None:
            if line == "```":
                title = f"{heading}: {tab}" if tab else heading
                blocks.append(Block(language, title, lead, "\n".join(inside)))
                inside = None
            else:
                inside.append(line)
        elif found := FENCE.match(line):
            language, inside = found.group(1), []
        elif found := HEADING.match(line):
            heading, tab, lead = found.group(1), "", ""
        elif found := TAB.match(line):
            tab, lead = found.group(1), ""
        elif line == "{% endtab %}":
            tab = ""
        elif line and not line.startswith("{%"):
            lead = line
    return blocks


def read_steps(text: str) -> list[Step]:
    """Every bash block with the JSON that the guide gives as its response."""
    steps: list[Step] = []
    for block in read_blocks(text):
        if block.language == "bash":
            steps.append(Step(block.title, block.lead, block.text))
        elif block.language == "json" and RESPONSE_LEAD.match(block.lead) and steps:
            owner = _owner_of_example(steps)
            steps[owner] = replace(steps[owner], example=json.loads(block.text))
    return steps


def _owner_of_example(steps: list[Step]) -> int:
    """The step before it; of two alternatives for one request the first (CONTRACT.md 22, 11)."""
    last = len(steps) - 1
    alternatives = (
        last > 0
        and steps[last - 1].title == steps[last].title
        and steps[last - 1].command.splitlines()[0] == steps[last].command.splitlines()[0]
    )
    return last - 1 if alternatives else last


def webhook_example(text: str) -> dict:
    """The payload that the guide shows for `enrolment.updated`."""
    for block in read_blocks(text):
        if block.language == "json" and "payload" in block.lead:
            return json.loads(block.text)
    raise ValueError("the guide shows no webhook payload")


def request_example(text: str, lead: str) -> dict:
    """A request body that the guide shows as bare JSON under this line."""
    for block in read_blocks(text):
        if block.language == "json" and block.lead == lead:
            return json.loads(block.text)
    raise ValueError(f"the guide shows nothing under {lead!r}")


class Walk:
    """Runs steps against one server and carries the ids from each answer to the next command."""

    def __init__(self, base: str, api_key: str, ca_file: Path | None = None):
        self.placeholders = Placeholders()
        self._environment = os.environ | {"CBS_API_BASE": base, "CBS_API_KEY": api_key}
        if ca_file:
            self._environment["CURL_CA_BUNDLE"] = str(ca_file)

    def perform(self, step: Step) -> Outcome:
        command = self.placeholders.fill(step.command)
        outcome = self._run(step, command)
        if step.example is not None and outcome.text:
            self.placeholders.learn(step.example, outcome.document)
        return outcome

    def _run(self, step: Step, command: str) -> Outcome:
        with tempfile.TemporaryDirectory(prefix="parry-guide-") as folder:
            done = subprocess.run(
                ["bash", "-c", CURL_THAT_TELLS + command],
                env=self._environment | {"GUIDE_FOLDER": folder},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=COMMAND_SECONDS_MAX,
            )
            if done.returncode != 0:
                raise RuntimeError(f"curl ended with {done.returncode}: {done.stderr.strip()}")
            body = Path(folder, "body")
            return Outcome(
                step,
                command,
                int(done.stdout),
                _read_headers(Path(folder, "headers").read_text()),
                body.read_text() if body.exists() else "",
            )


def _read_headers(text: str) -> dict[str, str]:
    """The fields of the last response head that curl saw."""
    last = text.replace("\r\n", "\n").strip().split("\n\n")[-1]
    pairs = (line.split(":", 1) for line in last.splitlines()[1:] if ":" in line)
    return {name.strip().lower(): value.strip() for name, value in pairs}
