"""Input that no client should send, and rare input that it may: refused, or given back exactly."""

import json
import re
import urllib.parse

from parry_outside.api import Answer
from parry_outside.cases import OnPostgres
from parry_outside.contract import NOBODY, ContractCase
from parry_outside.documents import NESTED, TIMES, lone_order, plain_order, value_at

DEPTH_MAX = 32
STORED_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z")

WORD_FILTERS = {
    "/v1/merchants": ("type",),
    "/v2/enrolments": ("type", "status"),
    "/v1/enrolments": ("type", "status"),
    "/v1/orders": ("type", "order_status"),
    "/v1/alerts": ("status",),
    "/v1/scheme-notices": ("scheme_notice_type",),
    "/v1/lookups": ("type", "lookup_status", "deflection_status"),
}
SORTS = {
    "/v1/merchants": "external_id",
    "/v1/orders": "updated_at",
    "/v1/alerts": "created_at",
    "/v1/rulesets": "outcome",
    "/v1/scheme-notices": "created_at",
    "/v1/lookups": "updated_at",
}
"""For each list that can be sorted, a field of its objects that it is not sorted by."""

RANGES = {
    "/v1/orders": "created_at",
    "/v1/alerts": "alert_received_at",
    "/v1/scheme-notices": "reported_at",
    "/v1/lookups": "created_at",
}
ID_FILTERS = {
    "/v1/merchants": {"organisation_id": "org"},
    "/v1/memberships": {"organisation_id": "org"},
    "/v2/enrolments": {"organisation_id": "org", "merchant_id": "mrch"},
    "/v1/enrolments": {"organisation_id": "org", "merchant_id": "mrch"},
    "/v1/orders": {"organisation_id": "org", "integration_id": "int"},
    "/v1/alerts": {"organisation_id": "org", "merchant_id": "mrch"},
    "/v1/rulesets": {"organisation_id": "org"},
    "/v1/scheme-notices": {"organisation_id": "org", "merchant_id": "mrch"},
    "/v1/lookups": {
        "organisation_id": "org",
        "enrollment_id": "enrl",
        "parent_lookup_id": "lkp",
    },
}
LISTS = ("/v1/organisations", "/v1/integrations", *ID_FILTERS)

TEXTS = {
    "right to left": "متجر أكمي — שלום",
    "direction marks": "\u202eEMCA\u202c \u200fX",
    "emoji": "🏋️‍♀️ ACME 👩‍👩‍👧‍👦 🇨🇭",
    "composed and not": "\u00e9 e\u0301",
    "beyond the first plane": "𝔸ℂ𝕄𝔼 𠜎",
    "spaces around": "  ACME\t ",
    "quotes": "\"ACME\" 'x' \\ / <b>&amp;",
    "SQL": "'; DROP TABLE \"order\"; -- %_",
    "no character": "\ufeff\ufffd\uffff",
    "control characters": "".join(map(chr, range(1, 32))) + "\x7f\x85\u2028\u2029",
}


