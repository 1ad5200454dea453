"""The receiver of `parry-partner serve` among people who mean it no good."""

import contextlib
import json
import resource
import socket
import ssl
import time
from pathlib import Path

from parry_outside.cases import wait_until
from parry_outside.daemon import ACCEPT, Daemon, DaemonCase
from parry_outside.inbound import PATH, Inbound, new_event, open_tls, signed

CONNECTIONS = 200
FILES_MAX = 160
ANSWER_SECONDS_MAX = 1
STOP_SECONDS_MAX = 10
MEMORY_GROWTH_MAX = 64 * 1_048_576
FLOOD = 256 * 1_048_576


def memory_of(daemon: Daemon) -> int:
    """The resident memory, in bytes."""
    pages = Path(f"/proc/{daemon.process.pid}/statm").read_text().split()[1]
    return int(pages) * resource.getpagesize()


def limit_files():
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES_MAX, FILES_MAX))


class AttackCase(DaemonCase):
    def setUp(self):
        self.daemon = self.new_daemon().serve()
        self.open = self.enterContext(contextlib.ExitStack())

    def note(self) -> dict:
        return new_event("webhook_endpoint.test", {"id": "whe_outside"})

    def connect(self, count: int = CONNECTIONS) -> list[ssl.SSLSocket]:
        return [self.open.enter_context(open_tls(self.daemon)) for _ in range(count)]

    def assert_serves(self):
        """A webhook is answered quickly, and an alert still decided."""
        with Inbound(self.daemon) as inbound:
            started = time.monotonic()
            self.assertEqual(inbound.deliver(self.note()).status, 204)
            self.assertLess(time.monotonic() - started, ANSWER_SECONDS_MAX)
        _, alert = self.daemon.sold_and_disputed([ACCEPT])
        self.assert_ended(self.daemon, alert, "NOT_REFUNDED")
        self.assertIsNone(self.daemon.process.poll())

    def answers(self, connection, seconds_max: float = 5) -> bytes:
        """What comes until the other side hangs up, or the time is over."""
        connection.settimeout(seconds_max)
        told = b""
        with contextlib.suppress(OSError):
            while piece := connection.recv(65_536):
                told += piece
        return told


