"""`parry-partner serve` decides alerts by its hook, and asks the refund guard before money moves."""

import json

from parry_outside.cases import wait_until
from parry_outside.daemon import (
    ACCEPT,
    HOLD,
    LEAVE,
    REFUND,
    SECONDS_MAX,
    DaemonCase,
    OneDaemonCase,
)
from parry_outside.networks import Sale
from parry_outside.refunds import WHOLE

MEMBERS_OF_A_QUESTION = {"step", "environment", "mode", "alert"}


def decision(**members) -> dict:
    return {"answer": {"decision": "refund"} | members}


class DecisionTest(OneDaemonCase):
    def test_a_refund_is_reserved_paid_committed_and_told_in_this_order(self):
        sale, alert = self.daemon.sold_and_disputed([REFUND], [HOLD])
        self.assertTrue(self.daemon.is_held(sale))
        self.assert_intents(self.daemon, sale, "RESERVED")
        self.assertEqual(self.simulations.read(alert)["status"], "ACTION_REQUIRED")
        self.daemon.let_go(sale)
        self.assert_refunded_once(self.daemon, sale, alert)
        self.assertEqual(self.simulations.read(alert)["note"], "hook says refund")
        self.assert_intents(self.daemon, sale, "COMMITTED")

    def test_the_hook_is_asked_in_the_documented_words(self):
        sale, alert = self.daemon.sold_and_disputed([REFUND])
        self.daemon.reaches(alert, "ENDED")
        (asked,) = self.daemon.calls(sale, "decide")
        question = asked["question"]
        self.assertEqual(question.keys(), MEMBERS_OF_A_QUESTION)
        self.assertEqual((question["environment"], question["mode"]), ("test", "TEST"))
        shown = question["alert"]
        del shown["links"]
        self.assertEqual(shown, alert)
        (paid,) = self.daemon.calls(sale, "refund")
        (intent,) = self.customer.intents(sale)
        self.assertEqual(paid["question"]["refund"], {
            "idempotency_key": intent["id"], "integration_id": intent["integration_id"],
            "transaction_reference_id": sale.transaction_id, "currency": "USD",
            "amount_in_cents": WHOLE,
        })  # fmt: skip

    def test_an_accepted_dispute_is_told_and_nothing_is_reserved(self):
        sale, alert = self.daemon.sold_and_disputed([ACCEPT])
        self.assert_ended(self.daemon, alert, "NOT_REFUNDED")
        self.assertEqual(self.simulations.read(alert)["note"], "hook says accept")
        self.assert_intents(self.daemon, sale)
        self.assert_not_refunded(self.daemon, sale)

    def test_what_the_hook_leaves_stays_open_and_is_not_asked_again(self):
        sale, alert = self.daemon.sold_and_disputed([LEAVE])
        self.assertEqual(self.daemon.reaches(alert, "LEFT")["reason"], "hook says leave")
        self.api.must(200, "PATCH", f"/v1/alerts/{alert['id']}", {"note": "seen by Ann"})
        _, other = self.daemon.sold_and_disputed([ACCEPT])
        self.daemon.reaches(other, "ENDED")
        self.assertEqual(len(self.daemon.calls(sale, "decide")), 1)
        self.assertEqual(self.simulations.read(alert)["status"], "ACTION_REQUIRED")

    def test_a_part_is_refunded_where_the_hook_says_so(self):
        sale, alert = self.daemon.sold_and_disputed([decision(amount_in_cents=1900)])
        self.assert_refunded_once(self.daemon, sale, alert)
        (intent,) = self.customer.intents(sale)
        self.assertEqual((intent["amount_in_cents"], intent["currency"]), (1900, "USD"))
        (paid,) = self.daemon.calls(sale, "refund")
        self.assertEqual(paid["question"]["refund"]["amount_in_cents"], 1900)

    def test_an_amount_that_is_none_does_not_become_the_whole_sale(self):
        amounts = ("1900", 19.5, -1900, 0, [1900], True)
        found = [
            (amount, *self.daemon.sold_and_disputed([decision(amount_in_cents=amount), LEAVE]))
            for amount in amounts
        ]
        for amount, sale, alert in found:
            with self.subTest(amount=amount):
                self.is_over(alert)
                self.assert_not_refunded(self.daemon, sale)

    def test_a_note_that_is_too_long_does_not_keep_a_refunded_alert_open(self):
        sale, alert = self.daemon.sold_and_disputed([decision(note="x" * 1_025), REFUND])
        self.is_over(alert)
        if self.daemon.calls(sale, "refund"):
            self.assert_refunded_once(self.daemon, sale, alert)

    def is_over(self, alert: dict) -> bool:
        steps = ("LEFT", "ENDED")
        return wait_until(lambda: self.daemon.case(alert).get("step") in steps, SECONDS_MAX)

    def test_more_than_the_sale_is_not_refunded(self):
        sale, alert = self.daemon.sold_and_disputed([decision(amount_in_cents=WHOLE + 1)])
        self.assertIn("more than is left", self.daemon.reaches(alert, "LEFT")["reason"])
        self.assert_not_refunded(self.daemon, sale)

    def test_another_currency_is_not_refunded(self):
        sale, alert = self.daemon.sold_and_disputed([decision(currency="EUR")])
        self.assertIn("REFUND_CURRENCY", self.daemon.reaches(alert, "LEFT")["reason"])
        self.assert_not_refunded(self.daemon, sale)

    def test_an_alert_without_its_sale_is_left_to_people_with_the_reason(self):
        sale = Sale(self.customer.descriptor)
        alert = self.daemon.dispute(sale, [REFUND])
        self.assertIsNone(alert["integration_transaction_id"])
        case = self.daemon.reaches(alert, "LEFT")
        self.assertIn("no transaction is known", case["reason"])
        self.assertEqual(self.simulations.read(alert)["status"], "ACTION_REQUIRED")
        self.assert_not_refunded(self.daemon, sale)

    def test_the_hook_can_name_the_sale_of_an_alert_that_found_none(self):
        (sale,) = self.customer.sell()
        unknown = Sale(self.customer.descriptor, last4="0000")
        named = decision(
            transaction_reference_id=sale.transaction_id,
            integration_id=self.customer.world.integration_id,
        )
        alert = self.daemon.dispute(unknown, [named])
        self.assertIsNone(alert["integration_transaction_id"])
        self.assert_ended(self.daemon, alert, "REFUNDED")
        self.assert_intents(self.daemon, sale, "COMMITTED")
        (paid,) = self.daemon.calls(unknown, "refund")
        named = paid["question"]["refund"]["transaction_reference_id"]
        self.assertEqual(named, sale.transaction_id)

    def test_when_the_hook_does_not_refund_the_amount_is_free_again(self):
        refused = {"answer": {"refunded": False, "reason": "the card is closed"}}
        sale, alert = self.daemon.sold_and_disputed([REFUND], [refused])
        self.assertEqual(self.daemon.reaches(alert, "LEFT")["reason"], "the card is closed")
        self.assert_intents(self.daemon, sale, "RELEASED")
        self.assertEqual(self.simulations.read(alert)["status"], "ACTION_REQUIRED")
        self.assertEqual(len(self.daemon.calls(sale, "refund")), 1)


