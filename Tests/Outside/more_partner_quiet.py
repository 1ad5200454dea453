"""`parry-partner serve` while webhooks are silent, the platform is away or a clock is off."""

import contextlib
import sqlite3
import threading
import time

from parry_outside.cases import wait_until
from parry_outside.daemon import ACCEPT, HOLD, REFUND, SECONDS_MAX, Daemon, DaemonCase
from parry_outside.front import Front
from parry_outside.inbound import Inbound, new_event

EVERY_SECOND = {"poll-seconds": "1"}
NEVER = {"poll-seconds": "86400"}
STOP_SECONDS_MAX = 5
TRIED_AGAIN_SECONDS_MAX = 50


class SilentWebhooksTest(DaemonCase):
    def test_the_poll_finds_what_no_webhook_told(self):
        daemon = self.new_daemon(is_registered=False, **EVERY_SECOND).serve()
        sale, alert = daemon.sold_and_disputed([REFUND])
        self.assert_refunded_once(daemon, sale, alert)
        _, second = daemon.sold_and_disputed([ACCEPT])
        self.assert_ended(daemon, second, "NOT_REFUNDED")
        self.assertEqual(daemon.rows("SELECT count(*) FROM inbox_event")[0][0], 0)

    def test_the_poll_notices_what_ended_elsewhere_and_enrolments(self):
        daemon = self.new_daemon(is_registered=False, **EVERY_SECOND).serve()
        sale, alert = daemon.sold_and_disputed()
        daemon.reaches(alert, "LEFT")
        daemon.customer.act(alert, "ACCEPT_DISPUTE")
        self.assertEqual(daemon.reaches(alert, "ENDED")["status"], "RESOLVED")
        enrolment_id = daemon.simulations.enrolment_id
        wait_until(lambda: daemon.enrolment(enrolment_id).get("status") == "ENABLED", SECONDS_MAX)
        seen = daemon.enrolment(enrolment_id)
        self.assertEqual((seen["status"], seen["live_by"]), ("ENABLED", "poll"))

    def test_more_alerts_than_a_page_are_found(self):
        daemon = self.new_daemon(is_registered=False, **EVERY_SECOND)
        count = 210
        for _ in range(count):
            daemon.simulations.raised()
        daemon.serve()
        left = "SELECT count(*) FROM alert WHERE step = 'LEFT'"
        wait_until(lambda: daemon.rows(left)[0][0] == count, 40)
        self.assertEqual(daemon.rows(left)[0][0], count)


class ClockTest(DaemonCase):
    def test_a_clock_that_is_ten_minutes_off_is_named(self):
        for seconds, side in ((600, "ahead of"), (-600, "behind")):
            with self.subTest(seconds=seconds), Front(self.server.port) as front:
                front.seconds_ahead = seconds
                daemon = self.new_daemon(url=front.url, **EVERY_SECOND)
                checked = daemon.run("check")
                self.assertNotEqual(checked.returncode, 0)
                bad = [one for one in checked.stdout.splitlines() if one.startswith("BAD")]
                self.assertEqual(len(bad), 1, checked.stdout)
                self.assertRegex(bad[0], rf"clock is (599|600|601) s {side}")
                daemon.serve()
                (told, *_) = daemon.hears("clock", "platform_ahead_seconds")
                self.assertRegex(told, rf'"{seconds // 10}\d"|"{seconds - 1}"|"{seconds + 1}"')
                sale, alert = daemon.sold_and_disputed([REFUND])
                self.assert_refunded_once(daemon, sale, alert)

    def test_a_clock_that_agrees_is_not_mentioned(self):
        daemon = self.new_daemon(**EVERY_SECOND)
        self.assertIn("clock agrees", daemon.command("check"))
        daemon.serve()
        _, alert = daemon.sold_and_disputed([ACCEPT])
        daemon.reaches(alert, "ENDED")
        self.assertEqual(daemon.log_lines("clock"), [])


class LockedDatabaseTest(DaemonCase):
    def test_a_database_that_another_program_holds_for_a_while_loses_nothing(self):
        daemon = self.new_daemon().serve()
        event = new_event("webhook_endpoint.test", {"id": "whe_outside"})
        path = daemon.folder / "partner.sqlite"
        with contextlib.closing(sqlite3.connect(path, check_same_thread=False)) as other:
            other.isolation_level = None
            other.execute("BEGIN IMMEDIATE")
            threading.Timer(2, other.execute, ["ROLLBACK"]).start()
            with Inbound(daemon) as inbound:
                status = inbound.deliver(event).status
                if status != 204:
                    self.assertGreaterEqual(status, 500)
                    self.assertEqual(inbound.deliver(event).status, 204)
        wait_until(daemon.has_worked_off, SECONDS_MAX)
        self.assertEqual(daemon.event(event["id"])["is_done"], 1)
        _, alert = daemon.sold_and_disputed([ACCEPT])
        self.assert_ended(daemon, alert, "NOT_REFUNDED")


class PlatformAwayTest(DaemonCase):
    def tearDown(self):
        if self.server.process is None:
            self.server.start()

    def platform_is_back(self, daemon: Daemon):
        daemon.api.close()
        self.server.start()

    def test_what_came_while_the_platform_was_away_is_worked_off_when_it_is_back(self):
        daemon = self.new_daemon(is_registered=False, **NEVER)
        sale, alert = daemon.sold_and_disputed([REFUND])
        self.server.kill()
        daemon.serve()
        with Inbound(daemon) as inbound:
            event = new_event("alert.created", alert)
            self.assertEqual(inbound.deliver(event).status, 204)
        self.assertEqual(daemon.event(event["id"])["is_done"], 0)
        self.platform_is_back(daemon)
        wait_until(lambda: daemon.event(event["id"])["is_done"] == 1, TRIED_AGAIN_SECONDS_MAX)
        self.assert_refunded_once(daemon, sale, alert)

    def test_a_refund_is_told_although_the_platform_is_away_when_it_is_paid(self):
        daemon = self.new_daemon().serve()
        sale, alert = daemon.sold_and_disputed([REFUND], [HOLD])
        self.assertTrue(daemon.is_held(sale))
        self.server.kill()
        daemon.let_go(sale)
        wait_until(lambda: daemon.case(alert)["step"] == "COMMIT", SECONDS_MAX)
        self.platform_is_back(daemon)
        daemon.reaches(alert, "ENDED", TRIED_AGAIN_SECONDS_MAX)
        self.assert_refunded_once(daemon, sale, alert)
        self.assertEqual(len(daemon.calls(sale, "refund")), 1)

    def test_it_ends_in_time_while_the_platform_is_away(self):
        daemon = self.new_daemon().serve()
        sale, alert = daemon.sold_and_disputed([REFUND], [HOLD])
        self.assertTrue(daemon.is_held(sale))
        self.server.kill()
        daemon.let_go(sale)
        wait_until(lambda: daemon.case(alert)["step"] == "COMMIT", SECONDS_MAX)
        started = time.monotonic()
        self.assertEqual(daemon.stop(), 0)
        self.assertLess(time.monotonic() - started, STOP_SECONDS_MAX)
