"""Starts, stops and kills one `parry serve`, and runs the other subcommands beside it.

A database is the path of a SQLite file, or a `Database` of the module `postgres`; any number of
servers may share one of those.
"""

import contextlib
import json
import os
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
START_SECONDS_MAX = 30
STOP_SECONDS_MAX = 20
COMMAND_SECONDS_MAX = 30
POLL_SECONDS = 0.02


class ParryError(Exception):
    """The program did not do what its command line promises; the text says what it said."""


def find_binary() -> Path:
    """`PARRY_BIN` if set, else whichever of the release and debug builds is newer."""
    chosen = os.environ.get("PARRY_BIN")
    if chosen:
        return Path(chosen).resolve()
    built = [
        path
        for path in (REPOSITORY / ".build" / kind / "parry" for kind in ("release", "debug"))
        if path.exists()
    ]
    if not built:
        raise ParryError("no parry binary: run `make build`, or set PARRY_BIN")
    return max(built, key=lambda path: path.stat().st_mtime)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clean_environment(extra: dict[str, str] | None = None) -> dict[str, str]:
    """The caller's environment without its PARRY_… settings, which would leak into every test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARRY_")}
    return kept | (extra or {})


@dataclass(frozen=True)
class Partner:
    """A partner with its admin group and a key that has every ability."""

    id: str
    group_id: str
    api_key: str


class Server:
    """One `parry serve` on a free port, over a database that outlives the process.

    The same object can be started again after `stop` or `kill`: port, database and options stay,
    so a test can look at what survived.
    """

    def __init__(
        self,
        folder: Path,
        *options: str,
        environment: dict[str, str] | None = None,
        address_options: bool = True,
        ca_file: Path | None = None,
        prepare=None,
        database=None,
        name: str = "server",
    ):
        """`address_options=False` leaves host, port and database to environment or file;
        `ca_file` means that the server speaks TLS; `prepare` runs in the child before exec;
        without a `database` it is a SQLite file in the folder; the log gets the `name`."""
        self.folder = Path(folder)
        self.options = list(options)
        self.environment = dict(environment or {})
        self.address_options = address_options
        self.ca_file = ca_file
        self.prepare = prepare
        self.binary = find_binary()
        self.port = free_port()
        self.database = database or self.folder / "parry.db"
        self.log = self.folder / f"{name}.log"
        self.process: subprocess.Popen | None = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def base(self) -> str:
        scheme = "https" if self.ca_file else "http"
        return f"{scheme}://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        return f"sqlite://{self.database}" if self._is_file else self.database.url

    @property
    def _is_file(self) -> bool:
        return isinstance(self.database, Path)

    def _environment(self, extra: dict[str, str] | None = None) -> dict[str, str]:
        """What the database needs comes first, so that a test can set it otherwise."""
        needed = {} if self._is_file else self.database.environment
        return clean_environment(needed | self.environment | (extra or {}))

    def serve_command(self) -> list[str]:
        command = [str(self.binary), "serve"]
        if self.address_options:
            command += ["--host", "127.0.0.1", "--port", str(self.port)]
            command += ["--database", self.database_url]
        return command + self.options

    def spawn(self) -> subprocess.Popen:
        """Starts the process without waiting for it; its output goes to `self.log`.

        One that a failed test left running is killed first.
        """
        self.kill()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.serve_command(),
                cwd=self.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=self.prepare,
                restore_signals=self.prepare is None,
            )
        return self.process

    def start(self) -> "Server":
        """Starts the process and returns once `/health/ready` answers 200."""
        self.spawn()
        return self.wait_until_ready()

    def wait_until_ready(self) -> "Server":
        deadline = time.monotonic() + START_SECONDS_MAX
        while not self.is_ready():
            if self.process.poll() is not None:
                raise ParryError(
                    f"serve ended with {self.process.returncode} before it was ready:\n"
                    + self.log_tail()
                )
            if time.monotonic() > deadline:
                raise ParryError(f"not ready after {START_SECONDS_MAX} s:\n" + self.log_tail())
            time.sleep(POLL_SECONDS)
        return self

    def is_ready(self) -> bool:
        context = ssl.create_default_context(cafile=self.ca_file) if self.ca_file else None
        try:
            with urllib.request.urlopen(
                self.base + "/health/ready", timeout=2, context=context
            ) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def stop(self, seconds_max: float = STOP_SECONDS_MAX) -> float:
        """SIGTERM; returns how long it took, raises if the exit code is not 0 in time."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(seconds_max)
        except subprocess.TimeoutExpired:
            self.kill()
            raise ParryError(
                f"still running {seconds_max:g} s after SIGTERM:\n" + self.log_tail()
            ) from None
        self.process = None
        if code != 0:
            raise ParryError(f"SIGTERM ended it with {code} instead of 0:\n" + self.log_tail())
        return time.monotonic() - started

    def kill(self):
        """SIGKILL: the process gets no chance to finish anything."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def close(self):
        """Leaves nothing running, whatever state a failed test left behind."""
        self.kill()

    def log_text(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def log_tail(self, lines: int = 15) -> str:
        return "\n".join(self.log_text().splitlines()[-lines:])

    def run(self, *words: str, environment: dict[str, str] | None = None, text: bool = True):
        """Runs `parry WORDS --database …` beside the server and returns the finished process.

        Without `text` what it printed is bytes, with the line ends as they are."""
        return subprocess.run(
            [str(self.binary), *words, "--database", self.database_url],
            cwd=self.folder,
            env=self._environment(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=text,
            timeout=COMMAND_SECONDS_MAX,
        )

    def command(self, *words: str, environment: dict[str, str] | None = None) -> dict:
        """Runs a subcommand that must succeed and returns its one line of JSON."""
        done = self.run(*words, environment=environment)
        if done.returncode != 0:
            raise ParryError(f"parry {' '.join(words)} ended with {done.returncode}: {done.stderr}")
        lines = done.stdout.splitlines()
        if len(lines) != 1:
            raise ParryError(f"parry {' '.join(words)} printed {len(lines)} lines, not one of JSON")
        return json.loads(lines[0])

    def create_partner(self, name: str = "Outside", mode: str = "TEST") -> Partner:
        made = self.command("partner", "create", "--name", name, "--mode", mode)
        key = self.create_key(made["admin_group_id"])
        return Partner(made["partner_id"], made["admin_group_id"], key["api_key"])

    def create_key(self, group_id: str) -> dict:
        return self.command(
            "key", "create", "--group", group_id, "--all-abilities",
            "--ability", "enrolments:read", "--ability", "enrolments:write",
        )  # fmt: skip

    def create_webhook(self, partner_id: str, url: str, events) -> dict:
        words = ["webhook", "create", "--partner", partner_id, "--url", url]
        for event in events:
            words += ["--event", event]
        return self.command(*words)


def wait_until(is_so, seconds_max: float) -> bool:
    """Polls until it is so or the time is over; returns whether it became so."""
    deadline = time.monotonic() + seconds_max
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


@contextlib.contextmanager
def temporary_folder(prefix: str = "parry-outside-"):
    """A folder that is gone afterwards, unless PARRY_KEEP is set to look into it."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        yield folder
    finally:
        if os.environ.get("PARRY_KEEP"):
            print(f"kept: {folder}")
        else:
            subprocess.run(["rm", "-rf", str(folder)], check=False)
