"""Orders whose answer is wrong, lacking or lost: each line has its verdict, none is made twice."""

import json
import unittest

from parry_outside.feed_trouble import LINES, RUN_SECONDS_MAX, HostileCase
from parry_outside.middleman import Trouble
from parry_outside.partner_feeds import sold

BATCHES = 3


class WrongVerdictTest(HostileCase):
    """The platform says something about orders that is not so, or not all of it."""

    def test_an_order_without_an_answer_is_told_and_reconciled(self):
        self.new_file()
        lost = ("o-0", "o-117", "o-249")
        self.always(Trouble(edit=lambda answer: answer | {"results": [
            one for one in answer["results"] if one["reference_id"] not in lost
        ]}))  # fmt: skip
        self.assert_report(self.run_once(), accepted=LINES - 3, refused=3)
        refusals = self.rejected("orders.jsonl")
        self.assertEqual({one["reference_id"] for one in refusals}, set(lost))
        self.assertEqual({one["line"] for one in refusals}, {1, 118, 250})
        self.assert_all_is_right()

    def test_an_order_that_is_named_is_refused_and_the_others_go_on(self):
        self.new_file()
        errors = [
            {"field": "[3].order_number", "code": "INVALID_VALUE", "message": "is not liked"},
            {"field": "[3].transactions[0].currency", "code": "REQUIRED", "message": "is required"},
            {"field": "[99]", "code": "INVALID_TYPE", "message": "is not liked"},
        ]
        body = {"code": "VALIDATION_ERROR", "message": "No.", "errors": errors}
        self.upload_trouble(Trouble(False, 422, json.dumps(body).encode()))
        self.assert_report(self.run_once(), accepted=LINES - 2, refused=2)
        found = {one["line"]: one["errors"] for one in self.rejected("orders.jsonl")}
        self.assertEqual([len(found[line]) for line in found], [2, 1])
        # Which of the first batches came first is nobody's to say.
        (line,) = {line for line, all in found.items() if len(all) == 2}
        self.assertEqual((line - 4) % 100, 0)
        fields = [error["field"] for error in found[line]]
        self.assertEqual(fields, ["order_number", "transactions[0].currency"])
        self.assert_all_is_right()

    def test_a_refusal_that_names_nobody_finds_the_order_by_halves(self):
        """A 422 or 413 because of one order costs that one, and the others a few requests."""
        for status, code in ((413, "PAYLOAD_TOO_LARGE"), (422, "VALIDATION_ERROR"), (413, None)):
            with self.subTest(status=status, code=code):
                self.begin_anew()
                errors = [{"field": "[1000].x", "code": "?", "message": "?"}]
                body = {"code": code, "message": "No.", "errors": errors} if code else "<html>"
                answer = Trouble(False, status, json.dumps(body).encode())
                bad = b'"reference_id":"o-17"'
                self.middle.script = lambda one: answer if bad in one.body else None  # noqa: B023
                self.assert_report(self.run_once(), accepted=LINES - 1, refused=1)
                (refusal,) = self.rejected("orders.jsonl")
                self.assertEqual((refusal["line"], refusal["reference_id"]), (18, "o-17"))
                self.assertLess(len(self.middle.asked("POST")), 20)
                self.assert_all_is_right()

    def test_errors_that_name_no_order_lose_none(self):
        """An answer of 201 with errors for orders that were not sent, or for none."""
        strange = [
            {"index": 1_000, "code": "DUPLICATE_ORDER"}, {"index": -1, "code": "MISSING_FIELD"},
            {"code": "MISSING_FIELD", "message": "?"}, {"index": "0", "code": "?"},
            {"index": 1.5, "code": "?"}, {"index": None}, "text", None,
        ]  # fmt: skip
        self.new_file()
        self.upload_trouble(
            *[Trouble(edit=lambda answer: answer | {"errors": strange})] * BATCHES
        )
        self.run_once()
        self.assert_all_is_right()

    def test_a_duplicate_that_is_none_is_sent_as_a_change(self):
        """The platform names an order that it has stored just now as one that is different."""
        self.new_file(2)

        def edit(answer):
            first, second = answer["results"]
            error = {"index": 1, "reference_id": second["reference_id"], "code": "DUPLICATE_ORDER",
                     "message": "?", "order_id": second["id"], "identical": False}  # fmt: skip
            return answer | {"results": [first], "errors": [error], "created": 1, "failed": 1}

        self.upload_trouble(Trouble(edit=edit))
        self.assert_report(self.run_once(), accepted=1, changed=1)
        self.middle.script = lambda request: None
        self.assert_report(self.run_once(), known=2)
        self.assertEqual(set(self.created().values()), {1})


class StoppedTest(HostileCase):
    def test_each_line_has_one_verdict_behind_a_stop_too(self):
        """What the stopped run left under way is not counted beside the lines that it came from."""
        self.new_file()
        self.upload_trouble(Trouble(), Trouble(False, 401, b"{}"))
        self.assertIsNone(self.run_once())
        self.assert_verdicts(self.run_once(), LINES)

    def test_refusals_of_a_run_that_was_stopped_have_their_lines_and_come_once(self):
        """The answer that refuses an order is lost with the program, and the next run hears it."""
        self.new_file(3)
        self.sent[1]["transactions"][0]["reference_id"] = "t-0"
        self.write_lines("orders.jsonl", *self.sent)
        process = []
        self.upload_trouble(Trouble(run=lambda: process[0].kill(), hang_up=True))
        process.append(self.program.spawn("orders", "send", "orders.jsonl"))
        self.addCleanup(process[0].kill)
        self.assertEqual(process[0].wait(RUN_SECONDS_MAX), -9)
        done = self.program.run("orders", "send", "orders.jsonl", "--json")
        self.assertEqual(done.returncode, 3, done.stderr)
        refusals = [(one["line"], one["reference_id"]) for one in self.rejected("orders.jsonl")]
        self.assertEqual(refusals, [(2, "o-1")])

    def test_a_line_that_changed_while_the_program_was_dead_wins(self):
        """What was on its way goes out again first, and then what the file says now."""
        for method, before in (("POST", 0), ("PATCH", 1)):
            with self.subTest(method):
                self.begin_anew(3)
                if before:
                    self.run_once()
                    self.sent = [sold(number, 100) for number in range(3)]
                    self.write_lines("orders.jsonl", *self.sent)
                self.upload_trouble(Trouble(False, 401, b"{}"), method=method)
                self.assertIsNone(self.run_once())
                self.sent = [sold(number, 200 + number) for number in range(3)]
                self.write_lines("orders.jsonl", *self.sent)
                self.assert_all_is_right()

    def test_a_line_that_is_gone_is_sent_all_the_same_if_it_was_on_its_way(self):
        self.new_file(3)
        self.upload_trouble(Trouble(hang_up=True), *[Trouble(False, 401, b"{}")])
        self.assertIsNone(self.run_once())
        self.write_lines("orders.jsonl", *self.sent[:2])
        self.middle.script = lambda request: None
        self.program.send("orders.jsonl")
        self.assertEqual(len(self.orders()), 3)
        self.assertEqual(set(self.created().values()), {1})


if __name__ == "__main__":
    unittest.main()
