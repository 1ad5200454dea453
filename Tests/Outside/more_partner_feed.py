"""`parry-partner orders` while it runs: its progress, its folder, a second sender, the rate."""

import json
import os
import pty
import signal
import threading
import time
import unittest

from parry_outside.cases import wait_until
from parry_outside.middleman import Trouble
from parry_outside.partner_cases import PartnerCase
from parry_outside.partner_feeds import HEADER, MAPPING, row, sold

SECONDS_MAX = 10
STOP_SECONDS_MAX = 10
CLEAR = "\r\x1b[K"


class FeedCase(PartnerCase):
    is_onboarded = True

    def hold_uploads(self, number: int = 1) -> threading.Event:
        """From the upload of this number on, nobody hears an answer until the event is set."""
        opened = threading.Event()
        self.addCleanup(opened.set)

        def script(request):
            late = len([one for one in self.middle.requests if one.method == "POST"]) >= number
            return Trouble(hold=opened) if request.method == "POST" and late else None

        self.middle.script = script
        return opened

    def start(self, *words: str, **more):
        """A command that is killed at the end of the test at the latest."""
        process = self.program.spawn("orders", *words, **more)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def assert_becomes(self, is_so, why: str = ""):
        self.assertTrue(wait_until(is_so, SECONDS_MAX), why + self.program.log_text()[-2_000:])


class ProgressTest(FeedCase):
    def test_on_a_terminal_there_is_a_bar_with_rate_and_time_left(self):
        self.write_lines("orders.jsonl", *(sold(number) for number in range(1_000)), "bad")
        opened = self.hold_uploads(number=3)
        master, terminal = pty.openpty()
        self.addCleanup(os.close, master)
        process = self.start("send", "orders.jsonl", stderr=terminal)
        os.close(terminal)
        os.set_blocking(master, False)
        shown = bytearray()

        def read() -> str:
            try:
                while part := os.read(master, 65_536):
                    shown.extend(part)
            except OSError:
                pass
            return shown.decode()

        self.assert_becomes(lambda: "200 records" in read())
        opened.set()
        self.assertEqual(process.wait(SECONDS_MAX), 3)
        text = read()
        self.assertRegex(text, r"\[#*\.+\] \d+ % 200 records, \d+/s, (\d+ s|\d+ min) left")
        self.assertTrue(text.endswith(CLEAR), "the bar is left standing")
        self.assertNotIn("o-", text)
        self.assertIn("1000  accepted", self.program.log_text())

    def test_in_a_pipe_there_is_nothing_but_the_answer(self):
        self.write_lines("orders.jsonl", *(sold(number) for number in range(300)))
        done = self.program.run("orders", "send", "orders.jsonl")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout.split(), ["300", "accepted"])
        done = self.program.run("orders", "send", "orders.jsonl", "--json")
        self.assertEqual(json.loads(done.stdout)["known"], 300)


class SecondSenderTest(FeedCase):
    def test_the_second_sender_of_a_feed_is_told_to_wait_and_disturbs_nothing(self):
        self.write_lines("orders.jsonl", "bad", *(sold(number) for number in range(100)))
        opened = self.hold_uploads()
        first = self.start("send", "orders.jsonl", "--json")
        self.assert_becomes(lambda: self.middle.asked("POST"))
        second = self.program.run("orders", "send", "orders.jsonl")
        self.assert_one_line(second, "acme/orders", "wait")
        with self.subTest("another file of the same feed"):
            self.write_lines("other.jsonl", sold("other"))
            self.assert_one_line(self.program.run("orders", "send", "other.jsonl"), "wait")
        opened.set()
        self.assertEqual(first.wait(SECONDS_MAX), 3, self.program.log_text())
        self.assertEqual(len(self.middle.asked("POST")), 1)
        self.assertEqual(len(self.orders()), 100)
        refusals = [one["line"] for one in self.rejected("orders.jsonl")]
        self.assertEqual(refusals, [1], "the reject file of the first sender")