class QueryInputTest(ContractCase):
    def assert_bad(self, path: str, query: str):
        """It cannot be read: 400."""
        with self.subTest(f"{path}?{query}"):
            self.assert_error(self.api.get(f"{path}?{query}"), 400, "INVALID_REQUEST")

    def assert_not_allowed(self, path: str, query: str, field: str):
        """It can be read but is not allowed: 422 about this parameter."""
        with self.subTest(f"{path}?{query}"):
            self.assert_invalid(self.api.get(f"{path}?{query}"), field)

    def test_unknown_words_are_422(self):
        for path, names in WORD_FILTERS.items():
            for name in names:
                for value in ("UNKNOWN", "enabled", "", "%20", "VISA"):
                    self.assert_not_allowed(path, f"{name}={value}", name)

    def test_unknown_sorts_are_422(self):
        for path, field in SORTS.items():
            for value in (field, "-" + field, "", "-", "--created_at", "id", "Created_at",
                          "created_at,id"):  # fmt: skip
                self.assert_not_allowed(path, f"sort={value}", "sort")

    def test_a_parameter_given_twice_is_400(self):
        for path in LISTS:
            self.assert_bad(path, "limit=1&limit=1")
            self.assert_bad(path, "offset=0&limit=1&offset=0")
            self.assert_bad(path, "limit=1&l%69mit=1")
        for path, names in ID_FILTERS.items():
            for name in names:
                own = self.world.organisation_id
                self.assert_bad(path, f"{name}={own}&{name}={own}")

    def test_bad_percent_escapes_are_400(self):
        for path in LISTS:
            for value in ("%", "%2", "%zz", "%2g", "%%", "a%", "%u0041", "%-1", "%+1"):
                self.assert_bad(path, f"limit={value}")
        for value in ("%ff", "%c3%28", "%c0%af", "%ed%a0%80", "%f4%90%80%80", "%e2%82", "%00"):
            self.assert_bad("/v1/merchants", f"name={value}")
            self.assert_bad("/v1/orders", f"reference_id={value}")
            self.assert_bad("/v1/orders", f"{value}=1")

    def test_what_is_no_number_is_400(self):
        for path in LISTS:
            for value in ("", "x", "1.0", "1e2", "0x10", "1,000", "%201", "1%20", "NaN", "null",
                          "%D9%A1", "--1"):  # fmt: skip
                self.assert_bad(path, f"limit={value}")
                self.assert_bad(path, f"offset={value}")

    def test_numbers_out_of_range_are_422(self):
        for path in LISTS:
            for value in ("0", "-1", "1001", "9223372036854775807", "-9223372036854775808"):
                self.assert_not_allowed(path, f"limit={value}", "limit")
            self.assert_not_allowed(path, "offset=-1", "offset")
            page = self.api.must(200, "GET", f"{path}?offset=9223372036854775807&limit=1000")
            self.assertEqual(page["items"], [])

    def test_what_is_no_time_is_400(self):
        for path, field in RANGES.items():
            for value in ("", "yesterday", "2026-02-17", "2026-02-30T00:00:00Z", "1771322345",
                          "2026-02-17T24:00:01Z", "2026-13-01T00:00:00Z", "2026-02-17T10:00:00",
                          "10000-01-01T00:00:00Z", "2026-02-17T10:00:00%2B25:00"):  # fmt: skip
                self.assert_bad(path, f"{field}_gte={value}")
                self.assert_bad(path, f"{field}_lte={value}")

    def test_a_reversed_range_is_422_and_a_range_of_one_moment_is_not(self):
        for path, field in RANGES.items():
            late, early = "2026-02-17T10:00:01Z", "2026-02-17T10:00:00Z"
            with self.subTest(path):
                answer = self.api.get(f"{path}?{field}_gte={late}&{field}_lte={early}")
                self.assert_error(answer, 422, "VALIDATION_ERROR")
                self.api.must(200, "GET", f"{path}?{field}_gte={early}&{field}_lte={early}")
                # The same moment, written in another zone.
                zoned = urllib.parse.quote("2026-02-17T12:00:00+02:00")
                self.api.must(200, "GET", f"{path}?{field}_gte={early}&{field}_lte={zoned}")
                answer = self.api.get(f"{path}?{field}_gte={late}&{field}_lte={zoned}")
                self.assert_error(answer, 422, "VALIDATION_ERROR")

    def test_ids_that_name_nothing_are_404(self):
        for path, names in ID_FILTERS.items():
            for name, prefix in names.items():
                for value in (NOBODY[prefix], "nonsense", "", "%F0%9F%98%80", "x" * 5_000,
                              NOBODY["org" if prefix == "mrch" else "mrch"]):  # fmt: skip
                    with self.subTest(path, name=name, value=value[:40]):
                        answer = self.api.get(f"{path}?{name}={value}")
                        self.assert_error(answer, 404, "NOT_FOUND")

    def test_a_percent_fault_in_a_path_is_no_server_error(self):
        for path in ("/v1/orders/%", "/v1/orders/%zz", "/v1/orders/%00", "/v1/orders/%ff",
                     "/v1/orders/..%2F..%2Forganisations", "/v1/%6Frders/x",
                     "/v1/orders/%2F", "/v1/orders/x%0d%0aA:b"):  # fmt: skip
            with self.subTest(path):
                answer = self.api.get(path)
                self.assertIn((answer.status, answer.code),
                              ((404, "NOT_FOUND"), (400, "INVALID_REQUEST")))  # fmt: skip


