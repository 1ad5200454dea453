"""Simulated alerts with `"match": true`: found, judged and told as if a network had raised them."""

import time
from collections import Counter
from functools import partial

from parry_outside.api import Api
from parry_outside.cases import FolderCase, OnPostgres, SendingCase, at_once, wait_until
from parry_outside.networks import (
    SECONDS_MAX,
    TEST_TOKEN,
    Customer,
    PlayedNetwork,
    Sale,
    push_to,
    text_of,
)
from parry_outside.simulated import PATH, Simulations
from parry_outside.webhooks import delivery_problems
from parry_outside.world import enable_enrolment

DAY_SECONDS = 86_400
WRITERS, ROUNDS = 8, 5
CARD_TEXT = "card 4111 1111 1111 1111"
FILLERS = {
    "transaction_amount_in_cents": 10_000,
    "transaction_currency_code": "USD",
    "transaction_card_bin": "400000",
    "transaction_card_last4": "1234",
    "transaction_card_scheme": "MASTERCARD",
    "transaction_card_issuer": "Bank of America",
}
"""What an alert shows that was given nothing."""


class SimulatedMatchTest(SendingCase):
    def setUp(self):
        super().setUp()
        self.partner = self.server.create_partner()
        self.api = self.enterContext(Api(self.server.base, self.partner.api_key))
        self.customer = Customer(self.api, self.receiver)
        self.simulations = Simulations(self.customer)

    def assert_matched(self, alert: dict, sale: Sale, status: str = "ACTION_REQUIRED"):
        self.assertEqual(
            (alert["status"], alert["integration_id"], alert["integration_transaction_id"]),
            (status, self.customer.world.integration_id, sale.transaction_id),
        )

    def reason_of(self, alert: dict) -> tuple[str | None, str | None]:
        """Why it is invalid, and whose duplicate it is."""
        shown = self.server.command("alert", "show", alert["id"])
        self.assertEqual(shown["network_requests"], [])
        return shown["invalid_reason"], shown["original_alert_id"]

    def test_it_is_born_with_its_sale_and_the_partner_hears_of_it(self):
        (sale, _) = self.customer.sell(2)
        made = self.simulations.about(sale)
        self.assert_matched(made, sale)
        self.assertEqual(made["merchant_id"], self.customer.world.merchant_id)
        self.assertEqual(made["transaction_authorised_at"], text_of(sale.sold_at))
        self.assertEqual(made["transaction_statement_descriptor"], f"{sale.descriptor} MONTHLY")
        self.assertEqual(self.simulations.read(made), made)
        (told,) = self.customer.hears("alert.created")
        self.assertEqual(delivery_problems(told), [])
        self.assertEqual(told.event["data"]["object"], made)
        path = f"/v1/events?object_id={made['id']}"
        self.assertEqual([one["type"] for one in self.api.must(200, "GET", path)["items"]],
                         ["alert.created"])  # fmt: skip

    def test_its_match_is_explained(self):
        (sale,) = self.customer.sell()
        made = self.simulations.about(sale)
        match = self.simulations.match_of(made)
        self.assertEqual((match["outcome"], match["confidence"]), ("MATCHED", "HIGH"))
        self.assertEqual(match["integration_transaction_id"], sale.transaction_id)
        self.assertFalse(match["is_set_by_hand"])
        evidence = self.simulations.evidence_of(made)
        self.assertEqual(evidence.pop("ACQUIRER_REFERENCE_NUMBER"), "ABSENT")
        self.assertEqual(set(evidence.values()), {"EQUAL"}, evidence)
        plain = self.simulations.raised(transaction_card_last4=sale.last4)
        match = self.simulations.match_of(plain)
        self.assertEqual((match["outcome"], match["candidates"]), ("NOT_SEARCHED", []))

    def test_what_is_not_given_is_not_compared_and_not_shown(self):
        (sale,) = self.customer.sell()
        made = self.simulations.raised(
            match=True, transaction_authorisation_code=sale.code, transaction_card_last4=sale.last4
        )
        self.assert_matched(made, sale)
        evidence = self.simulations.evidence_of(made)
        self.assertEqual(
            {name for name, result in evidence.items() if result != "ABSENT"},
            {"AUTHORISATION_CODE", "CARD_LAST_4", "STATUS"},
        )
        for member in ("card_bin", "card_scheme", "card_issuer", "statement_descriptor",
                       "acquirer_reference_number"):  # fmt: skip
            self.assertIsNone(made["transaction_" + member], member)
        # What nobody gave is shown as the sale has it, and as a filler where there is none.
        nothing = self.simulations.raised(match=True, transaction_card_last4="0001")
        self.assertIsNone(nothing["integration_id"])
        for alert, amount in ((made, 4900), (nothing, FILLERS["transaction_amount_in_cents"])):
            self.assertEqual(alert["transaction_amount_in_cents"], amount)
            self.assertEqual(alert["transaction_currency_code"], "USD")

    def test_fillers_find_no_sale_that_is_like_them(self):
        sale = Sale(self.customer.descriptor, last4="1234", sold_at=time.time() - 7 * DAY_SECONDS)
        order = sale.order(self.customer.world)
        order["transactions"][0] |= {"amount_in_cents": 10_000, "payment_method_card_bin": "400000",
                                     "payment_method_card_brand": "MASTERCARD"}  # fmt: skip
        self.api.must(201, "POST", "/v1/orders", [order])
        for members in ({}, {"match": True}, {"match": True, "card_scheme": "MASTERCARD"}):
            with self.subTest(members):
                made = self.simulations.raised(**members)
                self.assertIsNone(made["integration_id"])
                self.assertIsNone(made["integration_transaction_id"])

    def test_without_match_what_is_given_is_shown_beside_the_fillers(self):
        (sale,) = self.customer.sell()
        given = {
            "transaction_card_bin": "42424242",
            "transaction_card_last4": sale.last4,
            "transaction_authorised_at": text_of(sale.sold_at),
            "transaction_statement_descriptor": "Grüße, 東京 * 1",
            "transaction_authorisation_code": sale.code,
        }
        filled = {"transaction_statement_descriptor": self.customer.descriptor}
        for member, value in given.items():
            with self.subTest(member):
                made = self.simulations.raised(**{member: value}, match=False)
                expected = FILLERS | filled | {member: value}
                self.assertEqual({name: made[name] for name in expected}, expected)
        whole = self.simulations.raised(**given)
        self.assertEqual({name: whole[name] for name in given}, given)
        self.assertIsNone(whole["integration_transaction_id"])

    def test_what_is_null_is_not_given(self):
        members = ("transaction_card_bin", "transaction_card_last4", "transaction_authorised_at",
                   "transaction_statement_descriptor", "match")  # fmt: skip
        made = self.simulations.raised(**dict.fromkeys(members))
        filled = {"transaction_statement_descriptor": self.customer.descriptor}
        expected = FILLERS | filled
        self.assertEqual({name: made[name] for name in expected}, expected)
        self.assertIsNone(self.simulations.raised(**dict.fromkeys(members) | {"match": True})
                          ["transaction_card_bin"])  # fmt: skip

    def test_of_several_about_a_sale_all_but_the_first_are_duplicates(self):
        (sale,) = self.customer.sell()
        first, second = self.simulations.about(sale), self.simulations.about(sale)
        third = self.simulations.about(sale, status="ACTION_REQUIRED")
        self.assert_matched(first, sale)
        for one in (second, third):
            self.assert_matched(one, sale, "INVALID")
            self.assertEqual(self.reason_of(one), ("DUPLICATE", first["id"]))
        part = self.simulations.about(sale, amount_in_cents=2000)
        self.assert_matched(part, sale)
        answer = self.api.patch(f"/v1/alerts/{second['id']}", {"action": "REFUND"})
        self.assertEqual((answer.status, answer.code), (422, "ALERT_NOT_ACTIONABLE"))
        self.customer.act(first, "REFUND")
        self.assertEqual(self.simulations.read(second)["status"], "INVALID")

    def test_of_many_at_once_one_is_no_duplicate(self):
        apis = [self.enterContext(Api(self.server.base, self.partner.api_key))
                for _ in range(WRITERS)]  # fmt: skip
        for sale in self.customer.sell(ROUNDS):
            made = at_once(*[partial(self.simulations.about, sale, api) for api in apis])
            statuses = Counter(one["status"] for one in made)
            self.assertEqual(statuses, {"ACTION_REQUIRED": 1, "INVALID": WRITERS - 1})

    def test_what_was_refunded_before_is_invalid(self):
        for what, changes, status in (
            ("before", {}, "INVALID"),
            ("a part", {"amount_in_cents": 4899}, "ACTION_REQUIRED"),
            ("failed", {"status": "FAILED"}, "ACTION_REQUIRED"),
        ):
            with self.subTest(what):
                sale = Sale(self.customer.descriptor)
                refund = sale.refund(time.time() - DAY_SECONDS, **changes)
                order = sale.order(self.customer.world, refunds=[refund])
                self.api.must(201, "POST", "/v1/orders", [order])
                made = self.simulations.about(sale)
                self.assert_matched(made, sale, status)
                reason = "ALREADY_REFUNDED" if status == "INVALID" else None
                self.assertEqual(self.reason_of(made), (reason, None))

    def test_a_status_that_is_asked_for_stays(self):
        (sale,) = self.customer.sell()
        refunds = [sale.refund(time.time() - DAY_SECONDS)]
        (order,) = self.api.must(200, "GET", "/v1/orders?organisation_id="
                                 + self.customer.world.organisation_id)["items"]  # fmt: skip
        self.api.must(200, "PATCH", f"/v1/orders/{order['id']}", {"refunds": refunds})
        for status, outcome in (("RESOLVED", "REFUNDED"), ("INVALID", None)):
            made = self.simulations.about(sale, status=status)
            self.assert_matched(made, sale, status)
            self.assertEqual(made["transaction_refund_outcome"], outcome)
            self.assertEqual(self.reason_of(made), (None, None))

    def test_an_order_that_comes_late_is_found(self):
        late, plain_one = Sale(self.customer.descriptor), Sale(self.customer.descriptor)
        made = self.simulations.about(late)
        self.assertIsNone(made["integration_transaction_id"])
        self.assertEqual(self.simulations.match_of(made)["outcome"], "NONE")
        resolved = self.simulations.about(late, status="RESOLVED")
        plain = self.simulations.about(plain_one, match=False)
        orders = [one.order(self.customer.world) for one in (late, plain_one)]
        self.api.must(201, "POST", "/v1/orders", orders)
        found = self.simulations.becomes(made, "integration_transaction_id", late.transaction_id)
        self.assert_matched(found, late)
        ended = self.simulations.becomes(
            resolved, "integration_transaction_id", late.transaction_id
        )
        self.assert_matched(ended, late, "RESOLVED")
        told = {one.event["data"]["object"]["id"]: one
                for one in self.customer.hears("alert.updated", 2)}  # fmt: skip
        self.assertEqual(set(told), {made["id"], resolved["id"]})
        self.assertEqual([delivery_problems(one) for one in told.values()], [[], []])
        self.assertEqual(told[made["id"]].event["data"]["object"], found)
        self.assertEqual(self.simulations.read(plain), plain)

    def test_a_refund_that_is_told_late_makes_it_invalid(self):
        (sale,) = self.customer.sell()
        made = self.simulations.about(sale)
        (order,) = self.api.must(200, "GET", "/v1/orders?organisation_id="
                                 + self.customer.world.organisation_id)["items"]  # fmt: skip
        refunds = [sale.refund(time.time() - DAY_SECONDS)]
        self.api.must(200, "PATCH", f"/v1/orders/{order['id']}", {"refunds": refunds})
        self.assert_matched(self.simulations.becomes(made, "status", "INVALID"), sale, "INVALID")
        self.assertEqual(self.reason_of(made), ("ALREADY_REFUNDED", None))

    def test_an_rdr_alert_finds_its_sale_and_is_never_a_duplicate(self):
        world = self.customer.world
        body = world.enrolment("") | {
            "type": "VERIFI_RDR",
            "verifi_rdr": {"bin": "424242", "caid": self.customer.descriptor},
        }
        del body["ethoca_alert"]
        rdr = self.api.must(201, "POST", "/v2/enrolments", body)["id"]
        enable_enrolment(self.api, rdr)
        (sale,) = self.customer.sell()
        for status in (None, "RESOLVED", "INVALID"):
            made = self.simulations.about(sale, enrolment_id=rdr, status=status)
            self.assert_matched(made, sale, status or "RESOLVED")
            self.assertIsNone(made["action_required_deadline"])
            self.assertEqual(self.reason_of(made), (None, None))
        self.assert_matched(self.simulations.about(sale), sale)
        answer = self.simulations.ask(enrolment_id=rdr, match=True, status="ACTION_REQUIRED")
        self.assertEqual((answer.status, answer.code), (422, "INVALID_STATUS_FOR_ENROLMENT_TYPE"))

    def test_another_organisations_sale_is_not_found(self):
        other = Customer(self.api)
        (sale,) = other.sell()
        self.assertIsNone(self.simulations.about(sale)["integration_transaction_id"])

    def test_its_merchant_is_the_sales(self):
        world = self.customer.world
        body = {"organisation_id": world.organisation_id, "name": "Second", "type": "GENERIC"}
        second = self.api.must(201, "POST", "/v1/merchants", body)["id"]
        feed = {"organisation_id": world.organisation_id, "name": "Second", "status": "ENABLED",
                "type": "CUSTOM_ORDERS", "merchant_ids": [second]}  # fmt: skip
        feed = self.api.must(201, "POST", "/v1/integrations", feed)["id"]
        body = world.enrolment(self.customer.descriptor + "B")
        body |= {"merchant_ids": [world.merchant_id, second]}
        both = self.api.must(201, "POST", "/v2/enrolments", body)["id"]
        enable_enrolment(self.api, both)
        sale = Sale(self.customer.descriptor)
        order = sale.order(world, integration_id=feed)
        self.api.must(201, "POST", "/v1/orders", [order])
        made = self.simulations.about(sale, enrolment_id=both)
        self.assertEqual((made["merchant_id"], made["integration_id"]), (second, feed))
        # The enrolment of one merchant looks at that merchant's sales alone.
        self.assertIsNone(self.simulations.about(sale)["integration_id"])

    def test_in_strict_mode_a_guess_is_no_match(self):
        (sale,) = self.customer.sell()
        guess = {"transaction_card_bin": None, "transaction_authorisation_code": None}
        words = ("organisation", "settings", self.customer.world.organisation_id, "--set")
        self.server.command(*words, "matching_mode=strict")
        self.assertIsNone(self.simulations.about(sale, **guess)["integration_transaction_id"])
        self.server.command(*words, "matching_mode=soft")
        self.assert_matched(self.simulations.about(sale, **guess), sale)

    def test_with_an_idempotency_key_it_is_raised_once(self):
        (sale,) = self.customer.sell()
        body = {
            "organisation_id": self.customer.world.organisation_id, "match": True,
            "enrolment_id": self.simulations.enrolment_id,
            "transaction_authorisation_code": sale.code, "transaction_card_last4": sale.last4,
        }  # fmt: skip
        key = {"Idempotency_Key": sale.reference}
        first, again = (self.api.call("POST", PATH, body, **key) for _ in range(2))
        self.assertEqual((first.status, again.status), (201, 201))
        self.assertEqual(first.body, again.body)
        self.assertEqual(first.json()["status"], "ACTION_REQUIRED")
        self.assertEqual(len(self.customer.alerts()), 1)

    def test_values_at_the_edges_are_taken(self):
        for members in (
            {"transaction_authorised_at": "0001-01-01T00:00:00Z"},
            {"transaction_authorised_at": "9999-12-31T23:59:59Z"},
            {"amount_in_cents": 0}, {"amount_in_cents": 2**53 - 1},
            {"transaction_card_bin": "000000"}, {"transaction_card_last4": "0000"},
            {"transaction_statement_descriptor": "😀" * 250},
            {"transaction_statement_descriptor": " "},
            {"transaction_acquirer_reference_number": "x" * 64},
        ):  # fmt: skip
            with self.subTest(members):
                made = self.simulations.raised(match=True, **members)
                for name, value in members.items():
                    name = name.replace("amount_in", "transaction_amount_in")
                    self.assertEqual(made[name], value)

    def test_other_values_are_refused_and_raise_nothing(self):
        for member, values in {
            "match": ("true", "", 1, 0, [], {}),
            "transaction_card_bin": ("42424a", "42424", "424242424", "４２４２４２", "", " 424242",
                                     424242, "4111111111111111"),
            "transaction_card_last4": ("42", "12345", "12a4", "1234\n", "", 1234),
            "transaction_authorised_at": ("2026-02-17", "2026-02-17T09:59:05", "now", "", 7),
            "transaction_statement_descriptor": ("", "x" * 251, "a\0b", 7, ["ACME"]),
        }.items():  # fmt: skip
            for value in values:
                for match in ({}, {"match": True}):
                    with self.subTest(member, value=value, **match):
                        answer = self.simulations.ask(**match | {member: value})
                        self.assertEqual((answer.status, answer.code), (422, "VALIDATION_ERROR"))
                        fields = [one["field"] for one in answer.json()["errors"]]
                        self.assertEqual(fields, [member])
                        self.assertNotIn(b"4111", answer.body)
        self.assertEqual(self.customer.alerts(), [])

    def test_a_card_number_is_refused_and_not_repeated(self):
        for text in (CARD_TEXT, "4111111111111111", "ACME 4111-1111-1111-1111 MONTHLY"):
            for match in (True, False):
                with self.subTest(text, match=match):
                    answer = self.simulations.ask(
                        match=match, transaction_statement_descriptor=text
                    )
                    self.assertEqual((answer.status, answer.code), (422, "CARD_NUMBER_REJECTED"))
                    self.assertNotIn(b"1111", answer.body)
        self.assertEqual(self.customer.alerts(), [])
        self.assertNotIn("4111", self.server.log_text())

    def test_a_live_account_is_refused_as_before(self):
        partner = self.server.create_partner("Live", "LIVE")
        live = Customer(self.enterContext(Api(self.server.base, partner.api_key)))
        enrolment_id = live.ask_to_enrol()
        self.server.command("enrolment", "set-status", enrolment_id, "ENABLED")
        (sale,) = live.sell()
        answer = live.api.post(PATH, {
            "organisation_id": live.world.organisation_id, "enrolment_id": enrolment_id,
            "match": True, "transaction_authorisation_code": sale.code,
            "transaction_card_last4": sale.last4,
        })  # fmt: skip
        self.assertEqual((answer.status, answer.code), (422, "ORGANISATION_NOT_TEST_MODE"))
        self.assertEqual(live.alerts(), [])


