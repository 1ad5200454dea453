"""SIGKILL of `orders send` at any moment, over HTTPS: nothing is sent twice, nothing forgotten.

EFFORT scales the rounds; KILL_SEED plays the same moments again.
"""

import contextlib
import json
import os
import random
import signal
import sqlite3
import threading
import time
import unittest
from collections import Counter

from parry_outside.cases import FolderCase, OnPostgres, wait_until
from parry_outside.partner import PartnerProgram
from parry_outside.partner_feeds import sold
from parry_outside.rows import open_rows

ROUNDS = max(1, round(25 * float(os.environ.get("EFFORT", "1"))))
ORDERS = max(60_000, 2_400 * ROUNDS)
SEED = int(os.environ.get("KILL_SEED", random.SystemRandom().randrange(10**6)))
EARLY = 0.25
"""The share of the kills that come soon after the start, while the program finds its way."""
EARLY_SECONDS_MAX = 0.6
REACH_SECONDS_MAX = 120
RUN_SECONDS_MAX = 600
PAGE = 1_000


class KilledSenderTest(FolderCase):
    def setUp(self):
        super().setUp()
        certificates = self.certificates
        self.server = self.new_server(
            "--rate-limit", "0", "--tls-certificate", str(certificates.certificate),
            "--tls-key", str(certificates.key), ca_file=certificates.ca,
        ).start()  # fmt: skip
        partner = self.server.create_partner()
        self.api = self.new_api(self.server, partner.api_key)
        self.program = self.enterContext(
            PartnerProgram(self.folder, self.server, partner, certificates, **{"rate-limit": "0"})
        )
        self.feed = self.program.onboard()["feed acme/orders"]
        self.chance = random.Random(SEED)
        with open(self.program.folder / "orders.jsonl", "w") as file:
            file.writelines(json.dumps(sold(n, self.cents(n))) + "\n" for n in range(ORDERS))

    @staticmethod
    def cents(number: int) -> int:
        return 100 + number % 9_973

    def stored(self) -> int:
        """How many orders the platform has."""
        path = f"/v1/orders?integration_id={self.feed}&limit=1"
        return self.api.must(200, "GET", path)["count"]

    def send(self):
        process = self.program.spawn("orders", "send", "orders.jsonl", "--json")
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def round(self, number: int) -> tuple[int, bool]:
        """One kill; how many orders were stored then, and whether the program was still at it."""
        before = self.stored()
        process = self.send()
        if self.chance.random() < EARLY:
            threading.Event().wait(self.chance.uniform(0, EARLY_SECONDS_MAX))
        else:
            share = 2 * (ORDERS - before) // (ROUNDS - number + 3)
            goal = before + self.chance.randrange(1, max(2, min(share, ORDERS - before)))
            self.assertTrue(
                wait_until(
                    lambda: self.stored() >= goal or process.poll() is not None, REACH_SECONDS_MAX
                ),
                self.program.log_text()[-2_000:],
            )
            threading.Event().wait(self.chance.uniform(0, 0.05))
        process.send_signal(signal.SIGKILL)
        was_at_it = process.wait() == -signal.SIGKILL
        return self.stored(), was_at_it

    def assert_everything_is_there_once(self):
        with open_rows(self.server.database) as rows:
            self.assertEqual(len(rows.order_ids()), ORDERS)
            self.assertEqual(rows.damage(), [])
        found = Counter()
        for offset in range(0, ORDERS, PAGE):
            path = f"/v1/orders?integration_id={self.feed}&sort=created_at"
            page = self.api.must(200, "GET", f"{path}&limit={PAGE}&offset={offset}")
            for one in page["items"]:
                found[one["reference_id"]] += 1
                number = int(one["reference_id"].removeprefix("o-"))
                self.assertEqual(one["order_total_amount_in_cents"], self.cents(number))
                self.assertEqual(one["transactions"][0]["reference_id"], f"t-{number}")
        self.assertEqual(set(found.values()), {1})
        self.assertEqual(len(found), ORDERS)

    def assert_own_books(self):
        """The program's own: all accepted, nothing that the platform knew without us."""
        path = self.program.folder / "partner.sqlite"
        with contextlib.closing(sqlite3.connect(path)) as rows:
            totals = rows.execute("SELECT accepted, duplicates, changed, refused FROM feed_total")
            self.assertEqual(totals.fetchall(), [(ORDERS, 0, 0, 0)])
            counts = rows.execute(
                "SELECT count(*), count(order_id), count(batch_id) FROM feed_order"
            )
            self.assertEqual(counts.fetchall(), [(ORDERS, ORDERS, 0)])
            self.assertEqual(rows.execute("SELECT count(*) FROM feed_batch").fetchall(), [(0,)])

    def finish(self):
        report = self.program.send("orders.jsonl", seconds_max=RUN_SECONDS_MAX)
        lost = {name: report[name] for name in ("duplicates", "changed", "refused", "invalid")}
        self.assertEqual(set(lost.values()), {0}, report)
        self.assert_everything_is_there_once()
        self.assert_own_books()
        again = self.program.send("orders.jsonl", seconds_max=RUN_SECONDS_MAX)
        self.assertEqual((again["known"], again["accepted"]), (ORDERS, 0))

    def test_a_sender_killed_at_any_moment_sends_nothing_twice(self):
        print(f"{ROUNDS} kills, {ORDERS} orders, seed {SEED}", flush=True)
        kills = []
        for number in range(1, ROUNDS + 1):
            stored, was_at_it = self.round(number)
            kills.append(stored)
            if not was_at_it:
                break
        started = time.monotonic()
        self.finish()
        print(f"stored at the kills: {kills}; the rest in {time.monotonic() - started:.0f} s")
        self.assertEqual(len(kills), ROUNDS, "the file was at its end before the kills were")
        self.assertGreater(len(set(kills)), ROUNDS // 2, "too few kills fell into the sending")

    def test_a_server_killed_in_the_middle_is_waited_for(self):
        process = self.send()
        self.assertTrue(wait_until(lambda: self.stored() >= ORDERS // 10, REACH_SECONDS_MAX))
        self.api.close()
        self.server.kill()
        self.server.start()
        code = process.wait(RUN_SECONDS_MAX)
        self.assertIn(code, (0, 1), self.program.log_text()[-2_000:])
        print(f"the run {'went on' if code == 0 else 'ended'}; {self.stored()} were stored")
        if code == 1:
            self.assertEqual(len(self.program.log_text().splitlines()), 1)
        self.finish()


class KilledSenderOnPostgresTest(OnPostgres, KilledSenderTest):
    pass


if __name__ == "__main__":
    unittest.main()
