"""Alerts that somebody has to look at, because what was decided and what happened do not agree."""

import time
from functools import partial

from parry_outside.attention import (
    CASE_DELETED,
    DAY_SECONDS,
    OUTCOME_REFUSED,
    REFUNDED_AFTER_DECLINE,
    REFUNDED_TWICE,
    AttentionCase,
)
from parry_outside.cases import OnPostgres, at_once, wait_until
from parry_outside.networks import SECONDS_MAX, Sale, make_requests_due, rows
from parry_outside.sending import seconds

THREADS = 6
PAIRS, WAITED_SECONDS_MAX = 16, 3
REFUNDED, NOT_REFUNDED = ("RESOLVED", "REFUNDED"), ("RESOLVED", "NOT_REFUNDED")


def state_of(alert: dict) -> tuple:
    return alert["status"], alert["transaction_refund_outcome"]


class DeletedCaseTest(AttentionCase):
    def test_a_case_that_was_accepted_and_is_deleted_needs_attention_and_is_told_once(self):
        (sale,) = self.customer.sell()
        case = self.case_of(sale)
        alert = self.notify(case, "ACCEPTED")
        self.assertEqual(state_of(alert), REFUNDED)
        self.assert_unflagged(alert)
        for _ in range(2):
            self.assertEqual(self.notify(case, "DELETED")["status"], "INVALID")
        self.notify(case, "ACCEPTED")
        self.assert_flagged(alert, CASE_DELETED)
        (told,) = self.events(alert)
        shown = self.read(alert)
        del shown["links"]
        self.assertEqual(told["data"], {"object": shown})

    def test_a_case_that_was_declined_or_only_deleted_needs_none(self):
        (first, second) = self.customer.sell(2)
        case = self.case_of(first)
        self.notify(case, "DECLINED")
        self.assert_unflagged(self.notify(case, "DELETED"))
        self.assert_unflagged(self.notify(self.case_of(second), "DELETED"))

    def test_the_same_notices_at_once_are_told_once(self):
        (sale,) = self.customer.sell()
        case = self.case_of(sale)
        self.notify(case, "ACCEPTED")
        at_once(*[partial(self.tell, case, "DELETED")] * THREADS)
        self.assert_flagged(self.customer.alert(case["caseId"]), CASE_DELETED)


class DeletedCaseOnPostgresTest(OnPostgres, DeletedCaseTest):
    pass


