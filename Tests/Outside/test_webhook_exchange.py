"""Receivers that misbehave: what the attempt log says of each, and that the next try waits."""

import email.utils
import itertools
import socket
import struct
import threading
import time

from parry_outside.cases import OnPostgres, SendingCase
from parry_outside.certificates import make_certificates, make_self_signed, resigned
from parry_outside.listener import Listener
from parry_outside.scripted import EMPTY_ANSWER, ScriptedReceiver, answer, in_turn, response
from parry_outside.sending import SENT_SECONDS_MAX, Sender, seconds
from parry_outside.server import free_port
from parry_outside.world import make_customer

REFUSED = "the connection was refused"
CLOSED = "the connection was closed before an answer came"
UNTRUSTED = "the certificate is not trusted, or not for this host"
NO_TLS = "the connection could not be secured with TLS"
NOT_HTTP = "the answer is not HTTP"
UNKNOWN_HOST = "the host name has no address"

RETRY_SECONDS = (60, 66)
"""The first wait, and the same with all the jitter that there is."""
KEPT_BYTES = 1_024
READ_BYTES_MAX = 64 * 1_024
LOCAL = "127.0.0.1"


def drip(data: bytes, whole_seconds: float):
    """A script: byte by byte, over so many seconds."""

    def script(connection, _):
        for index in range(len(data)):
            connection.sendall(data[index : index + 1])
            time.sleep(whole_seconds / len(data))

    return script


def endless(head: bytes, piece: bytes):
    """A script: the head, and then the piece until the other side has had enough."""

    def script(connection, _):
        connection.sendall(head)
        while True:
            connection.sendall(piece)

    return script