class WatchTest(FeedCase):
    def setUp(self):
        super().setUp()
        self.drop = self.partner_folder / "drop"
        self.drop.mkdir()

    def put(self, name: str, *records):
        """As the documentation says: under a hidden name first."""
        self.write_lines("drop/." + name, *records)
        (self.drop / ("." + name)).rename(self.drop / name)

    def names(self, folder: str) -> list[str]:
        return sorted(one.name for one in (self.drop / folder).glob("*"))

    def watch(self, *words: str):
        return self.start("watch", "drop", "--seconds", "1", *words)

    def stop(self, process) -> int:
        process.send_signal(signal.SIGTERM)
        return process.wait(STOP_SECONDS_MAX)

    def test_files_are_sent_in_order_and_moved(self):
        self.put("b.jsonl", sold("x", 200), sold("b"))
        self.put("a.jsonl", sold("x", 100), "bad", sold("a"))
        (self.drop / "folder").mkdir()
        (self.drop / ".half").write_text(json.dumps(sold("half")))
        process = self.watch()
        self.assert_becomes(lambda: len(self.names("done")) == 2)
        self.put("c.jsonl", sold("x", 300))
        self.assert_becomes(lambda: len(self.names("done")) == 3)
        self.assertEqual(self.stop(process), 0)
        self.assertEqual(self.names("done"), ["a.jsonl", "b.jsonl", "c.jsonl"])
        self.assertEqual(self.names("rejected"), ["a.jsonl.rejects.jsonl"])
        lines = (self.drop / "rejected/a.jsonl.rejects.jsonl").read_text().splitlines()
        self.assertEqual([json.loads(line)["line"] for line in lines], [2])
        stored = self.orders()
        self.assertEqual(sorted(stored), ["o-a", "o-b", "o-x"])
        self.assertEqual(stored["o-x"]["order_total_amount_in_cents"], 300)
        notes = [json.loads(line) for line in self.program.log_text().splitlines()]
        sent = [one for one in notes if one["message"] == "a file was sent"]
        self.assertEqual([one["file"] for one in sent], ["a.jsonl", "b.jsonl", "c.jsonl"])
        self.assertEqual((sent[0]["accepted"], sent[0]["refused"]), ("2", "1"))

    def test_sigterm_ends_it_while_the_platform_is_silent_and_the_next_one_goes_on(self):
        self.put("a.jsonl", *(sold(number) for number in range(250)))
        opened = self.hold_uploads(number=2)
        process = self.watch()
        self.assert_becomes(lambda: len(self.middle.asked("POST")) >= 2)
        self.assertEqual(self.stop(process), 0, self.program.log_text())
        self.assertEqual(self.names("done"), [])
        opened.set()
        self.middle.script = lambda request: None
        process = self.watch()
        self.assert_becomes(lambda: self.names("done") == ["a.jsonl"])
        self.assertEqual(self.stop(process), 0)
        self.assertEqual(len(self.orders()), 250)
        created = [one for one in self.middle.asked("POST") if not one.is_replay]
        references = [one["reference_id"] for request in created for one in request.json()]
        self.assertEqual(len(references), len(set(references)), "sent anew, not again")

    def test_a_file_that_cannot_be_used_stops_no_other(self):
        self.write("mapping.yaml", MAPPING)
        self.put("a.csv", "no such column", row("a"))
        self.put("b.csv", HEADER, row("b"))
        process = self.watch("--mapping", "mapping.yaml")
        self.assert_becomes(lambda: "b.csv" in self.names("done"), "b.csv is never sent. ")
        self.assertEqual(self.stop(process), 0)
        self.assertIn("a.csv", self.program.log_text())

    def test_a_name_that_comes_again_takes_nothing_away(self):
        """A shop that writes orders.jsonl every day keeps every day's file and its refusals."""
        process = self.watch()
        for day in range(2):
            self.put("orders.jsonl", sold(day), f"bad {day}")
            self.assert_becomes(lambda: not (self.drop / "orders.jsonl").exists())
        self.assertEqual(self.stop(process), 0)
        for folder, word in (("done", "o-{}"), ("rejected", "bad {}")):
            text = "".join(one.read_text() for one in (self.drop / folder).glob("*"))
            for day in range(2):
                self.assertIn(word.format(day), text, f"{folder}: {self.names(folder)}")

    def test_a_folder_that_is_not_there_is_told(self):
        process = self.start("watch", "nowhere", "--seconds", "1")
        self.assert_becomes(lambda: process.poll() is not None, "it watches what is not there. ")
        self.assertEqual(process.returncode, 1)
        self.assertIn("nowhere", self.program.log_text())
        self.assertFalse((self.partner_folder / "nowhere").exists())

    def test_a_key_of_another_account_moves_no_file(self):
        self.put("a.jsonl", sold(1))
        self.program.secret("key", self.server.create_partner().api_key)
        process = self.watch()
        self.assert_becomes(lambda: self.middle.asked("GET"))
        done = wait_until(lambda: self.names("done"), 2)
        self.assertFalse(done, "an order that the right key could send is put aside")
        self.assertFalse(self.middle.asked("POST"))
        self.assertEqual(self.stop(process), 0)


class RateTest(FeedCase):
    """The platform's limit is 300 a minute, and each change is a request of its own."""

    limit = 300
    options = ("--rate-limit", str(limit))
    requests, burst = 40, 10

    def test_the_program_keeps_to_the_platforms_limit(self):
        self.program.members["rate-limit"] = str(self.limit)
        self.program.write_configuration()
        self.program.send(str(self.write_lines("o.jsonl", *(sold(n) for n in range(600)))))
        self.write_lines("o.jsonl", *(sold(number, 100) for number in range(600)))
        self.middle.forget()
        started = time.monotonic()
        process = self.start("send", "o.jsonl")
        self.assert_becomes(lambda: len(self.middle.asked("PATCH")) >= self.requests)
        seconds = time.monotonic() - started
        process.kill()
        statuses = {one.status for one in self.middle.asked("PATCH")}
        self.assertLessEqual(statuses, {200, None})
        least = (self.requests - self.burst) / (self.limit / 60)
        self.assertGreater(seconds, least * 0.9, "faster than the limit allows in the long run")
        self.assertLess(seconds, least * 2, "slower than the limit allows")


if __name__ == "__main__":
    unittest.main()
