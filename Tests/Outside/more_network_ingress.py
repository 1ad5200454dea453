"""What the networks call: who may, what is taken, and on which port."""

import json
import random
import socket
import ssl
import string
import urllib.error
import urllib.request
from pathlib import Path

from parry_outside.api import Answer, Api, exchange_raw
from parry_outside.cases import FolderCase, OneServerCase, OnPostgres
from parry_outside.certificates import make_certificates
from parry_outside.networks import (
    ALERTS,
    ENROLMENTS,
    LIVE_TOKEN,
    SECONDS_MAX,
    TEST_TOKEN,
    Customer,
    PlayedNetwork,
    RefusalCase,
    Sale,
    Simulator,
    make_client_certificate,
    push_to,
    rows,
)
from parry_outside.server import free_port
from parry_outside.world import enable_enrolment

BODY_BYTES_MAX = 5 * 1_024 * 1_024
ALERTS_PER_PUSH_MAX = 1_000
PIECE = b" " * 65_536
CARD_NUMBER = "4111111111111111"
RESULTS = (ENROLMENTS, "/networks/verifi/enrolments")

HOSTILE = {
    "alertId": (None, "", 7, "A" * 65, "A\u0000B", "A\nB", ["A"]),
    "alertTimestamp": (None, "", 1_771_324_200, "yesterday", "2026-02-17", "2026-02-17T10:30:00",
                       "2026-02-30T10:30:00Z", {}),
    "transactionTimestamp": (7, "soon", "2026-13-01T00:00:00Z"),
    "transactionAmount": (None, "", 49, 49.0, "49", "49.0", "49.000", "-49.00", "+49.00", " 49.00",
                          "4,900.00", "4.9e1", ".00", "49.", "٤٩.٠٠", "99999999999999999999.00",
                          "NaN"),
    "transactionCurrency": (None, "", "usd", "US", "USDX", "ZZZ", 840),
    "merchantDescriptor": (None, "", 7, "A" * 256, "ACME\u0007FIT", f"ACME {CARD_NUMBER}", []),
    "alertType": (7, {}, "A" * 41),
    "issuer": (True, "A" * 256, "A\u0000B"),
    "cardScheme": (1, "A" * 41),
    "cardLast4": (4242, CARD_NUMBER),
    "cardBin": (424242, " ".join(CARD_NUMBER)),
    "authCode": (123456, "1" * 17),
    "acquirerReferenceNumber": (7, "7" * 33),
    "chargebackReasonCode": (13.1, "1" * 41),
}  # fmt: skip
"""Members with values that cannot be right; each refuses its own alert alone."""

TOLERATED = {
    "alertType": "SOMETHING_NEW",
    "cardScheme": "SOMETHING NEW",
    "cardLast4": "**42",
    "cardBin": "4242XX",
    "issuer": None,
    "authCode": "",
    "mcc": 7997,
    "is3DSecure": {"version": [2]},
    "aMemberOfTomorrow": {"deep": [[[[None, True, 1e300, "\u0000"]]]]},
}


def send(api: Api, body: bytes, path: str = ALERTS, token: str = TEST_TOKEN) -> Answer:
    return api.send("POST", path, body, Authorization=f"Bearer {token}")


class IngressCase(OneServerCase):
    """A server that takes the messages of both modes; nobody listens at the networks."""

    options = (
        "--rate-limit", "0", "--test-network-token", TEST_TOKEN,
        "--live-network-token", LIVE_TOKEN,
    )  # fmt: skip

    def setUp(self):
        super().setUp()
        self.network = self.enterContext(Api(self.server.base))

    def assert_refused(self, answer: Answer, status: int, code: str) -> str:
        """The sentence of an answer that refuses."""
        self.assertEqual((answer.status, answer.code), (status, code), answer.body[:300])
        self.assertEqual(answer.headers["Content-Type"], "application/json")
        self.assertTrue(answer.headers["X-Request-Id"])
        self.assertEqual(set(answer.json()), {"code", "message"})
        return answer.json()["message"]

    def acknowledged(self, answer: Answer) -> list[tuple[str, str, str | None]]:
        """Id, status and error of each alert, of a push that was taken."""
        self.assertEqual(answer.status, 200, answer.body[:300])
        body = answer.json()
        self.assertEqual((set(body), body["status"]), ({"status", "acknowledgements"}, "success"))
        for one in body["acknowledgements"]:
            self.assertEqual(set(one), {"alertId", "status", "error"})
        return [(one["alertId"], one["status"], one["error"]) for one in body["acknowledgements"]]

    def enrolled(self, api: Api | None = None) -> Customer:
        """A TEST customer with an enrolment that the simulation enabled."""
        customer = Customer(api or self.api)
        enable_enrolment(customer.api, customer.ask_to_enrol())
        return customer


