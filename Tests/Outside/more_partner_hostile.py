"""`parry-partner orders send` before a platform that answers wrong, late, twice, or not at all.

Between the program and a real platform stands somebody who decides apart whether the work is done
and what is heard of it. Whatever happened, once the trouble is over a further run makes it right.
"""

import unittest

from parry_outside.cases import wait_until
from parry_outside.feed_trouble import LINES, HostileCase
from parry_outside.middleman import Trouble
from parry_outside.partner_feeds import refunded

BATCHES = 3
SOON_SECONDS = 20
GARBAGE = {
    "a page": b"<html>502 Bad Gateway</html>", "nothing": b"", "no JSON": b'{"created": 1',
    "a list": b"[]", "an empty object": b"{}", "other words": b'{"results": 7, "errors": "no"}',
    "no UTF-8": b"\xff\xfe\x00", "depth": b"[" * 100_000,
}  # fmt: skip
LATER = (("Retry-After", "1"),)
PASSING = {
    "500, 502 and 503 before the work": [Trouble(False, code, b"") for code in (500, 502, 503)],
    "500 behind the work": [Trouble(status=500, body=b'{"code": "INTERNAL_ERROR"}')] * 2,
    "no answer before the work": [Trouble(False, hang_up=True)] * 2,
    "no answer behind the work": [Trouble(hang_up=True)] * 2,
    "half an answer": [Trouble(cut=True)] * 2,
    "429": [Trouble(False, 429, b"{}", LATER)] * 2,
    "429 behind the work": [Trouble(status=429, body=b"", headers=LATER)],
    "429 with nonsense": [
        Trouble(False, 429, b"\xff", (("Retry-After", "soon"), ("RateLimit-Policy", "-1;w=x")))
    ],
    "results twice": [
        Trouble(edit=lambda answer: answer | {"results": answer["results"] * 2})
    ] * BATCHES,
    "results in another order, with a stranger's": [
        Trouble(edit=lambda answer: answer | {"results": [
            {"id": "ord_1ChH4Kink1dDwjyVHEbU84", "reference_id": "o-stranger"},
            *reversed(answer["results"]),
        ]})
    ] * BATCHES,
}  # fmt: skip
"""What the program rides out within one run, as it befalls the first uploads in turn."""
FINAL = {
    "401": (Trouble(False, 401, b'{"code": "UNAUTHORISED", "message": "No."}'), "401"),
    "403": (Trouble(False, 403, b'{"code": "FORBIDDEN", "message": "No."}'), "403"),
    "404": (Trouble(False, 404, b"<html>"), "404"),
    "a redirect": (Trouble(False, 302, b"", (("Location", "http://127.0.0.1:1/"),)), "302"),
    "a long wait": (Trouble(False, 429, b"{}", (("Retry-After", "86400"),)), "429"),
    "204": (Trouble(status=204, body=b""), "answer"),
} | {
    f"201 and {name}": (Trouble(status=201, body=body), "answer") for name, body in GARBAGE.items()
}  # fmt: skip
"""What ends the run at once with one line, and a word of it; some of it behind done work."""


class PassingTroubleTest(HostileCase):
    def test_the_run_goes_on_behind_troubles_that_pass(self):
        for name, troubles in PASSING.items():
            with self.subTest(name):
                self.begin_anew()
                self.upload_trouble(*troubles)
                report = self.run_once()
                self.assertIsNotNone(report, "it ended")
                self.assert_report(report, accepted=LINES)
                self.assert_all_is_right()

    def test_a_change_rides_out_the_same(self):
        for name in ("500 behind the work", "no answer behind the work", "half an answer", "429"):
            with self.subTest(name):
                self.begin_anew(3)
                self.run_once()
                self.sent[1] |= {"refunds": [refunded(1)], "order_status": "OPEN_PENDING"}
                self.write_lines("orders.jsonl", *self.sent)
                self.upload_trouble(*PASSING[name], method="PATCH")
                self.assert_report(self.run_once(), changed=1, known=2)
                self.assert_all_is_right()


class FinalTroubleTest(HostileCase):
    def test_the_run_ends_with_one_line_and_the_next_one_makes_it_right(self):
        for name, (trouble, word) in FINAL.items():
            with self.subTest(name):
                self.begin_anew()
                self.upload_trouble(Trouble(), trouble)
                self.assertIsNone(self.run_once(), "it took this for an answer")
                self.assertIn(word, self.told)
                self.assert_all_is_right()

    def test_a_change_that_is_answered_with_garbage_is_made_once_more(self):
        for name in ("a page", "an empty object"):
            with self.subTest(name):
                self.begin_anew(3)
                self.run_once()
                self.sent[1] |= {"refunds": [refunded(1)]}
                self.write_lines("orders.jsonl", *self.sent)
                self.always(Trouble(body=GARBAGE[name]), "PATCH")
                self.assertIsNone(self.run_once(), "it took this for an answer")
                self.assert_all_is_right()

    def test_a_platform_that_is_down_is_told_and_nothing_is_lost(self):
        self.new_file()
        self.always(Trouble(False, 503, b"down"))
        self.assertIsNone(self.run_once())
        self.assertIn("503", self.told)
        self.assert_all_is_right()

    def test_nobody_at_the_address_is_told_soon(self):
        """A person waits for the answer of a check."""
        self.program.members["url"] = "http://127.0.0.1:1"
        self.program.members["database"] = "other.sqlite"
        self.program.write_configuration()
        process = self.program.spawn("check")
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        ended = wait_until(lambda: process.poll() is not None, SOON_SECONDS)
        self.assertTrue(ended, f"nothing was said in {SOON_SECONDS} s")
        self.assertEqual(process.returncode, 1)
        (line,) = [one for one in self.program.log_text().splitlines() if "BAD" in one]
        self.assertIn("No answer", line)


if __name__ == "__main__":
    unittest.main()
