"""Receives the webhooks of a chargeback-alert platform: verifies each, keeps it once, answers 204.

    WEBHOOK_SECRET=whsec_… python3 receiver.py [--port 5000] [--database events.db]

While a secret is rotated, WEBHOOK_FORMER_SECRET is the one before. The signature needs nothing but
the standard library; Flask is for HTTP alone.
"""

import argparse
import hashlib
import hmac
import json
import os
import sqlite3
import sys
import time
from contextlib import closing

from flask import Flask, Response, request

TOLERANCE_SECONDS = 300
BODY_BYTES_MAX = 1024 * 1024
CODES_MAX = 10
"""So many v1 are looked at; the platform sends two at most."""


def refusal_of(header: str | None, body: bytes, secrets: list[str], now: float) -> str | None:
    """Why a webhook is not let in; None when it is.

    `X-Signature: t=<unix seconds>,v1=<hex>[,v1=<hex>]`: each v1 is an HMAC-SHA512 of the time, a
    full stop and the raw body, with an endpoint's secret as the key. Any may match: while a secret
    is rotated, the platform signs with both.
    """
    if header is None:
        return "no X-Signature"
    parts = [part.partition("=")[::2] for part in header.split(",")]
    sent_at = next((value for name, value in parts if name == "t"), "")
    codes = [value.lower() for name, value in parts if name == "v1"][:CODES_MAX]
    if not (sent_at.isascii() and sent_at.isdigit() and len(sent_at) <= 15 and codes):
        return "X-Signature is not t=<unix seconds>,v1=<hex>"
    message = sent_at.encode() + b"." + body
    expected = [hmac.digest(secret.encode(), message, hashlib.sha512).hex() for secret in secrets]
    # In constant time, and all of them; as bytes, because text outside ASCII cannot be compared so.
    matches = [hmac.compare_digest(a.encode(), b.encode()) for a in codes for b in expected]
    if not any(matches):
        return "the signature is not of this secret and body"
    if abs(int(sent_at) - int(now)) > TOLERANCE_SECONDS:
        return f"signed more than {TOLERANCE_SECONDS} s from now"
    return None


class Store:
    """The events that came, each once by its id, however often and in whatever order."""

    def __init__(self, path: str):
        self.path = path
        with closing(self.connect()) as database:
            database.execute(
                "CREATE TABLE IF NOT EXISTS events ("
                " id TEXT PRIMARY KEY, type TEXT NOT NULL, body BLOB NOT NULL,"
                " received_at INTEGER NOT NULL)"
            )

    def connect(self) -> sqlite3.Connection:
        """One for each request, because requests come in threads."""
        return sqlite3.connect(self.path, timeout=10)

    def keep(self, event: dict, body: bytes, now: float) -> bool:
        """Keeps an event for good; False when it was there already."""
        with closing(self.connect()) as database, database:
            kept = database.execute(
                "INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?)",
                (event["id"], event["type"], body, int(now)),
            )
            return kept.rowcount == 1


def make_app(secrets: list[str], store: Store) -> Flask:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES_MAX

    @app.post("/webhooks")
    def receive() -> Response:
        # The bytes as they came: JSON that was read and written again has another signature.
        body = request.get_data(cache=False)
        refusal = refusal_of(request.headers.get("X-Signature"), body, secrets, time.time())
        if refusal:
            app.logger.warning("a webhook was refused: %s", refusal)
            return Response(f"{refusal}\n", status=401, mimetype="text/plain")
        try:
            event = json.loads(body)
            if not (isinstance(event["id"], str) and isinstance(event["type"], str)):
                raise TypeError
        except (ValueError, KeyError, TypeError, RecursionError):
            return Response("the body is no event\n", status=400, mimetype="text/plain")
        # Kept before the answer: what fails here is a 500, and the platform sends it again.
        store.keep(event, body, time.time())
        # Work on the event elsewhere, from the table: the platform waits for the answer.
        return Response(status=204)

    return app


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--port", type=int, default=5000)
    options.add_argument("--database", default="events.db")
    chosen = options.parse_args()
    names = ("WEBHOOK_SECRET", "WEBHOOK_FORMER_SECRET")
    secrets = [os.environ[name] for name in names if os.environ.get(name)]
    if not os.environ.get("WEBHOOK_SECRET"):
        sys.stderr.write("receiver.py: set WEBHOOK_SECRET to the endpoint's secret (whsec_…)\n")
        return 2
    make_app(secrets, Store(chosen.database)).run(host="127.0.0.1", port=chosen.port)
    return 0


if __name__ == "__main__":
    sys.exit(main())