class AccessTest(IngressCase):
    def test_without_the_token_nothing_is_taken(self):
        for shown in (
            None, "", "Bearer", "Bearer ", TEST_TOKEN, f"Basic {TEST_TOKEN}",
            f"Bearer {TEST_TOKEN}x", f"Bearer {TEST_TOKEN[:-1]}", f"Bearer {TEST_TOKEN.upper()}",
            f"Bearer {TEST_TOKEN} {TEST_TOKEN}", f"Bearer {self.partner.api_key}",
        ):  # fmt: skip
            for path in (ALERTS, *RESULTS):
                with self.subTest(f"{shown} {path}"):
                    answer = self.network.call("POST", path, {"alerts": []}, Authorization=shown)
                    self.assert_refused(answer, 401, "UNAUTHORISED")

    def test_the_scheme_may_be_written_in_small_letters(self):
        shown = f"bearer {TEST_TOKEN}"
        answer = self.network.call("POST", ALERTS, {"alerts": []}, Authorization=shown)
        self.assertEqual(self.acknowledged(answer), [])

    def test_the_token_is_no_key_of_the_api(self):
        for token in (TEST_TOKEN, LIVE_TOKEN):
            with Api(self.server.base, token) as api:
                self.assertEqual(api.get("/v1/alerts").status, 401)

    def test_tokens_and_bodies_are_not_logged(self):
        self.acknowledged(push_to(self.network, Sale("LOGGED NOWHERE").alert(alertType="UNSEEN")))
        self.assertEqual(push_to(self.network, token="wrong-" + TEST_TOKEN).status, 401)
        log = self.server.log_text()
        self.assertIn('"network request"', log)
        for secret in (TEST_TOKEN, LIVE_TOKEN, "LOGGED NOWHERE", "UNSEEN", "Bank of America"):
            self.assertNotIn(secret, log)

    def test_other_methods_are_405_and_other_paths_404(self):
        shown = {"Authorization": f"Bearer {TEST_TOKEN}"}
        for method in ("GET", "PUT", "PATCH", "DELETE", "OPTIONS"):
            with self.subTest(method):
                answer = self.network.send(method, ALERTS, **shown)
                self.assert_refused(answer, 405, "METHOD_NOT_ALLOWED")
                self.assertEqual(answer.headers["Allow"], "POST")
        for path in ("/networks", "/networks/", "/networks/ethoca", "/networks/visa/alerts",
                     ALERTS + "/7", ALERTS + "//", "/networks/../v1/alerts"):  # fmt: skip
            with self.subTest(path):
                answer = self.network.send("POST", path, b"{}", **shown)
                self.assert_refused(answer, 404, "NOT_FOUND")

    def test_a_slash_at_the_end_makes_no_difference(self):
        answer = send(self.network, b'{"alerts":[]}', ALERTS + "/")
        self.assertEqual(self.acknowledged(answer), [])


class NoTokenTest(OneServerCase):
    def test_without_a_token_of_the_server_there_is_no_ingress(self):
        network = self.enterContext(Api(self.server.base))
        for token in (None, TEST_TOKEN, self.partner.api_key):
            with self.subTest(token):
                self.assertEqual(push_to(network, token=token).status, 404)
                self.assertEqual(send(network, b"{}", ENROLMENTS).status, 404)


