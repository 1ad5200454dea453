"""A webhook receiver that writes whatever a script tells it: no HTTP library stands between."""

import itertools
import json
import socket
import ssl
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from .certificates import Certificates
from .listener import Listener, first_byte_and_head

EMPTY_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
"""A connection that it was sent on can be used again."""


@dataclass
class Request:
    """One request as it came; when its answer was begun is set by the receiver."""

    path: str
    headers: dict[str, str]
    body: bytes
    began_at: float
    number: int
    """Its number among those to its path, from 1."""
    connection: int
    answer_began_at: float | None = None
    event: dict = field(default_factory=dict)

    @property
    def idempotency_key(self) -> str:
        return self.headers.get("x-idempotency-key", "")

    @property
    def object_id(self) -> str:
        return self.event["data"]["object"]["id"]


class ScriptedReceiver:
    """Each path has a script: a function of the connection and the request, which may write what it
    likes. Only when it returns True is the connection kept for the next request."""

    def __init__(
        self, certificates: Certificates, host: str = "localhost", listen: str = "127.0.0.1"
    ):
        """`host` is what its URLs say, and `listen` the address where it is."""
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificates.certificate, certificates.key)
        self._host = host
        self._scripts = {}
        self._requests: list[Request] = []
        self._counts = Counter()
        self._numbers = itertools.count(1)
        self._open: dict[int, ssl.SSLSocket] = {}
        self._ended: dict[int, float] = {}
        self._changed = threading.Condition()
        self._listener = Listener(self._serve, listen)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()

    @property
    def connections(self) -> int:
        return self._listener.connections

    @property
    def port(self) -> int:
        return self._listener.port

    def url(self, path: str) -> str:
        return f"https://{self._host}:{self.port}{path}"

    def play(self, path: str, script):
        with self._changed:
            self._scripts[path] = script

    def pause(self, seconds: float) -> bool:
        return self._listener.pause(seconds)

    def requests_to(self, path: str | None = None) -> list[Request]:
        """All so far, of one path or of all."""
        with self._changed:
            return [one for one in self._requests if path in (None, one.path)]

    def wait_for(self, count: int, seconds_max: float, path: str | None = None) -> list[Request]:
        """Waits for so many requests; returns what came by then or after the time."""
        with self._changed:
            self._changed.wait_for(lambda: len(self.requests_to(path)) >= count, seconds_max)
            return self.requests_to(path)

    def cut_since(self, moment: float) -> set[int]:
        """The connections that the other side has ended since then, in use or not."""
        ended = {number for number, at in list(self._ended.items()) if at >= moment}
        return ended | {number for number, one in list(self._open.items()) if _is_cut(one)}

    def _serve(self, raw):
        with self.tls.wrap_socket(raw, server_side=True) as connection:
            number = next(self._numbers)
            self._open[number] = connection
            try:
                while request := self._read(connection, number):
                    script = self._scripts.get(request.path, answer(EMPTY_ANSWER))
                    if script(connection, request) is not True:
                        return
            finally:
                self._ended[number] = time.monotonic()
                del self._open[number]

    def _read(self, connection, number: int) -> Request | None:
        began, head, body = first_byte_and_head(connection)
        if not head:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        while len(body) < int(headers["content-length"]):
            part = connection.recv(65_536)
            if not part:
                return None
            body += part
        path = first.split(" ")[1]
        with self._changed:
            self._counts[path] += 1
            made = Request(
                path, headers, body, began, self._counts[path], number, event=json.loads(body)
            )
            self._requests.append(made)
            self._changed.notify_all()
        return made


def _is_cut(connection: ssl.SSLSocket) -> bool:
    """Looked at below TLS, whose own reader may be busy with an answer."""
    try:
        return socket.socket.recv(connection, 1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def answer(*pieces: bytes, then=None):
    """A script: these bytes; the connection is kept, unless `then` does something with it."""

    def script(connection, request: Request) -> bool:
        request.answer_began_at = time.monotonic()
        for piece in pieces:
            connection.sendall(piece)
        if then:
            then(connection)
        return then is None

    return script


def in_turn(*scripts):
    """A script that plays one after the other, and the last from then on."""
    return lambda connection, request: scripts[min(request.number, len(scripts)) - 1](
        connection, request
    )


def response(status: int, body: bytes = b"", *headers: str, reason: str = "Told So") -> bytes:
    """A whole answer with its length."""
    lines = [f"HTTP/1.1 {status} {reason}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Gate:
    """A script that holds every request until it is opened, and then answers with what was said."""

    def __init__(self):
        self._opened = threading.Event()
        self._script = None

    def open(self, script):
        self._script = script
        self._opened.set()

    def __call__(self, connection, request: Request):
        self._opened.wait()
        return self._script(connection, request)
