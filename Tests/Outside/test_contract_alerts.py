"""Alerts, simulations, scheme notices and lookups: CONTRACT 9, 14, 16 and 17."""

from datetime import datetime, timedelta

from parry_outside.contract import AMOUNT_MAX, NOBODY, ContractCase
from parry_outside.world import World, make_customer

ACTIONS = ("REFUND", "ACCEPT_DISPUTE", "CANCEL", "REFUND_AND_CANCEL")
ALERT_MEMBERS = """
id alert_network_id organisation_id merchant_id enrolment_id enrolment_type status
transaction_amount_in_cents transaction_currency_code transaction_authorised_at
action_required_deadline transaction_authorisation_code transaction_acquirer_reference_number
transaction_statement_descriptor transaction_card_bin transaction_card_last4
transaction_card_scheme transaction_card_issuer transaction_refund_outcome
subscription_cancel_outcome note integration_id integration_transaction_id alert_received_at
created_at updated_at
""".split()
NOTICE_MEMBERS = """
id organisation_id merchant_id scheme_notice_type notice_type scheme fraud_reported_at fraud_type
transaction_amount_in_cents transaction_currency_code transaction_card_bin transaction_card_last4
transaction_merchant_name transaction_merchant_id transaction_acquirer_reference_number
transaction_authorisation_code transaction_original_date links
""".split()
"""Those that CONTRACT 16 names."""

ARN, CODE = "74027012345678901234567", "012345"
CARD_TEXT = "card 4111 1111 1111 1111"


class AlertCase(ContractCase):
    def alert(self, **other) -> dict:
        body = self.world.alert() | other
        return self.api.must(201, "POST", "/v1/simulate/alerts", body)

    def patch(self, alert: dict, **change):
        return self.api.patch(f"/v1/alerts/{alert['id']}", change)

    def shown(self, alert: dict) -> dict:
        return self.api.must(200, "GET", f"/v1/alerts/{alert['id']}")

    def allow_cancel(self):
        words = ("organisation", "settings", self.world.organisation_id)
        self.server.command(*words, "--set", "cancel_actions=true")


class ActionTest(AlertCase):
    def test_an_unknown_action_is_refused(self):
        alert = self.alert()
        before = self.shown(alert)
        for action in ("DECLINE", "refund", "REFUND ", "", "RESOLVED", "NONE"):
            with self.subTest(action):
                answer = self.patch(alert, action=action, note="Not kept")
                self.assert_error(answer, 422, "INVALID_ACTION")
        self.assertEqual(self.shown(alert), before)

    def test_an_action_of_another_kind_is_a_schema_error(self):
        alert = self.alert()
        for action in (7, True, ["REFUND"], {"action": "REFUND"}):
            self.assert_invalid(self.patch(alert, action=action), "action")

    def test_an_empty_change_is_refused(self):
        alert = self.alert()
        self.assert_error(self.patch(alert), 422, "VALIDATION_ERROR")
        self.assert_error(self.patch(alert, colour="red"), 422, "VALIDATION_ERROR")
        for body in (b"[]", b'"REFUND"', b"7", b"null"):
            answer = self.api.send("PATCH", f"/v1/alerts/{alert['id']}", body)
            self.assert_error(answer, 422, "VALIDATION_ERROR")

    def test_a_note_has_at_most_1024_characters(self):
        alert = self.alert()
        for note in ("x" * 1_024, "😀" * 1_024, "é" * 1_024):
            self.assertEqual(self.patch(alert, note=note).json()["note"], note)
        before = self.shown(alert)
        for note in ("x" * 1_025, "😀" * 1_025, 7, ["x"]):
            self.assert_invalid(self.patch(alert, note=note, action="REFUND"), "note")
        self.assert_error(self.patch(alert, note=CARD_TEXT), 422, "CARD_NUMBER_REJECTED")
        self.assertEqual(self.shown(alert), before, "a refused note carries out no action")
        self.assertIsNone(self.patch(alert, note=None).json()["note"])

    def test_cancelling_is_refused_unless_the_operator_allows_it(self):
        alert = self.alert()
        for action in ("CANCEL", "REFUND_AND_CANCEL"):
            self.assert_error(self.patch(alert, action=action), 422, "ACTION_NOT_SUPPORTED")
        self.assertEqual(self.shown(alert)["status"], "ACTION_REQUIRED")

    def test_each_action_has_its_outcomes(self):
        self.allow_cancel()
        for action, refund, cancel in (
            ("REFUND", "REFUNDED", None),
            ("ACCEPT_DISPUTE", "NOT_REFUNDED", None),
            ("CANCEL", "NOT_REFUNDED", "CANCELLED"),
            ("REFUND_AND_CANCEL", "REFUNDED", "CANCELLED"),
        ):
            with self.subTest(action):
                alert = self.alert()
                answer = self.patch(alert, action=action)
                self.assertEqual(answer.status, 200, answer.body)
                self.assertEqual(answer.json(), self.shown(alert))
                self.assert_shows(
                    {
                        "status": "RESOLVED",
                        "transaction_refund_outcome": refund,
                        "subscription_cancel_outcome": cancel,
                    },
                    answer.json(),
                )
                again = self.patch(alert, action=action)
                self.assert_error(again, 422, "ALERT_NOT_ACTIONABLE")

    def test_an_rdr_alert_takes_a_note_and_no_action(self):
        enrolment = self.rdr_enrolment(self.world)
        alert = self.alert(enrolment_id=enrolment, status="RESOLVED")
        for action in ACTIONS:
            answer = self.patch(alert, action=action)
            self.assert_error(answer, 422, "ALERT_NOT_ACTIONABLE")
        self.assertEqual(self.patch(alert, note="Seen").json()["note"], "Seen")