def vanish(connection):
    """The connection is reset, without a good-bye of TLS or TCP."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    socket.close(connection.detach())


def rest(_):
    """Stays silent for longer than it takes to see what is wrong."""
    time.sleep(0.3)


def say_good_bye(connection):
    connection.unwrap()


def after_hello(data: bytes):
    """What a port without TLS does with a hello."""

    def serve(connection):
        connection.recv(65_536)
        connection.sendall(data)

    return serve


class ExchangeCase(SendingCase):
    """One server and one receiver for the whole class; each exchange has a customer of its own."""

    numbers = itertools.count(1)

    make_receiver = ScriptedReceiver

    def setUp(self):
        super().setUp()
        self.take_new_customer()

    def take_new_customer(self):
        self.sender = Sender(self.api, make_customer(self.api).organisation_id)
        self.path = f"/{self.sender.organisation_id}"

    def sent_to(self, url: str) -> tuple[dict, dict]:
        """An event raised for this URL: the delivery after its first try, and that try."""
        self.take_new_customer()
        endpoint = self.sender.add_endpoint(url)
        self.raised_at = time.time()
        self.sender.raise_lookup()
        delivery = self.sender.ended(endpoint)
        self.seen_at = time.time()
        self.assertEqual(delivery["attempt_count"], 1)
        self.assertEqual(len(delivery["attempts"]), 1)
        return delivery, delivery["attempts"][0]

    def sent(self, script) -> tuple[dict, dict]:
        path = f"/{next(self.numbers)}"
        self.receiver.play(path, script)
        return self.sent_to(self.receiver.url(path))

    def assert_retry_in_a_minute(self, delivery: dict):
        self.assertEqual(delivery["state"], "PENDING")
        next_at = seconds(delivery["next_attempt_at"])
        self.assertGreaterEqual(next_at, int(self.raised_at + RETRY_SECONDS[0]))
        self.assertLessEqual(next_at, self.seen_at + RETRY_SECONDS[1])

    def assert_failed(self, sent: tuple[dict, dict], error: str, address: str | None = LOCAL):
        delivery, attempt = sent
        self.assertEqual((attempt["status_code"], attempt["error"]), (None, error))
        self.assertEqual((attempt["ip_address"], attempt["response_body"]), (address, None))
        self.assert_retry_in_a_minute(delivery)

    def assert_answered(self, sent: tuple[dict, dict], status: int, body: str | None = None):
        delivery, attempt = sent
        self.assertEqual((attempt["status_code"], attempt["error"]), (status, None))
        self.assertEqual((attempt["ip_address"], attempt["response_body"]), (LOCAL, body))
        if 200 <= status <= 299:
            self.assertEqual((delivery["state"], delivery["next_attempt_at"]), ("DELIVERED", None))
        else:
            self.assert_retry_in_a_minute(delivery)


class AnswerTest(ExchangeCase):
    """Receivers that answer, however strangely: the status counts."""

    def test_an_answer_byte_by_byte_is_a_success(self):
        sent = self.sent(drip(response(200, b"slowly"), 1))
        self.assert_answered(sent, 200, "slowly")
        self.assertGreaterEqual(sent[1]["duration_in_ms"], 900)

    def test_an_answer_without_an_end_counts_and_its_first_kilobyte_is_kept(self):
        for status in (200, 500):
            for name, head, piece in (
                ("chunked", b"Transfer-Encoding: chunked", b"1000\r\n" + b"x" * 4_096 + b"\r\n"),
                ("until the end", b"Connection: close", b"x" * 4_096),
                ("with a length", b"Content-Length: 9000000000000000000", b"x" * 4_096),
            ):
                with self.subTest(f"{status}, {name}"):
                    first = f"HTTP/1.1 {status} Told So\r\n".encode()
                    sent = self.sent(endless(first + head + b"\r\n\r\n", piece))
                    self.assert_answered(sent, status, "x" * KEPT_BYTES)

    def test_a_long_answer_is_read_to_its_end_and_its_connection_used_again(self):
        self.receiver.play(self.path, answer(response(200, b"y" * (READ_BYTES_MAX - 1))))
        endpoint = self.sender.add_endpoint(self.receiver.url(self.path))
        for _ in range(3):
            self.sender.raise_lookup()
            self.receiver.wait_for(1, SENT_SECONDS_MAX, self.path)
        requests = self.receiver.wait_for(3, SENT_SECONDS_MAX, self.path)
        self.assertEqual(len(requests), 3)
        self.assertEqual(len(self.sender.deliveries_to(endpoint)), 3)

    def test_an_answer_cut_off_in_its_body_counts(self):
        head = b"HTTP/1.1 %d Told So\r\nContent-Length: 500\r\n\r\nbeginning"
        for status in (200, 500):
            with self.subTest(status):
                delivery, attempt = self.sent(answer(head % status, then=say_good_bye))
                self.assert_answered((delivery, attempt), status, "beginning")

    def test_a_reset_may_overtake_the_answer_before_it(self):
        head = b"HTTP/1.1 200 Told So\r\nContent-Length: 500\r\n\r\nbeginning"
        _, attempt = self.sent(answer(head, then=vanish))
        seen = (attempt["status_code"], attempt["error"])
        closed = "the connection was closed before an answer came"
        self.assertIn(seen, ((200, None), (None, closed)))

    def test_a_broken_body_counts_as_its_status_says(self):
        head = b"HTTP/1.1 %d Told So\r\nTransfer-Encoding: chunked\r\n\r\n"
        for status in (200, 503):
            with self.subTest(status):
                script = answer(head % status, b"5\r\nhello\r\nnonsense\r\n", then=rest)
                delivery, attempt = self.sent(script)
                self.assert_answered((delivery, attempt), status, attempt["response_body"])

    def test_an_empty_answer_has_no_body(self):
        for data in (
            EMPTY_ANSWER,
            response(201),
            b"HTTP/1.1 204 No Content\r\n\r\n",
            b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
            b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        ):
            with self.subTest(data[:20]):
                self.assert_answered(self.sent(answer(data)), int(data[9:12]))

    def test_a_redirect_is_a_failure_and_is_not_followed(self):
        elsewhere = self.path + "/elsewhere"
        for status in (300, 301, 302, 303, 307, 308):
            with self.subTest(status):
                location = f"Location: {self.receiver.url(elsewhere)}"
                self.assert_answered(
                    self.sent(answer(response(status, b"there", location))), status, "there"
                )
        self.assertEqual(self.receiver.requests_to(elsewhere), [])

    def test_every_other_status_is_a_failure(self):
        for status in (304, 400, 401, 404, 413, 418, 429, 500, 503, 599, 600, 999):
            with self.subTest(status):
                body = None if status == 304 else "why"
                data = response(status, b"" if status == 304 else b"why")
                self.assert_answered(self.sent(answer(data)), status, body)

    def test_retry_after_makes_a_wait_longer_in_seconds_and_as_a_date(self):
        for status in (429, 503):
            for offset, wait in ((7_200, 7_200), (5, RETRY_SECONDS[0]), (-7_200, RETRY_SECONDS[0])):
                date = email.utils.formatdate(time.time() + offset, usegmt=True)
                for asked in (str(offset), date):
                    with self.subTest(status=status, asked=asked):
                        self.assert_retry_in(wait, response(status, b"", f"Retry-After: {asked}"))
        sent, _ = self.sent(answer(response(500, b"", "Retry-After: 7200")))
        self.assert_retry_in_a_minute(sent)

    def assert_retry_in(self, wait: int, answered: bytes):
        sent, _ = self.sent(answer(answered))
        next_at = seconds(sent["next_attempt_at"])
        # A date has whole seconds, and was written before the event was raised.
        self.assertGreaterEqual(next_at, int(self.raised_at + wait) - 5)
        self.assertLessEqual(next_at, self.seen_at + wait * 1.1)

    def test_a_410_pauses_the_endpoint_and_what_waits_is_kept(self):
        path = f"/{next(self.numbers)}"
        self.receiver.play(path, answer(response(410, b"gone")))
        sent, attempt = self.sent_to(self.receiver.url(path))
        self.assertEqual((sent["state"], attempt["status_code"]), ("PENDING", 410))
        endpoint = self.api.must(200, "GET", f"/v1/webhook-endpoints/{sent['webhook_endpoint_id']}")
        self.assertTrue(endpoint["is_paused"])

    def test_a_storm_of_interim_answers_does_not_hide_the_answer(self):
        for status in (100, 102, 103):
            with self.subTest(status):
                interim = b"HTTP/1.1 %d Wait\r\nLink: </x>\r\n\r\n" % status
                self.assert_answered(
                    self.sent(answer(*[interim] * 500, response(200, b"at last"))), 200, "at last"
                )

    def test_an_answer_before_the_request_was_read_counts(self):
        def serve(connection):
            with self.receiver.tls.wrap_socket(connection, server_side=True) as secured:
                secured.sendall(response(200, b"early"))
                secured.recv(65_536)
                time.sleep(0.2)

        early = self.enterContext(Listener(serve))
        self.assert_answered(self.sent_to(f"https://localhost:{early.port}/"), 200, "early")

    def test_what_is_behind_an_answer_is_not_taken_for_the_next_one(self):
        surplus = response(500, b"first") + response(200, b"smuggled")
        path = self.path
        self.receiver.play(path, in_turn(answer(surplus), answer(response(503, b"second"))))
        endpoint = self.sender.add_endpoint(self.receiver.url(path))
        self.sender.raise_lookup()
        self.sender.ended(endpoint)
        self.sender.raise_lookup()
        self.receiver.wait_for(2, SENT_SECONDS_MAX, path)
        deliveries = self.sender.deliveries_to(endpoint)
        for one in deliveries:
            self.sender.attempts_of(one["id"])
        answers = {
            attempt["response_body"]
            for one in deliveries
            for attempt in self.sender.delivery(one["id"])["attempts"]
        }
        self.assertEqual(answers, {"first", "second"})

    def test_a_receiver_that_closes_after_every_answer_gets_each_event_at_the_first_try(self):
        closed = threading.Semaphore(0)

        def say_good_bye_to_the_end(connection):
            # Whoever closes first: the other may find the connection gone already.
            try:
                say_good_bye(connection)
            finally:
                closed.release()

        self.receiver.play(self.path, answer(EMPTY_ANSWER, then=say_good_bye_to_the_end))
        endpoint = self.sender.add_endpoint(self.receiver.url(self.path))
        for _ in range(8):
            self.sender.raise_lookup()
            # Both have said good-bye: nothing is sent into a connection that is being closed.
            self.assertTrue(closed.acquire(timeout=SENT_SECONDS_MAX))
        for one in self.sender.deliveries_to(endpoint):
            attempts = self.sender.attempts_of(one["id"])
            self.assertEqual([attempt["error"] for attempt in attempts], [None])
        self.assertEqual(len(self.receiver.requests_to(self.path)), 8)


class KeptAnswerTest(ExchangeCase):
    """What the attempt log keeps of an answer's body."""

    def assert_kept(self, body: bytes, kept: str | None):
        for status in (200, 500):
            with self.subTest(f"{status}, {body[:12]!r}"):
                self.assert_answered(self.sent(answer(response(status, body))), status, kept)

    def test_the_first_kilobyte_is_kept_to_the_byte(self):
        self.assert_kept(b"z" * (KEPT_BYTES - 1), "z" * (KEPT_BYTES - 1))
        self.assert_kept(b"z" * KEPT_BYTES, "z" * KEPT_BYTES)
        self.assert_kept(b"z" * KEPT_BYTES + b"!", "z" * KEPT_BYTES)

    def test_text_is_kept_as_it_is(self):
        text = 'Grüße "an" alle: / \\ \u2028 € 🎈\r\n\t\x01\x1b[31m\x7f\ufffe'
        self.assert_kept(text.encode(), text)

    def test_bytes_that_are_no_text_are_replaced(self):
        self.assert_kept(b"a\xffb\xfe", "a\ufffdb\ufffd")
        self.assert_kept(b"\x80", "\ufffd")
        self.assert_kept(b"\xed\xa0\x80"[:1] + b"x", "\ufffdx")

    def test_nul_bytes_are_left_out(self):
        self.assert_kept(b"a\0b\0\0c", "abc")
        self.assert_kept(b"\0" * 10, None)

    def test_a_character_cut_in_two_does_not_lose_the_rest(self):
        sent = self.sent(answer(response(200, b"z" * (KEPT_BYTES - 1) + "€".encode())))
        self.assert_answered(sent, 200, "z" * (KEPT_BYTES - 1) + "\ufffd")

    def test_a_surrogate_and_an_overlong_form_do_no_harm(self):
        for body in (b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80"):
            with self.subTest(body):
                delivery, attempt = self.sent(answer(response(200, b"<" + body + b">")))
                self.assertRegex(attempt["response_body"], "^<\ufffd+>$")
                self.assertEqual(delivery["state"], "DELIVERED")

    def test_a_compressed_answer_is_not_unpacked(self):
        packed = b"\x1f\x8b\x08" + b"\x00" * 20
        sent = self.sent(answer(response(200, packed, "Content-Encoding: gzip")))
        self.assert_answered(sent, 200, "\x1f\ufffd\x08")


class NoAnswerTest(ExchangeCase):
    """Receivers that do not answer: the reason is a plain phrase."""

    def assert_no_answer(self, script, error: str):
        self.assert_failed(self.sent(script), error)

    def url(self, port: int) -> str:
        return f"https://localhost:{port}/"

    def test_a_refused_connection(self):
        self.assert_failed(self.sent_to(self.url(free_port())), REFUSED)

    def test_a_host_without_an_address(self):
        self.assert_failed(self.sent_to("https://nowhere.invalid/"), UNKNOWN_HOST, address=None)

    def test_a_certificate_that_vouches_for_itself(self):
        certificates = make_self_signed(self.folder / "self-signed")
        stranger = self.enterContext(ScriptedReceiver(certificates))
        self.assert_failed(self.sent_to(stranger.url("/")), UNTRUSTED)
        self.assertEqual(stranger.requests_to(), [])

    def test_a_certificate_of_an_authority_that_nobody_knows(self):
        certificates = make_certificates(self.folder / "unknown")
        stranger = self.enterContext(ScriptedReceiver(certificates))
        self.assert_failed(self.sent_to(stranger.url("/")), UNTRUSTED)
        self.assertEqual(stranger.requests_to(), [])

    def test_a_certificate_for_another_host(self):
        for host, names in (("localhost", "DNS:elsewhere.test"), (LOCAL, "DNS:localhost")):
            with self.subTest(f"{names} for {host}"):
                certificates = resigned(self.certificates, names)
                other = self.enterContext(ScriptedReceiver(certificates, host))
                self.assert_failed(self.sent_to(other.url("/")), UNTRUSTED)
                self.assertEqual(other.requests_to(), [])

    def test_a_certificate_for_the_address_of_the_url_is_trusted(self):
        certificates = resigned(self.certificates, "IP:127.0.0.1")
        other = self.enterContext(ScriptedReceiver(certificates, LOCAL))
        self.assert_answered(self.sent_to(other.url("/")), 200)

    def test_an_ipv6_address_in_the_url_is_sent_to(self):
        certificates = resigned(self.certificates, "IP:::1")
        other = self.enterContext(ScriptedReceiver(certificates, "[::1]", listen="::1"))
        delivery, attempt = self.sent_to(other.url("/"))
        self.assertEqual((attempt["status_code"], attempt["error"]), (200, None))
        self.assertEqual((attempt["ip_address"], delivery["state"]), ("::1", "DELIVERED"))

    def test_plain_http_where_tls_is_expected(self):
        for data in (response(400, b"no TLS here"), b"220 mail ESMTP\r\n", b"\0" * 100):
            with self.subTest(data[:12]):
                plain = self.enterContext(Listener(after_hello(data)))
                self.assert_failed(self.sent_to(self.url(plain.port)), NO_TLS)

    def test_a_connection_closed_before_tls(self):
        for serve in (after_hello(b""), lambda connection: None, vanish):
            with self.subTest():
                rude = self.enterContext(Listener(serve))
                delivery, attempt = self.sent_to(self.url(rude.port))
                self.assertIn(attempt["error"], (CLOSED, NO_TLS))
                self.assert_failed((delivery, attempt), attempt["error"])

    def test_an_answer_that_is_not_http(self):
        for data in (
            b"NONSENSE\r\n\r\n",
            b"HTTP/1.1 abc OK\r\n\r\n",
            b"HTTP/1.1 20\r\n\r\n",
            b"HTTP/1.1 2000 OK\r\n\r\n",
            b"HTTP/9.9 200 OK\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: nonsense\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
            bytes(range(256)) * 4,
            b"\0\0\x12\x04\0\0\0\0\0" + b"\0" * 18,
        ):
            with self.subTest(data[:50]):
                self.assert_no_answer(answer(data, then=rest), NOT_HTTP)

    def test_a_connection_closed_before_the_answer(self):
        for end in (vanish, say_good_bye):
            for data in (b"", b"HT", b"HTTP/1.1 200 OK", b"HTTP/1.1 200 OK\r\nContent-Le"):
                with self.subTest(f"{data}, {end.__name__}"):
                    self.assert_no_answer(answer(*[data] if data else (), then=end), CLOSED)

    def test_a_connection_closed_after_interim_answers(self):
        interim = b"HTTP/1.1 103 Early Hints\r\n\r\n"
        self.assert_no_answer(answer(interim * 3, then=say_good_bye), CLOSED)

    def test_a_protocol_that_nobody_asked_for_is_no_success(self):
        data = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"
        delivery, attempt = self.sent(answer(data, then=say_good_bye))
        outcome = (attempt["status_code"], attempt["error"])
        self.assertIn(outcome, ((101, None), (None, CLOSED), (None, NOT_HTTP)))
        self.assert_retry_in_a_minute(delivery)


class AnswerOnPostgresTest(OnPostgres, AnswerTest):
    """The same on the other engine, which stores what was answered in another way."""


class KeptAnswerOnPostgresTest(OnPostgres, KeptAnswerTest):
    """The same on the other engine, which takes no U+0000."""