class TextFilterTest(ContractCase):
    """What the database is asked for is the text itself."""

    def test_filters_take_text_as_it_is(self):
        for what, text in TEXTS.items():
            with self.subTest(what):
                body = {"organisation_id": self.world.organisation_id, "name": text,
                        "type": "GENERIC", "external_id": text}  # fmt: skip
                made = self.api.must(201, "POST", "/v1/merchants", body)
                mine = f"organisation_id={self.world.organisation_id}"
                quoted = urllib.parse.quote(text, safe="")
                for name in ("name", "external_id"):
                    found = self.ids(f"/v1/merchants?{mine}&{name}={quoted}")
                    self.assertEqual(found, [made["id"]], name)

    def test_the_name_filter_knows_no_wildcards(self):
        mine = f"organisation_id={self.world.organisation_id}"
        for wild in ("%25", "_cme", "*", "A.*", "%5C"):
            with self.subTest(wild):
                self.assertEqual(self.ids(f"/v1/merchants?{mine}&name={wild}"), [])

    def test_the_name_filter_knows_no_case_in_any_script(self):
        mine = f"organisation_id={self.world.organisation_id}"
        body = {"organisation_id": self.world.organisation_id, "type": "GENERIC"}
        made = self.api.must(201, "POST", "/v1/merchants", body | {"name": "ÉCLAIR Дом ΑΒΓ"})
        for part in ("éclair", "ÉCLAIR", "ДОМ", "дом", "αβγ", "air д"):
            with self.subTest(part):
                quoted = urllib.parse.quote(part)
                self.assertEqual(self.ids(f"/v1/merchants?{mine}&name={quoted}"), [made["id"]])


class TextFilterOnPostgresTest(OnPostgres, TextFilterTest):
    """The same on the other engine."""