class SimulatedAlertTest(AlertCase):
    def test_what_is_not_sent_is_filled_in(self):
        body = {
            "organisation_id": self.world.organisation_id,
            "enrolment_id": self.world.enrolment_id,
        }
        made = self.api.must(201, "POST", "/v1/simulate/alerts", body)
        self.assert_shows(
            body | {
                "merchant_id": self.world.merchant_id,
                "enrolment_type": "ETHOCA_ALERT",
                "status": "ACTION_REQUIRED",
                "transaction_card_scheme": "MASTERCARD",
                "transaction_amount_in_cents": 10_000,
                "transaction_currency_code": "USD",
                "transaction_statement_descriptor": "ACME",
                "transaction_card_bin": "400000",
                "transaction_card_last4": "1234",
                "transaction_card_issuer": "Bank of America",
                "transaction_refund_outcome": None,
                "transaction_authorisation_code": None,
                "transaction_acquirer_reference_number": None,
            },
            made,
        )  # fmt: skip
        self.assertRegex(made["alert_network_id"], "^SIM[0-9]{15}$")
        self.assert_times(made, 48)

    def assert_times(self, made: dict, hours: int | None):
        """Against the receipt: authorised 7 days before it, the deadline so many hours after."""
        self.assertEqual(set(made), set(ALERT_MEMBERS), "an answer to a simulation has no links")
        received = datetime.fromisoformat(made["alert_received_at"])
        authorised = datetime.fromisoformat(made["transaction_authorised_at"])
        self.assertEqual(received - authorised, timedelta(days=7))
        if hours is None:
            self.assertIsNone(made["action_required_deadline"])
        else:
            deadline = datetime.fromisoformat(made["action_required_deadline"])
            self.assertEqual(deadline - received, timedelta(hours=hours))

    def test_an_rdr_alert_has_defaults_of_its_own(self):
        enrolment = self.rdr_enrolment(self.world)
        body = {"organisation_id": self.world.organisation_id, "enrolment_id": enrolment}
        made = self.api.must(201, "POST", "/v1/simulate/alerts", body)
        expected = {
            "enrolment_type": "VERIFI_RDR",
            "status": "RESOLVED",
            "transaction_card_scheme": "VISA",
            "transaction_amount_in_cents": 10_000,
            "transaction_currency_code": "USD",
            "transaction_refund_outcome": "REFUNDED",
        }
        self.assert_shows(expected, made)
        self.assert_times(made, None)
        answer = self.api.post("/v1/simulate/alerts", body | {"status": "ACTION_REQUIRED"})
        self.assert_error(answer, 422, "INVALID_STATUS_FOR_ENROLMENT_TYPE")

    def test_what_is_sent_is_shown(self):
        for scheme, status in (
            ("VISA", "ACTION_REQUIRED"), ("MASTERCARD", "RESOLVED"), ("AMEX", "INVALID"),
        ):  # fmt: skip
            made = self.alert(
                status=status, card_scheme=scheme, amount_in_cents=1, currency_code="JPY",
                transaction_acquirer_reference_number=ARN, transaction_authorisation_code=CODE,
            )  # fmt: skip
            expected = {
                "status": status,
                "transaction_card_scheme": scheme,
                "transaction_amount_in_cents": 1,
                "transaction_currency_code": "JPY",
                "transaction_acquirer_reference_number": ARN,
                "transaction_authorisation_code": CODE,
            }
            self.assert_shows(expected, made)
            links = [{"rel": "self", "uri": f"/v1/alerts/{made['id']}"}]
            self.assertEqual(self.shown(made), made | {"links": links})

    def test_other_values_are_refused(self):
        for field, values in {
            "organisation_id": (None, 7, ""),
            "enrolment_id": (None, 7, ""),
            "status": ("OPEN", "resolved", "", 7),
            "card_scheme": ("Visa", "VISA ELECTRON", "", 7),
            "amount_in_cents": (-1, 1.5, AMOUNT_MAX + 1, "1"),
            "currency_code": ("usd", "XXQ", "", 840),
        }.items():
            for value in values:
                with self.subTest(field, value=value):
                    body = self.world.alert() | {field: value}
                    self.assert_invalid(self.api.post("/v1/simulate/alerts", body), field)

    def test_the_enrolment_must_be_enabled_and_of_the_organisation(self):
        sibling = make_customer(self.api)
        body = self.world.alert() | {"organisation_id": sibling.organisation_id}
        answer = self.api.post("/v1/simulate/alerts", body)
        self.assert_error(answer, 422, "ENROLMENT_ORGANISATION_MISMATCH")
        pending = self.ethoca_enrolment(self.world)
        body = self.world.alert() | {"enrolment_id": pending}
        answer = self.api.post("/v1/simulate/alerts", body)
        self.assert_error(answer, 422, "ENROLMENT_NOT_ENABLED")
        for field, id in (("organisation_id", "org"), ("enrolment_id", "enrl")):
            body = self.world.alert() | {field: NOBODY[id]}
            self.assert_error(self.api.post("/v1/simulate/alerts", body), 404, "NOT_FOUND")

    def test_nothing_is_simulated_in_live(self):
        api, world = self.live_world()
        enrolment = api.must(201, "POST", "/v2/enrolments", world.enrolment("LIVE"))["id"]
        own = {"organisation_id": world.organisation_id}
        for path, body in (
            ("/v1/simulate/alerts", own | {"enrolment_id": enrolment}),
            ("/v1/simulate/lookups", own),
            ("/v1/simulate/scheme-notices", own),
        ):
            with self.subTest(path):
                self.assert_error(api.post(path, body), 422, "ORGANISATION_NOT_TEST_MODE")
        for status in ("ENABLED", "UNENROLLED"):
            answer = api.patch(f"/v1/simulate/enrolments/{enrolment}", {"status": status})
            self.assert_error(answer, 422, "ORGANISATION_NOT_TEST_MODE")
        self.assertEqual(api.must(200, "GET", "/v1/alerts")["count"], 0)
        self.assert_error(self.api.get(f"/v2/enrolments/{enrolment}"), 404, "NOT_FOUND")


