"""A developer's own program that events are forwarded to, over plain HTTP."""

import http.server
import threading
import time

from .receiver import Delivery, signature_refusal


class PlainReceiver:
    """Keeps every request; the signature is checked when the secret is known."""

    def __init__(self, status: int = 204):
        self.status = status
        self._requests: list[tuple[dict[str, str], bytes, float]] = []
        self._changed = threading.Condition()
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.receiver = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/events"

    def wait_for(self, count: int, secret: str, seconds_max: float) -> list[Delivery]:
        """The requests, judged by the secret, once so many have come."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._requests) >= count, seconds_max)
            return [_judged(*one, secret) for one in self._requests]

    def take(self, headers: dict[str, str], body: bytes):
        with self._changed:
            self._requests.append((headers, body, time.time()))
            self._changed.notify_all()


def _judged(headers: dict[str, str], body: bytes, now: float, secret: str) -> Delivery:
    refusal = signature_refusal(secret, headers.get("x-signature", ""), body, now)
    return Delivery("/events", headers, body, now, refusal)


class _Server(http.server.ThreadingHTTPServer):
    receiver: PlainReceiver
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request, client_address):
        """A sender that hangs up is an everyday thing here, not a stack trace."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.receiver.take(headers, body)
        self.send_response(self.server.receiver.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass
