"""Organisations, merchants, memberships, integrations and enrolments: CONTRACT 3 to 7."""

from parry_outside.cases import OnPostgres, at_once
from parry_outside.contract import BASE_58, NOBODY, ContractCase
from parry_outside.rows import open_rows
from parry_outside.world import make_customer

TIMES_AND_LINKS = {"created_at", "updated_at", "links"}
FLAGS = (
    "is_alert_action_required_email_enabled",
    "is_alert_resolved_email_enabled",
    "is_alert_dismissed_email_enabled",
    "is_evidence_requested_email_enabled",
)
MERCHANT_TYPES = (
    "GENERIC", "STRIPE", "ADYEN", "AUTHORIZE_NET", "SHOPIFY", "CHECKOUT_COM", "BRAINTREE", "PAYPAL",
)  # fmt: skip
TWINS = 4
ROUNDS = 5


class ResourceCase(ContractCase):
    def path(self, collection: str, made: dict) -> str:
        return f"/v1/{collection}/{made['id']}"

    def merchant(self, **other) -> dict:
        body = {"organisation_id": self.world.organisation_id, "name": "M", "type": "GENERIC"}
        return self.api.must(201, "POST", "/v1/merchants", body | other)

    def integration(self, **other) -> dict:
        body = {
            "organisation_id": self.world.organisation_id,
            "name": "I",
            "type": "CUSTOM_ORDERS",
            "merchant_ids": [self.world.merchant_id],
        }
        return self.api.must(201, "POST", "/v1/integrations", body | other)


class OrganisationTest(ResourceCase):
    def test_a_new_name_is_shown_with_its_mark_once(self):
        path = f"/v1/organisations/{self.world.organisation_id}"
        before = self.api.must(200, "GET", path)
        for sent, shown in {
            "Renamed": "[TEST] Renamed",
            "[TEST] Marked": "[TEST] Marked",
            "[TEST]Close": "[TEST]Close",
        }.items():
            with self.subTest(sent):
                changed = self.api.must(200, "PATCH", path, {"name": sent})
                self.assertEqual(changed["name"], shown)
                self.assertEqual(self.api.must(200, "GET", path), changed)
                kept = {"id", "mode", "created_at", "links"}
                self.assert_shows({name: before[name] for name in kept}, changed)

    def test_a_live_organisation_has_no_mark(self):
        api, world = self.live_world()
        path = f"/v1/organisations/{world.organisation_id}"
        changed = api.must(200, "PATCH", path, {"name": "Renamed"})
        self.assertEqual((changed["name"], changed["mode"]), ("Renamed", "LIVE"))

    def test_a_bad_name_is_refused(self):
        path = f"/v1/organisations/{self.world.organisation_id}"
        for name in ("", 7, ["x"]):
            self.assert_invalid(self.api.patch(path, {"name": name}), "name")
            self.assert_invalid(self.api.post("/v1/organisations", {"name": name}), "name")
        answer = self.api.patch(path, {"name": "4111 1111 1111 1111"})
        self.assert_error(answer, 422, "CARD_NUMBER_REJECTED")

    def test_mode_cannot_be_chosen(self):
        body = {"name": "Mode", "mode": "LIVE"}
        made = self.api.must(201, "POST", "/v1/organisations", body)
        changed = self.api.must(200, "PATCH", f"/v1/organisations/{made['id']}", body)
        self.assertEqual((made["mode"], changed["mode"]), ("TEST", "TEST"))


class MerchantTest(ResourceCase):
    def test_every_type_and_service_type_is_taken(self):
        for type in MERCHANT_TYPES:
            self.assertEqual(self.merchant(type=type)["type"], type)
        for service in ("PHYSICAL_GOODS", "ONLINE_SERVICES", "OFFLINE_SERVICES", None):
            made = self.merchant(default_representment_service_type=service)
            self.assertEqual(made["default_representment_service_type"], service)

    def test_external_ids_have_at_most_250_characters(self):
        for text in ("x" * 250, "😀" * 250):
            self.assertEqual(self.merchant(external_id=text)["external_id"], text)

    def test_other_values_are_refused(self):
        good = {"organisation_id": self.world.organisation_id, "name": "M", "type": "GENERIC"}
        bad = {
            "organisation_id": (None, 7),
            "name": ("", None, 7),
            "type": ("SHOP", "generic", "CUSTOM_ORDERS", "", None, 7),
            "external_id": ("x" * 251, 7),
            "default_representment_service_type": ("GOODS", "physical_goods", "", 7),
        }
        made = self.merchant()
        for field, values in bad.items():
            for value in values:
                with self.subTest(field, value=value):
                    answer = self.api.post("/v1/merchants", good | {field: value})
                    self.assert_invalid(answer, field)
                    if field != "organisation_id":
                        answer = self.api.patch(self.path("merchants", made), {field: value})
                        self.assert_invalid(answer, field)
        self.assertEqual(self.api.must(200, "GET", self.path("merchants", made)), made)

    def test_an_organisation_that_the_key_does_not_see_is_404(self):
        for id in (NOBODY["org"], "nonsense", self.other_world().organisation_id):
            body = {"organisation_id": id, "name": "M", "type": "GENERIC"}
            self.assert_error(self.api.post("/v1/merchants", body), 404, "NOT_FOUND")

    def test_a_deleted_merchant_is_404_and_stays_as_a_row(self):
        made = self.merchant()
        path = self.path("merchants", made)
        answer = self.api.call("DELETE", path)
        self.assertEqual((answer.status, answer.body), (204, b""))
        self.assertTrue(answer.headers["X-Request-Id"])
        self.assert_error(self.api.get(path), 404, "NOT_FOUND")
        self.assert_error(self.api.patch(path, {"name": "N"}), 404, "NOT_FOUND")
        self.assert_error(self.api.call("DELETE", path), 404, "NOT_FOUND")
        body = self.world.enrolment("X") | {"merchant_ids": [made["id"]]}
        self.assert_error(self.api.post("/v2/enrolments", body), 404, "NOT_FOUND")
        answer = self.api.get(f"/v1/alerts?merchant_id={made['id']}")
        self.assert_error(answer, 404, "NOT_FOUND")
        mine = f"organisation_id={self.world.organisation_id}"
        self.assertNotIn(made["id"], self.ids(f"/v1/merchants?{mine}"))
        with open_rows(self.server.database) as rows:
            self.assertIn(made["id"], rows.merchant_ids())

    def test_each_reason_restricts_a_type_change(self):
        made = self.merchant()
        changed = self.api.must(200, "PATCH", self.path("merchants", made), {"type": "STRIPE"})
        self.assertEqual(changed["type"], "STRIPE")
        for link in (self.link_integration, self.link_enrolment):
            with self.subTest(link.__name__):
                made = self.merchant()
                link(made["id"])
                path = self.path("merchants", made)
                answer = self.api.patch(path, {"type": "STRIPE"})
                self.assert_error(answer, 422, "MERCHANT_TYPE_CHANGE_RESTRICTED")
                self.assertEqual(self.api.must(200, "GET", path), made)
                self.api.must(200, "PATCH", path, {"type": "GENERIC", "name": "still free"})

    def test_each_reason_restricts_a_deletion(self):
        for link in (self.link_integration, self.link_enrolment, self.link_alert):
            with self.subTest(link.__name__):
                made = self.merchant()
                link(made["id"])
                answer = self.api.call("DELETE", self.path("merchants", made))
                self.assert_error(answer, 422, "MERCHANT_DELETION_RESTRICTED")
                self.assertEqual(self.api.must(200, "GET", self.path("merchants", made)), made)

    def test_an_enrolment_that_has_ended_restricts_no_deletion(self):
        made = self.merchant()
        enrolment = self.link_enrolment(made["id"])
        self.api.must(200, "DELETE", f"/v2/enrolments/{enrolment}")
        self.assertEqual(self.api.call("DELETE", self.path("merchants", made)).status, 204)

    def link_integration(self, merchant_id: str) -> str:
        return self.integration(merchant_ids=[merchant_id])["id"]

    def link_enrolment(self, merchant_id: str) -> str:
        body = self.world.enrolment("LINK") | {"merchant_ids": [merchant_id]}
        return self.api.must(201, "POST", "/v2/enrolments", body)["id"]

    def link_alert(self, merchant_id: str):
        """An alert whose enrolment has ended, so that nothing but the alert is left."""
        enrolment = self.link_enrolment(merchant_id)
        path = f"/v1/simulate/enrolments/{enrolment}"
        self.api.must(200, "PATCH", path, {"status": "ENABLED"})
        alert = self.world.alert() | {"enrolment_id": enrolment}
        self.api.must(201, "POST", "/v1/simulate/alerts", alert)
        self.api.must(200, "PATCH", path, {"status": "UNENROLLED"})


