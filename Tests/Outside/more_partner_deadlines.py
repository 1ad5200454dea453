"""`parry-partner serve` warns before deadlines, and refunds nothing after them."""

from parry_outside.cases import wait_until
from parry_outside.daemon import REFUND, DaemonCase
from parry_outside.networks import move_deadlines

NEVER = {"poll-seconds": "86400"}


class DeadlineTest(DaemonCase):
    def test_each_warning_comes_once(self):
        daemon = self.new_daemon(**NEVER, **{"warn-minutes": "[60, 2, 1]"})
        near, far = (daemon.sold_and_disputed()[1] for _ in range(2))
        _, other = daemon.sold_and_disputed()
        move_deadlines(self.server.database, f"id = '{near['id']}'", left=105)
        move_deadlines(self.server.database, f"id = '{far['id']}'", left=3_000)
        daemon.serve()
        # It looks every 15 s, and at first perhaps before it has read the alerts.
        self.assertTrue(daemon.hears("deadline comes near", far["id"], seconds_max=40))
        wait_until(lambda: len(daemon.log_lines("deadline comes near", near["id"])) == 2, 90)
        self.assertEqual(len(daemon.log_lines("deadline comes near", near["id"])), 2)
        self.assertEqual(len(daemon.log_lines("deadline comes near", far["id"])), 1)
        self.assertEqual(daemon.log_lines("deadline comes near", other["id"]), [])
        # Another start says nothing again: its first look is over once it has read the alert anew.
        daemon.stop()
        read = daemon.case(near)["seen_at"]
        daemon.serve()
        daemon.api.must(200, "PATCH", f"/v1/alerts/{near['id']}", {"note": "seen by Ann"})
        wait_until(lambda: daemon.case(near)["seen_at"] > read, 10)
        warned = [one for one in daemon.journal(near) if "minutes are left" in one]
        self.assertEqual(warned, ["less than 2 minutes are left", "less than 1 minutes are left"])

    def test_an_alert_whose_deadline_passes_while_another_refund_is_waited_for_ends(self):
        daemon = self.new_daemon()
        (sale,) = daemon.customer.sell()
        daemon.customer.reserved(sale)
        alert = daemon.dispute(sale, [REFUND])
        move_deadlines(self.server.database, f"id = '{alert['id']}'", left=4)
        daemon.serve()
        self.assertEqual(daemon.reaches(alert, "ENDED", 30)["status"], "RESOLVED")
        self.assert_not_refunded(daemon, sale)
        self.assert_intents(daemon, sale, "RESERVED")
