"""Stands before the platform and passes requests on, unless a test has it do something else."""

import http.client
import http.server
import threading
import time
from dataclasses import dataclass, field
from email.utils import formatdate

DROPPED = frozenset({"connection", "content-length", "date", "transfer-encoding", "keep-alive"})
STALLED_SECONDS_MAX = 60


@dataclass
class Trouble:
    """What is done with the next requests of this method whose path begins so."""

    method: str
    path: str
    count: int = 1
    status: int = 0
    """An answer of the front's own, with this body; the platform is not asked."""
    body: bytes | None = None
    """In place of the platform's, which is asked."""
    is_dropped: bool = False
    """The platform is asked, and its answer lost."""
    is_stalled: bool = False
    """The platform is asked, and of its answer only the head comes."""
    is_doubled: bool = False
    """The platform is asked twice."""
    met: list[str] = field(default_factory=list)
    """The paths that were troubled."""


class Front:
    """A plain HTTP proxy before one server of this machine."""

    def __init__(self, port: int):
        self.port_behind = port
        self.seconds_ahead = 0
        """So much later than the real one is the time of the header Date."""
        self.requests: list[tuple[str, str]] = []
        self._troubles: list[Trouble] = []
        self._lock = threading.Lock()
        self.closing = threading.Event()
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.front = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def trouble(self, method: str, path: str, **how) -> Trouble:
        made = Trouble(method, path, **how)
        with self._lock:
            self._troubles.append(made)
        return made

    def trouble_of(self, method: str, path: str) -> Trouble | None:
        with self._lock:
            self.requests.append((method, path))
            for one in self._troubles:
                if one.count and one.method == method and path.startswith(one.path):
                    one.count -= 1
                    one.met.append(path)
                    return one
        return None


class _Server(http.server.ThreadingHTTPServer):
    front: Front
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """A client that hangs up is an everyday thing here, not a stack trace."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def _pass_on(self):
        front = self.server.front
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        trouble = front.trouble_of(self.command, self.path) or Trouble("", "")
        if trouble.status:
            return self._answer(trouble.status, {}, trouble.body or b"")
        try:
            for _ in range(2 if trouble.is_doubled else 1):
                status, headers, answer = self._ask(body)
        except OSError:
            self.close_connection = True
            return None
        if trouble.is_dropped:
            self.close_connection = True
            return None
        answer = answer if trouble.body is None else trouble.body
        return self._answer(status, headers, answer, trouble.is_stalled)

    def _ask(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.front.port_behind)
        try:
            connection.request(self.command, self.path, body or None, dict(self.headers))
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def _answer(self, status: int, headers: dict, body: bytes, is_stalled: bool = False):
        front = self.server.front
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in DROPPED:
                self.send_header(name, value)
        self.send_header("Date", formatdate(time.time() + front.seconds_ahead, usegmt=True))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if is_stalled:
            self.wfile.write(body[:1])
            self.wfile.flush()
            front.closing.wait(STALLED_SECONDS_MAX)
            self.close_connection = True
        else:
            self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _pass_on

    def log_message(self, *_):
        pass
