"""Runs wrk with one of the scripts in load/ and reads what it measured."""

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .figures import BenchError

SCRIPTS = Path(__file__).with_name("load")
GRACE_SECONDS = 30
"""wrk has this long to end after its duration; it waits for answers that are under way."""


@dataclass(frozen=True)
class Load:
    """What one run of wrk measured; it had no error and no unexpected answer."""

    requests: int
    seconds: float
    bytes: int
    p50_ms: float
    p99_ms: float
    max_ms: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


class Wrk:
    """One run of wrk in the background; `result` waits for it, leaving ends it."""

    def __init__(
        self, script: str, url: str, *words, connections: int, seconds: float, threads: int = 1
    ):
        self.what = f"wrk {script} on {url}"
        self._seconds = seconds
        self._script = tempfile.NamedTemporaryFile("w", suffix=".lua")
        # wrk takes one script; they share the report.
        for part in ("report.lua", f"{script}.lua"):
            self._script.write((SCRIPTS / part).read_text())
        self._script.flush()
        self._process = subprocess.Popen(
            [
                "wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "30s",
                "-s", self._script.name, url, "--", *map(str, words),
            ],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._script.close()

    def result(self) -> Load:
        """Fails unless every request was answered, and answered well."""
        try:
            output, _ = self._process.communicate(timeout=self._seconds + GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            raise BenchError(f"{self.what}: does not end") from None
        lines = [line for line in output.splitlines() if line.startswith("RESULT ")]
        if self._process.returncode != 0 or len(lines) != 1:
            raise BenchError(f"{self.what}: failed\n{output}")
        found = json.loads(lines[0].removeprefix("RESULT "))
        errors, bad = found.pop("errors"), found.pop("bad")
        if errors or bad or not found["requests"]:
            raise BenchError(
                f"{self.what}: {errors} errors and {bad} unexpected answers"
                f" among {found['requests']} requests\n{output}"
            )
        return Load(**found)


def run_wrk(script: str, url: str, *words, **settings) -> Load:
    with Wrk(script, url, *words, **settings) as load:
        return load.result()
