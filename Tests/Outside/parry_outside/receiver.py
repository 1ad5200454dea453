"""A partner's HTTPS webhook receiver: keeps every request raw, verifies it, answers as told.

It is written from the public documentation alone, as a partner would write it, so that a mistake
in the server's signing cannot be repeated here by sharing code.
"""

import hashlib
import hmac
import http.server
import json
import socket
import ssl
import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field

from .certificates import Certificates

TOLERANCE_SECONDS = 5 * 60


@dataclass(frozen=True)
class Reply:
    """What to do with one request: wait, then answer, or hang up without an answer."""

    status: int = 200
    delay_seconds: float = 0
    hang_up: bool = False
    stall_seconds: float = 0
    """After the head and a byte of a longer body: be silent for so long, then hang up."""


@dataclass(frozen=True)
class Delivery:
    """One request as it came, and why its signature was refused (None: it is good)."""

    path: str
    headers: dict[str, str]
    body: bytes
    received_at: float
    refusal: str | None
    event: dict = field(default_factory=dict)

    @property
    def type(self) -> str:
        return self.event.get("type", "")

    @property
    def event_id(self) -> str:
        return self.event.get("id", "")

    @property
    def idempotency_key(self) -> str:
        return self.headers.get("x-idempotency-key", "")

    @property
    def signature(self) -> str:
        return self.headers.get("x-signature", "")


def signature_refusal(secret: str, header: str, body: bytes, now: float) -> str | None:
    """Checks `X-Signature: t=<unix>,v1=<hex>`; the reason of a refusal, or None."""
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    timestamp, given = parts.get("t", ""), parts.get("v1", "")
    if not timestamp.isdigit() or not given:
        return f"X-Signature is not t=<unix>,v1=<hex>: {header!r}"
    if abs(now - int(timestamp)) > TOLERANCE_SECONDS:
        return f"signed at {timestamp}, more than {TOLERANCE_SECONDS} s from now"
    expected = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha512)
    if not hmac.compare_digest(expected.hexdigest(), given):
        return "the signature does not belong to this body and secret"
    return None


class Receiver:
    """Listens on 127.0.0.1 and nothing else; `url` says localhost, as a developer would."""

    def __init__(self, certificates: Certificates):
        self.secrets: dict[str, str] = {}
        self.connections = 0
        self._deliveries: list[Delivery] = []
        self._replies: defaultdict[str, deque[Reply]] = defaultdict(deque)
        self._usual_reply = Reply()
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._http = _Server(self, certificates)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def url(self, path: str = "/hook") -> str:
        return f"https://localhost:{self._http.server_port}{path}"

    def trust(self, secret: str, path: str = "/hook"):
        """From now on requests to `path` must be signed with `secret`."""
        self.secrets[path] = secret

    def reply_next(self, *replies: Reply, path: str = "/hook"):
        """The next requests to `path` get these, in order; the ones after them the usual."""
        with self._changed:
            self._replies[path].extend(replies)

    def reply_usually(self, reply: Reply):
        with self._changed:
            self._usual_reply = reply

    @property
    def deliveries(self) -> list[Delivery]:
        with self._changed:
            return list(self._deliveries)

    def wait_for(self, is_enough, seconds_max: float) -> list[Delivery]:
        """Returns all deliveries once `is_enough(deliveries)`, or after the time whatever came."""
        with self._changed:
            self._changed.wait_for(lambda: is_enough(self._deliveries), seconds_max)
            return list(self._deliveries)

    def wait_for_events(self, count: int, seconds_max: float) -> list[Delivery]:
        """Waits until `count` distinct events have come: delivery is at least once."""
        return self.wait_for(lambda all: len({one.event_id for one in all}) >= count, seconds_max)

    def take(self, path: str, headers: dict[str, str], body: bytes) -> Reply:
        """Records one request and says how to answer it."""
        delivery = self._judge(path, headers, body)
        with self._changed:
            self._deliveries.append(delivery)
            self._changed.notify_all()
            planned = self._replies[path]
            return planned.popleft() if planned else self._usual_reply

    def _judge(self, path, headers, body) -> Delivery:
        now = time.time()
        secret = self.secrets.get(path)
        refusal = (
            signature_refusal(secret, headers.get("x-signature", ""), body, now)
            if secret
            else f"no secret is known for {path}"
        )
        try:
            event = json.loads(body)
        except ValueError:
            event, refusal = {}, refusal or "the body is not JSON"
        return Delivery(path, headers, body, now, refusal, event)

    def pause(self, seconds: float):
        """Waits, but never longer than the receiver lives."""
        self._closing.wait(seconds)

    def count_connection(self):
        with self._changed:
            self.connections += 1
            self._changed.notify_all()


class _Server(http.server.ThreadingHTTPServer):
    """TLS is spoken in the connection's own thread: a slow handshake must not stop the others."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, receiver: Receiver, certificates: Certificates):
        self.receiver = receiver
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificates.certificate, certificates.key)
        super().__init__(("127.0.0.1", 0), _Handler)

    def get_request(self):
        connection, address = super().get_request()
        self.receiver.count_connection()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return (
            self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False),
            address,
        )

    def handle_error(self, request, client_address):
        """A sender that hangs up is an everyday thing here, not a stack trace."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if len(body) < length:
            # The sender was killed in the middle of it: nothing has arrived.
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        receiver = self.server.receiver
        reply = receiver.take(self.path, headers, body)
        if reply.delay_seconds:
            receiver.pause(reply.delay_seconds)
        if reply.hang_up:
            self.close_connection = True
            return
        self.send_response(reply.status)
        self.send_header("Content-Length", "10" if reply.stall_seconds else "0")
        self.end_headers()
        if reply.stall_seconds:
            self.wfile.write(b"x")
            self.wfile.flush()
            receiver.pause(reply.stall_seconds)
            self.close_connection = True

    def log_message(self, *_):
        pass
