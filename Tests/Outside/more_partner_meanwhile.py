"""Others act on the same alert and the same sale while `parry-partner serve` does."""

import time

from parry_outside.cases import wait_until
from parry_outside.daemon import HOLD, REFUND, SECONDS_MAX, OneDaemonCase
from parry_outside.networks import text_of
from parry_outside.refunds import WHOLE

FAILS = {"exit": 3, "error": "the shop's database is away\n"}


class MeanwhileTest(OneDaemonCase):
    def waits_for_another_refund(self, alert: dict) -> bool:
        """Whether the guard said `IN_FLIGHT`, and the case says so."""
        said = "another refund of the transaction is on its way"
        return wait_until(lambda: self.daemon.case(alert).get("reason") == said, SECONDS_MAX)

    def test_another_refund_under_way_is_waited_for(self):
        (sale,) = self.customer.sell()
        other = self.customer.reserved(sale)
        alert = self.daemon.dispute(sale, [REFUND])
        self.assertTrue(self.waits_for_another_refund(alert), self.daemon.told(alert))
        self.assert_not_refunded(self.daemon, sale)
        self.assertEqual(self.customer.release(other).status, 200)
        self.assert_refunded_once(self.daemon, sale, alert)

    def test_what_the_other_refund_settles_is_not_refunded_again(self):
        (sale,) = self.customer.sell()
        other = self.customer.reserved(sale)
        alert = self.daemon.dispute(sale, [REFUND])
        self.assertTrue(self.waits_for_another_refund(alert), self.daemon.told(alert))
        self.assertEqual(self.customer.commit(other, "theirs").status, 200)
        self.assert_ended(self.daemon, alert, "REFUNDED")
        self.assertEqual(self.daemon.calls(sale, "refund"), [])
        self.assert_intents(self.daemon, sale, "COMMITTED")

    def test_a_sale_that_was_refunded_before_is_not_refunded_and_the_platform_hears_refund(self):
        (sale,) = self.customer.sell()
        self.customer.committed(sale, WHOLE, "before")
        alert = self.daemon.dispute(sale, [REFUND])
        self.assert_ended(self.daemon, alert, "REFUNDED")
        self.assertEqual(self.daemon.calls(sale, "refund"), [])

    def test_a_refund_that_the_order_tells_meanwhile_ends_the_case(self):
        sale, alert = self.daemon.sold_and_disputed([HOLD | REFUND])
        self.assertTrue(self.daemon.is_held(sale))
        # Only a refund from before the alert makes it invalid.
        self.customer.tell(sale, refund_datetime=text_of(time.time() - 3600))
        self.simulations.becomes(alert, "status", "INVALID")
        self.daemon.let_go(sale)
        self.assertEqual(self.daemon.reaches(alert, "ENDED")["status"], "INVALID")
        self.assert_not_refunded(self.daemon, sale)
        self.assert_intents(self.daemon, sale)

    def test_an_alert_that_ends_elsewhere_while_the_hook_decides_is_not_refunded(self):
        sale, alert = self.daemon.sold_and_disputed([HOLD | REFUND])
        self.assertTrue(self.daemon.is_held(sale))
        self.customer.act(alert, "ACCEPT_DISPUTE")
        self.daemon.let_go(sale)
        self.assert_ended(self.daemon, alert, "NOT_REFUNDED")
        self.assert_not_refunded(self.daemon, sale)
        self.assert_intents(self.daemon, sale)

    def test_an_alert_that_ends_elsewhere_while_another_refund_is_waited_for_is_not_refunded(self):
        (sale,) = self.customer.sell()
        other = self.customer.reserved(sale)
        alert = self.daemon.dispute(sale, [REFUND])
        self.assertTrue(self.waits_for_another_refund(alert), self.daemon.told(alert))
        self.customer.act(alert, "ACCEPT_DISPUTE")
        self.assert_ended(self.daemon, alert, "NOT_REFUNDED")
        self.assertEqual(self.customer.release(other).status, 200)
        self.assert_not_refunded(self.daemon, sale)
        self.assert_intents(self.daemon, sale, "RELEASED")

    def test_a_refund_that_was_paid_is_committed_although_the_alert_ended_meanwhile(self):
        sale, alert = self.daemon.sold_and_disputed([REFUND], [HOLD])
        self.assertTrue(self.daemon.is_held(sale))
        self.customer.act(alert, "ACCEPT_DISPUTE")
        wait_until(lambda: self.daemon.case(alert)["status"] == "RESOLVED", SECONDS_MAX)
        self.daemon.let_go(sale)
        committed = wait_until(
            lambda: [one["status"] for one in self.customer.intents(sale)] == ["COMMITTED"], 8
        )
        self.assertTrue(committed, self.daemon.told(alert))

    def test_a_refund_that_was_not_paid_is_released_although_the_alert_ended_meanwhile(self):
        refused = HOLD | {"answer": {"refunded": False, "reason": "the card is closed"}}
        sale, alert = self.daemon.sold_and_disputed([REFUND], [refused])
        self.assertTrue(self.daemon.is_held(sale))
        self.customer.act(alert, "ACCEPT_DISPUTE")
        wait_until(lambda: self.daemon.case(alert)["status"] == "RESOLVED", SECONDS_MAX)
        self.daemon.let_go(sale)
        released = wait_until(
            lambda: [one["status"] for one in self.customer.intents(sale)] == ["RELEASED"], 8
        )
        self.assertTrue(released, self.daemon.told(alert))

    def test_a_reservation_that_expired_meanwhile_pays_nothing_that_was_refunded_since(self):
        daemon = self.new_daemon().serve()
        sale, alert = daemon.sold_and_disputed([REFUND], [FAILS, FAILS, {}])
        self.assertTrue(daemon.is_asked(sale, "refund"))
        daemon.kill()
        daemon.customer.advance(300_000)
        daemon.customer.committed(sale, WHOLE, "by the shop's staff")
        asked = len(daemon.calls(sale, "refund"))
        daemon.serve()
        wait_until(
            lambda: daemon.case(alert)["step"] in ("LEFT", "ENDED")
            or len(daemon.calls(sale, "refund")) > asked,
            SECONDS_MAX,
        )
        self.assertEqual(len(daemon.calls(sale, "refund")), asked, "it was refunded twice")