class BodyInputTest(ContractCase):
    def post(self, path: str, text: str | bytes, **headers: str) -> Answer:
        body = text if isinstance(text, bytes) else text.encode()
        return self.api.send("POST", path, body, **headers)

    def order_with(self, number: str, member: str = "order_total_amount_in_cents") -> Answer:
        """The answer to an order in which a number stands exactly so."""
        text = json.dumps([plain_order(self.world, f"number {number[:40]}") | {member: "HERE"}])
        return self.post("/v1/orders", text.replace('"HERE"', number))

    def test_numbers_beyond_what_an_amount_can_be_are_refused(self):
        for number in ("1e400", "-1e400", "9223372036854775808", "-9223372036854775809",
                       "1e99999999999999999999", "1" + "0" * 5_000, "0." + "1" * 99):  # fmt: skip
            with self.subTest(number[:30]):
                answer = self.order_with(number)
                expected = ((400, "INVALID_REQUEST"), (422, "VALIDATION_ERROR"))
                self.assertIn((answer.status, answer.code), expected, answer.body[:200])

    def test_amounts_are_integers_as_they_are_written(self):
        for number in ("1.0", "4900.00", "1e2", "1E2", "49.5", "-0.0", "-1", "0e0", "1.0e0"):
            with self.subTest(number):
                answer = self.order_with(number)
                self.assert_invalid(answer, "[0].order_total_amount_in_cents")
        for number in ("01", "+1", ".5", "1.", "0x10", "1_000", "1e", "--1", "Infinity"):
            with self.subTest(number):
                self.assert_error(self.order_with(number), 400, "INVALID_REQUEST")

    def test_minus_zero_is_zero(self):
        answer = self.order_with("-0")
        self.assertEqual(answer.status, 201, answer.body)
        shown = self.api.get(f"/v1/orders/{answer.json()['results'][0]['id']}")
        self.assertIn(b'"order_total_amount_in_cents":0,', shown.body)

    def test_the_other_numbers_of_the_api_are_integers_too(self):
        for path, document in {
            "/v1/simulate/alerts": self.world.alert(),
            "/v1/simulate/lookups": {"organisation_id": self.world.organisation_id},
            "/v1/simulate/scheme-notices": {"organisation_id": self.world.organisation_id},
        }.items():
            for number in ("1.0", "1e2", "-1", '"1"', "true", "9007199254740992"):
                with self.subTest(path, number=number):
                    text = json.dumps(document | {"amount_in_cents": "HERE"})
                    answer = self.post(path, text.replace('"HERE"', number))
                    self.assert_invalid(answer, "amount_in_cents")
            made = self.api.must(201, "POST", path, document | {"amount_in_cents": 2**53 - 1})
            self.assertEqual(made["transaction_amount_in_cents"], 2**53 - 1)

    def test_lone_surrogates_are_refused_wherever_they_stand(self):
        order = json.dumps([plain_order(self.world, "surrogate") | {"order_number": "HERE"}])
        for escape in (r"\ud800", r"\udfff", r"\ud83d", r"\ud83dx", r"\ud83d\u0041",
                       r"\ude00\ud83d", r"\uD83D\uD83D\uDE00"):  # fmt: skip
            for where, body in {
                "value": order.replace("HERE", escape),
                "name": order.replace('"order_number"', f'"order_number{escape}"'),
                "unknown member": order.replace('"HERE"', f'"1", "x": ["{escape}"]'),
            }.items():
                with self.subTest(escape, where=where):
                    answer = self.post("/v1/orders", body)
                    expected = ((400, "INVALID_REQUEST"), (422, "VALIDATION_ERROR"))
                    self.assertIn((answer.status, answer.code), expected)
        pair = self.post("/v1/orders", order.replace("HERE", r"\ud83d\ude00"))
        self.assertEqual(pair.status, 201, pair.body)

    def test_nesting_is_bounded_on_every_kind_of_body(self):
        alert = self.api.must(201, "POST", "/v1/simulate/alerts", self.world.alert())
        targets = (
            ("POST", "/v1/merchants", '{"name": "x", "x": %s}', 1),
            ("POST", "/v1/orders", '[{"type": "COMPLETE", "x": %s}]', 2),
            ("PATCH", f"/v1/alerts/{alert['id']}", '{"note": "deep", "x": %s}', 1),
        )
        for method, path, frame, used in targets:
            for opening, closing in (("[", "]"), ('{"x":', "}")):
                for depth, is_fine in ((DEPTH_MAX, True), (DEPTH_MAX + 1, False), (50_000, False)):
                    with self.subTest(path, opening=opening, depth=depth):
                        inner = depth - used - 1
                        core = "{}" if closing == "}" else "[]"
                        value = opening * inner + core + closing * inner
                        answer = self.api.send(method, path, (frame % value).encode())
                        if is_fine:
                            self.assertNotEqual(answer.code, "INVALID_REQUEST", answer.body)
                            self.assertIn(answer.status, (200, 422))
                        else:
                            self.assert_error(answer, 400, "INVALID_REQUEST")

    def test_a_member_that_is_there_twice_is_refused(self):
        for body, field in (
            ('{"name": "a", "name": "a"}', "name"),
            (r'{"name": "a", "n\u0061me": "b"}', "name"),
        ):
            self.assert_invalid(self.post("/v1/organisations", body), field)

    def test_only_json_is_taken(self):
        body = '{"name": "Typed"}'
        for type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
                     "application/xml", "application/jsonp", "json", "application/", "*/*",
                     "text/json;application/json", "x application/json"):  # fmt: skip
            with self.subTest(type):
                answer = self.post("/v1/organisations", body, Content_Type=type)
                self.assert_error(answer, 415, "UNSUPPORTED_MEDIA_TYPE")
                path = f"/v1/organisations/{self.world.organisation_id}"
                answer = self.api.send("PATCH", path, body.encode(), Content_Type=type)
                self.assert_error(answer, 415, "UNSUPPORTED_MEDIA_TYPE")
        for type in ("application/json", "Application/JSON", "application/json;charset=UTF-8",
                     "application/json ; charset=utf-8"):  # fmt: skip
            with self.subTest(type):
                answer = self.post("/v1/organisations", body, Content_Type=type)
                self.assertEqual(answer.status, 201, answer.body)

    def test_a_body_on_a_get_changes_nothing(self):
        path = f"/v1/organisations/{self.world.organisation_id}"
        shown = self.api.must(200, "GET", path)
        for body in (b"{}", b'{"name": "Other"}', b"no json \xff", b"x" * 100_000, b""):
            for type in ("application/json", "text/plain", None):
                with self.subTest(body[:20], type=type):
                    answer = self.api.send("GET", path, body, Content_Type=type)
                    self.assertEqual((answer.status, answer.json()), (200, shown))
        enrolment = self.ethoca_enrolment(self.world)
        answer = self.api.send("DELETE", f"/v2/enrolments/{enrolment}", b"no json")
        self.assertEqual((answer.status, answer.json()["status"]), (200, "CANCELLED"))