class SecondRefundTest(AttentionCase):
    """Cases that the network refunded, of sales whose money had gone back before."""

    def test_the_order_told_of_a_refund(self):
        (sale,) = self.customer.sell()
        self.tell_of_refund(sale)
        alert = self.notify(self.case_of(sale), "ACCEPTED")
        self.assertEqual(alert["integration_transaction_id"], sale.transaction_id)
        self.assertEqual(state_of(alert), REFUNDED)
        self.assert_flagged(alert, REFUNDED_TWICE)

    def test_the_order_was_uploaded_with_its_refund(self):
        sale = Sale(self.customer.descriptor)
        self.upload_refunded(sale)
        self.assert_flagged(self.notify(self.case_of(sale), "ACCEPTED"), REFUNDED_TWICE)

    def test_a_refund_intent_was_committed(self):
        (sale,) = self.customer.sell()
        self.commit(self.reserve(sale))
        self.assert_flagged(self.notify(self.case_of(sale), "ACCEPTED"), REFUNDED_TWICE)

    def test_an_alert_was_answered_with_a_refund(self):
        (sale,) = self.customer.sell()
        answered = self.customer.act(self.simulations.about(sale), "REFUND")
        alert = self.notify(self.case_of(sale), "ACCEPTED")
        self.assert_flagged(alert, REFUNDED_TWICE)
        self.assert_unflagged(answered)

    def test_another_case_refunded_it(self):
        (sale,) = self.customer.sell()
        first = self.notify(self.case_of(sale), "ACCEPTED")
        second = self.notify(self.case_of(sale), "ACCEPTED")
        self.assert_unflagged(first)
        self.assert_flagged(second, REFUNDED_TWICE)

    def test_a_case_that_was_declined_first_is_accepted(self):
        (sale,) = self.customer.sell()
        self.tell_of_refund(sale)
        case = self.case_of(sale)
        self.assert_unflagged(self.notify(case, "DECLINED"))
        self.assert_flagged(self.notify(case, "ACCEPTED"), REFUNDED_TWICE)

    def test_a_part_and_the_whole_are_more_than_the_sale(self):
        (sale,) = self.customer.sell()
        self.tell_of_refund(sale, amount_in_cents=1)
        self.assert_flagged(self.notify(self.case_of(sale), "ACCEPTED"), REFUNDED_TWICE)

    def test_nobody_has_to_look_where_nothing_was_refunded_twice(self):
        sales = self.customer.sell(6)
        _, failed, pending, part, other, reserved = sales
        self.tell_of_refund(failed, status="FAILED")
        self.tell_of_refund(pending, status="PENDING")
        self.tell_of_refund(part, amount_in_cents=1000)
        self.api.must(200, "PATCH", self.order_path(other), {
            "transactions": [self.second_transaction(other)],
            "refunds": [other.refund(time.time(), original_transaction_reference_id="second")],
        })  # fmt: skip
        self.reserve(reserved)
        for sale in sales:
            amount = "39.00" if sale is part else "49.00"
            alert = self.notify(self.case_of(sale, amount), "ACCEPTED")
            self.assertEqual(alert["integration_transaction_id"], sale.transaction_id)
            self.assert_unflagged(alert)

    def second_transaction(self, sale: Sale) -> dict:
        """Of the same order, by another card."""
        order = Sale(sale.descriptor, sold_at=sale.sold_at).order(self.customer.world)
        return order["transactions"][0] | {"reference_id": "second"}

    def test_a_case_about_no_known_sale_and_one_that_was_declined_need_nobody(self):
        unknown = Sale(self.customer.descriptor)
        self.assert_unflagged(self.notify(self.case_of(unknown), "ACCEPTED"))
        (sale,) = self.customer.sell()
        self.tell_of_refund(sale)
        self.assert_unflagged(self.notify(self.case_of(sale), "DECLINED"))

    def test_an_order_that_comes_late_tells_of_the_first_refund(self):
        sale = Sale(self.customer.descriptor)
        alert = self.notify(self.case_of(sale), "ACCEPTED")
        self.assertIsNone(alert["integration_transaction_id"])
        self.upload_refunded(sale)
        member = "integration_transaction_id"
        wait_until(lambda: self.read(alert)[member] == sale.transaction_id, SECONDS_MAX)
        self.assertEqual(self.read(alert)[member], sale.transaction_id)
        self.assert_flagged(alert, REFUNDED_TWICE)

    def test_a_person_finds_the_sale_that_was_refunded(self):
        (sale,) = self.customer.sell()
        self.tell_of_refund(sale)
        alert = self.notify(self.case_of(Sale("UNKNOWN")), "ACCEPTED")
        self.assert_unflagged(alert)
        change = {"integration_transaction_id": sale.transaction_id}
        self.api.must(200, "PUT", f"/v1/alerts/{alert['id']}/match", change)
        self.assert_flagged(alert, REFUNDED_TWICE)

    def test_a_simulated_case_is_judged_alike(self):
        refunded, fresh = self.customer.sell(2)
        self.tell_of_refund(refunded)
        self.assertTrue(self.caid)
        alert, other = [
            self.simulations.about(one, enrolment_id=self.rdr_enrolment_id)
            for one in (refunded, fresh)
        ]
        self.assertEqual(state_of(alert), REFUNDED)
        self.assert_flagged(alert, REFUNDED_TWICE)
        self.assert_unflagged(other)

    def test_when_the_case_is_deleted_that_is_the_newer_reason(self):
        (sale,) = self.customer.sell()
        self.tell_of_refund(sale)
        case = self.case_of(sale)
        self.notify(case, "ACCEPTED")
        alert = self.notify(case, "DELETED")
        self.assert_flagged(alert, REFUNDED_TWICE, CASE_DELETED)

    def test_the_same_notice_at_once_is_told_once(self):
        (sale,) = self.customer.sell()
        self.tell_of_refund(sale)
        case = self.case_of(sale)
        at_once(*[partial(self.tell, case, "ACCEPTED")] * THREADS)
        self.assert_flagged(self.customer.alert(case["caseId"]), REFUNDED_TWICE)


