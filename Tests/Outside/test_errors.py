"""Bad input from outside: every answer is an error of the documented kind, and nothing leaks."""

import http.client
import json
import os
import random
import sqlite3
from contextlib import closing

from parry_outside.api import Answer, exchange_raw
from parry_outside.cases import FolderCase, OneServerCase, OnPostgres
from parry_outside.server import Server
from parry_outside.world import make_world

MEBIBYTE = 1024 * 1024
BODY_BYTES_MAX = 5 * MEBIBYTE
DEPTH_MAX = 32
RATE_LIMIT = 100
MUTILATIONS = 1_000


class ErrorCase(OneServerCase):
    """Without a rate limit, since these tests ask for errors by the hundred."""

    options = ("--rate-limit", "0")

    def assert_error(self, answer: Answer, status: int, code: str) -> dict:
        """Status, code, shape and the headers that every answer carries."""
        self.assertEqual((answer.status, answer.code), (status, code), answer.body[:300])
        self.assert_usual_headers(answer)
        problem = answer.json()
        self.assertTrue(problem["message"])
        self.assertLessEqual(problem.keys(), {"code", "message", "errors"})
        return problem

    def assert_usual_headers(self, answer: Answer):
        self.assertTrue(answer.headers["X-Request-Id"], "X-Request-Id is missing")
        content_type = (answer.headers["Content-Type"] or "").split(";")[0]
        self.assertEqual(content_type, "application/json")

    def post_bytes(self, body: bytes, path: str = "/v1/organisations") -> Answer:
        return self.api.send("POST", path, body)


class MalformedBodyTest(ErrorCase):
    def test_what_is_not_json_is_refused(self):
        bodies = {
            "empty": b"",
            "cut off": b'{"name": "Acme',
            "not JSON": b"name=Acme",
            "trailing comma": b'{"name": "Acme",}',
            "second document": b'{"name": "Acme"} {}',
            "comment": b'{"name": "Acme"} // hello',
            "single quotes": b"{'name': 'Acme'}",
            "NaN": b'{"name": NaN}',
            "Infinity": b'{"name": -Infinity}',
            "leading zero": b'{"name": 012}',
            "control character": b'{"name": "a\x01b"}',
            "invalid UTF-8": b'{"name": "Acme \xff\xfe"}',
            "overlong UTF-8": b'{"name": "\xc0\xaf"}',
            "UTF-8 surrogate": b'{"name": "\xed\xa0\x80"}',
            "byte order mark": b'\xef\xbb\xbf{"name": "Acme"}x',
        }
        for what, body in bodies.items():
            with self.subTest(what):
                self.assert_error(self.post_bytes(body), 400, "INVALID_REQUEST")

    def test_a_lone_surrogate_is_refused(self):
        for body in (rb'{"name": "\ud800"}', rb'{"name": "\udc00\ud800 x"}'):
            answer = self.post_bytes(body)
            self.assertIn(answer.status, (400, 422), answer.body)
            self.assertIn(answer.code, ("INVALID_REQUEST", "VALIDATION_ERROR"))
            self.assert_usual_headers(answer)

    def test_a_number_beyond_64_bits_is_refused(self):
        world = make_world(self.api)
        for number in ("9223372036854775808", "-9223372036854775809", "1" + "0" * 400, "1e400"):
            with self.subTest(number[:30]):
                order = json.dumps([world.order("beyond")])
                body = order.replace(
                    '"order_total_amount_in_cents": 4900',
                    f'"order_total_amount_in_cents": {number}',
                )
                self.assertIn(number, body)
                answer = self.post_bytes(body.encode(), "/v1/orders")
                self.assertIn(answer.status, (400, 422), answer.body)
                self.assertIn(answer.code, ("INVALID_REQUEST", "VALIDATION_ERROR"))
        self.assertEqual(self.api.get("/v1/orders?reference_id=beyond").json()["count"], 0)

    def test_nesting_is_bounded(self):
        def nested(depth: int) -> bytes:
            return b'{"x": ' * (depth - 1) + b"[]" + b"}" * (depth - 1)

        fine = self.post_bytes(nested(DEPTH_MAX))
        self.assert_error(fine, 422, "VALIDATION_ERROR")
        self.assert_error(self.post_bytes(nested(DEPTH_MAX + 1)), 400, "INVALID_REQUEST")
        self.assert_error(self.post_bytes(b"[" * 1_000_000), 400, "INVALID_REQUEST")

    def test_the_wrong_kind_of_document_is_a_schema_error(self):
        for body in (b"[]", b'"Acme"', b"7", b"null"):
            with self.subTest(body):
                self.assert_error(self.post_bytes(body), 422, "VALIDATION_ERROR")

    def test_a_schema_error_names_every_bad_field(self):
        world = make_world(self.api)
        order = world.order("bad") | {"order_currency": "dollars", "order_status": "closed"}
        order["transactions"][0]["currency"] = "usd"
        good = world.order("good")
        problem = self.assert_error(
            self.api.post("/v1/orders", [good, order]), 422, "VALIDATION_ERROR"
        )
        fields = {error["field"] for error in problem["errors"]}
        self.assertEqual(
            fields, {"[1].order_currency", "[1].order_status", "[1].transactions[0].currency"}
        )
        for error in problem["errors"]:
            self.assertTrue(error["code"] and error["message"], error)
        count = self.api.get("/v1/orders?reference_id=good").json()["count"]
        self.assertEqual(count, 0, "a schema error processes nothing")

    def test_batches_have_1_to_100_orders(self):
        world = make_world(self.api)
        self.assert_error(self.api.post("/v1/orders", []), 422, "VALIDATION_ERROR")
        too_many = [world.order(f"many-{index}") for index in range(101)]
        problem = self.assert_error(self.api.post("/v1/orders", too_many), 422, "VALIDATION_ERROR")
        self.assertEqual(problem["errors"][0]["code"], "BATCH_TOO_LARGE")

    def test_the_body_must_say_that_it_is_json(self):
        body = b'{"name": "A"}'
        answer = self.api.send("POST", "/v1/organisations", body, Content_Type="text/plain")
        self.assert_error(answer, 415, "UNSUPPORTED_MEDIA_TYPE")
        with_charset = "application/json; charset=utf-8"
        fine = self.api.send("POST", "/v1/organisations", body, Content_Type=with_charset)
        self.assertEqual(fine.status, 201, fine.body)