class SlowTest(AttackCase):
    def test_connections_that_say_nothing_or_a_little_hold_nobody_up(self):
        for number, connection in enumerate(self.connect()):
            if number % 3 == 1:
                connection.sendall(b"POST /webhooks HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            elif number % 3 == 2:
                head = "POST /webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n{"
                connection.sendall(head.encode())
        self.assert_serves()

    def test_handshakes_that_never_end_hold_nobody_up(self):
        for _ in range(CONNECTIONS):
            plain = socket.create_connection(("127.0.0.1", self.daemon.port), 5)
            self.open.enter_context(plain)
            plain.sendall(b"\x16\x03\x01\x02\x00")
        self.assert_serves()

    def test_slow_connections_are_closed_after_a_while(self):
        (silent,) = self.connect(1)
        (begun,) = self.connect(1)
        begun.sendall(b"POST /webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        started = time.monotonic()
        for connection in (silent, begun):
            connection.settimeout(40)
            with contextlib.suppress(OSError):
                while connection.recv(65_536):
                    pass
        self.assertLess(time.monotonic() - started, 40, "they are kept for ever")

    def test_sigterm_does_not_wait_for_slow_connections(self):
        for number, connection in enumerate(self.connect(20)):
            if number % 2:
                connection.sendall(b"POST /webhooks HTTP/1.1\r\nContent-Length: 9\r\n\r\n{")
        with Inbound(self.daemon) as inbound:
            self.assertEqual(inbound.deliver(self.note()).status, 204)
        started = time.monotonic()
        self.daemon.process.terminate()
        ended = wait_until(lambda: self.daemon.process.poll() is not None, 2 * STOP_SECONDS_MAX)
        self.assertTrue(ended, "it waits for connections that never end")
        self.assertLess(time.monotonic() - started, STOP_SECONDS_MAX)

    def test_more_connections_than_files_stop_it_for_as_long_as_they_last(self):
        self.daemon.kill()
        self.daemon.prepare = limit_files
        self.daemon.serve()
        with contextlib.ExitStack() as attack:
            for _ in range(2 * FILES_MAX):
                plain = socket.create_connection(("127.0.0.1", self.daemon.port), 5)
                attack.enter_context(plain)
            # Whatever came before is enough to take the last descriptor.
            wait_until(lambda: self.daemon.process.poll() is not None, 3)
            self.assertIsNone(self.daemon.process.poll(), self.daemon.log_text()[-1_500:])

        def is_answered() -> bool:
            with contextlib.suppress(OSError), Inbound(self.daemon) as inbound:
                return inbound.deliver(self.note()).status == 204
            return False

        answered = wait_until(is_answered, 20)
        self.assertTrue(answered, self.daemon.log_text()[-1_500:])
        self.assert_serves()


class FloodTest(AttackCase):
    def test_a_body_without_end_is_cut_off_and_takes_no_memory(self):
        before = memory_of(self.daemon)
        (connection,) = self.connect(1)
        connection.sendall(
            b"POST /webhooks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        piece = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
        sent, connection_ended = 0, False
        connection.settimeout(5)
        while sent < FLOOD and not connection_ended:
            try:
                connection.sendall(piece)
                sent += len(piece)
            except OSError:
                connection_ended = True
        self.assertLess(memory_of(self.daemon) - before, MEMORY_GROWTH_MAX)
        self.assertTrue(connection_ended, "it goes on reading what it refused long ago")
        self.assert_serves()

    def test_floods_of_headers_are_refused(self):
        for fields in (
            b"X-Big: " + b"x" * 1_000_000, b"\r\n".join(b"X-%d: y" % n for n in range(20_000)),
            b"X-Signature: t=" + b"1" * 70_000, b": no name", b"X-\0: y",
        ):  # fmt: skip
            with self.subTest(fields[:20]):
                (connection,) = self.connect(1)
                with contextlib.suppress(OSError):
                    connection.sendall(b"POST /webhooks HTTP/1.1\r\nHost: x\r\n" + fields)
                    connection.sendall(b"\r\nContent-Length: 0\r\n\r\n")
                told = self.answers(connection)
                self.assertRegex(told[:12] or b"HTTP/1.1 4", rb"^HTTP/1\.1 4")
        self.assert_serves()

    def test_what_is_no_http_or_no_tls_is_hung_up_on(self):
        http2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
        for text in (b"\0" * 1_000, b"GET\r\n\r\n", http2, b"\r\n" * 99):
            (connection,) = self.connect(1)
            connection.sendall(text)
            connection.close()
            with socket.create_connection(("127.0.0.1", self.daemon.port), 5) as plain:
                plain.sendall(text)
        self.assert_serves()


class PipelineTest(AttackCase):
    def request(self, event: dict, secret: str | None = None, **fields: str) -> bytes:
        body = json.dumps(event).encode()
        secret = secret or (self.daemon.folder / "secret").read_text().strip()
        lines = [f"POST {PATH} HTTP/1.1", "Host: localhost", f"X-Signature: {signed(secret, body)}"]
        given = {"Content-Length": str(len(body))} | fields
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in given.items()]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def statuses(self, told: bytes) -> list[int]:
        return [int(one[:3]) for one in told.split(b"HTTP/1.1 ")[1:]]

    def test_requests_in_a_row_are_each_answered_in_order(self):
        (connection,) = self.connect(1)
        secrets = [None if number % 2 else "whsec_wrong" for number in range(20)]
        events = [self.note() for _ in secrets]
        connection.sendall(b"".join(map(self.request, events, secrets)))
        told = self.answers(connection, 2)
        self.assertEqual(self.statuses(told), [204 if one is None else 401 for one in secrets])
        kept = [bool(self.daemon.event(one["id"])) for one in events]
        self.assertEqual(kept, [one is None for one in secrets])

    def test_a_request_with_two_lengths_smuggles_nothing(self):
        hidden = self.note()
        for fields in (
            {"Transfer_Encoding": "chunked"}, {"Content_length": "3"},
            {"Transfer_Encoding": "x, chunked"}, {"Content_Length": "+5"},
            {"Content_Length": "99999999999999999999"}, {"Content_Length": "-1"},
        ):  # fmt: skip
            with self.subTest(fields):
                (connection,) = self.connect(1)
                connection.sendall(self.request(self.note(), "whsec_wrong", **fields))
                connection.sendall(self.request(hidden, "whsec_wrong"))
                self.assertNotIn(204, self.statuses(self.answers(connection, 1)))
        self.assertEqual(self.daemon.event(hidden["id"]), {})
        self.assert_serves()

    def test_a_sender_that_hangs_up_in_the_middle_leaves_nothing(self):
        event = self.note()
        whole = self.request(event)
        for cut in (10, len(whole) // 2, len(whole) - 1):
            (connection,) = self.connect(1)
            connection.sendall(whole[:cut])
            connection.close()
        self.assert_serves()
        self.assertEqual(self.daemon.event(event["id"]), {})

    def test_an_expectation_is_answered(self):
        (connection,) = self.connect(1)
        head, body = self.request(self.note(), Expect="100-continue").split(b"\r\n\r\n", 1)
        connection.sendall(head + b"\r\n\r\n")
        connection.sendall(body)
        self.assertIn(204, self.statuses(self.answers(connection, 2)))
