"""A plain HTTP client that shows everything and forgives nothing: no redirects, no retries."""

import http.client
import json
import selectors
import socket
import ssl
import time
import urllib.parse
from dataclasses import dataclass

ANSWER_SECONDS_MAX = 30


@dataclass(frozen=True)
class Answer:
    """Status, headers and bytes of one response."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self):
        return json.loads(self.body)

    @property
    def code(self) -> str | None:
        """The machine code of an error answer."""
        try:
            answer = self.json()
        except ValueError:
            return None
        return answer.get("code") if isinstance(answer, dict) else None


class Api:
    """One keep-alive connection with one key; each thread takes its own."""

    def __init__(self, base: str, key: str | None = None, ca_file=None):
        self.key = key
        self._address = urllib.parse.urlsplit(base)
        self._ca_file = ca_file
        self._connection: http.client.HTTPConnection | None = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self._connection:
            self._connection.close()
            self._connection = None

    def _connect(self) -> http.client.HTTPConnection:
        host, port = self._address.hostname, self._address.port
        if self._address.scheme == "https":
            context = ssl.create_default_context(cafile=self._ca_file)
            made = http.client.HTTPSConnection(
                host, port, timeout=ANSWER_SECONDS_MAX, context=context
            )
        else:
            made = http.client.HTTPConnection(host, port, timeout=ANSWER_SECONDS_MAX)
        made.connect()
        made.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Sends exactly these bytes; header names take `_` for `-`, a None value leaves it out."""
        fields = {"Content-Type": "application/json"} if body is not None else {}
        if self.key:
            fields["Authorization"] = f"Bearer {self.key}"
        fields |= {name.replace("_", "-"): value for name, value in headers.items()}
        fields = {name: value for name, value in fields.items() if value is not None}
        if self._connection is None:
            self._connection = self._connect()
        try:
            self._connection.request(method, path, body=body, headers=fields)
            response = self._connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        except BaseException:
            self.close()
            raise
        if response.will_close:
            self.close()
        return answer

    def call(self, method: str, path: str, document=None, **headers: str) -> Answer:
        body = None if document is None else json.dumps(document).encode()
        return self.send(method, path, body, **headers)

    def get(self, path: str) -> Answer:
        return self.call("GET", path)

    def post(self, path: str, document) -> Answer:
        return self.call("POST", path, document)

    def patch(self, path: str, document) -> Answer:
        return self.call("PATCH", path, document)

    def must(self, status: int, method: str, path: str, document=None):
        """The JSON of an answer that has to have this status."""
        answer = self.call(method, path, document)
        if answer.status != status:
            raise AssertionError(
                f"{method} {path}: expected {status}, got {answer.status} {answer.body[:500]!r}"
            )
        return answer.json()


def exchange_raw(port: int, pieces, seconds_max: float = ANSWER_SECONDS_MAX) -> Answer:
    """Writes raw pieces until they end or the server answers, then reads the one answer.

    A server may answer before it has read everything (413 does): sending on would only provoke a
    reset that destroys the answer, so this stops as soon as there is something to read.
    """
    deadline = time.monotonic() + seconds_max
    with socket.create_connection(("127.0.0.1", port), seconds_max) as connection:
        with selectors.DefaultSelector() as readable:
            readable.register(connection, selectors.EVENT_READ)
            for piece in pieces:
                if readable.select(0):
                    break
                connection.settimeout(max(0.1, deadline - time.monotonic()))
                try:
                    connection.sendall(piece)
                except (BrokenPipeError, ConnectionResetError):
                    break
        connection.settimeout(max(0.1, deadline - time.monotonic()))
        response = http.client.HTTPResponse(connection)
        response.begin()
        return Answer(response.status, response.headers, response.read())