class MembershipTest(ResourceCase):
    def body(self, email: str = "kim@example.com", **other) -> dict:
        return {
            "organisation_id": self.world.organisation_id,
            "first_name": "Kim",
            "last_name": "Lee",
            "email": email,
            "role": "STANDARD",
        } | other

    def membership(self, *words, **other) -> dict:
        return self.api.must(201, "POST", "/v1/memberships", self.body(*words, **other))

    def test_the_object_and_its_link_that_leads_back(self):
        made = self.membership()
        self.assert_id("mem", made["id"])
        self.assert_id("usr", made["user_id"])
        self.assert_shows(self.body() | dict.fromkeys(FLAGS, True), made)
        self.assertEqual(made.keys(), {*self.body(), *FLAGS, "id", "user_id", *TIMES_AND_LINKS})
        uri = self.path("memberships", made)
        self.assertEqual(made["links"], [{"rel": "self", "uri": uri}])
        self.assertEqual(self.api.must(200, "GET", made["links"][0]["uri"]), made)

    def test_each_flag_is_taken_and_changed_alone(self):
        for number, flag in enumerate(FLAGS):
            with self.subTest(flag):
                made = self.membership(f"flag{number}@example.com", **{flag: False})
                expected = dict.fromkeys(FLAGS, True) | {flag: False}
                self.assert_shows(expected, made)
                path = self.path("memberships", made)
                changed = self.api.must(200, "PATCH", path, {flag: True})
                self.assert_shows(expected | {flag: True}, changed)

    def test_null_and_other_kinds_are_422_in_a_change(self):
        made = self.membership()
        path = self.path("memberships", made)
        for field in (*FLAGS, "role"):
            for value in (None, "true", 1, "OWNER"):
                with self.subTest(field, value=value):
                    self.assert_invalid(self.api.patch(path, {field: value}), field)
        self.assertEqual(self.api.must(200, "GET", path), made)

    def test_a_change_takes_the_role_and_the_flags_alone(self):
        made = self.membership()
        change = {"first_name": "Sam", "email": "sam@example.com", "role": "ADMIN"}
        changed = self.api.must(200, "PATCH", self.path("memberships", made), change)
        expected = {"first_name": "Kim", "email": "kim@example.com", "role": "ADMIN"}
        self.assert_shows(expected, changed)

    def test_of_several_at_once_one_is_made(self):
        for number in range(ROUNDS):
            body = self.body(f"twin{number}@example.com")
            apis = [self.new_api(self.partner.api_key) for _ in range(TWINS)]
            answers = at_once(*[
                lambda api=api: api.post("/v1/memberships", body) for api in apis
            ])  # fmt: skip
            refused = [answer for answer in answers if answer.status != 201]
            self.assertEqual(len(refused), TWINS - 1, [answer.body for answer in answers])
            for answer in refused:
                self.assert_error(answer, 422, "MEMBERSHIP_ALREADY_EXISTS")
        mine = f"organisation_id={self.world.organisation_id}"
        self.assertEqual(len(self.items(f"/v1/memberships?{mine}")), ROUNDS)

    def test_card_numbers_are_refused(self):
        for field in ("first_name", "last_name"):
            answer = self.api.post("/v1/memberships", self.body(**{field: "4111 1111 1111 1111"}))
            self.assert_error(answer, 422, "CARD_NUMBER_REJECTED")
            self.assertNotIn(b"1111", answer.body)


