"""`parry-partner serve` before a platform that answers wrong, late, twice or not at all."""

from parry_outside.cases import wait_until
from parry_outside.daemon import ACCEPT, HOLD, REFUND, SECONDS_MAX, Daemon, DaemonCase
from parry_outside.front import Front
from parry_outside.refunds import WHOLE

EVERY_SECOND = {"poll-seconds": "1"}
GARBAGE = (b"<html>502</html>", b'{"id": 7}')


class HostilePlatformTest(DaemonCase):
    def setUp(self):
        self.front = self.enterContext(Front(self.server.port))

    def new_daemon(self, **more) -> Daemon:
        return super().new_daemon(url=self.front.url, **more)

    def test_lost_answers_lead_to_one_refund(self):
        daemon = self.new_daemon().serve()
        lost = [
            self.front.trouble(method, path, is_dropped=True)
            for method, path in (
                ("POST", "/v1/refund-intents"), ("POST", "/v1/refund-intents/"),
                ("PATCH", "/v1/alerts/"), ("GET", "/v1/alerts/"),
            )
        ]  # fmt: skip
        sale, alert = daemon.sold_and_disputed([REFUND])
        self.assert_refunded_once(daemon, sale, alert)
        self.assert_intents(daemon, sale, "COMMITTED")
        self.assertEqual([one.count for one in lost], [0] * len(lost))

    def test_doubled_requests_lead_to_one_refund(self):
        daemon = self.new_daemon().serve()
        for method, path in (("POST", "/v1/refund-intents"), ("PATCH", "/v1/alerts/")):
            self.front.trouble(method, path, is_doubled=True, count=9)
        sale, alert = daemon.sold_and_disputed([REFUND])
        self.assert_refunded_once(daemon, sale, alert)
        self.assert_intents(daemon, sale, "COMMITTED")

    def test_garbage_with_status_200_is_overcome(self):
        daemon = self.new_daemon(**EVERY_SECOND).serve()
        for body in GARBAGE:
            # Each step meets garbage once.
            for method, path in (
                ("GET", "/v1/alerts/"), ("GET", "/v1/alerts?"), ("POST", "/v1/refund-intents"),
                ("POST", "/v1/refund-intents/"), ("PATCH", "/v1/alerts/"),
            ):  # fmt: skip
                self.front.trouble(method, path, body=body)
            with self.subTest(body=body):
                sale, alert = daemon.sold_and_disputed([REFUND])
                self.assert_refunded_once(daemon, sale, alert)
                self.assert_intents(daemon, sale, "COMMITTED")

    def test_a_reservation_whose_answer_was_lost_and_that_expired_pays_nothing(self):
        daemon = self.new_daemon().serve()
        asked = self.front.trouble("POST", "/v1/refund-intents", is_stalled=True)
        sale, alert = daemon.sold_and_disputed([REFUND])
        self.assertTrue(wait_until(lambda: asked.met, SECONDS_MAX))
        wait_until(lambda: daemon.customer.intents(sale), SECONDS_MAX)
        daemon.kill()
        daemon.customer.advance(300_000)
        self.assert_intents(daemon, sale, "EXPIRED")
        daemon.customer.committed(sale, WHOLE, "by the shop's staff")
        daemon.serve()
        wait_until(
            lambda: daemon.case(alert)["step"] in ("LEFT", "ENDED")
            or daemon.calls(sale, "refund"),
            SECONDS_MAX,
        )
        self.assertFalse(daemon.calls(sale, "refund"), "it was refunded twice")

    def test_pages_of_a_load_balancer_are_no_word_of_the_platform(self):
        daemon = self.new_daemon().serve()
        for method, path in (
            ("GET", "/v1/alerts/"), ("POST", "/v1/refund-intents"),
            ("POST", "/v1/refund-intents/"), ("PATCH", "/v1/alerts/"),
        ):  # fmt: skip
            with self.subTest(f"{method} {path}"):
                sale, alert = daemon.sold_and_disputed([HOLD | REFUND])
                self.assertTrue(daemon.is_held(sale))
                page = b"<html>under maintenance</html>"
                met = self.front.trouble(method, path, status=403, body=page)
                daemon.let_go(sale)
                self.assert_refunded_once(daemon, sale, alert)
                self.assertEqual(met.count, 0)

    def test_an_answer_that_stops_after_its_head_stops_nothing_else(self):
        daemon = self.new_daemon().serve()
        self.front.trouble("GET", "/v1/alerts/", is_stalled=True)
        _, first = daemon.sold_and_disputed([ACCEPT])
        wait_until(lambda: ("GET", f"/v1/alerts/{first['id']}") in self.front.requests, 10)
        _, second = daemon.sold_and_disputed([ACCEPT])
        ended = wait_until(lambda: daemon.case(second).get("step") == "ENDED", 12)
        self.assertEqual(daemon.reaches(first, "ENDED", 45)["status"], "RESOLVED")
        self.assertTrue(ended, "an answer that never ends stops the whole inbox")
