"""`parry-partner desk`: what operations look at, and what they decide."""

import json
import os
import pty
import select
import subprocess
import time
import unittest

from parry_outside.api import Api
from parry_outside.cases import FolderCase, wait_until
from parry_outside.partner import PartnerProgram
from parry_outside.server import clean_environment

ARN = 74027012345678900000000
SECONDS_MAX = 15


def sold(number: int) -> dict:
    """An order of 49 dollars."""
    return {
        "reference_id": f"order-{number}", "order_datetime": "2026-01-20T10:00:00Z",
        "order_number": f"N{number}", "order_subtotal_amount_in_cents": 4900,
        "order_total_amount_in_cents": 4900, "order_currency": "USD",
        "order_status": "CLOSED_COMPLETE",
        "transactions": [{
            "reference_id": f"txn-{number}", "amount_in_cents": 4900, "currency": "USD",
            "payment_method_type": "CARD", "authorisation_status": "SETTLED",
            "payment_method_reference_id": f"pay-{number}",
            "authorised_at": "2026-01-20T10:00:05Z", "payment_method_card_brand": "VISA",
            "payment_method_card_last_4": "4242", "payment_method_card_bin": "424242",
            "authorisation_code": f"{100_000 + number}",
            "acquirer_reference_number": str(ARN + number),
        }],
    }  # fmt: skip


class DeskTest(FolderCase):
    """A daemon without a hook: people decide."""

    def setUp(self):
        super().setUp()
        ca = str(self.certificates.ca)
        self.server = self.new_server(
            "--allow-private-webhook-targets", "--webhook-ca-file", ca, "--rate-limit", "1000"
        ).start()
        partner = self.server.create_partner()
        self.api = self.enterContext(Api(self.server.base, partner.api_key))
        self.program = self.enterContext(
            PartnerProgram(self.folder, self.server, partner, self.certificates)
        )
        self.program.members["rate-limit"] = "1000"
        self.program.write_configuration()
        self.program.register()
        self.ids = self.program.onboard()
        lines = [json.dumps(sold(number)) + "\n" for number in range(3)]
        (self.program.folder / "orders.jsonl").write_text("".join(lines))
        self.program.send("orders.jsonl")
        self.api.must(
            200, "PATCH", f"/v1/simulate/enrolments/{self.ids['enrolment acme/ethoca']}",
            {"status": "ENABLED"},
        )  # fmt: skip
        self.program.serve()

    def alert(self, number: int) -> str:
        """An open alert about this sale, as the desk shows it."""
        made = self.api.must(201, "POST", "/v1/simulate/alerts", {
            "organisation_id": self.ids["customer acme"],
            "enrolment_id": self.ids["enrolment acme/ethoca"], "match": True,
            "amount_in_cents": 4900, "currency_code": "USD",
            "transaction_acquirer_reference_number": str(ARN + number),
            "transaction_card_last4": "4242",
        })  # fmt: skip
        shown = wait_until(lambda: "you decide" in self.line_of(made["id"]), SECONDS_MAX)
        self.assertTrue(shown, self.desk("print", "alerts"))
        return made["id"]

    def desk(self, *words: str) -> str:
        return self.program.command("desk", *words)

    def line_of(self, alert: str) -> str:
        """The line before the one with the alert's id and reason."""
        lines = self.desk("print", "alerts").splitlines()
        found = [number for number, line in enumerate(lines) if alert in line]
        return lines[found[0] - 1] if found else ""

    def outcome(self, alert: str) -> str | None:
        found = self.api.must(200, "GET", f"/v1/alerts/{alert}")
        return found["transaction_refund_outcome"]

    def test_a_dispute_is_accepted_once_it_is_confirmed(self):
        alert = self.alert(0)
        refused = self.program.run("desk", "accept", alert)
        self.assertNotEqual(refused.returncode, 0, "nobody said yes")
        self.assertIsNone(self.outcome(alert))
        self.desk("accept", alert, "--note", "Seen by people.", "--yes")
        self.assertEqual(self.outcome(alert), "NOT_REFUNDED")
        self.assertEqual(self.line_of(alert), "")
        self.assertIn("the platform was told ACCEPT_DISPUTE", self.desk("show", alert))

    def test_a_refund_by_hand_is_reserved_confirmed_and_told(self):
        alert = self.alert(1)
        self.program.run("desk", "refund", alert, "--yes")
        self.assertIn("you refund", self.line_of(alert))
        (intent,) = self.api.must(200, "GET", "/v1/refund-intents")["items"]
        self.assertEqual(intent["status"], "RESERVED")
        self.desk("confirm", alert, "--reference", "re_by_hand", "--yes")
        self.assertEqual(self.outcome(alert), "REFUNDED")
        intent = self.api.must(200, "GET", f"/v1/refund-intents/{intent['id']}")
        self.assertEqual((intent["status"], intent["refund_reference_id"]), ("COMMITTED", "re_by_hand"))

    def test_a_refund_that_was_not_made_is_released_and_open_again(self):
        alert = self.alert(2)
        self.program.run("desk", "refund", alert, "--yes")
        self.desk("release", alert, "--yes")
        (intent,) = self.api.must(200, "GET", "/v1/refund-intents")["items"]
        self.assertEqual(intent["status"], "RELEASED")
        self.assertIsNone(self.outcome(alert))
        self.assertIn("you", self.line_of(alert))

    def test_an_unmatched_alert_is_escalated_with_its_near_misses(self):
        alert = self.alert(77)
        self.assertIn("unmatched", self.line_of(alert))
        bundle = json.loads(self.desk("escalate", alert))
        self.assertFalse(bundle["is_matched"])
        text = json.dumps(bundle)
        for fact in (alert, str(ARN + 77), "4242", "4900", "USD", "order-0", "txn-0", str(ARN)):
            self.assertIn(fact, text)
        refused = self.program.run("desk", "refund", alert, "--yes")
        self.assertNotEqual(refused.returncode, 0, "the refund guard could not be asked")
        self.assertIsNone(self.outcome(alert))

    def test_views_as_text_and_as_json(self):
        alert = self.alert(0)
        alerts = json.loads(self.desk("print", "alerts", "--json"))
        self.assertIn(alert, json.dumps(alerts))
        self.assertIn("live", self.desk("print", "enrolments"))
        health = self.desk("print", "health")
        self.assertIn("3 accepted", health)
        self.assertIn("runs", health)
        unknown = self.program.run("desk", "show", "netalrt_unknown")
        self.assertEqual(unknown.returncode, 1)
        self.assertEqual(len(unknown.stderr.splitlines()), 1, unknown.stderr)

    def test_the_view_in_a_terminal_shows_the_queue_and_gives_the_terminal_back(self):
        alert = self.alert(0)
        screen = Screen(self.program)
        self.addCleanup(screen.close)
        self.assertTrue(screen.shows("Alerts (1)"), screen.text)
        screen.press("\r")
        self.assertTrue(screen.shows(alert), screen.text)
        screen.press("a")
        self.assertTrue(screen.shows("y yes, do it"), screen.text)
        screen.press("y")
        self.assertTrue(
            wait_until(lambda: self.outcome(alert) == "NOT_REFUNDED", SECONDS_MAX), screen.text
        )
        self.assertTrue(screen.shows("Done"), screen.text)
        screen.press("qq")
        self.assertEqual(screen.end(), 0)
        self.assertIn("\x1b[?1049l", screen.text, "the former screen comes back")