class MembershipOnPostgresTest(OnPostgres, MembershipTest):
    """The same on the other engine, where nothing but the database keeps twins apart."""


class IntegrationTest(ResourceCase):
    def test_each_member_is_changed_alone_and_kept(self):
        second = self.merchant()["id"]
        made = self.integration()
        self.assertEqual(made["status"], "ENABLED", "unless told")
        path = self.path("integrations", made)
        wanted = dict(made)
        for change in (
            {"name": "Renamed"},
            {"status": "DISABLED"},
            {"merchant_ids": [second, self.world.merchant_id]},
            {"merchant_ids": [second]},
            {"status": "ENABLED", "name": "Both"},
            {},
        ):
            with self.subTest(change):
                wanted |= change
                changed = self.api.must(200, "PATCH", path, change)
                times = {"updated_at": changed["updated_at"]}
                self.assertEqual(changed, wanted | times)
                self.assertEqual(self.api.must(200, "GET", path), changed)

    def test_names_have_1_to_255_characters(self):
        for name in ("x", "x" * 255, "😀" * 255):
            self.assertEqual(self.integration(name=name)["name"], name)
        for name in ("", "x" * 256, None, 7):
            self.assert_refused({"name": name}, 422, "VALIDATION_ERROR", "name")

    def assert_refused(self, other: dict, status: int, code: str, field: str | None = None):
        """Creating and changing with these members are both refused; nothing is made."""
        body = {
            "organisation_id": self.world.organisation_id,
            "name": "Refused",
            "type": "CUSTOM_ORDERS",
            "merchant_ids": [self.world.merchant_id],
        }
        with self.subTest(other):
            answer = self.api.post("/v1/integrations", body | other)
            self.assert_error(answer, status, code, field)
            path = f"/v1/integrations/{self.world.integration_id}"
            self.assert_error(self.api.patch(path, other), status, code, field)

    def test_merchants_are_at_least_1_seen_different_and_of_the_organisation(self):
        sibling, own = make_customer(self.api), self.world.merchant_id
        for ids in ([], None, "x", [7], [""], [None]):
            # The path of the list itself, or of its element.
            at = "merchant_ids[0]" if isinstance(ids, list) and ids else "merchant_ids"
            self.assert_refused({"merchant_ids": ids}, 422, "VALIDATION_ERROR", at)
        for id in (NOBODY["mrch"], "nonsense", self.other_world().merchant_id):
            self.assert_refused({"merchant_ids": [own, id]}, 404, "NOT_FOUND")
        self.assert_refused({"merchant_ids": [own, own]}, 422, "DUPLICATE_MERCHANT_IDS")
        code = "MERCHANTS_DIFFERENT_ORGANISATIONS"
        self.assert_refused({"merchant_ids": [sibling.merchant_id]}, 422, code)
        self.assert_refused({"merchant_ids": [own, sibling.merchant_id]}, 422, code)

    def test_status_is_one_of_two_words(self):
        for word in ("PAUSED", "enabled", ""):
            self.assert_refused({"status": word}, 422, "VALIDATION_ERROR", "status")

    def test_other_types_are_refused(self):
        for type in ("STRIPE", "ADYEN", "SHOPIFY", "custom_orders", "X"):
            body = {
                "organisation_id": self.world.organisation_id,
                "name": "Processor",
                "type": type,
                "merchant_ids": [self.world.merchant_id],
            }
            answer = self.api.post("/v1/integrations", body)
            self.assert_error(answer, 422, "UNSUPPORTED_INTEGRATION_TYPE")

    def test_an_organisation_key_manages_its_own(self):
        own = self.organisation_api(self.world.organisation_id)
        self.assertEqual(self.ids("/v1/integrations", own), [self.world.integration_id])
        sibling = make_customer(self.api)
        path = f"/v1/integrations/{sibling.integration_id}"
        self.assert_error(own.get(path), 404, "NOT_FOUND")
        self.assert_error(own.patch(path, {"name": "X"}), 404, "NOT_FOUND")
        path = f"/v1/integrations/{self.world.integration_id}"
        self.assertEqual(own.must(200, "PATCH", path, {"name": "Own"})["name"], "Own")


