"""Sends webhooks to a partner's receiver as the platform does, or as somebody else would."""

import hashlib
import hmac
import itertools
import json
import socket
import ssl
import time

from .api import Answer, Api
from .daemon import Daemon

PATH = "/webhooks"

_numbers = itertools.count(1)


def new_event(event_type: str, thing: dict, **members) -> dict:
    """An event that the platform never sent."""
    return {
        "id": f"evt_outside{next(_numbers):08}", "type": event_type, "api_version": "v1",
        "created_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "data": {"object": thing},
    } | members  # fmt: skip


def signed(secret: str, body: bytes, at: float | None = None) -> str:
    """The value of X-Signature, written from the public documentation."""
    seconds = str(int(time.time() if at is None else at))
    code = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha512)
    return f"t={seconds},v1={code.hexdigest()}"


class Inbound(Api):
    """A connection to a daemon's receiver; each thread takes its own."""

    def __init__(self, daemon: Daemon):
        super().__init__(f"https://localhost:{daemon.port}", ca_file=daemon.certificates.ca)
        self.secret = (daemon.folder / "secret").read_text().strip()

    def deliver(self, event: dict | bytes, at: float | None = None, **headers) -> Answer:
        """A webhook with the right signature."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        given = {"X_Signature": signed(self.secret, body, at), "X_Idempotency_Key": "whd_outside"}
        return self.send("POST", PATH, body, **given | headers)


def open_tls(daemon: Daemon, seconds_max: float = 20) -> ssl.SSLSocket:
    """A connection for raw bytes."""
    context = ssl.create_default_context(cafile=daemon.certificates.ca)
    plain = socket.create_connection(("127.0.0.1", daemon.port), seconds_max)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return context.wrap_socket(plain, server_hostname="localhost")