class SecondRefundOnPostgresTest(OnPostgres, SecondRefundTest):
    pass


class RefundAfterDeclineTest(AttentionCase):
    """Refunds of sales of which the network was told that the money stays."""

    def test_the_order_tells_of_a_refund(self):
        (sale,) = self.customer.sell()
        alert = self.declined(sale)
        self.tell_of_refund(sale)
        self.assert_flagged(alert, REFUNDED_AFTER_DECLINE)
        self.assertEqual(state_of(self.read(alert)), NOT_REFUNDED)

    def test_a_refund_intent_is_committed(self):
        (sale,) = self.customer.sell()
        alert = self.declined(sale)
        intent = self.reserve(sale)
        self.assert_unflagged(alert)
        for _ in range(2):
            self.commit(intent)
            self.assert_flagged(alert, REFUNDED_AFTER_DECLINE)

    def test_a_case_was_declined_by_a_ruleset_of_the_network(self):
        (sale,) = self.customer.sell()
        alert = self.notify(self.case_of(sale), "DECLINED")
        self.assertEqual(state_of(alert), NOT_REFUNDED)
        self.tell_of_refund(sale)
        self.assert_flagged(alert, REFUNDED_AFTER_DECLINE)

    def test_nobody_answered_until_the_deadline(self):
        (sale,) = self.customer.sell()
        alert = self.simulations.about(sale)
        body = {"organisation_id": self.organisation_id, "advance_seconds": 2 * DAY_SECONDS}
        clock = self.api.must(200, "POST", "/v1/simulate/clock", body)
        self.assertEqual(state_of(self.read(alert)), NOT_REFUNDED)
        self.assert_unflagged(alert)
        self.tell_of_refund(sale)
        since = self.read(alert)["attention"]["since"]
        self.assertEqual(self.reasons_told(alert), [REFUNDED_AFTER_DECLINE])
        self.assertAlmostEqual(seconds(since), seconds(clock["now"]), delta=60)

    def test_an_order_that_comes_late_tells_of_the_refund(self):
        sale = Sale(self.customer.descriptor)
        alert = self.notify(self.case_of(sale), "DECLINED")
        self.upload_refunded(sale)
        self.flagged_later(alert, REFUNDED_AFTER_DECLINE)

    def test_all_alerts_about_the_sale_are_flagged(self):
        (sale,) = self.customer.sell()
        alerts = [self.declined(sale), self.notify(self.case_of(sale), "DECLINED")]
        self.tell_of_refund(sale)
        for one in alerts:
            self.assert_flagged(one, REFUNDED_AFTER_DECLINE)

    def test_a_refund_counts_when_it_has_succeeded(self):
        (sale,) = self.customer.sell()
        alert = self.declined(sale)
        for status in ("PENDING", "FAILED"):
            self.tell_of_refund(sale, status=status)
            self.assert_unflagged(alert)
        self.tell_of_refund(sale, status="SUCCEEDED")
        self.assert_flagged(alert, REFUNDED_AFTER_DECLINE)

    def test_what_is_told_again_or_in_other_words_is_no_other_refund(self):
        (sale,) = self.customer.sell()
        alert = self.declined(sale)
        path = self.order_path(sale)
        refund = sale.refund(int(time.time()) - DAY_SECONDS)
        self.api.must(200, "PATCH", path, {"refunds": [refund]})
        self.clear(alert)
        for change in (
            {"refunds": [refund]}, {"order_number": "changed"},
            {"refunds": [refund | {"reason": "asked for"}]},
        ):  # fmt: skip
            with self.subTest(change):
                self.api.must(200, "PATCH", path, change)
                self.assert_unflagged(alert, REFUNDED_AFTER_DECLINE)

    def test_a_date_of_a_refund_that_is_corrected_is_no_other_refund(self):
        (sale,) = self.customer.sell()
        alert = self.declined(sale)
        self.tell_of_refund(sale)
        self.clear(alert)
        refund = sale.refund(time.time() - 2 * DAY_SECONDS)
        self.api.must(200, "PATCH", self.order_path(sale), {"refunds": [refund]})
        self.assert_unflagged(alert, REFUNDED_AFTER_DECLINE)

    def test_a_refund_that_its_intent_told_of_before_is_no_other_refund(self):
        (sale,) = self.customer.sell()
        alert = self.declined(sale)
        self.commit(self.reserve(sale), f"refund-{sale.reference}")
        self.clear(alert)
        self.tell_of_refund(sale)
        self.assert_unflagged(alert, REFUNDED_AFTER_DECLINE)

    def test_a_refund_that_its_order_told_of_before_is_no_other_refund(self):
        (sale,) = self.customer.sell()
        alert = self.declined(sale)
        intent = self.reserve(sale)
        self.tell_of_refund(sale)
        self.clear(alert)
        self.commit(intent, f"refund-{sale.reference}")
        self.assert_unflagged(alert, REFUNDED_AFTER_DECLINE)

    def test_another_refund_needs_attention_again(self):
        (sale,) = self.customer.sell()
        alert = self.declined(sale)
        self.tell_of_refund(sale, amount_in_cents=1000)
        self.clear(alert)
        self.assert_unflagged(alert, REFUNDED_AFTER_DECLINE)
        self.tell_of_refund(sale, amount_in_cents=1000, reference_id="another")
        self.assert_flagged(alert, REFUNDED_AFTER_DECLINE, REFUNDED_AFTER_DECLINE)

    def test_nobody_has_to_look_where_the_refund_contradicts_nothing(self):
        refunded, waiting, released, other = self.customer.sell(4)
        alerts = [
            self.customer.act(self.simulations.about(refunded), "REFUND"),
            self.declined(released), self.declined(other),
        ]  # fmt: skip
        self.tell_of_refund(refunded)
        intent = self.reserve(released)
        self.api.must(200, "POST", f"/v1/refund-intents/{intent['id']}/release")
        self.tell_of_refund(waiting)
        for one in alerts:
            self.assert_unflagged(one)
        again = self.simulations.about(waiting)
        self.assertEqual(again["status"], "INVALID")
        self.assert_unflagged(again)

    def test_a_refund_of_another_transaction_of_the_order_is_none_of_the_sale(self):
        (sale,) = self.customer.sell()
        alert = self.declined(sale)
        second = Sale(sale.descriptor).order(self.customer.world)["transactions"][0]
        refund = sale.refund(time.time()) | {
            "original_transaction_reference_id": second["reference_id"]
        }
        change = {"transactions": [second], "refunds": [refund]}
        self.api.must(200, "PATCH", self.order_path(sale), change)
        self.assert_unflagged(alert)

    def test_what_was_refunded_before_the_decline_is_not_flagged_by_other_changes(self):
        (sale,) = self.customer.sell()
        alert = self.simulations.about(sale)
        self.tell_of_refund(sale, amount_in_cents=100)
        self.customer.act(alert, "ACCEPT_DISPUTE")
        self.assert_unflagged(alert)
        self.api.must(200, "PATCH", self.order_path(sale), {"order_number": "changed"})
        self.assert_unflagged(alert)

    def test_the_same_commit_at_once_is_told_once(self):
        (sale,) = self.customer.sell()
        alert = self.declined(sale)
        intent = self.reserve(sale)
        at_once(*[partial(self.commit, intent, "same", one) for one in self.new_apis(THREADS)])
        self.assert_flagged(alert, REFUNDED_AFTER_DECLINE)

    def test_the_same_refund_told_at_once_is_told_once(self):
        (sale,) = self.customer.sell()
        alert = self.declined(sale)
        at_once(*[partial(self.tell_of_refund, sale, one) for one in self.new_apis(THREADS)])
        self.assert_flagged(alert, REFUNDED_AFTER_DECLINE)

    def test_a_case_that_is_accepted_while_its_sale_is_refunded_holds_up_nobody(self):
        sales = self.customer.sell(PAIRS)
        cases = [self.case_of(one) for one in sales]
        refunds = [partial(self.tell_of_refund, one) for one in sales[::2]]
        for case in cases:
            self.notify(case, "DECLINED")
        refunds += [partial(self.commit, self.reserve(one)) for one in sales[1::2]]
        began = time.monotonic()
        for refund, case in zip(refunds, cases[::2] + cases[1::2]):
            at_once(refund, partial(self.tell, case, "ACCEPTED"))
            self.assertEqual(state_of(self.customer.alert(case["caseId"])), REFUNDED)
        waited = time.monotonic() - began
        self.assertLess(waited, WAITED_SECONDS_MAX, "each deadlock of the database takes a second")