class EnrolmentTest(ResourceCase):
    def enrol(self, api=None, **other):
        return (api or self.api).post("/v2/enrolments", self.world.enrolment("ACME") | other)

    def test_merchants_are_at_least_1(self):
        for ids in ([], None, "x"):
            self.assert_invalid(self.enrol(merchant_ids=ids), "merchant_ids")
        body = self.world.enrolment("ACME")
        del body["merchant_ids"]
        self.assert_invalid(self.api.post("/v2/enrolments", body), "merchant_ids")

    def test_descriptors_are_at_least_1_and_not_empty(self):
        one = {"descriptor": "ACME", "match_type": "STARTS_WITH"}
        at = "ethoca_alert.descriptors"
        for descriptors, field in (
            ([], at),
            (None, at),
            ("ACME", at),
            (["ACME"], f"{at}[0]"),
            ([one, one | {"descriptor": ""}], f"{at}[1].descriptor"),
            ([one | {"descriptor": None}], f"{at}[0].descriptor"),
            ([{"match_type": "STARTS_WITH"}], f"{at}[0].descriptor"),
        ):
            with self.subTest(descriptors):
                answer = self.enrol(ethoca_alert={"descriptors": descriptors})
                self.assert_invalid(answer, field)
        self.assert_invalid(self.enrol(ethoca_alert={}), at)
        answer = self.enrol(ethoca_alert={"descriptors": [one | {"match_type": "CONTAINS"}]})
        self.assert_error(answer, 422, "INVALID_MATCH_TYPE")

    def test_type_is_one_of_two_words(self):
        for word in ("ETHOCA", "ethoca_alert", "", None):
            self.assert_invalid(self.enrol(type=word), "type")

    def test_lists_come_back_in_the_order_sent(self):
        merchants = [self.merchant()["id"] for _ in range(6)]
        merchants = merchants[::2] + merchants[1::2][::-1]
        descriptors = [
            {"descriptor": text, "match_type": match_type}
            for text, match_type in (
                ("ZULU", "STARTS_WITH"), ("ALPHA", "EXACT_MATCH"), ("MIKE", "EXACT_MATCH"),
                ("alpha", "STARTS_WITH"), ("ALPHA", "STARTS_WITH"),
            )
        ]  # fmt: skip
        made = self.enrol(merchant_ids=merchants, ethoca_alert={"descriptors": descriptors}).json()
        arns = ["74027012345678901234569", "74027012345678901234560", "74027012345678901234565"]
        rdr = self.api.must(201, "POST", "/v2/enrolments", {
            "merchant_ids": merchants, "type": "VERIFI_RDR", "verifi_rdr": {"arns": arns}
        })  # fmt: skip
        shown = self.api.must(200, "GET", f"/v2/enrolments/{made['id']}")
        self.assertEqual(shown, made)
        self.assertEqual(shown["merchant_ids"], merchants)
        pending = [one | {"status": "PENDING"} for one in descriptors]
        self.assertEqual(shown["ethoca_alert"]["descriptors"], pending)
        shown = self.api.must(200, "GET", f"/v2/enrolments/{rdr['id']}")
        self.assertEqual((shown["merchant_ids"], shown["verifi_rdr"]["arns"]), (merchants, arns))

    def test_version_1_shows_the_first_of_several_merchants(self):
        second = self.merchant()["id"]
        for ids in ([second, self.world.merchant_id], [self.world.merchant_id, second]):
            made = self.enrol(merchant_ids=ids).json()
            shown = self.api.must(200, "GET", f"/v1/enrolments/{made['id']}")
            self.assertEqual(shown["merchant_id"], ids[0])
            self.assertNotIn("merchant_ids", shown)
            found = self.items(f"/v1/enrolments?merchant_id={second}")
            self.assertIn(shown, found, "the filter finds it by each of its merchants")
            cancelled = self.api.must(200, "DELETE", f"/v1/enrolments/{made['id']}")
            self.assertEqual(cancelled["merchant_id"], ids[0])

    def test_version_1_says_until_when_and_what_instead(self):
        for answer in (
            self.api.get("/v1/enrolments"),
            self.api.get(f"/v1/enrolments/{NOBODY['enrl']}"),
            self.new_api("cbs_nobody").get("/v1/enrolments/"),
        ):
            with self.subTest(answer.status):
                told = [answer.headers[name] for name in ("Deprecation", "Sunset", "Link")]
                sunset, link = "Fri, 31 Dec 2027 23:59:59 GMT", "/v2/enrolments"
                expected = ["@1767225600", sunset, f'<{link}>; rel="successor-version"']
                self.assertEqual(told, expected)
        for name in ("Deprecation", "Sunset", "Link"):
            self.assertIsNone(self.api.get("/v2/enrolments").headers[name])

    def test_a_live_identifier_is_enrolled_once_until_it_is_free_again(self):
        api, world = self.live_world()
        body = {"merchant_ids": [world.merchant_id], "type": "VERIFI_RDR"}
        arns = ["74027012345678901234567", "74027012345678901234568"]
        acquirer = {"bin": "424242", "caid": "ACMEFITCAID01"}
        for block, again in ((acquirer, acquirer), ({"arns": arns}, {"arns": arns[1:]})):
            with self.subTest(block):
                made = api.must(201, "POST", "/v2/enrolments", body | {"verifi_rdr": block})
                answer = api.post("/v2/enrolments", body | {"verifi_rdr": again})
                self.assert_error(answer, 422, "VERIFI_RDR_ENROLLMENT_ERROR")
                api.must(200, "DELETE", f"/v2/enrolments/{made['id']}")
                api.must(201, "POST", "/v2/enrolments", body | {"verifi_rdr": again})
        other = {"verifi_rdr": {"bin": "424243", "caid": "ACMEFITCAID01"}}
        api.must(201, "POST", "/v2/enrolments", body | other)
        held = world.enrolment("HELD")
        api.must(201, "POST", "/v2/enrolments", held)
        answer = api.post("/v2/enrolments", held)
        self.assert_error(answer, 422, "ETHOCA_ALERT_ENROLLMENT_ERROR")

    def test_a_cancelled_one_is_not_simulated(self):
        made = self.enrol().json()
        self.api.must(200, "DELETE", f"/v2/enrolments/{made['id']}")
        for status in ("ENABLED", "UNENROLLED"):
            answer = self.api.patch(f"/v1/simulate/enrolments/{made['id']}", {"status": status})
            self.assert_error(answer, 422, "INVALID_STATUS_TRANSITION")
        shown = self.api.must(200, "GET", f"/v2/enrolments/{made['id']}")
        self.assertEqual(shown["note"], "Enrolment cancelled via API request")


class IdentifierTest(ContractCase):
    """CONTRACT 1.1, for what no other test looks at."""

    def test_prefixes(self):
        body = {"organisation_id": self.world.organisation_id}
        for path, prefix in (("scheme-notices", "schntc"), ("lookups", "lkp")):
            made = self.api.must(201, "POST", f"/v1/simulate/{path}", body)
            self.assert_id(prefix, made["id"])
        self.assert_id("ptnr", self.partner.id)
        key = self.server.create_key(self.partner.group_id)
        self.assert_id("key", key["id"])
        self.assertRegex(key["api_key"], "^cbs_[0-9A-Za-z]{20,}$")
        self.assertNotRegex(key["api_key"], f"^cbs_{BASE_58}$", "it has a checksum too")

    def test_a_mistyped_key_is_no_key(self):
        key = self.partner.api_key
        for at in range(len("cbs_"), len(key), 5):
            typo = key[:at] + ("b" if key[at] == "a" else "a") + key[at + 1 :]
            answer = self.new_api(typo).get("/v1/orders")
            self.assert_error(answer, 401, "UNAUTHORISED")