class BodyTest(IngressCase):
    def test_what_is_no_push_is_refused_as_a_whole(self):
        good = json.dumps(Sale("SOMEBODY").alert()).encode()
        for body in (
            b"", b" ", b"{", b"nonsense", b"[]", b"null", b"7", b'"alerts"', b"{}",
            b'{"alerts":null}', b'{"alerts":{}}', b'{"alerts":"x"}', b'{"Alerts":[]}',
            b'{"alerts":[%s]} x' % good, b'{"alerts":[%s' % good, b'{"alerts":[%s,]}' % good,
            b'{"alerts":[\xff]}', b"[" * 100_000, b'{"alerts":' + b"[" * 40 + b"]" * 40 + b"}",
            b'{"alerts":[%s]}' % b",".join([b"{}"] * (ALERTS_PER_PUSH_MAX + 1)),
        ):  # fmt: skip
            with self.subTest(body[:40]):
                sentence = self.assert_refused(send(self.network, body), 400, "BAD_REQUEST")
                self.assertRegex(sentence, r"^The body |^A push ")

    def test_an_empty_push_is_taken(self):
        self.assertEqual(self.acknowledged(push_to(self.network)), [])

    def test_a_body_of_five_megabytes_is_taken_and_more_is_413(self):
        body = b'{"alerts":[]}'
        fits = body + b" " * (BODY_BYTES_MAX - len(body))
        self.assertEqual(self.acknowledged(send(self.network, fits)), [])
        head = (
            f"POST {ALERTS} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TEST_TOKEN}\r\n"
        )
        said = f"{head}Content-Length: {BODY_BYTES_MAX + 1}\r\n\r\n".encode()
        chunked = f"{head}Transfer-Encoding: chunked\r\n\r\n".encode()
        chunk = b"%x\r\n%s\r\n" % (len(PIECE), PIECE)
        times = BODY_BYTES_MAX // len(PIECE)
        for what, pieces in (
            ("with a length", [said, *[PIECE] * times, b" "]),
            ("chunked", [chunked, *[chunk] * times, b"1\r\n \r\n0\r\n\r\n"]),
        ):
            with self.subTest(what):
                answer = exchange_raw(self.server.port, pieces)
                self.assert_refused(answer, 413, "PAYLOAD_TOO_LARGE")


class HostileTest(IngressCase):
    def test_each_bad_alert_fails_alone_and_leaves_nothing(self):
        customer = self.enrolled()
        sale = Sale(customer.descriptor)
        bad = [
            (name, sale.alert(**{name: value})) for name, values in HOSTILE.items()
            for value in values
        ]  # fmt: skip
        bad += [(name, {k: v for k, v in sale.alert().items() if k != name}) for name in (
            "alertId", "alertTimestamp", "transactionAmount", "transactionCurrency",
            "merchantDescriptor")]  # fmt: skip
        bad += [("", odd) for odd in (None, 7, True, "alert", [], {}, [sale.alert()])]
        first, last = sale.alert(), sale.alert(transactionAmount="7.00")
        answer = push_to(self.network, first, *[one for _, one in bad], last)
        told = self.acknowledged(answer)
        self.assertEqual(told[0], (first["alertId"], "SUCCESS", None))
        self.assertEqual(told[-1], (last["alertId"], "SUCCESS", None))
        self.assertEqual(len(told), len(bad) + 2)
        for (name, alert), (alert_id, status, error) in zip(bad, told[1:-1]):
            members = alert if isinstance(alert, dict) else {}
            with self.subTest(f"{name}: {members.get(name, alert)!r}"):
                self.assertEqual(status, "FAILURE")
                self.assertTrue(error.startswith(name), error)
                self.assertNotIn(CARD_NUMBER, error)
                given = members.get("alertId")
                self.assertEqual(alert_id, given if isinstance(given, str) else "")
        stored = {one["alert_network_id"] for one in customer.alerts()}
        self.assertEqual(stored, {first["alertId"], last["alertId"]})

    def test_an_alert_that_was_refused_is_taken_once_it_is_right(self):
        customer = self.enrolled()
        alert = Sale(customer.descriptor).alert()
        told = self.acknowledged(push_to(self.network, alert | {"transactionAmount": "49"}))
        self.assertEqual(told[0][1], "FAILURE")
        self.assertEqual(customer.alerts(), [])
        told = self.acknowledged(push_to(self.network, alert))
        self.assertEqual(told, [(alert["alertId"], "SUCCESS", None)])
        self.assertEqual(len(customer.alerts()), 1)

    def test_what_is_not_known_is_tolerated(self):
        customer = self.enrolled()
        for name, value in TOLERATED.items():
            with self.subTest(name):
                alert = Sale(customer.descriptor).alert(**{name: value})
                told = self.acknowledged(push_to(self.network, alert))
                self.assertEqual(told, [(alert["alertId"], "SUCCESS", None)])
                shown = customer.alert(alert["alertId"])
                self.assertEqual(shown["status"], "ACTION_REQUIRED")
                if name == "cardLast4":
                    self.assertIsNone(shown["transaction_card_last4"])
                if name == "cardBin":
                    self.assertIsNone(shown["transaction_card_bin"])

    def test_odd_but_possible_texts_are_kept_as_they_are(self):
        customer = self.enrolled()
        for text in ('Grüße, 東京 — \\ "1/2" \' 👩🏽‍💻 שלום', "'; DROP TABLE alert; --", "%s%n$1"):
            with self.subTest(text):
                alert = Sale(customer.descriptor).alert(issuer=text)
                self.acknowledged(push_to(self.network, alert))
                shown = customer.alert(alert["alertId"])
                self.assertEqual(shown["transaction_card_issuer"], text)

    def test_an_identifier_that_passes_for_a_card_number_is_taken(self):
        """One in ten of that length does; what names an alert cannot be left out."""
        customer = self.enrolled()
        alert_id = CARD_NUMBER
        alert = Sale(customer.descriptor).alert(
            alertId=alert_id, acquirerReferenceNumber=CARD_NUMBER, merchantId=CARD_NUMBER
        )
        told = self.acknowledged(push_to(self.network, alert))
        self.assertEqual(told, [(alert_id, "SUCCESS", None)])
        shown = customer.alert(alert_id)
        self.assertEqual(shown["transaction_acquirer_reference_number"], CARD_NUMBER)

    def test_a_card_number_is_stored_nowhere_whichever_member_has_it(self):
        number = int(CARD_NUMBER)
        for name, value in (
            ("issuer", CARD_NUMBER), ("mcc", CARD_NUMBER),
            ("cardNumber", CARD_NUMBER), ("card", {"number": CARD_NUMBER}), ("cardNumber", number),
        ):  # fmt: skip
            with self.subTest(f"{name}: {value!r}"):
                alert = Sale("SOMEBODY ELSE").alert(**{name: value})
                self.acknowledged(push_to(self.network, alert))
                sql = (
                    f"SELECT fate FROM network_message WHERE network_id = '{alert['alertId']}' "
                    f"AND body LIKE '%{CARD_NUMBER}%'"
                )
                self.assertEqual(rows(self.server.database, sql), [], "it is in the raw message")


