"""From an enrolment to the outcome: the platform and the simulated Ethoca, each a process of its own."""

import time
from collections import Counter
from functools import partial

from parry_outside.api import Api
from parry_outside.cases import FolderCase, OnPostgres, at_once, wait_until
from parry_outside.networks import (
    OUTCOMES_PER_REQUEST_MAX,
    SECONDS_MAX,
    TEST_TOKEN,
    Customer,
    NetworkCase,
    PlayedNetwork,
    Sale,
    make_requests_due,
    push_to,
    text_of,
)
from parry_outside.sending import seconds
from parry_outside.webhooks import delivery_problems

PUSHED = 500
ACKNOWLEDGED_SECONDS_MAX = 30
RETRY_SECONDS = (5, 15)
"""The first wait for a network, and the second."""
WINDOW_SECONDS, MARGIN_SECONDS = 48 * 3_600, 15 * 60
REFUNDED = ("RESOLVED", "REFUNDED", "COUNTED", None)
NOT_FOUND = ("NOT_FOUND", "NOT_REFUNDED", "COUNTED", None)


class EnrolmentTest(NetworkCase):
    def test_the_network_enables_an_enrolment_and_each_step_is_told(self):
        enrolment_id = self.customer.ask_to_enrol()
        enrolment = self.customer.becomes(enrolment_id, "ENABLED")
        self.assertIsNone(enrolment["note"])
        descriptors = enrolment["ethoca_alert"]["descriptors"]
        self.assertEqual([one["status"] for one in descriptors], ["ENABLED"])
        told = self.customer.hears("enrolment.created") + self.customer.hears(
            "enrolment.updated", 2
        )
        self.assertEqual([delivery_problems(one) for one in told], [[]] * len(told))
        objects = [one.event["data"]["object"] for one in told]
        self.assertEqual({one["id"] for one in objects}, {enrolment_id})
        # Events may overtake each other on their way.
        statuses = Counter(one["status"] for one in objects)
        self.assertEqual(statuses, {"PENDING": 1, "IN_PROGRESS": 1, "ENABLED": 1})
        changes = {
            one.event["data"]["object"]["status"]: one.event["data"]["previous_attributes"]
            for one in told
            if one.type == "enrolment.updated"
        }
        self.assertEqual(changes["IN_PROGRESS"]["status"], "PENDING")
        self.assertEqual(changes["ENABLED"]["status"], "IN_PROGRESS")
        self.assertEqual(self.customer.events_count(), 3)

    def test_a_descriptor_that_is_too_generic_needs_attention(self):
        enrolment_id = self.customer.ask_to_enrol(self.customer.descriptor, "ONLINE STORE")
        enrolment = self.customer.becomes(enrolment_id, "ACTION_REQUIRED")
        self.assertIn("ONLINE STORE", enrolment["note"])
        self.assertIn("too generic", enrolment["note"])
        self.assertNotIn(self.customer.descriptor, enrolment["note"])
        descriptors = enrolment["ethoca_alert"]["descriptors"]
        self.assertEqual([one["status"] for one in descriptors], ["ENABLED", "FAILED"])
        told = self.customer.hears("enrolment.updated", 2)
        notes = [one.event["data"]["object"]["note"] for one in told]
        self.assertIn(enrolment["note"], notes)

    def test_a_descriptor_that_somebody_else_holds_needs_attention(self):
        self.customer.enrol()
        other = Customer(self.api, self.receiver)
        enrolment_id = other.ask_to_enrol(self.customer.descriptor)
        enrolment = other.becomes(enrolment_id, "ACTION_REQUIRED")
        self.assertIn("enrolled elsewhere", enrolment["note"])
        self.assertNotIn(self.customer.world.organisation_id, enrolment["note"])

    def test_what_has_ended_is_ended_at_the_network_and_its_descriptor_is_free(self):
        enrolment_id = self.customer.enrol()
        self.server.command("enrolment", "set-status", enrolment_id, "UNENROLLED")

        def is_removed() -> bool:
            held = self.simulator.summary()["enrolments"]
            return len([one for one in held if not one["removed"]]) < before

        before = len(self.simulator.summary()["enrolments"])
        self.assertTrue(wait_until(is_removed, SECONDS_MAX))
        other = Customer(self.api, self.receiver)
        other.becomes(other.ask_to_enrol(self.customer.descriptor), "ENABLED")

    def test_a_merchant_is_enrolled_for_rdr_or_told_why_not(self):
        body = self.customer.world.enrolment("") | {"type": "VERIFI_RDR"}
        del body["ethoca_alert"]
        for caid, status, has_note in (("CAIDA", "ENABLED", False), ("CAIDB", "FAILED", True)):
            with self.subTest(status):
                self.simulator.misbehave(failEnrolments=1 if status == "FAILED" else 0)
                block = {"verifi_rdr": {"bin": "424242", "caid": caid}}
                made = self.api.must(201, "POST", "/v2/enrolments", body | block)
                enrolment = self.customer.becomes(made["id"], status)
                self.assertEqual(enrolment["note"] is not None, has_note, enrolment["note"])

    def test_a_result_that_comes_late_does_not_disable_again(self):
        self.simulator.misbehave(outOfOrder=True)
        enrolment_id = self.customer.enrol()
        before = self.customer.enrolment(enrolment_id)

        def acknowledged() -> int:
            return self.simulator.summary()["counts"].get("RESULT_ACKNOWLEDGED", 0)

        results = self.simulator.summary()["counts"]["RESULT_SENT"]
        told = wait_until(
            lambda: acknowledged() % 2 == 0 and acknowledged() >= results, SECONDS_MAX
        )
        self.assertTrue(told, "the late result was not taken")
        self.assertEqual(self.customer.enrolment(enrolment_id), before)
        self.assertEqual(self.customer.events_count(), 3)


