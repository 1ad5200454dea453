"""An nginx that receives webhooks: at once, after a moment, or never; its log says when."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from parry_outside.certificates import Certificates
from parry_outside.server import free_port

from .figures import BenchError
from .nginx import Nginx

ARRIVAL_SECONDS_MAX = 120
POLL_SECONDS = 0.1
SLOW_MILLISECONDS = 50
LOG = (
    "log_format arrival"
    " '$msec $request_time $status $connection_requests $http_x_idempotency_key';"
)
# nginx has no pause of its own but the one before it refuses a password; the refusal becomes a 204.
SERVER = """
    server {{
        listen 127.0.0.1:{port}{tls};
        access_log {folder}/arrivals.log arrival buffer=64k flush=100ms;
        auth_basic webhooks;
        auth_basic_user_file /dev/null;
        location /hook {{ return 204; }}
        location /slow {{ auth_delay {slow}ms; error_page 401 =204 @answer; }}
        location /hang {{ auth_delay 1h; access_log off; }}
        location @answer {{ return 204; }}
    }}"""


@dataclass(frozen=True)
class Arrivals:
    """What the receiver saw of one run."""

    seconds: float
    count: int
    connections: int

    @property
    def per_second(self) -> float:
        return (self.count - 1) / self.seconds


class Receiver:
    """nginx that answers 204 over TLS and over plain HTTP and notes when.

    `/hook` answers at once, `/slow` after 50 ms, `/hang` never.
    """

    def __init__(self, folder: Path, certificates: Certificates):
        self._log = folder / "arrivals.log"
        tls_port, plain_port, hanging_port = free_port(), free_port(), free_port()
        self.url = f"https://127.0.0.1:{tls_port}/hook"
        self.slow_url = f"https://127.0.0.1:{tls_port}/slow"
        # Connections to one port are shared by all endpoints there.
        self.hanging_url = f"https://127.0.0.1:{hanging_port}/hang"
        self.plain_url = f"http://127.0.0.1:{plain_port}/hook"
        tls = (
            f" ssl; ssl_certificate {certificates.certificate};"
            f" ssl_certificate_key {certificates.key}"
        )
        servers = LOG + self._server(folder, tls_port, tls)
        servers += self._server(folder, plain_port, "") + self._server(folder, hanging_port, tls)
        self._nginx = Nginx(folder, servers, plain_port)

    @staticmethod
    def _server(folder: Path, port: int, tls: str) -> str:
        return SERVER.format(port=port, tls=tls, folder=folder, slow=SLOW_MILLISECONDS)

    def __enter__(self):
        self._nginx.__enter__()
        return self

    def __exit__(self, *_):
        self._nginx.__exit__()

    @property
    def processes(self) -> list[int]:
        return self._nginx.workers

    def forget(self):
        """Begins a new run. The workers append, so the file may be cut."""
        os.truncate(self._log, 0)

    def wait(self, count: int) -> Arrivals:
        """Waits until so many have arrived; fails unless each came once and got its 204."""
        deadline = time.monotonic() + ARRIVAL_SECONDS_MAX
        while (lines := self.count()) < count:
            if time.monotonic() > deadline:
                raise BenchError(f"{lines} of {count} webhooks arrived in {ARRIVAL_SECONDS_MAX} s")
            time.sleep(POLL_SECONDS)
        time.sleep(5 * POLL_SECONDS)
        lines = [line.split() for line in self._log.read_text().splitlines()]
        if any(status != "204" for _, _, status, _, _ in lines):
            raise BenchError("the receiver answered something else than 204")
        if len(lines) != count or len({key for *_, key in lines}) != count:
            raise BenchError(f"{len(lines)} webhooks arrived instead of {count} different ones")
        times = [float(moment) for moment, *_ in lines]
        connections = sum(number == "1" for *_, number, _ in lines)
        return Arrivals(max(times) - min(times), count, connections)

    def moments(self) -> dict[str, float]:
        """When the first byte of each came first, by its key; call it when all is recorded."""
        time.sleep(5 * POLL_SECONDS)
        lines = [line.split() for line in self._log.read_text().splitlines()]
        found: dict[str, float] = {}
        for end, took, _, _, key in lines:
            found.setdefault(key, float(end) - float(took))
        return found

    def count(self) -> int:
        """How many have arrived so far."""
        return self._log.read_bytes().count(b"\n")