class HostileOnPostgresTest(OnPostgres, HostileTest):
    pass


class ModeTest(IngressCase):
    """Each token is the key to the accounts of its mode."""

    def live_customer(self) -> Customer:
        partner = self.server.create_partner("Live", "LIVE")
        customer = Customer(self.enterContext(Api(self.server.base, partner.api_key)))
        enrolment_id = customer.ask_to_enrol()
        self.server.command("enrolment", "set-status", enrolment_id, "ENABLED")
        return customer

    def test_a_token_reaches_the_accounts_of_its_mode_only(self):
        live = self.live_customer()
        test = Customer(self.api)
        test.descriptor = live.descriptor
        enable_enrolment(self.api, test.ask_to_enrol())
        alert = Sale(live.descriptor).alert()
        self.acknowledged(push_to(self.network, alert, token=TEST_TOKEN))
        self.assertEqual([one["alert_network_id"] for one in test.alerts()], [alert["alertId"]])
        self.assertEqual(live.alerts(), [])
        # The id is another network's, so that it is new there.
        self.acknowledged(push_to(self.network, alert, token=LIVE_TOKEN))
        self.assertEqual([one["alert_network_id"] for one in live.alerts()], [alert["alertId"]])
        self.assertEqual(len(test.alerts()), 1)

    def test_an_alert_does_not_fall_through_to_the_other_mode(self):
        live, test = self.live_customer(), self.enrolled()
        told = push_to(self.network, Sale(live.descriptor).alert(), token=TEST_TOKEN)
        self.assertEqual(self.acknowledged(told)[0][1], "SUCCESS")
        told = push_to(self.network, Sale(test.descriptor).alert(), token=LIVE_TOKEN)
        self.assertEqual(self.acknowledged(told)[0][1], "SUCCESS")
        self.assertEqual((live.alerts(), test.alerts()), ([], []))

    def test_without_the_other_modes_token_there_is_nothing_for_it(self):
        class Half(OneServerCase):
            options = ("--live-network-token", LIVE_TOKEN)

        Half.setUpClass()
        self.addCleanup(Half.doClassCleanups)
        with Api(Half.server.base) as network:
            self.assertEqual(push_to(network, token=TEST_TOKEN).status, 401)
            self.assertEqual(push_to(network, token=LIVE_TOKEN).status, 200)


