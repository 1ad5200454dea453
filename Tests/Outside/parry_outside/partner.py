"""Runs `parry-partner` against a server: a folder with its configuration, keys and certificates."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from .certificates import Certificates
from .server import (
    COMMAND_SECONDS_MAX,
    ParryError,
    Partner,
    Server,
    clean_environment,
    find_binary,
    free_port,
    wait_until,
)

EVENTS = ("enrolment.created", "enrolment.updated", "alert.created", "alert.updated")
ONBOARDING = """\
customers:
  - key: acme
    name: Acme Fitness
    merchants:
      - key: main
        name: Acme Fitness Main Store
        external_id: mid_123456789
    feeds:
      - key: orders
        name: Acme Fitness Orders API
    enrolments:
      - key: ethoca
        type: ETHOCA_ALERT
        descriptors:
          - {descriptor: ACMEFIT, match_type: STARTS_WITH}
      - key: rdr
        type: VERIFI_RDR
        bin: "424242"
        caid: ACMEFITCAID01
    rulesets:
      - key: exceptions
        enrolments: [rdr]
        outcome: ACCEPT_DISPUTE
        join_operator: OR
        rules:
          - amount: {operator: GREATER_THAN, currency_code: USD, amount_in_cents: 10000}
"""
"""What the guide sets up."""


def find_partner_binary() -> Path:
    """`PARRY_PARTNER_BIN` if set, else the one beside the server's."""
    chosen = os.environ.get("PARRY_PARTNER_BIN")
    path = Path(chosen).resolve() if chosen else find_binary().with_name("parry-partner")
    if not path.exists():
        raise ParryError("no parry-partner binary: run `make build`, or set PARRY_PARTNER_BIN")
    return path


class PartnerProgram:
    """A partner's machine: configuration, secrets and database in a folder, and the program."""

    def __init__(
        self, folder: Path, server: Server, partner: Partner, certificates: Certificates, **more
    ):
        """`more` are members of the environment, as YAML texts: `hook="{command: [./hook]}"`."""
        self.folder = Path(folder) / "partner"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.server = server
        self.partner = partner
        self.certificates = certificates
        self.port = free_port()
        self.members = {
            "mode": "TEST", "url": server.base, "key": "{file: key}", "database": "partner.sqlite",
            "webhook-secret": "{file: secret}",
            "ca-certificates": str(certificates.ca),
            "receiver": f"{{host: 127.0.0.1, port: {self.port}, "
            f"certificate: {certificates.certificate}, private-key: {certificates.key}}}",
        } | more  # fmt: skip
        self.binary = find_partner_binary()
        self.process: subprocess.Popen | None = None
        self.log = self.folder / "serve.log"
        self.environment: dict[str, str] = {}
        self.prepare = None
        """Runs in the child of `spawn` before exec."""
        self.secret("key", partner.api_key)
        self.write_configuration()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def secret(self, name: str, text: str):
        path = self.folder / name
        path.write_text(text + "\n")
        path.chmod(0o600)

    def write_configuration(self):
        lines = ["environments:", "  test:"]
        lines += [f"    {name}: {value}" for name, value in self.members.items()]
        (self.folder / "parry-partner.yaml").write_text("\n".join(lines) + "\n")

    @property
    def webhook_url(self) -> str:
        return f"https://localhost:{self.port}/webhooks"

    def register(self, events=EVENTS) -> dict:
        """A webhook endpoint of the partner, whose secret the program gets."""
        made = self.server.create_webhook(self.partner.id, self.webhook_url, events)
        self.secret("secret", made["secret"])
        return made

    def run(self, *words: str, seconds_max: float = COMMAND_SECONDS_MAX, **more):
        """Runs a command to its end, whatever that is."""
        return subprocess.run(
            [str(self.binary), *words], cwd=self.folder, env=clean_environment(self.environment),
            capture_output=True, text=True, timeout=seconds_max,
            **({"stdin": subprocess.DEVNULL} | more),
        )  # fmt: skip

    def command(self, *words: str, **more) -> str:
        """Runs a command that must succeed; what it printed."""
        done = self.run(*words, **more)
        if done.returncode != 0:
            raise ParryError(
                f"parry-partner {' '.join(words)} ended with {done.returncode}: {done.stderr}"
            )
        return done.stdout

    def onboard(self, declared: str = ONBOARDING) -> dict[str, str]:
        """Onboards what is declared; the ids by their names (`customer acme`)."""
        (self.folder / "onboarding.yaml").write_text(declared)
        lines = self.command("onboard", "onboarding.yaml").splitlines()
        words = [line.split() for line in lines]
        return {f"{kind} {name}": id for _, kind, name, id, *_ in words}

    def send(self, name: str, *words: str, **more) -> dict:
        """Sends a file of the folder; the report, whatever was refused."""
        done = self.run("orders", "send", name, "--json", *words, **more)
        if done.returncode not in (0, 3):
            raise ParryError(f"orders send ended with {done.returncode}: {done.stderr}")
        return json.loads(done.stdout)

    def spawn(self, *words: str, log: Path | None = None, **more) -> subprocess.Popen:
        """Starts a command that goes on."""
        with open(log or self.log, "ab") as file:
            return subprocess.Popen(
                [str(self.binary), *words], cwd=self.folder, env=clean_environment(self.environment),
                **({
                    "stdin": subprocess.DEVNULL, "stdout": file, "stderr": file,
                    "preexec_fn": self.prepare,
                } | more),
            )  # fmt: skip

    def serve(self, *words: str) -> "PartnerProgram":
        """Starts the daemon and returns once it receives."""
        self.kill()
        before = self.log_text().count("receiving webhooks")
        self.process = self.spawn("serve", *words)
        started = lambda: self.log_text().count("receiving webhooks") > before  # noqa: E731
        if not wait_until(lambda: started() or self.process.poll() is not None, 20) or (
            self.process.poll() is not None
        ):
            raise ParryError("serve is not ready:\n" + self.log_text()[-2_000:])
        return self

    def stop(self, seconds_max: float = 20) -> int:
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(seconds_max)
        self.process = None
        return code

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def log_text(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def write_hook(self, text: str) -> str:
        """A Python hook; the words for the configuration's `hook`."""
        path = self.folder / "hook.py"
        path.write_text(text)
        return f"{{command: [{sys.executable}, {path}]}}"