class EnrolmentOnPostgresTest(OnPostgres, EnrolmentTest):
    pass


class AlertTest(NetworkCase):
    def setUp(self):
        super().setUp()
        self.enrolment_id = self.customer.enrol()

    def refund(self, sale: Sale) -> dict:
        """The alert about a sale, after it was pushed and refunded."""
        raised = sale.alert()
        self.push(raised)
        return self.customer.act(self.customer.alert(raised["alertId"]), "REFUND")

    def test_a_matched_alert_is_told_and_its_refund_reported_once(self):
        (sale,) = self.customer.sell()
        raised = sale.alert()
        self.push(raised)
        (told,) = self.customer.hears("alert.created")
        self.assertEqual(delivery_problems(told), [])
        alert = told.event["data"]["object"]
        self.assertEqual(alert["alert_network_id"], raised["alertId"])
        self.assertEqual(alert["status"], "ACTION_REQUIRED")
        self.assertEqual(alert["enrolment_id"], self.enrolment_id)
        self.assertEqual(alert["merchant_id"], self.customer.world.merchant_id)
        self.assertEqual(alert["integration_id"], self.customer.world.integration_id)
        self.assertEqual(alert["integration_transaction_id"], sale.transaction_id)
        self.assertEqual(alert["transaction_amount_in_cents"], 4900)
        self.assertEqual(alert["transaction_authorised_at"], text_of(sale.sold_at))
        self.assertEqual(
            seconds(alert["action_required_deadline"]) - seconds(raised["alertTimestamp"]),
            WINDOW_SECONDS - MARGIN_SECONDS,
        )
        acted = self.customer.act(alert, "REFUND", note="Refunded by hand")
        self.assertEqual((acted["status"], acted["transaction_refund_outcome"]),
                         ("RESOLVED", "REFUNDED"))  # fmt: skip
        self.assertEqual(self.told(raised["alertId"]), [REFUNDED])
        fate = self.simulator.fate(raised["alertId"])
        self.assertEqual((fate["pushes"], fate["acknowledgements"]), (1, 1))
        outcome = fate["outcome"]
        self.assertEqual((outcome["amount"], outcome["currency"]), ("49.00", "USD"))
        comments = [one["body"]["comments"] for one in fate["entries"]
                    if one["kind"] == "OUTCOME_RECEIVED"]  # fmt: skip
        self.assertEqual(comments, ["Refunded by hand"])
        self.customer.hears("alert.updated")
        shown = self.done(alert)
        self.assertEqual(shown["match"]["outcome"], "MATCHED")
        self.assertIsNone(shown["invalid_reason"])

    def done(self, alert: dict) -> dict:
        """What the operator sees, once the one outcome is written down as taken."""

        def states() -> list[str]:
            return [one["state"] for one in self.shown(alert)["network_requests"]]

        wait_until(lambda: states() == ["DONE"], SECONDS_MAX)
        self.assertEqual(states(), ["DONE"])
        return self.shown(alert)

    def test_each_action_has_its_words_for_disputes_and_for_fraud(self):
        for alert_type, action, words in (
            ("CUSTOMERDISPUTE", "ACCEPT_DISPUTE", ("UNRESOLVED_DISPUTE", "NOT_REFUNDED")),
            ("CONFIRMEDFRAUD", "ACCEPT_DISPUTE", ("MISSED", "NOT_REFUNDED")),
            ("CONFIRMEDFRAUD", "REFUND", ("STOPPED", "REFUNDED")),
            ("ANEWTYPE", "REFUND", ("RESOLVED", "REFUNDED")),
        ):
            with self.subTest(f"{alert_type}, {action}"):
                (sale,) = self.customer.sell()
                raised = sale.alert(alertType=alert_type)
                self.push(raised)
                self.customer.act(self.customer.alert(raised["alertId"]), action)
                self.assertEqual(self.told(raised["alertId"]), [(*words, "COUNTED", None)])

    def test_amounts_keep_the_decimals_of_their_currency(self):
        for currency, amount, units in (("JPY", "4900", 4900), ("KWD", "4.900", 4900)):
            with self.subTest(currency):
                (sale,) = self.customer.sell()
                raised = sale.alert(transactionCurrency=currency, transactionAmount=amount)
                self.push(raised)
                alert = self.customer.alert(raised["alertId"])
                self.assertEqual(alert["transaction_amount_in_cents"], units)
                self.customer.act(alert, "REFUND")
                self.assertEqual(self.told(raised["alertId"]), [REFUNDED])
                outcome = self.simulator.fate(raised["alertId"])["outcome"]
                self.assertEqual((outcome["amount"], outcome["currency"]), (amount, currency))

    def test_a_repeated_push_is_acknowledged_and_changes_nothing(self):
        (sale,) = self.customer.sell()
        raised = sale.alert()
        self.push(raised)
        before = self.customer.alerts()
        events = self.customer.events_count()
        self.push(raised)
        self.push(raised | {"transactionAmount": "48.00"})
        self.assertEqual(self.customer.alerts(), before)
        self.assertEqual(self.customer.events_count(), events)
        self.customer.act(before[0], "REFUND")
        self.assertEqual(self.told(raised["alertId"]), [REFUNDED])
        events = self.customer.events_count()
        resolved = self.customer.alerts()
        self.push(raised)
        self.done(before[0])
        self.assertEqual(self.customer.alerts(), resolved)
        self.assertEqual(self.customer.events_count(), events)
        self.assertEqual(self.simulator.verdicts(raised["alertId"]), [REFUNDED])
        self.assertEqual(self.simulator.fate(raised["alertId"])["acknowledgements"], 4)

    def test_two_pushes_of_the_same_alerts_at_once_are_both_acknowledged(self):
        sales = self.customer.sell(50)
        alerts = [one.alert() for one in sales]
        self.simulator.misbehave(duplicatePushes=1)
        self.push(*alerts)

        def acknowledgements() -> list[int]:
            return [self.simulator.fate(one["alertId"])["acknowledgements"] for one in alerts]

        wait_until(lambda: sum(acknowledgements()) >= 2 * len(alerts), SECONDS_MAX)
        self.assertEqual(set(acknowledgements()), {2})
        seen = Counter(one["alert_network_id"] for one in self.customer.alerts())
        self.assertEqual(seen, Counter(one["alertId"] for one in alerts))
        self.assertEqual(self.customer.events_count(), 3 + len(alerts))

    def test_of_two_actions_at_once_one_counts_and_is_reported(self):
        alerts = [one.alert() for one in self.customer.sell(10)]
        self.push(*alerts)
        other = self.enterContext(Api(self.server.base, self.partner.api_key))
        refused = []
        for raised in alerts:
            path = f"/v1/alerts/{self.customer.alert(raised['alertId'])['id']}"
            answers = at_once(
                partial(self.api.patch, path, {"action": "REFUND"}),
                partial(other.patch, path, {"action": "ACCEPT_DISPUTE"}),
            )
            refused += [one.code for one in answers if one.status != 200]
            final = self.customer.alert(raised["alertId"])["transaction_refund_outcome"]
            (told,) = self.told(raised["alertId"])
            self.assertEqual(told[1:], (final, "COUNTED", None))
        self.assertEqual(refused, ["ALERT_NOT_ACTIONABLE"] * len(alerts))

    def test_an_alert_that_is_twice_in_one_push_is_one(self):
        (sale,) = self.customer.sell()
        raised = sale.alert()
        self.assertEqual(self.simulator.push(raised, raised)["status"], 200)
        self.assertEqual(len(self.customer.alerts()), 1)
        self.assertEqual(len(self.customer.hears("alert.created")), 1)

    def test_the_same_dispute_under_another_id_is_told_what_the_first_was(self):
        (sale,) = self.customer.sell()
        first, second = sale.alert(), sale.alert()
        self.push(first)
        self.push(second)
        original = self.customer.alert(first["alertId"])
        duplicate = self.customer.alert(second["alertId"])
        self.assertEqual(original["status"], "ACTION_REQUIRED")
        self.assertEqual(duplicate["status"], "INVALID")
        self.assertEqual(duplicate["integration_transaction_id"], sale.transaction_id)
        shown = self.shown(duplicate)
        self.assertEqual(shown["invalid_reason"], "DUPLICATE")
        self.assertEqual(shown["original_alert_id"], original["id"])
        self.assertEqual(shown["network_requests"], [])
        self.customer.act(original, "ACCEPT_DISPUTE")
        words = ("UNRESOLVED_DISPUTE", "NOT_REFUNDED", "COUNTED", None)
        self.assertEqual(self.told(first["alertId"]), [words])
        self.assertEqual(self.told(second["alertId"]), [words])
        third = sale.alert()
        self.push(third)
        self.assertEqual(self.told(third["alertId"]), [words])

    def test_of_two_alerts_about_a_sale_at_the_same_time_one_is_the_duplicate(self):
        sales = self.customer.sell(100)
        self.push(*[alert for sale in sales for alert in (sale.alert(), sale.alert())])
        found: dict[str, list[str]] = {one.transaction_id: [] for one in sales}
        for alert in self.customer.alerts():
            found[alert["integration_transaction_id"]].append(alert["status"])
        pairs = Counter(tuple(sorted(statuses)) for statuses in found.values())
        self.assertEqual(pairs, {("ACTION_REQUIRED", "INVALID"): len(sales)})

    def test_another_amount_of_the_same_sale_is_no_duplicate(self):
        (sale,) = self.customer.sell()
        self.push(sale.alert(), sale.alert(transactionAmount="20.00"))
        statuses = [one["status"] for one in self.customer.alerts()]
        self.assertEqual(statuses, ["ACTION_REQUIRED"] * 2)

    def test_what_was_refunded_before_the_alert_is_invalid_and_told_at_once(self):
        sale = Sale(self.customer.descriptor)
        order = sale.order(self.customer.world, refunds=[sale.refund(time.time() - 86_400)])
        self.api.must(201, "POST", "/v1/orders", [order])
        raised = sale.alert()
        self.push(raised)
        words = ("RESOLVED_PREVIOUSLY_REFUNDED", "REFUNDED", "COUNTED", None)
        self.assertEqual(self.told(raised["alertId"]), [words])
        alert = self.customer.alert(raised["alertId"])
        self.assertEqual(alert["status"], "INVALID")
        self.assertEqual(self.shown(alert)["invalid_reason"], "ALREADY_REFUNDED")
        (told,) = self.customer.hears("alert.created")
        self.assertEqual(told.event["data"]["object"], {
            name: value for name, value in alert.items() if name != "links"})  # fmt: skip

    def test_a_refund_that_came_after_the_alert_or_failed_does_not_count(self):
        day = 86_400
        for what, refunded_at, changes in (
            ("later", time.time() + day, {}),
            ("failed", time.time() - day, {"status": "FAILED"}),
            ("a part", time.time() - day, {"amount_in_cents": 4899}),
        ):
            with self.subTest(what):
                sale = Sale(self.customer.descriptor)
                refunds = [sale.refund(refunded_at, **changes)]
                order = sale.order(self.customer.world, refunds=refunds)
                self.api.must(201, "POST", "/v1/orders", [order])
                raised = sale.alert()
                self.push(raised)
                status = self.customer.alert(raised["alertId"])["status"]
                self.assertEqual(status, "ACTION_REQUIRED")

    def test_an_alert_for_nobody_is_told_not_found_and_raises_nothing(self):
        raised = Sale("SOMEBODY ELSE").alert()
        self.push(raised)
        self.assertEqual(self.told(raised["alertId"]), [NOT_FOUND])
        self.assertEqual(self.customer.alerts(), [])
        self.assertEqual(self.customer.hears("alert.created", 0), [])

    def test_an_alert_for_an_enrolment_that_has_ended_is_another_merchants(self):
        self.server.command("enrolment", "set-status", self.enrolment_id, "UNENROLLED")
        (sale,) = self.customer.sell()
        raised = sale.alert()
        self.push(raised)
        self.assertEqual(self.told(raised["alertId"]), [NOT_FOUND])
        alert = self.customer.alert(raised["alertId"])
        self.assertEqual(alert["status"], "INVALID")
        self.assertEqual(self.shown(alert)["invalid_reason"], "WRONG_MERCHANT")

    def test_a_push_of_500_is_acknowledged_in_time_and_each_alert_is_there_once(self):
        sales = self.customer.sell(PUSHED)
        alerts = [one.alert() for one in sales]
        pushed = self.push(*alerts)
        self.assertLess(pushed["milliseconds"], ACKNOWLEDGED_SECONDS_MAX * 1_000)
        expected = Counter(
            (alert["alertId"], sale.transaction_id) for alert, sale in zip(alerts, sales)
        )
        seen = Counter(
            (one["alert_network_id"], one["integration_transaction_id"])
            for one in self.customer.alerts()
        )
        self.assertEqual(seen, expected)
        told = self.customer.hears("alert.created", PUSHED)
        self.assertEqual(
            Counter(one.event["data"]["object"]["alert_network_id"] for one in told),
            Counter(one["alertId"] for one in alerts),
        )

    def test_an_error_that_passes_is_tried_again_after_five_seconds(self):
        (sale,) = self.customer.sell()
        self.simulator.misbehave(outcomes={"recoverable": 1})
        began = time.monotonic()
        alert = self.refund(sale)
        first, second = self.told(alert["alert_network_id"], 2)
        waited = time.monotonic() - began
        self.assertEqual(first, ("RESOLVED", "REFUNDED", "SPOILT", "SIMULATED_RECOVERABLE_ERROR"))
        self.assertEqual(second, REFUNDED)
        self.assertGreaterEqual(waited, RETRY_SECONDS[0])
        self.assertLess(waited, RETRY_SECONDS[1])
        (request,) = self.done(alert)["network_requests"]
        self.assertEqual((request["attempt_count"], request["error"]), (2, None))

    def test_a_final_error_is_parked_with_its_code(self):
        (sale,) = self.customer.sell()
        self.simulator.misbehave(outcomes={"final": 1})
        alert = self.refund(sale)

        def request() -> dict:
            (found,) = self.shown(alert)["network_requests"]
            return found

        wait_until(lambda: request()["state"] != "WAITING", SECONDS_MAX)
        parked = request()
        self.assertEqual(parked["state"], "PARKED")
        self.assertEqual(parked["error"], "SIMULATED_FINAL_ERROR")
        self.assertEqual((parked["attempt_count"], parked["due_at"]), (1, None))
        spoilt = ("RESOLVED", "REFUNDED", "SPOILT", "SIMULATED_FINAL_ERROR")
        self.assertEqual(self.simulator.verdicts(alert["alert_network_id"]), [spoilt])
        self.assertEqual(self.customer.alert(alert["alert_network_id"])["status"], "RESOLVED")

    def test_an_outcome_waits_for_a_network_that_is_down(self):
        (sale,) = self.customer.sell()
        raised = sale.alert()
        self.push(raised)
        alert = self.customer.alert(raised["alertId"])
        self.simulator.kill()
        try:
            self.customer.act(alert, "REFUND")
            self.assertTrue(wait_until(lambda: self.is_tried(alert), SECONDS_MAX))
        finally:
            self.simulator.start()
        make_requests_due(self.server.database)
        self.assertEqual(self.told(raised["alertId"]), [REFUNDED])
        (request,) = self.done(alert)["network_requests"]
        self.assertEqual((request["attempt_count"], request["error"]), (2, None))

    def is_tried(self, alert: dict) -> bool:
        (request,) = self.shown(alert)["network_requests"]
        self.assertEqual(request["state"], "WAITING")
        return request["attempt_count"] == 1 and request["error"].startswith("not reached")

    def test_the_platform_kept_to_the_networks_words_all_along(self):
        self.refund(self.customer.sell()[0])
        summary = self.simulator.summary()
        self.assertEqual(summary["faults"], [])
        self.assertEqual(summary["alerts"]["withConflictingOutcomes"], 0)
        self.assertEqual(summary["alerts"]["withRepeatedOutcomes"], 0)