class MalformedBodyOnPostgresTest(OnPostgres, MalformedBodyTest):
    """The same on the other engine."""


class LargeBodyTest(ErrorCase):
    def head(self, *fields: str) -> bytes:
        lines = [
            "POST /v1/organisations HTTP/1.1",
            "Host: localhost",
            f"Authorization: Bearer {self.partner.api_key}",
            "Content-Type: application/json",
            *fields,
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def test_an_announced_body_over_5_mebibytes_is_refused(self):
        length = BODY_BYTES_MAX + 1
        pieces = [self.head(f"Content-Length: {length}"), *[b" " * MEBIBYTE] * 5, b" "]
        self.assert_error(exchange_raw(self.server.port, pieces), 413, "PAYLOAD_TOO_LARGE")

    def test_a_chunked_body_over_5_mebibytes_is_refused(self):
        chunk = b"%x\r\n" % MEBIBYTE + b" " * MEBIBYTE + b"\r\n"
        pieces = [self.head("Transfer-Encoding: chunked"), *[chunk] * 6, b"0\r\n\r\n"]
        self.assert_error(exchange_raw(self.server.port, pieces), 413, "PAYLOAD_TOO_LARGE")

    def test_a_body_of_5_mebibytes_is_read(self):
        document = b'{"name": "Large", "x": "'
        body = document + b"x" * (BODY_BYTES_MAX - len(document) - 2) + b'"}'
        self.assertEqual(self.post_bytes(body).status, 201)

    def test_the_server_lives_on(self):
        for _ in range(3):
            self.test_a_chunked_body_over_5_mebibytes_is_refused()
        self.assertEqual(self.api.get("/v1/organisations").status, 200)


class RoutingTest(ErrorCase):
    def test_an_unknown_route_is_json_too(self):
        for path in ("/v1/nothing", "/v3/enrolments", "/", "/v1", "/v1/organisations/x/y"):
            with self.subTest(path):
                self.assert_error(self.api.get(path), 404, "NOT_FOUND")

    def test_an_unknown_id_is_404(self):
        for path in (
            "/v1/organisations/org_abc123",
            "/v1/merchants/mrch_abc123",
            "/v1/integrations/int_abc123",
            "/v2/enrolments/enrl_abc123",
            "/v1/orders/ord_abc123",
            "/v1/alerts/netalrt_abc123",
            "/v1/alerts/" + "x" * 2000,
        ):
            with self.subTest(path[:40]):
                self.assert_error(self.api.get(path), 404, "NOT_FOUND")

    def test_a_wrong_method_says_which_are_right(self):
        answer = self.api.call("PUT", "/v1/organisations", {"name": "A"})
        self.assert_error(answer, 405, "METHOD_NOT_ALLOWED")
        allowed = {word.strip() for word in answer.headers["Allow"].split(",")}
        self.assertLessEqual({"GET", "POST"}, allowed)
        self.assertNotIn("PUT", allowed)
        answer = self.api.call("DELETE", "/v1/orders/ord_abc123")
        self.assert_error(answer, 405, "METHOD_NOT_ALLOWED")

    def test_a_trailing_slash_changes_nothing_and_never_redirects(self):
        for path in ("/v1/organisations", "/v1/merchants", "/v1/integrations", "/v2/enrolments",
                     "/v1/orders", "/v1/alerts"):  # fmt: skip
            for form in (path, path + "/"):
                with self.subTest(form):
                    answer = self.api.get(form)
                    self.assertEqual(answer.status, 200)
                    self.assert_usual_headers(answer)
        for path in ("/v1/organisations", "/v1/organisations/"):
            created = self.api.must(201, "POST", path, {"name": "Slash"})
            item = f"/v1/organisations/{created['id']}"
            for form in (item, item + "/"):
                self.assertEqual(self.api.must(200, "GET", form), created)

    def test_every_answer_has_a_request_id_of_its_own(self):
        answers = [self.api.get("/v1/organisations") for _ in range(3)]
        self.assertEqual(len({answer.headers["X-Request-Id"] for answer in answers}), 3)
        self.assertTrue(self.api.get("/health/live").headers["X-Request-Id"])


class QueryTest(ErrorCase):
    def test_what_cannot_be_read_is_400(self):
        for query in (
            "limit=abc", "limit=", "offset=x", "limit=1&limit=2", "limit=%zz", "name=%", "name=%ff",
        ):  # fmt: skip
            with self.subTest(query):
                self.assert_error(self.api.get(f"/v1/merchants?{query}"), 400, "INVALID_REQUEST")
        answer = self.api.get("/v1/orders?created_at_gte=yesterday")
        self.assert_error(answer, 400, "INVALID_REQUEST")

    def test_what_can_be_read_but_not_allowed_is_422(self):
        for path in (
            "/v1/merchants?limit=0",
            "/v1/merchants?limit=-1",
            "/v1/merchants?limit=1001",
            "/v1/merchants?offset=-1",
            "/v1/merchants?sort=colour",
            "/v1/merchants?type=SHOP",
            "/v1/alerts?status=OPEN",
            "/v1/alerts?alert_received_at_gte=2026-02-02T00:00:00Z"
            "&alert_received_at_lte=2026-02-01T00:00:00Z",
        ):
            with self.subTest(path):
                self.assert_error(self.api.get(path), 422, "VALIDATION_ERROR")

    def test_limits_within_bounds_are_fine(self):
        for query in ("limit=1", "limit=1000", "offset=0", "limit=1&offset=5", "sort=-name"):
            with self.subTest(query):
                self.assertEqual(self.api.get(f"/v1/merchants?{query}").status, 200)

    def test_a_foreign_organisation_is_404(self):
        for path in ("/v1/merchants", "/v2/enrolments", "/v1/orders", "/v1/alerts"):
            with self.subTest(path):
                answer = self.api.get(f"{path}?organisation_id=org_abc123")
                self.assert_error(answer, 404, "NOT_FOUND")


class QueryOnPostgresTest(OnPostgres, QueryTest):
    """The same on the other engine."""


class GarbageTest(ErrorCase):
    """What no client would send on purpose: the answer is a 4xx or a closed connection."""

    def test_mutilated_bodies_never_get_a_5xx(self):
        world = make_world(self.api)
        targets = [
            ("POST", "/v1/organisations", {"name": "Acme"}),
            ("POST", "/v1/merchants", {"organisation_id": world.organisation_id, "name": "M",
                                       "type": "GENERIC", "external_id": "mid"}),
            ("POST", "/v2/enrolments", world.enrolment("ACME")),
            ("POST", "/v1/orders", [world.order("one"), world.order("two")]),
            ("POST", "/v1/simulate/alerts", world.alert()),
            ("PATCH", f"/v1/simulate/enrolments/{world.enrolment_id}", {"status": "ENABLED"}),
        ]  # fmt: skip
        for seed in range(round(MUTILATIONS * float(os.environ.get("EFFORT", "1")))):
            chance = random.Random(seed)
            method, path, document = chance.choice(targets)
            body = mutilated(json.dumps(document).encode(), chance)
            answer = self.api.send(method, path, body)
            with self.subTest(seed=seed, path=path, body=body):
                self.assertLess(answer.status, 500, answer.body)
                self.assert_usual_headers(answer)
        self.assertEqual(self.api.get("/v1/organisations").status, 200)

    def test_broken_http_is_refused_and_the_server_lives_on(self):
        host = "Host: localhost\r\n"
        for garbage in (
            "\r\n\r\n\r\n",
            "GARBAGE\r\n\r\n",
            "GET / HTTP/9.9\r\n\r\n",
            f"GET /v1/orders HTTP/1.1\r\n{host}X-Long: {'x' * 200_000}\r\n\r\n",
            f"GET /{'x' * 200_000} HTTP/1.1\r\n{host}\r\n",
            f"POST /v1/orders HTTP/1.1\r\n{host}Content-Length: -5\r\n\r\n[]",
            f"POST /v1/orders HTTP/1.1\r\n{host}Content-Length: 2\r\nContent-Length: 9\r\n\r\n[]",
            f"POST /v1/orders HTTP/1.1\r\n{host}Content-Length: 2\r\n"
            "Transfer-Encoding: chunked\r\n\r\n[]",
            f"POST /v1/orders HTTP/1.1\r\n{host}Transfer-Encoding: chunked\r\n\r\nzz\r\n[]",
            "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        ):
            with self.subTest(garbage[:60]):
                self.assertIn(self.status_of(garbage.encode("latin-1")), (None, *range(400, 500)))
        self.assertEqual(self.api.get("/v1/organisations").status, 200)

    def status_of(self, garbage: bytes) -> int | None:
        """The status of the answer; None when the connection is closed or stays silent."""
        try:
            return exchange_raw(self.server.port, [garbage], 1).status
        except (http.client.HTTPException, OSError):
            return None


class GarbageOnPostgresTest(OnPostgres, GarbageTest):
    """What SQLite would store without a word, PostgreSQL refuses: it must not come that far."""


def mutilated(body: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, removed, repeated or put in."""
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(body) + 1), chance.randint(1, 12)
        replacement = chance.choice((
            b"", body[at : at + length] * 2, bytes([chance.randrange(256)]), b"null", b"-1e999",
            b"\\u0000", b"{", b"]", b'"', b"\xf4\x90\x80\x80", b"9" * 30, b"[" * 40, b",",
        ))  # fmt: skip
        body = body[:at] + replacement + body[at + length :]
    return body


class KeyTest(ErrorCase):
    def test_without_a_good_key_nothing_is_answered(self):
        key = self.partner.api_key
        swapped = key[:-1] + ("a" if key[-1] != "a" else "b")
        for header in (None, "", "Bearer", "Bearer ", f"Basic {key}", key, "Bearer cbs_x",
                       f"Bearer {swapped}", f"Bearer {key}x", f"Bearer {key} {key}"):  # fmt: skip
            with self.subTest(header and header.replace(key, "KEY")):
                answer = self.api.call("GET", "/v1/organisations", Authorization=header)
                self.assert_error(answer, 401, "UNAUTHORISED")

    def test_the_scheme_is_read_without_regard_to_case(self):
        answer = self.api.call(
            "GET", "/v1/organisations", Authorization=f"bearer {self.partner.api_key}"
        )
        self.assertEqual(answer.status, 200)

    def test_a_key_without_the_ability_is_403(self):
        made = self.server.command(
            "key", "create", "--group", self.partner.group_id, "--ability", "orders:read"
        )
        self.api.key = made["api_key"]
        self.assertEqual(self.api.get("/v1/orders").status, 200)
        self.assert_error(self.api.get("/v1/organisations"), 403, "FORBIDDEN")

    def test_an_organisation_key_on_a_partner_endpoint_is_401(self):
        world = make_world(self.api)
        made = self.server.command(
            "key", "create", "--organisation", world.organisation_id, "--all-abilities"
        )
        self.api.key = made["api_key"]
        self.assertEqual(self.api.get("/v1/orders").status, 200)
        self.assert_error(self.api.get("/v1/organisations"), 401, "UNAUTHORISED")
        self.assert_error(self.api.get("/v2/enrolments"), 401, "UNAUTHORISED")

    def test_a_key_that_has_expired_is_401(self):
        made = self.server.command(
            "key", "create", "--group", self.partner.group_id, "--all-abilities",
            "--expires-at", "2020-01-01T00:00:00Z",
        )  # fmt: skip
        self.api.key = made["api_key"]
        self.assert_error(self.api.get("/v1/orders"), 401, "UNAUTHORISED")


class KeyOnPostgresTest(OnPostgres, KeyTest):
    """The same on the other engine."""


class RateLimitTest(OneServerCase):
    """With the default limit: 100 a minute and endpoint."""

    def test_the_hundred_and_first_request_of_a_minute_is_refused(self):
        statuses = []
        while 429 not in statuses and len(statuses) < RATE_LIMIT + 10:
            answer = self.api.get("/v1/organisations?limit=1")
            statuses.append(answer.status)
        passed = statuses.count(200)
        self.assertGreaterEqual(passed, RATE_LIMIT)
        self.assertLessEqual(passed, RATE_LIMIT + 2, "more than the limit passed")
        self.assertEqual(answer.code, "RATE_LIMITED")
        self.assertTrue(1 <= int(answer.headers["Retry-After"]) <= 120)
        self.assertIn("r=0", answer.headers["RateLimit"].replace(" ", ""))
        policy = answer.headers["RateLimit-Policy"].replace(" ", "")
        self.assertIn(f"q={RATE_LIMIT}", policy)
        self.assertIn("w=60", policy)
        self.assertTrue(answer.headers["X-Request-Id"])
        slash = self.api.get("/v1/organisations/")
        self.assertEqual(slash.status, 429, "the slash does not open a second pool")
        self.assertEqual(self.api.get("/v1/merchants").status, 200)
        created = self.api.post("/v1/organisations", {"name": "Own pool"})
        self.assertEqual(created.status, 201, "listing does not eat the budget of creating")


class RateLimitOnPostgresTest(OnPostgres, RateLimitTest):
    """The same on the other engine, where all processes count together."""


CARD_DIGITS = "4111111111111111"
CARD_FORMS = (
    CARD_DIGITS,
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    f"my card is {CARD_DIGITS}, thanks",
)


class CardNumberTest(FolderCase):
    def test_a_card_number_is_refused_and_leaves_no_trace(self):
        server = self.new_server("--rate-limit", "0").start()
        partner = server.create_partner()
        api = self.new_api(server, partner.api_key)
        world = make_world(api)
        for form in CARD_FORMS:
            with self.subTest(form):
                answer = api.post("/v1/organisations", {"name": form})
                self.assertEqual((answer.status, answer.code), (422, "CARD_NUMBER_REJECTED"))
                self.assertNotIn(b"1111", answer.body)
        self.refuse_in_alert_note(api, world)
        self.refuse_in_one_order(api, world)
        self.refuse_with_a_key(api)
        self.keep_nothing_of_unknown_members(api, world)
        server.stop()
        self.assert_no_trace()

    def refuse_in_alert_note(self, api, world):
        alert = api.must(201, "POST", "/v1/simulate/alerts", world.alert())
        answer = api.patch(f"/v1/alerts/{alert['id']}", {"note": f"card {CARD_FORMS[1]}"})
        self.assertEqual((answer.status, answer.code), (422, "CARD_NUMBER_REJECTED"))

    def refuse_in_one_order(self, api, world):
        good, bad = world.order("good"), world.order("bad")
        bad["transactions"][0]["descriptor"] = CARD_DIGITS
        answer = api.must(201, "POST", "/v1/orders", [good, bad])
        self.assertEqual((answer["created"], answer["failed"]), (1, 1))
        self.assertEqual(answer["errors"][0]["code"], "CARD_NUMBER_REJECTED")
        self.assertEqual(answer["errors"][0]["index"], 1)
        # Other digits: behind an id that ends with a 4, ones alone would look like the card number in the file.
        exempt = world.order("5105105105105100")
        exempt["order_number"] = "5555555555554444"
        api.must(201, "POST", "/v1/orders", [exempt])

    def refuse_with_a_key(self, api):
        before = self.audited()
        for _ in range(2):
            answer = api.call(
                "POST", "/v1/organisations", {"name": CARD_DIGITS}, Idempotency_Key="card"
            )
            self.assertEqual((answer.status, answer.code), (422, "CARD_NUMBER_REJECTED"))
        self.assertEqual(answer.headers["Idempotency-Replayed"], "true")
        self.assertEqual(self.audited(), before, "nothing was changed")

    def keep_nothing_of_unknown_members(self, api, world):
        """What the API does not know it does not look at; but the audit log tells what was asked for."""
        before = self.audited()
        for number, form in enumerate((*CARD_FORMS, int(CARD_DIGITS))):
            api.must(201, "POST", "/v1/organisations", {"name": f"Card {number}", "card": form})
            alert = world.alert() | {"transaction_card_number": form}
            api.must(201, "POST", "/v1/simulate/alerts", alert)
        escaped = b'{"name": "Escaped", "card": "\\u0034111111111111111"}'
        self.assertEqual(api.send("POST", "/v1/organisations", escaped).status, 201)
        self.assertEqual(self.audited(), before + 2 * (len(CARD_FORMS) + 1) + 1)

    def audited(self) -> int:
        with closing(sqlite3.connect(self.folder / "parry.db")) as database:
            return database.execute("SELECT count(*) FROM audit").fetchone()[0]

    def assert_no_trace(self):
        for path in sorted(self.folder.iterdir()):
            content = path.read_bytes()
            for form in (*CARD_FORMS[:3], "\\u0034111111111111111"):
                self.assertFalse(form.encode() in content, f"{path.name} holds a card number")


class SecretsTest(FolderCase):
    def test_keys_and_secrets_stand_in_no_log_and_not_readable_in_the_database(self):
        receiver = self.new_receiver()
        server = self.new_server(*self.private_target_options).start()
        partner = server.create_partner()
        endpoint = server.create_webhook(partner.id, receiver.url(), ["alert.created"])
        receiver.trust(endpoint["secret"])
        api = self.new_api(server, partner.api_key)
        world = make_world(api)
        api.must(201, "POST", "/v1/simulate/alerts", world.alert())
        api.call("GET", "/v1/organisations", Authorization=f"Bearer {partner.api_key}x")
        receiver.wait_for_events(1, 10)
        self.assert_absent(server, partner.api_key, endpoint["secret"])
        server.stop()
        self.assert_absent(server, partner.api_key, endpoint["secret"])

    def assert_absent(self, server: Server, *secrets: str):
        files = [server.log, *self.folder.glob("parry.db*")]
        for path in files:
            if path.suffix == ".key":
                continue
            content = path.read_bytes()
            for secret in secrets:
                self.assertNotIn(secret.encode(), content, f"{path.name} holds a secret")