class ResultTest(FolderCase):
    """Results of enrolments, with a network that the test plays itself."""

    def setUp(self):
        super().setUp()
        self.played = self.enterContext(PlayedNetwork())
        self.played.open()
        self.server = self.new_server(
            "--rate-limit", "0", "--test-ethoca-url", self.played.url,
            environment={"PARRY_TEST_NETWORK_TOKEN": TEST_TOKEN,
                         "PARRY_LIVE_NETWORK_TOKEN": LIVE_TOKEN},
        ).start()  # fmt: skip
        self.network = self.new_api(self.server)
        self.api = self.new_api(self.server, self.server.create_partner().api_key)
        self.customer = Customer(self.api)
        self.enrolment_id = self.customer.ask_to_enrol()
        (call,) = self.played.wait_for(lambda calls: calls)
        self.asked = call.document
        self.customer.becomes(self.enrolment_id, "IN_PROGRESS")

    def result(self, status: str = "PASS", **changes) -> dict:
        descriptors = [one | {"status": status, "reason": None}
                       for one in self.asked["descriptors"]]  # fmt: skip
        return {
            "requestId": self.asked["requestId"], "enrolmentId": "ETHENR1",
            "descriptors": descriptors,
        } | changes  # fmt: skip

    def send(self, result, token: str = TEST_TOKEN, path: str = ENROLMENTS) -> int:
        return send(self.network, json.dumps(result).encode(), path, token).status

    @property
    def status(self) -> str:
        return self.customer.enrolment(self.enrolment_id)["status"]

    def test_the_network_is_asked_in_its_own_words(self):
        self.assertEqual(set(self.asked), {"requestId", "merchantName", "descriptors"})
        enrolled = {"descriptor": self.customer.descriptor, "matchType": "STARTS_WITH"}
        self.assertEqual(self.asked["descriptors"], [enrolled])
        self.assertEqual(self.played.calls[0].path, "/descriptors")

    def test_only_the_network_that_was_asked_decides(self):
        verifi = {"requestId": self.asked["requestId"], "status": "ENABLED"}
        self.assertEqual(self.send(self.result(), LIVE_TOKEN), 200)
        self.assertEqual(self.send(verifi, path=RESULTS[1]), 200)
        other = self.asked["requestId"][:-1] + ("1" if self.asked["requestId"][-1] != "1" else "2")
        self.assertEqual(self.send(self.result(requestId=other)), 200)
        self.assertEqual(self.send(self.result(requestId=self.enrolment_id)), 400)
        self.assertEqual(self.status, "IN_PROGRESS")
        self.assertEqual(self.send(self.result()), 200)
        self.assertEqual(self.status, "ENABLED")

    def test_the_last_word_counts_once(self):
        self.assertEqual(self.send(self.result("PENDING")), 200)
        self.assertEqual(self.status, "IN_PROGRESS")
        self.assertEqual(self.send(self.result()), 200)
        events = self.customer.events_count()
        self.assertEqual(self.send(self.result()), 200)
        self.assertEqual(self.send(self.result("FAILED")), 200)
        self.assertEqual(self.send(self.result("PENDING")), 200)
        self.assertEqual((self.status, self.customer.events_count()), ("ENABLED", events))

    def test_words_and_descriptors_that_are_not_known_change_nothing(self):
        for what, descriptors in (
            ("a status of tomorrow", [self.asked["descriptors"][0] | {"status": "MAYBE"}]),
            ("another descriptor", [{"descriptor": "SOMEBODY", "status": "PASS"}]),
            ("none at all", []),
            ("no objects", [None, 7, "PASS"]),
        ):
            with self.subTest(what):
                self.assertEqual(self.send(self.result(descriptors=descriptors)), 200)
                self.assertEqual(self.status, "IN_PROGRESS")

    def test_what_is_no_result_is_refused(self):
        for path, result in (
            (ENROLMENTS, []), (ENROLMENTS, self.result(requestId=None)),
            (ENROLMENTS, self.result(requestId=7)), (ENROLMENTS, self.result(descriptors=None)),
            (ENROLMENTS, self.result(descriptors={})), (RESULTS[1], {"status": "ENABLED"}),
            (RESULTS[1], {"requestId": self.asked["requestId"], "status": "MAYBE"}),
        ):  # fmt: skip
            with self.subTest(f"{path} {result}"):
                self.assertEqual(self.send(result, path=path), 400)
        self.assertEqual(self.status, "IN_PROGRESS")

    def test_a_hostile_request_id_is_no_fault_of_the_servers(self):
        """5xx would have the network send it for ever."""
        long = "".join(random.Random(7).choices(string.ascii_letters, k=100_000))
        for request_id in ("", "a\u0000b", "\u202e" * 300, long, "'; --", "👩🏽‍💻" * 50):
            with self.subTest(repr(request_id[:10])):
                self.assertIn(self.send(self.result(requestId=request_id)), (200, 400))