class NoticeTest(ContractCase):
    PATH = "/v1/simulate/scheme-notices"

    def notice(self, **other) -> dict:
        """As GET shows it, after a look at the answer to its simulation."""
        body = {"organisation_id": self.world.organisation_id} | other
        made = self.api.must(201, "POST", self.PATH, body)
        shown = self.api.must(200, "GET", f"/v1/scheme-notices/{made['id']}")
        self.assertEqual(shown, made | {"links": shown["links"]})
        self.assertEqual(shown["links"][0]["uri"], f"/v1/scheme-notices/{made['id']}")
        return shown

    def test_what_is_not_sent_is_filled_in(self):
        shown = self.notice()
        self.assertLessEqual(set(NOTICE_MEMBERS), shown.keys())
        self.assert_shows(
            {
                "merchant_id": None,
                "scheme_notice_type": "TC40",
                "notice_type": "FRAUD_NOTICE",
                "scheme": "VISA",
                "fraud_reported_at": shown["created_at"],
                "fraud_type": None,
                "transaction_amount_in_cents": 10_000,
                "transaction_currency_code": "USD",
                "transaction_merchant_name": None,
                "transaction_merchant_id": None,
                "transaction_acquirer_reference_number": None,
                "transaction_authorisation_code": None,
            },
            shown,
        )
        for member in ("transaction_card_bin", "transaction_card_last4"):
            self.assertRegex(shown[member], "^[0-9]{4,8}$")
        datetime.fromisoformat(shown["transaction_original_date"])

    def test_what_is_sent_is_shown(self):
        body = {"organisation_id": self.world.organisation_id, "name": "Notified",
                "type": "GENERIC", "external_id": "mid_9"}  # fmt: skip
        merchant = self.api.must(201, "POST", "/v1/merchants", body)["id"]
        for type, notice_type, scheme in (
            ("TC40", "FRAUD_NOTICE", "VISA"),
            ("TC15", "DISPUTE_NOTICE", "VISA"),
            ("SAFE", "FRAUD_NOTICE", "MASTERCARD"),
        ):
            with self.subTest(type):
                reported = "2026-02-17T10:00:00Z"
                shown = self.notice(
                    merchant_id=merchant, scheme_notice_type=type, fraud_type="Card not present",
                    reported_at=reported, amount_in_cents=500, currency_code="JPY",
                    transaction_acquirer_reference_number=ARN, transaction_authorisation_code=CODE,
                )  # fmt: skip
                expected = {
                    "merchant_id": merchant,
                    "scheme_notice_type": type,
                    "notice_type": notice_type,
                    "scheme": scheme,
                    "reported_at": reported,
                    "fraud_reported_at": reported if notice_type == "FRAUD_NOTICE" else None,
                    "fraud_type": "Card not present",
                    "transaction_amount_in_cents": 500,
                    "transaction_currency_code": "JPY",
                    "transaction_merchant_name": "Notified",
                    "transaction_merchant_id": "mid_9",
                    "transaction_acquirer_reference_number": ARN,
                    "transaction_authorisation_code": CODE,
                }
                self.assert_shows(expected, shown)

    def test_other_values_are_refused(self):
        own = {"organisation_id": self.world.organisation_id}
        for field, values in {
            "organisation_id": (None, 7),
            "scheme_notice_type": ("TC10", "tc40", "", 7),
            "reported_at": ("yesterday", "2026-02-17", 7),
            "amount_in_cents": (-1, AMOUNT_MAX + 1),
            "currency_code": ("usd", ""),
        }.items():
            for value in values:
                with self.subTest(field, value=value):
                    self.assert_invalid(self.api.post(self.PATH, own | {field: value}), field)

    def test_card_numbers_are_refused(self):
        own = {"organisation_id": self.world.organisation_id}
        for path, fields in {
            self.PATH: ("fraud_type", "transaction_authorisation_code"),
            "/v1/simulate/lookups": ("transaction_authorisation_code",),
            "/v1/simulate/alerts": ("transaction_authorisation_code",),
        }.items():
            for field in fields:
                body = own | {field: CARD_TEXT}
                if path.endswith("alerts"):
                    body |= self.world.alert()
                with self.subTest(path, field=field):
                    answer = self.api.post(path, body)
                    self.assert_error(answer, 422, "CARD_NUMBER_REJECTED")
                    self.assertNotIn(b"1111", answer.body)

    def test_a_merchant_of_another_organisation_is_404(self):
        sibling = make_customer(self.api)
        for id in (NOBODY["mrch"], sibling.merchant_id, self.other_world().merchant_id):
            body = {"organisation_id": self.world.organisation_id, "merchant_id": id}
            self.assert_error(self.api.post(self.PATH, body), 404, "NOT_FOUND")


