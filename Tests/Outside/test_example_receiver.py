"""Examples/flask-receiver as a partner starts it: what it lets in, what it refuses, what it keeps."""

import hashlib
import hmac
import json
import os
import sqlite3
import subprocess
import sys
import time
import unittest
from contextlib import closing
from pathlib import Path

from parry_outside.server import REPOSITORY, clean_environment, free_port, temporary_folder
from parry_outside.server import wait_until

EXAMPLE = REPOSITORY / "Examples" / "flask-receiver"
SECRET = "whsec_example"
FORMER = "whsec_before"
START_SECONDS_MAX = 20
CURL_SECONDS_MAX = 10
TOLERANCE_SECONDS = 300


def code_of(body: bytes, secret: str, sent_at: int) -> str:
    return hmac.new(secret.encode(), f"{sent_at}.".encode() + body, hashlib.sha512).hexdigest()


def signature(body: bytes, secret: str = SECRET, offset: int = 0) -> str:
    sent_at = int(time.time()) + offset
    return f"t={sent_at},v1={code_of(body, secret, sent_at)}"


def event(name: str, **members) -> bytes:
    return json.dumps({"id": f"evt_{name}", "type": "alert.created", **members}).encode()


class ExampleReceiverTest(unittest.TestCase):
    """One receiver for the class; each test has events of its own."""

    @classmethod
    def setUpClass(cls):
        found = subprocess.run([sys.executable, "-c", "import flask"], capture_output=True)
        if found.returncode:
            raise AssertionError(
                f"{sys.executable} cannot import Flask, which Examples/flask-receiver needs: run "
                "scripts/setup test, or pip install -r Examples/flask-receiver/requirements.txt"
            )
        folder = Path(cls.enterClassContext(temporary_folder()))
        cls.database, cls.log = folder / "events.db", folder / "log"
        port = free_port()
        cls.url = f"http://127.0.0.1:{port}/webhooks"
        with open(cls.log, "wb") as log:
            cls.process = subprocess.Popen(
                [sys.executable, EXAMPLE / "receiver.py"]
                + ["--port", str(port), "--database", str(cls.database)],
                env=clean_environment({"WEBHOOK_SECRET": SECRET, "WEBHOOK_FORMER_SECRET": FORMER}),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        cls.addClassCleanup(cls.stop)
        if not wait_until(cls.is_ready, START_SECONDS_MAX):
            raise AssertionError(f"the receiver does not answer:\n{cls.log.read_text()}")

    @classmethod
    def stop(cls):
        cls.process.kill()
        cls.process.wait()

    @classmethod
    def is_ready(cls) -> bool:
        if cls.process.poll() is not None:
            raise AssertionError(f"the receiver has ended:\n{cls.log.read_text()}")
        return cls.curl(cls.url, b"", None) != 0

    @staticmethod
    def curl(url: str, body: bytes, header: str | None) -> int:
        """The status of a POST; 0 where nobody answers."""
        command = ["curl", "-s", "-o", os.devnull, "-w", "%{http_code}", "--data-binary", "@-"]
        command += ["--max-time", str(CURL_SECONDS_MAX), "-H", "Content-Type: application/json"]
        if header is not None:
            command += ["-H", f"X-Signature: {header}" if header else "X-Signature;"]
        done = subprocess.run([*command, url], input=body, capture_output=True)
        return int(done.stdout or 0)

    def post(self, body: bytes, header: str | None) -> int:
        return self.curl(self.url, body, header)

    def kept(self, name: str) -> list[tuple]:
        with closing(sqlite3.connect(self.database)) as database:
            rows = database.execute("SELECT type, body FROM events WHERE id = ?", (f"evt_{name}",))
            return rows.fetchall()

    def assert_refused(self, name: str, body: bytes, header: str | None, status: int = 401):
        self.assertEqual(self.post(body, header), status, header)
        self.assertEqual(self.kept(name), [])

    def test_a_good_webhook_is_kept_as_it_came(self):
        body = b'{ "id":"evt_good",  "type":"alert.created", "data":{"note":"\xc3\xa9"} }\n'
        self.assertEqual(self.post(body, signature(body)), 204)
        self.assertEqual(self.kept("good"), [("alert.created", body)])

    def test_a_doubled_webhook_is_kept_once(self):
        first, again = event("doubled"), event("doubled", note="again")
        self.assertEqual([self.post(first, signature(first)) for _ in range(3)], [204] * 3)
        self.assertEqual(self.post(again, signature(again)), 204)
        self.assertEqual(self.kept("doubled"), [("alert.created", first)])

    def test_a_secret_that_is_rotated_counts_beside_the_new_one(self):
        body, now = event("rotated"), int(time.time())
        codes = [code_of(body, secret, now) for secret in ("whsec_later", FORMER)]
        self.assertEqual(self.post(body, f"t={now}," + ",".join(f"v1={one}" for one in codes)), 204)
        self.assertEqual(len(self.kept("rotated")), 1)

    def test_a_bad_signature_is_refused(self):
        body, now = event("bad"), int(time.time())
        good = code_of(body, SECRET, now)
        for header in (
            signature(body, "whsec_other"), signature(body + b" "), f"t={now + 1},v1={good}",
            f"t={now},v1={good[:-1]}", f"t={now},v1={good}00", f"t={now},v1=", f"t={now},v2={good}",
            f"t={now},v1=\xe9",
        ):  # fmt: skip
            with self.subTest(header):
                self.assert_refused("bad", body, header)

    def test_a_stale_webhook_is_refused(self):
        body = event("stale")
        for offset in (-TOLERANCE_SECONDS - 5, TOLERANCE_SECONDS + 5, -86_400):
            self.assert_refused("stale", body, signature(body, offset=offset))
        for name, offset in (("late", 5 - TOLERANCE_SECONDS), ("early", TOLERANCE_SECONDS - 5)):
            body = event(name)
            self.assertEqual(self.post(body, signature(body, offset=offset)), 204)

    def test_a_header_that_is_none_is_refused(self):
        body = event("malformed")
        good = code_of(body, SECRET, int(time.time()))
        for header in (
            None, "", "t", f"v1={good}", f"t=,v1={good}", f"t=now,v1={good}", f"t=-1,v1={good}",
            f"t={'9' * 5_000},v1={good}", f"t=1e9,v1={good}", f"t={int(time.time())}", ",=,=,",
            f"t=²,v1={good}",
        ):  # fmt: skip
            with self.subTest(header):
                self.assert_refused("malformed", body, header)

    def test_a_body_that_is_no_event_is_refused(self):
        unnamed = (b'{"id":1,"type":"a"}', b'{"id":"evt_x"}', b'{"type":"a"}')
        for body in (b"", b"[]", b"{", b'"evt_1"', b"\xff", *unnamed):
            with self.subTest(body):
                self.assertEqual(self.post(body, signature(body)), 400)

    def test_a_body_without_end_is_refused(self):
        body = event("endless", note="x" * (2 * 1024 * 1024))
        self.assert_refused("endless", body, signature(body), status=413)

    def test_the_same_call_by_curl_tells_right_from_wrong(self):
        for secret, wanted in ((SECRET, 0), ("whsec_other", 1)):
            environment = clean_environment({"WEBHOOK_SECRET": secret})
            done = subprocess.run(
                [EXAMPLE / "verify.sh", self.url], env=environment, capture_output=True, text=True
            )
            self.assertEqual(done.returncode, wanted, done.stdout + done.stderr)
            right = f"right signature: {401 if wanted else 204}"
            self.assertEqual(done.stdout.splitlines()[0], right)
            self.assertEqual(done.stdout.count(": 401"), 3 + wanted)

    def test_neither_log_nor_answer_has_a_secret(self):
        self.post(b"{}", signature(b"{}", "whsec_other"))
        self.assertNotIn("whsec_", self.log.read_text())

    def test_without_a_secret_it_does_not_start(self):
        environment = clean_environment({"WEBHOOK_SECRET": ""})
        done = subprocess.run(
            [sys.executable, EXAMPLE / "receiver.py", "--port", str(free_port())],
            env=environment, capture_output=True, text=True, timeout=START_SECONDS_MAX,
        )  # fmt: skip
        self.assertEqual(done.returncode, 2)
        self.assertIn("set WEBHOOK_SECRET", done.stderr)


if __name__ == "__main__":
    unittest.main()