class AlertOnPostgresTest(OnPostgres, AlertTest):
    pass


class BatchTest(FolderCase):
    """A network that a test plays itself, to see the requests as they come."""

    key = "key-that-the-network-wants"

    def setUp(self):
        super().setUp()
        self.network = self.enterContext(PlayedNetwork())
        self.server = self.new_server(
            "--test-ethoca-url", self.network.url, "--test-network-token", TEST_TOKEN,
            "--test-network-key", self.key,
        ).start()  # fmt: skip
        self.api = self.new_api(self.server)

    def test_many_outcomes_go_out_in_batches_of_25_each_alert_once(self):
        alerts = [Sale("SOMEBODY ELSE").alert() for _ in range(60)]
        self.assertEqual(push_to(self.api, *alerts).status, 200)
        self.assertEqual(len(self.network.wait_for(lambda calls: calls)), 1)
        # While the answer to the first is held, the others are in the queue.
        self.network.open()

        def told(calls) -> list[str]:
            return [one for call in calls for one in call.alert_ids]

        calls = self.network.wait_for(lambda calls: len(told(calls)) >= len(alerts))
        self.assertCountEqual(told(calls), [one["alertId"] for one in alerts])
        sizes = [len(call.alert_ids) for call in calls]
        self.assertEqual(max(sizes), OUTCOMES_PER_REQUEST_MAX, sizes)
        self.assertEqual({(call.method, call.path) for call in calls}, {("POST", "/outcomes")})
        shown = {call.headers["authorization"] for call in calls}
        self.assertEqual(shown, {f"Bearer {self.key}"})


class BatchOnPostgresTest(OnPostgres, BatchTest):
    pass