class LookupTest(ContractCase):
    PATH = "/v1/simulate/lookups"

    def lookup(self, world: World | None = None, **other) -> dict:
        body = {"organisation_id": (world or self.world).organisation_id} | other
        made = self.api.must(201, "POST", self.PATH, body)
        shown = self.api.must(200, "GET", f"/v1/lookups/{made['id']}")
        self.assertEqual(shown, made | {"links": shown["links"]})
        self.assertEqual(shown["links"], [{"rel": "self", "uri": f"/v1/lookups/{made['id']}"}])
        return shown

    def test_what_is_not_sent_is_filled_in(self):
        expected = {
            "organisation_id": self.world.organisation_id,
            "enrollment_id": None,
            "parent_lookup_id": None,
            "type": "ORDER_INSIGHT",
            "lookup_status": "SUCCEEDED",
            "deflection_status": "NOT_ATTEMPTED",
            "transaction_amount_in_cents": 10_000,
            "transaction_currency_code": "USD",
            "transaction_acquirer_reference_number": None,
            "transaction_authorisation_code": None,
        }
        shown = self.lookup()
        self.assert_shows(expected, shown)
        self.assertNotIn("enrolment_id", shown)

    def test_what_is_sent_is_shown_and_found(self):
        parent = self.lookup()["id"]
        for type in ("ORDER_INSIGHT", "CONSUMER_CLARITY"):
            for status in ("PENDING", "SUCCEEDED", "FAILED", "TIMEOUT"):
                for deflection in ("NOT_ATTEMPTED", "PENDING", "SUCCEEDED", "FAILED"):
                    sent = {
                        "enrollment_id": self.world.enrolment_id,
                        "parent_lookup_id": parent,
                        "type": type,
                        "lookup_status": status,
                        "deflection_status": deflection,
                    }
                    shown = self.lookup(**sent)
                    self.assert_shows(sent, shown)
                    query = "&".join(f"{name}={value}" for name, value in sent.items())
                    self.assertEqual(self.items(f"/v1/lookups?{query}"), [shown])

    def test_other_values_are_refused(self):
        own = {"organisation_id": self.world.organisation_id}
        for field, values in {
            "organisation_id": (None, 7),
            "type": ("INSIGHT", "order_insight", "", 7),
            "lookup_status": ("DONE", "pending", "", 7),
            "deflection_status": ("TIMEOUT", "", 7),
            "amount_in_cents": (-1, AMOUNT_MAX + 1),
            "currency_code": ("usd", ""),
        }.items():
            for value in values:
                with self.subTest(field, value=value):
                    self.assert_invalid(self.api.post(self.PATH, own | {field: value}), field)

    def test_what_it_names_must_be_of_the_organisation(self):
        sibling = make_customer(self.api)
        other = self.lookup(sibling)["id"]
        enrolment = self.ethoca_enrolment(sibling)
        for field, ids in {
            "enrollment_id": (NOBODY["enrl"], "nonsense", enrolment),
            "parent_lookup_id": (NOBODY["lkp"], "nonsense", other),
        }.items():
            for id in ids:
                with self.subTest(field, id=id):
                    body = {"organisation_id": self.world.organisation_id, field: id}
                    self.assert_error(self.api.post(self.PATH, body), 404, "NOT_FOUND")

    def test_notices_and_lookups_are_read_only(self):
        for path in ("/v1/lookups", "/v1/scheme-notices"):
            for method in ("POST", "PUT"):
                answer = self.api.call(method, path, {})
                self.assert_error(answer, 405, "METHOD_NOT_ALLOWED")
            for method in ("PATCH", "DELETE", "POST"):
                answer = self.api.call(method, f"{path}/{NOBODY['lkp']}", {})
                self.assert_error(answer, 405, "METHOD_NOT_ALLOWED")