class RefundAfterDeclineOnPostgresTest(OnPostgres, RefundAfterDeclineTest):
    pass


class RefusedOutcomeTest(AttentionCase):
    def setUp(self):
        super().setUp()
        self.customer.enrol()

    def raised(self, sale: Sale | None = None) -> dict:
        told = (sale or self.customer.sell()[0]).alert()
        self.push(told)
        return self.customer.alert(told["alertId"])

    def requests_are(self, alert: dict, state: str):
        states = lambda: [one["state"] for one in self.shown(alert)["network_requests"]]
        wait_until(lambda: states() == [state], SECONDS_MAX)
        self.assertEqual(states(), [state])

    def test_an_outcome_that_the_network_refuses_for_good_needs_attention(self):
        alert = self.raised()
        self.simulator.misbehave(outcomes={"final": 1})
        self.assertNotIn("attention", self.customer.act(alert, "REFUND"))
        self.flagged_later(alert, OUTCOME_REFUSED)
        self.assertEqual(state_of(self.read(alert)), REFUNDED)
        self.requests_are(alert, "PARKED")
        (request,) = self.shown(alert)["network_requests"]
        self.clear(alert)
        self.simulator.misbehave()
        self.server.command("network", "retry", request["id"])
        self.requests_are(alert, "DONE")
        self.assert_unflagged(alert, OUTCOME_REFUSED)

    def test_the_end_at_a_deadline_that_is_refused_needs_attention(self):
        alert = self.raised()
        self.simulator.misbehave(outcomes={"final": 1})
        body = {"organisation_id": self.organisation_id, "advance_seconds": 2 * DAY_SECONDS}
        clock = self.api.must(200, "POST", "/v1/simulate/clock", body)
        wait_until(lambda: "attention" in self.read(alert), SECONDS_MAX)
        attention = self.read(alert)["attention"]
        self.assertEqual(attention["reason"], OUTCOME_REFUSED)
        self.assertAlmostEqual(seconds(attention["since"]), seconds(clock["now"]), delta=60)

    def test_of_many_refusals_each_is_told_once(self):
        alerts = [self.raised() for _ in range(5)]
        self.simulator.misbehave(outcomes={"final": len(alerts)})
        for one in alerts:
            self.customer.act(one, "ACCEPT_DISPUTE")
        for one in alerts:
            self.flagged_later(one, OUTCOME_REFUSED)

    def test_an_outcome_that_is_taken_or_may_be_taken_later_needs_none(self):
        taken, later = self.raised(), self.raised()
        self.customer.act(taken, "REFUND")
        self.requests_are(taken, "DONE")
        self.simulator.misbehave(outcomes={"recoverable": 1})
        self.customer.act(later, "REFUND")
        attempts = lambda: self.shown(later)["network_requests"][0]["attempt_count"]
        self.assertTrue(wait_until(lambda: attempts() == 1, SECONDS_MAX))
        self.assert_unflagged(later)
        self.simulator.misbehave()
        make_requests_due(self.server.database)
        self.requests_are(later, "DONE")
        for one in (taken, later):
            self.assert_unflagged(one)

    def test_what_is_refused_about_nobodys_alert_disturbs_no_other(self):
        self.simulator.misbehave(outcomes={"final": 1})
        nobodys = Sale("NOBODY KNOWS THIS").alert()
        self.push(nobodys)
        parked = (
            "SELECT count(*) FROM network_request WHERE state = 'PARKED' AND payload LIKE"
            f" '%{nobodys['alertId']}%'"
        )
        count = lambda: int(rows(self.server.database, parked)[0][0])
        self.assertTrue(wait_until(lambda: count() == 1, SECONDS_MAX), "it was not refused")
        self.simulator.misbehave()
        alert = self.raised()
        self.customer.act(alert, "REFUND")
        self.requests_are(alert, "DONE")
        self.assert_unflagged(alert)


class RefusedOutcomeOnPostgresTest(OnPostgres, RefusedOutcomeTest):
    pass