class SimulatedMatchOnPostgresTest(OnPostgres, SimulatedMatchTest):
    pass


class SimulatedBesideNetworkTest(FolderCase):
    """With Ethoca connected, which must hear nothing of what is simulated."""

    def setUp(self):
        super().setUp()
        self.network = self.enterContext(PlayedNetwork())
        self.network.open()
        self.server = self.new_server(
            "--rate-limit", "0", "--test-ethoca-url", self.network.url, "--test-network-token",
            TEST_TOKEN,
        ).start()  # fmt: skip
        self.customer = Customer(self.new_api(self.server, self.server.create_partner().api_key))
        self.simulations = Simulations(self.customer)

    def push(self, sale: Sale) -> dict:
        raised = sale.alert()
        self.assertEqual(push_to(self.new_api(self.server), raised).status, 200)
        return self.customer.alert(raised["alertId"])

    def told(self, *alerts: dict) -> list[str]:
        """The ids of all that the network was told of, once these are among them."""
        expected = {one["alert_network_id"] for one in alerts}

        def ids(calls) -> list[str]:
            return [one for call in calls if call.path == "/outcomes" for one in call.alert_ids]

        return ids(self.network.wait_for(lambda calls: expected <= set(ids(calls))))

    def assert_untold(self, *alerts: dict):
        """Nothing about them is queued either."""
        for alert in alerts:
            shown = self.server.command("alert", "show", alert["id"])
            self.assertEqual(shown["network_requests"], [])

    def test_the_networks_own_alert_is_no_duplicate_of_a_simulated_one(self):
        (sale,) = self.customer.sell()
        simulated = self.simulations.about(sale)
        raised = self.push(sale)
        self.assertEqual((simulated["status"], raised["status"]), ("ACTION_REQUIRED",) * 2)
        self.customer.act(simulated, "ACCEPT_DISPUTE")
        self.customer.act(raised, "REFUND")
        self.assertEqual(self.told(raised), [raised["alert_network_id"]])
        self.assert_untold(simulated)

    def test_the_network_hears_nothing_of_a_simulated_duplicate_of_its_alert(self):
        (sale,) = self.customer.sell()
        raised = self.push(sale)
        simulated = self.simulations.about(sale)
        self.assertEqual(simulated["status"], "INVALID")
        twin = self.push(sale)
        self.customer.act(raised, "REFUND")
        later = self.simulations.about(sale)
        self.assertEqual(later["status"], "INVALID")
        expected = [one["alert_network_id"] for one in (raised, twin)]
        self.assertCountEqual(self.told(raised, twin), expected)
        self.assert_untold(simulated, later)


class SimulatedBesideNetworkOnPostgresTest(OnPostgres, SimulatedBesideNetworkTest):
    pass