class TextInputTest(ContractCase):
    def test_texts_are_given_back_exactly(self):
        for what, text in TEXTS.items():
            with self.subTest(what):
                order = self.world.order(f"text {what}") | {"customer_last_name": text}
                order["transactions"][0]["descriptor"] = text
                order["items"] = [{"reference_id": text, "name": text, "description": text}]
                order["communications"] = [{"subject": text, "body": text}]
                shown = self.post_order(order)
                self.assertEqual(shown["customer_last_name"], text)
                self.assertEqual(shown["transactions"][0]["descriptor"], text)
                for member in ("reference_id", "name", "description"):
                    self.assertEqual(shown["items"][0][member], text)
                self.assertEqual(shown["communications"][0]["body"], text)

    def test_descriptors_and_notes_are_given_back_exactly(self):
        for what, text in TEXTS.items():
            with self.subTest(what):
                made = self.api.must(201, "POST", "/v2/enrolments", self.world.enrolment(text))
                path = f"/v1/simulate/enrolments/{made['id']}"
                self.api.must(200, "PATCH", path, {"status": "ENABLED"})
                shown = self.api.must(200, "GET", f"/v2/enrolments/{made['id']}")
                self.assertEqual(shown["ethoca_alert"]["descriptors"][0]["descriptor"], text)
                body = self.world.alert() | {"enrolment_id": made["id"]}
                alert = self.api.must(201, "POST", "/v1/simulate/alerts", body)
                self.assertEqual(alert["transaction_statement_descriptor"], text)
                path = f"/v1/alerts/{alert['id']}"
                self.assertEqual(self.api.must(200, "PATCH", path, {"note": text})["note"], text)
                self.assertEqual(self.api.must(200, "GET", path)["note"], text)
                self.assert_rule_keeps(text, made["id"])

    def assert_rule_keeps(self, text: str, enrolment_id: str):
        parameters = {"descriptors": [{"value": text, "match_type": "EXACT_MATCH"}]}
        ruleset = {
            "organisation_id": self.world.organisation_id,
            "enrolment_ids": [enrolment_id],
            "outcome": "REFUND",
            "join_operator": "OR",
            "rules": [{"type": "DESCRIPTOR", "parameters": parameters}],
        }
        made = self.api.must(201, "POST", "/v1/rulesets", ruleset)
        shown = self.api.must(200, "GET", f"/v1/rulesets/{made['id']}")
        self.assertEqual(shown["rules"][0]["parameters"], parameters)

    def test_references_are_compared_byte_by_byte(self):
        texts = ["é", "e\u0301", "E\u0301", "É", "ss", "ß", "SS", "a", "a ", "ａ", "i", "İ"]
        orders = [plain_order(self.world, text) for text in texts]
        answer = self.api.must(201, "POST", "/v1/orders", orders)
        self.assertEqual(answer["created"], len(texts), answer["errors"])
        mine = f"organisation_id={self.world.organisation_id}"
        for text in texts:
            with self.subTest(ascii(text)):
                query = f"{mine}&reference_id={urllib.parse.quote(text)}"
                found = [order["reference_id"] for order in self.items(f"/v1/orders?{query}")]
                self.assertEqual(found, [text])

    def test_the_character_u_0000_is_refused_with_its_path(self):
        order = plain_order(self.world, "nul")
        for member in ("reference_id", "order_number", "customer_first_name"):
            answer = self.api.post("/v1/orders", [order | {member: "a\0b"}])
            self.assert_invalid(answer, f"[0].{member}")
        item = NESTED["items"] | {"description": "\0"}
        answer = self.api.post("/v1/orders", [order | {"items": [item]}])
        self.assert_invalid(answer, "[0].items[0].description")
        self.assert_invalid(self.api.post("/v1/organisations", {"name": "\0"}), "name")
        self.assert_invalid(self.api.post("/v2/enrolments", self.world.enrolment("A\0")),
                            "ethoca_alert.descriptors[0].descriptor")  # fmt: skip

    def test_names_of_10000_characters_are_refused_with_their_path(self):
        long = "x" * 10_000
        organisation = {"organisation_id": self.world.organisation_id}
        order = plain_order(self.world, "long")
        member = {"first_name": "a", "last_name": "b", "email": "c@example.com", "role": "ADMIN"}
        for path, body, field in (
            ("/v1/organisations", {"name": long}, "name"),
            ("/v1/merchants", organisation | {"name": long, "type": "GENERIC"}, "name"),
            ("/v1/merchants",
             organisation | {"name": "x", "type": "GENERIC", "external_id": long}, "external_id"),
            ("/v1/memberships", organisation | member | {"first_name": long}, "first_name"),
            ("/v1/memberships", organisation | member | {"last_name": long}, "last_name"),
            ("/v1/memberships", organisation | member | {"email": f"{long}@example.com"}, "email"),
            ("/v1/integrations",
             organisation | {"name": long, "type": "CUSTOM_ORDERS",
                             "merchant_ids": [self.world.merchant_id]}, "name"),
            ("/v2/enrolments", self.world.enrolment(long),
             "ethoca_alert.descriptors[0].descriptor"),
            ("/v1/orders", [order | {"reference_id": long}], "[0].reference_id"),
            ("/v1/orders", [order | {"order_number": long}], "[0].order_number"),
            ("/v1/orders", [order | {"customer_first_name": long}], "[0].customer_first_name"),
            ("/v1/orders", [order | {"items": [NESTED["items"] | {"name": long}]}],
             "[0].items[0].name"),
        ):  # fmt: skip
            with self.subTest(path, field=field):
                self.assert_invalid(self.api.post(path, body), field)
        answer = self.api.get(f"/v1/merchants?name={long}")
        self.assert_error(answer, 422, "VALIDATION_ERROR")


