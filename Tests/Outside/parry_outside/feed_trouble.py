"""A feed that is sent through a middleman who makes trouble, and what is right afterwards."""

import json
import threading
from collections import Counter

from .middleman import Trouble
from .partner_cases import VERDICTS, PartnerCase
from .partner_feeds import sold

LINES = 250
ORDERS = "/v1/orders"
RUN_SECONDS_MAX = 45


class HostileCase(PartnerCase):
    is_onboarded = True

    def upload_trouble(self, *troubles: Trouble, method: str = "POST"):
        """These befall the first uploads in turn, and none the later ones."""
        left = list(troubles)
        lock = threading.Lock()

        def script(request):
            if request.method != method or not request.path.startswith(ORDERS):
                return None
            with lock:
                return left.pop(0) if left else None

        self.middle.script = script

    def always(self, trouble: Trouble, method: str = "POST"):
        def script(request):
            hit = request.method == method and request.path.startswith(ORDERS)
            return trouble if hit else None

        self.middle.script = script

    def new_file(self, lines: int = LINES):
        self.sent = [sold(number) for number in range(lines)]
        self.write_lines("orders.jsonl", *self.sent)

    def run_once(self) -> dict | None:
        """The report, or None where the run ended with one clear line."""
        done = self.program.run(
            "orders", "send", "orders.jsonl", "--json", seconds_max=RUN_SECONDS_MAX
        )
        if done.returncode in (0, 3):
            self.assertEqual(done.stderr, "")
            report = json.loads(done.stdout)
            verdicts = sum(report[name] for name in VERDICTS)
            self.assertGreaterEqual(verdicts, len(self.sent), "a line has no verdict")
            return report
        self.assert_one_line(done)
        self.assertLess(len(done.stderr), 1_000)
        self.told = done.stderr
        return None

    def created(self) -> Counter:
        """How often the platform made an order of each reference."""
        uploads = [one for one in self.middle.asked("POST", ORDERS) if one.status == 201]
        return Counter(
            result["reference_id"]
            for one in uploads if not one.is_replay
            for result in json.loads(one.answer)["results"]
        )  # fmt: skip

    def assert_all_is_right(self):
        """The trouble is over: one run makes it right, and the one after it sends nothing."""
        self.middle.script = lambda request: None
        report = self.run_once()
        self.assertIsNotNone(report, "it fails although the trouble is over")
        self.assertEqual((report["invalid"], report["refused"]), (0, 0))
        stored = self.orders()
        self.assertEqual(len(stored), len(self.sent))
        for order in self.sent:
            self.assert_shows(order, stored[order["reference_id"]], order["reference_id"])
        self.assertEqual(set(self.created().values()), {1}, "an order was made twice")
        self.assertEqual(self.rows("SELECT * FROM feed_batch"), [])
        (totals,) = self.rows("SELECT accepted + duplicates FROM feed_total")
        self.assertEqual(totals, (len(self.sent),))
        self.middle.forget()
        self.assert_report(self.run_once(), known=len(self.sent))
        self.assertEqual(self.middle.writes, [])

    def begin_anew(self, lines: int = LINES):
        """A fresh account with a file that nothing is known of."""
        self.middle.script = lambda request: None
        self.account()
        self.new_file(lines)