class InformationTest(OneDaemonCase):
    def test_an_rdr_alert_is_kept_and_nobody_is_asked(self):
        (sale,) = self.customer.sell()
        alert = self.daemon.dispute(sale, [REFUND], enrolment_id=self.customer.rdr_id)
        self.assertEqual(alert["enrolment_type"], "VERIFI_RDR")
        case = self.daemon.reaches(alert, "ENDED")
        self.assertEqual(json.loads(case["document"])["id"], alert["id"])
        wait_until(self.daemon.has_worked_off, SECONDS_MAX)
        self.assertEqual(self.daemon.calls(sale, "decide"), [])

    def test_an_invalid_alert_is_kept_and_nobody_is_asked(self):
        sale, first = self.daemon.sold_and_disputed([ACCEPT])
        second = self.daemon.simulations.about(sale)
        self.assertEqual(second["status"], "INVALID")
        self.daemon.reaches(second, "ENDED")
        self.daemon.reaches(first, "ENDED")
        self.assertEqual(len(self.daemon.calls(sale, "decide")), 1)

    def test_an_enrolment_is_live_once_the_platform_shows_it_enabled(self):
        enrolment_id = self.customer.ask_to_enrol("ANOTHER FIT")
        wait_until(lambda: self.daemon.enrolment(enrolment_id), SECONDS_MAX)
        seen = self.daemon.enrolment(enrolment_id)
        self.assertEqual((seen["status"], seen["live_since"]), ("PENDING", None))
        path = f"/v1/simulate/enrolments/{enrolment_id}"
        for status, is_live in (("ENABLED", True), ("UNENROLLED", False)):
            self.api.must(200, "PATCH", path, {"status": status})
            wait_until(
                lambda: self.daemon.enrolment(enrolment_id)["status"] == status,  # noqa: B023
                SECONDS_MAX,
            )
            seen = self.daemon.enrolment(enrolment_id)
            self.assertEqual((seen["status"], bool(seen["live_since"])), (status, is_live))
            self.assertEqual(json.loads(seen["document"])["id"], enrolment_id)


class SeveralAtOnceTest(DaemonCase):
    def test_fifty_alerts_at_once_are_each_decided_once(self):
        daemon = self.new_daemon().serve()
        sales = daemon.customer.sell(50)
        plans = [REFUND if number % 2 else ACCEPT for number in range(len(sales))]
        alerts = [daemon.dispute(sale, [plan]) for sale, plan in zip(sales, plans)]
        for sale, alert, plan in zip(sales, alerts, plans):
            if plan is REFUND:
                self.assert_refunded_once(daemon, sale, alert)
            else:
                self.assert_ended(daemon, alert, "NOT_REFUNDED")
                self.assert_not_refunded(daemon, sale)
            self.assertEqual(len(daemon.calls(sale, "decide")), 1)
        self.assertEqual(daemon.stop(), 0)