class TextInputOnPostgresTest(OnPostgres, TextInputTest):
    """The same on the other engine."""


class TimeInputTest(ContractCase):
    SAME = {
        "2026-02-17T09:59:05Z": "2026-02-17T09:59:05Z",
        "2026-02-17t09:59:05z": "2026-02-17T09:59:05Z",
        "2026-02-17T09:59:05+00:00": "2026-02-17T09:59:05Z",
        "2026-02-17T09:59:05-00:00": "2026-02-17T09:59:05Z",
        "2026-02-17T10:59:05+01:00": "2026-02-17T09:59:05Z",
        "2026-02-17T15:29:05+05:30": "2026-02-17T09:59:05Z",
        "2026-02-16T21:59:05-12:00": "2026-02-17T09:59:05Z",
        "2026-02-17T23:59:05+14:00": "2026-02-17T09:59:05Z",
        "2026-03-01T00:30:00+01:00": "2026-02-28T23:30:00Z",
        "2024-02-29T23:59:59-00:01": "2024-03-01T00:00:59Z",
        "2025-12-31T23:00:00-02:00": "2026-01-01T01:00:00Z",
        "1969-12-31T23:59:59Z": "1969-12-31T23:59:59Z",
        "1900-02-28T00:00:00Z": "1900-02-28T00:00:00Z",
        "2000-02-29T00:00:00Z": "2000-02-29T00:00:00Z",
        "9999-12-31T23:59:59Z": "9999-12-31T23:59:59Z",
        "2026-02-17T09:59:05.123Z": "2026-02-17T09:59:05.123Z",
        "2026-02-17T09:59:05.120Z": "2026-02-17T09:59:05.120Z",
        "2026-02-17T09:59:05.000Z": "2026-02-17T09:59:05Z",
        "2026-02-17T09:59:05.1239999Z": "2026-02-17T09:59:05.123Z",
    }
    """Each spelling of a time, and the one that is given back."""

    REFUSED = (
        "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
        "2026-00-10T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z",
        "2026-01-01T23:60:00Z", "2026-01-01T23:59:61Z", "2026-1-1T0:0:0Z",
        "2026-01-01 00:00Z", "2026-01-01T00:00Z", "20260101T000000Z", "2026-W01-1T00:00:00Z",
        "10000-01-01T00:00:00Z", "+2026-01-01T00:00:00Z", "-0001-01-01T00:00:00Z",
        "26-01-01T00:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00+1:00",
        "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+01:60", "2026-01-01T00:00:00 Z",
        "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00ZZ", " 2026-01-01T00:00:00Z",
        "２０２６-01-01T00:00:00Z", "0", "9999-12-31T23:59:59-00:01",
    )  # fmt: skip

    def stored(self, time: str) -> Answer:
        order = plain_order(self.world, f"time {time}") | {"order_datetime": time}
        return self.api.post("/v1/orders", [order])

    def shown(self, answer: Answer) -> str:
        self.assertEqual(answer.status, 201, answer.body)
        path = f"/v1/orders/{answer.json()['results'][0]['id']}"
        return self.api.must(200, "GET", path)["order_datetime"]

    def test_any_zone_and_case_is_taken_and_given_back_in_utc(self):
        for sent, shown in self.SAME.items():
            with self.subTest(sent):
                self.assertEqual(self.shown(self.stored(sent)), shown)

    def test_every_time_of_an_order_is_given_back_in_utc(self):
        for path in TIMES:
            with self.subTest(path):
                order = lone_order(self.world, path, path, "2026-02-17t10:59:05+01:00")
                self.assertEqual(value_at(self.post_order(order), path), "2026-02-17T09:59:05Z")

    def test_what_is_no_time_is_refused(self):
        for sent in self.REFUSED:
            with self.subTest(sent):
                self.assert_invalid(self.stored(sent), "[0].order_datetime")

    def test_leap_seconds_and_the_year_0_are_refused_or_given_back_as_times(self):
        """RFC 3339 has both; the contract says nothing of them."""
        neighbours = {
            "2016-12-31T23:59:60Z": ("2016-12-31T23:59:59Z", "2017-01-01T00:00:00Z"),
            "2017-01-01T00:59:60+01:00": ("2016-12-31T23:59:59Z", "2017-01-01T00:00:00Z"),
            "0000-01-01T00:00:00Z": ("0000-01-01T00:00:00Z",),
            "0001-01-01T00:00:00Z": ("0001-01-01T00:00:00Z",),
            "0000-01-01T00:00:00+00:01": (),
        }
        for sent, acceptable in neighbours.items():
            with self.subTest(sent):
                answer = self.stored(sent)
                if answer.status == 201:
                    self.assertIn(self.shown(answer), acceptable)
                else:
                    self.assert_invalid(answer, "[0].order_datetime")

    def test_orders_are_sorted_by_time_whatever_the_zone(self):
        sent = ("2026-02-17T10:00:00+05:00", "2026-02-17T10:00:00Z", "2026-02-17T10:00:00-05:00",
                "0999-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1960-01-01T00:00:00Z",
                "2026-02-17T10:00:00.001Z")  # fmt: skip
        for time in sent:
            self.assertEqual(self.stored(time).status, 201, time)
        mine = f"organisation_id={self.world.organisation_id}"
        for sort, is_reversed in (("order_datetime", False), ("-order_datetime", True)):
            page = self.items(f"/v1/orders?{mine}&sort={sort}")
            times = [order["order_datetime"].replace("Z", "+00:00") for order in page]
            keys = [time if "." in time else time.replace("+", ".000+") for time in times]
            self.assertEqual(keys, sorted(keys, reverse=is_reversed))
            for time in times:
                self.assertRegex(time.replace("+00:00", "Z"), STORED_TIME)


class TimeInputOnPostgresTest(OnPostgres, TimeInputTest):
    """The same on the other engine."""