class ResultOnPostgresTest(OnPostgres, ResultTest):
    pass


class OwnPortTest(FolderCase):
    """The networks' messages on a port of their own, with and without certificates."""

    def setUp(self):
        super().setUp()
        self.port = free_port()

    def serve(self, *options: str, **settings):
        return self.new_server(
            "--rate-limit", "0", "--test-network-token", TEST_TOKEN,
            "--network-port", str(self.port), *options, **settings,
        ).start()  # fmt: skip

    def test_the_ingress_is_on_its_own_port_and_there_alone(self):
        server = self.serve()
        network = self.enterContext(Api(f"http://127.0.0.1:{self.port}"))
        public = self.new_api(server, server.create_partner().api_key)
        self.assertEqual(push_to(network).status, 200)
        self.assertEqual(push_to(network, token=None).status, 401)
        self.assertEqual(push_to(public).status, 404)
        self.assertEqual(public.get("/v1/alerts").status, 200)
        for path in ("/v1/alerts", "/health/ready", "/v1/openapi.json", "/metrics", "/"):
            with self.subTest(path):
                answer = network.call("GET", path, Authorization=f"Bearer {public.key}")
                self.assertEqual(answer.status, 404)
        server.stop()

    def test_alerts_that_come_there_are_raised(self):
        server = self.serve()
        customer = Customer(self.new_api(server, server.create_partner().api_key))
        enable_enrolment(customer.api, customer.ask_to_enrol())
        with Api(f"http://127.0.0.1:{self.port}") as network:
            self.assertEqual(push_to(network, Sale(customer.descriptor).alert()).status, 200)
        self.assertEqual(len(customer.alerts()), 1)

    def test_it_listens_on_the_address_that_is_given(self):
        self.serve("--network-host", "127.0.0.2")
        with Api(f"http://127.0.0.2:{self.port}") as network:
            self.assertEqual(push_to(network).status, 200)
        with self.assertRaises(ConnectionRefusedError):
            push_to(Api(f"http://127.0.0.1:{self.port}"))

    def mutual(self):
        return self.serve(
            "--tls-certificate", str(self.certificates.certificate),
            "--tls-key", str(self.certificates.key),
            "--network-client-ca-file", str(self.certificates.ca), ca_file=self.certificates.ca,
        )  # fmt: skip

    def push_with(self, certificate: Path | None, key: Path | None) -> int:
        context = ssl.create_default_context(cafile=self.certificates.ca)
        if certificate:
            context.load_cert_chain(certificate, key)
        request = urllib.request.Request(
            f"https://localhost:{self.port}{ALERTS}", b'{"alerts":[]}',
            {"Authorization": f"Bearer {TEST_TOKEN}"},
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=SECONDS_MAX, context=context) as answer:
            return answer.status

    def assert_not_taken(self, certificate: Path | None = None, key: Path | None = None):
        """A handshake that fails is noticed while sending, or when the answer does not come."""
        with self.assertRaises((urllib.error.URLError, OSError)) as raised:
            self.push_with(certificate, key)
        self.assertNotIsInstance(raised.exception, urllib.error.HTTPError)

    def test_a_client_needs_a_certificate_of_the_authority(self):
        server = self.mutual()
        client = make_client_certificate(self.certificates)
        stranger = make_client_certificate(make_certificates(self.folder / "strangers"))
        self.assert_not_taken()
        self.assert_not_taken(stranger.certificate, stranger.key)
        self.assertEqual(self.push_with(client.certificate, client.key), 200)
        # The API's own port asks nobody for a certificate.
        api = self.new_api(server, server.create_partner().api_key)
        self.assertEqual(api.get("/v1/alerts").status, 200)

    def test_a_network_with_a_certificate_raises_alerts(self):
        server = self.mutual()
        client = make_client_certificate(self.certificates)
        customer = Customer(self.new_api(server, server.create_partner().api_key))
        enable_enrolment(customer.api, customer.ask_to_enrol())
        simulator = self.enterContext(Simulator(
            self.folder, "--client-certificate", str(client.certificate),
            "--client-key", str(client.key), "--ca-file", str(self.certificates.ca),
        ))  # fmt: skip
        simulator.start_before(f"https://localhost:{self.port}")
        pushed = simulator.push(Sale(customer.descriptor).alert())
        self.assertEqual((pushed["status"], len(pushed["acknowledged"])), (200, 1), pushed)
        self.assertEqual(len(customer.alerts()), 1)


