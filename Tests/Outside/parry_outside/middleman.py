"""An HTTP proxy before the platform: writes down what is asked, and answers wrong where it is told.

A hostile server that is made of the real one: whether the work is done and what the client hears of
it are decided apart, so that every trouble of a network can be played and the truth read behind it.
"""

import contextlib
import http.client
import http.server
import json
import threading
import urllib.parse
from dataclasses import dataclass, field

HOP_HEADERS = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "host"})
SERVER_SECONDS_MAX = 30


@dataclass
class Passed:
    """One request as it came, and what the server answered if it was asked."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    number: int
    """Its number among all, from 1."""
    status: int | None = None
    """The server's, whatever the client got; None if the server was not asked."""
    answer_headers: dict[str, str] = field(default_factory=dict)
    answer: bytes = b""

    def json(self):
        return json.loads(self.body)

    @property
    def is_replay(self) -> bool:
        return self.answer_headers.get("idempotency-replayed") == "true"


@dataclass(frozen=True)
class Trouble:
    """What to do with one request; without anything it is led through."""

    forward: bool = True
    """Whether the server gets it."""
    status: int | None = None
    """What the client gets for the status; None is the server's."""
    body: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()
    edit: object = None
    """A function of the server's JSON that returns what the client gets."""
    hang_up: bool = False
    """End the connection without an answer."""
    cut: bool = False
    """End it in the middle of the answer."""
    hold: threading.Event | None = None
    """The answer waits for it."""
    run: object = None
    """Called once the server has answered and before the client hears of it."""


class Middleman:
    """Leads everything to `base` unless `script`, a function of the request, gives a trouble."""

    def __init__(self, base: str):
        self._target = urllib.parse.urlsplit(base)
        self._lock = threading.Lock()
        self.script = lambda request: None
        self.requests: list[Passed] = []
        self.closing = threading.Event()
        self._http = _Server(self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def asked(self, method: str | None = None, path: str = "") -> list[Passed]:
        """The requests so far, of a method and under a path, or all."""
        with self._lock:
            return [
                one for one in self.requests
                if method in (None, one.method) and one.path.startswith(path)
            ]  # fmt: skip

    def forget(self):
        with self._lock:
            self.requests.clear()

    @property
    def writes(self) -> list[tuple[str, str]]:
        """What was asked for that could change anything."""
        return [(one.method, one.path) for one in self.asked() if one.method != "GET"]

    def take(self, method: str, path: str, headers: dict[str, str], body: bytes):
        """Notes a request and decides about it."""
        with self._lock:
            made = Passed(method, path, headers, body, len(self.requests) + 1)
            self.requests.append(made)
            return made, self.script(made) or Trouble()

    def lead(self, connection, request: Passed):
        """Asks the server."""
        headers = {
            name: value for name, value in request.headers.items() if name not in HOP_HEADERS
        }
        connection.request(request.method, request.path, body=request.body, headers=headers)
        response = connection.getresponse()
        request.answer = response.read()
        request.answer_headers = {name.lower(): value for name, value in response.getheaders()}
        request.status = response.status
        if response.will_close:
            connection.close()

    def connect(self) -> http.client.HTTPConnection:
        address = (self._target.hostname, self._target.port)
        return http.client.HTTPConnection(*address, timeout=SERVER_SECONDS_MAX)


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, middleman: Middleman):
        self.middleman = middleman
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, *_):
        """A client that was killed is an everyday thing here."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self):
        super().setup()
        self.upstream = self.server.middleman.connect()

    def finish(self):
        self.upstream.close()
        with contextlib.suppress(OSError, ValueError):
            super().finish()

    def log_message(self, *_):
        pass

    def pass_on(self):
        middleman = self.server.middleman
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request, trouble = middleman.take(self.command, self.path, headers, body)
        if trouble.forward:
            middleman.lead(self.upstream, request)
        if trouble.run:
            trouble.run()
        if trouble.hold:
            while not trouble.hold.wait(0.1) and not middleman.closing.is_set():
                pass
        if trouble.hang_up:
            self.close_connection = True
        else:
            self.answer(request, trouble)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = pass_on  # noqa: N815

    def answer(self, request: Passed, trouble: Trouble):
        body = request.answer if trouble.body is None else trouble.body
        if trouble.edit:
            body = json.dumps(trouble.edit(json.loads(body))).encode()
        headers = [
            (name, value)
            for name, value in request.answer_headers.items()
            if name not in HOP_HEADERS and name not in ("date", "server")
        ]
        self.send_response(trouble.status or request.status or 500)
        for name, value in (*headers, *trouble.headers, ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if trouble.cut else body)
        if trouble.cut:
            self.close_connection = True