class Screen:
    """The program in a terminal of its own."""

    def __init__(self, program: PartnerProgram):
        self.text = ""
        self.master, worker = pty.openpty()
        subprocess.run(["stty", "rows", "40", "cols", "120"], stdin=worker, check=True)
        self.process = subprocess.Popen(
            [str(program.binary), "desk"], cwd=program.folder, stdin=worker, stdout=worker,
            stderr=worker, start_new_session=True, env=clean_environment({"TERM": "xterm"}),
        )  # fmt: skip
        os.close(worker)

    def read(self):
        ready, _, _ = select.select([self.master], [], [], 0.1)
        if ready:
            try:
                self.text += os.read(self.master, 65_536).decode(errors="replace")
            except OSError:
                return

    def shows(self, text: str) -> bool:
        """Whether the text comes within the time, since the last key."""
        deadline = time.monotonic() + SECONDS_MAX
        while text not in self.text and time.monotonic() < deadline:
            self.read()
        return text in self.text

    def press(self, keys: str):
        self.text = ""
        os.write(self.master, keys.encode())

    def end(self) -> int:
        deadline = time.monotonic() + SECONDS_MAX
        while self.process.poll() is None and time.monotonic() < deadline:
            self.read()
        self.read()
        return self.process.wait(1)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)


if __name__ == "__main__":
    unittest.main()