class BadOptionTest(RefusalCase):
    def test_options_that_cannot_be_used_are_refused_in_one_line(self):
        nonsense = self.folder / "nonsense.pem"
        nonsense.write_text("nonsense\n")
        certificates = self.certificates
        ca = str(certificates.ca)
        tls = ("--tls-certificate", str(certificates.certificate), "--tls-key",
               str(certificates.key))  # fmt: skip
        port = ("--network-port", str(free_port()))
        for options, words in (
            (("--test-network-token", "too-short-by-1x"), ("--test-network-token", "16")),
            (("--live-network-token", ""), ("--live-network-token",)),
            (("--test-network-token", "a token with spaces"), ("--test-network-token", "spaces")),
            (("--test-network-token", "ein-schlüsselwort-für-uns"), ("--test-network-token",)),
            (("--test-network-token", TEST_TOKEN, "--live-network-token", TEST_TOKEN),
             ("--test-network-token", "--live-network-token", "differ")),
            (("--network-client-ca-file", ca, *tls), ("--network-client-ca-file", "--network-port")),
            (("--network-client-ca-file", ca, *port),
             ("--network-client-ca-file", "--tls-certificate")),
            (("--network-client-ca-file", str(nonsense), *port, *tls), (str(nonsense), "PEM")),
            (("--network-client-ca-file", "/nowhere.pem", *port, *tls), ("/nowhere.pem",)),
            (("--network-ca-file", str(nonsense)), (str(nonsense), "PEM")),
            (("--network-host", "127.0.0.1"), ("--network-host", "--network-port")),
            (("--network-port", "65536"), ("--network-port",)),
            (("--network-port", "-1"), ("--network-port",)),
            (("--test-ethoca-url", "ftp://127.0.0.1/ethoca"), ("--test-ethoca-url", "https://")),
            (("--test-verifi-url", "127.0.0.1:8090"), ("--test-verifi-url", "https://")),
            (("--ethoca-url", "https://"), ("--ethoca-url",)),
            (("--verifi-url", "https:///no-host-at-all"), ("--verifi-url",)),
        ):  # fmt: skip
            with self.subTest(" ".join(options)):
                line = self.refusal_of(self.new_server(*options, name=f"n{free_port()}"))
                for word in words:
                    self.assertIn(word, line)
                if "token" in options[0] and options[1]:
                    self.assertNotIn(options[1], line)

    def test_a_port_that_is_taken_is_told(self):
        taken = self.enterContext(socket.create_server(("127.0.0.1", 0))).getsockname()[1]
        api = self.new_server(name="api")
        api.port = taken
        network = self.new_server("--network-port", str(taken), name="network")
        for server in (api, network):
            with self.subTest(server.log.stem):
                line = self.refusal_of(server, is_alone=False)
                self.assertIn(f"cannot listen on 127.0.0.1 port {taken}", line)

    def test_two_listeners_cannot_share_a_port(self):
        server = self.new_server()
        server.options += ["--network-port", str(server.port)]
        line = self.refusal_of(server, is_alone=False)
        self.assertIn(f"cannot listen on 127.0.0.1 port {server.port}", line)

    def test_the_environment_is_judged_alike(self):
        environment = {"PARRY_TEST_NETWORK_TOKEN": "short"}
        line = self.refusal_of(self.new_server(environment=environment))
        self.assertIn("test-network-token", line)
        self.assertNotIn('short"', line)
