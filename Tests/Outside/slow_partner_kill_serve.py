"""SIGKILL of `parry-partner serve` at any moment: nothing is refunded twice and nothing is forgotten.

Alerts about uploaded orders come all the while, over HTTPS. The hook pays at a ledger that knows each
idempotency key once. In the end every alert is as it was decided, and the ledger, the refund guard and
the alerts agree. EFFORT scales the rounds.
"""

import json
import os
import random
import sys
import threading
from collections import Counter
from pathlib import Path

from parry_outside.api import Api
from parry_outside.cases import FolderCase, OnPostgres, wait_until
from parry_outside.daemon import Daemon
from parry_outside.ledger_hook import __file__ as HOOK
from parry_outside.ledger_hook import decision_for

ROUNDS = max(1, round(25 * float(os.environ.get("EFFORT", "1"))))
LIFE_SECONDS = (0.02, 2.0)
"""From the start of the process on: some are killed before they receive."""
BETWEEN_ALERTS_SECONDS = 0.12
SALES = ROUNDS * 25
SETTLED_SECONDS_MAX = 180
OUTCOMES = {"refund": ("RESOLVED", "REFUNDED"), "accept": ("RESOLVED", "NOT_REFUNDED"),
            "leave": ("ACTION_REQUIRED", None)}  # fmt: skip
STEPS = {"refund": "ENDED", "accept": "ENDED", "leave": "LEFT"}


class Disputes(threading.Thread):
    """Raises alerts about the sales, one after the other, until it is told to end."""

    def __init__(self, daemon: Daemon, sales: list):
        super().__init__(daemon=True)
        self._program = daemon
        self._sales = sales
        self._end = threading.Event()
        self.raised: list[tuple] = []
        """Sale and alert."""

    def run(self):
        with Api(self._program.server.base, self._program.partner.api_key,
                 self._program.server.ca_file) as api:  # fmt: skip
            for sale in self._sales:
                self.raised.append((sale, self._program.simulations.about(sale, api)))
                if self._end.wait(BETWEEN_ALERTS_SECONDS):
                    return

    def end(self) -> list[tuple]:
        self._end.set()
        self.join()
        return self.raised


class KilledServeTest(FolderCase):
    def setUp(self):
        super().setUp()
        made = self.certificates
        self.server = self.new_server(
            "--rate-limit", "0", *self.private_target_options,
            "--tls-certificate", str(made.certificate), "--tls-key", str(made.key),
            ca_file=made.ca,
        ).start()  # fmt: skip
        self.ledger = self.folder / "ledger"
        for name in ("paid", "drafts"):
            (self.ledger / name).mkdir(parents=True)
        hook = f"{{command: [{sys.executable}, -S, {Path(HOOK)}, {self.ledger}]}}"
        self.daemon = self.enterContext(Daemon(
            self.folder, self.server, made, hook=hook, **{"poll-seconds": "2"}
        ))  # fmt: skip
        self.daemon.register()
        self.sales = self.daemon.customer.sell(SALES)

    def test_every_alert_ends_as_it_was_decided_and_is_paid_at_most_once(self):
        seed = int(os.environ.get("SEED", random.SystemRandom().randrange(10**6)))
        chance = random.Random(seed)
        disputes = Disputes(self.daemon, self.sales)
        disputes.start()
        steps: Counter = Counter()
        for _ in range(ROUNDS):
            self.daemon.process = self.daemon.spawn("serve")
            threading.Event().wait(chance.uniform(*LIFE_SECONDS))
            self.assertIsNone(self.daemon.process.poll(), self.daemon.log_text()[-2_000:])
            self.daemon.kill()
            steps.update(self.steps())
        raised = disputes.end()
        self.daemon.serve()
        settled = wait_until(lambda: self.unsettled(raised) == 0, SETTLED_SECONDS_MAX)
        self.assertTrue(settled, self.stuck(raised))
        wait_until(self.daemon.has_worked_off, SETTLED_SECONDS_MAX)
        self.assertEqual(self.daemon.stop(), 0)
        print(f"seed {seed}: {len(raised)} alerts, {ROUNDS} kills; steps that kills met: {steps}")
        self.assert_all_agree(raised)

    def steps(self) -> list[str]:
        """Where the cases are that are under way."""
        if not (self.daemon.folder / "partner.sqlite").exists():
            return []
        has_tables = self.daemon.rows("SELECT 1 FROM sqlite_master WHERE name = 'alert'")
        found = self.daemon.rows("SELECT step FROM alert") if has_tables else []
        return [one["step"] for one in found if one["step"] not in ("LEFT", "ENDED")]

    def unsettled(self, raised) -> int:
        shown = dict(map(tuple, self.daemon.rows("SELECT id, step FROM alert")))
        return sum(shown.get(alert["id"]) not in ("LEFT", "ENDED") for _, alert in raised)

    def stuck(self, raised) -> str:
        """What a failed test shows."""
        cases = [(alert, self.daemon.case(alert)) for _, alert in raised]
        open_cases = [alert for alert, case in cases if case.get("step") not in ("LEFT", "ENDED")]
        return f"{len(open_cases)} of {len(raised)}: {[self.daemon.told(a) for a in open_cases[:3]]}"

    def assert_all_agree(self, raised):
        problems = []
        alerts = {one["id"]: one for one in self.daemon.customer.alerts()}
        intents = self.intents()
        paid = Counter(
            json.loads(one.read_text())["transaction_reference_id"]
            for one in (self.ledger / "paid").iterdir()
        )
        for sale, alert in raised:
            decision = decision_for(sale.code)
            is_refunded = decision == "refund"
            shown, case = alerts[alert["id"]], self.daemon.case(alert)
            changes = 0 if decision == "leave" else 1
            found = {
                "outcome": (shown["status"], shown["transaction_refund_outcome"]),
                "note": shown["note"], "step": case["step"], "paid": paid[sale.transaction_id],
                "intents": intents.get(sale.transaction_id, []),
                "events": self.events(alert),
            }  # fmt: skip
            expected = {
                "outcome": OUTCOMES[decision],
                "note": f"decided for {sale.code}" if changes else None,
                "step": STEPS[decision], "paid": int(is_refunded),
                "intents": ["COMMITTED"] * is_refunded,
                "events": ["alert.created"] + ["alert.updated"] * changes,
            }  # fmt: skip
            if found != expected:
                problems.append(f"{sale.code} {decision}: {found}\n{self.daemon.told(alert)}")
        self.assertEqual(problems, [], f"{len(problems)} of {len(raised)}")
        waiting = self.daemon.rows("SELECT id, error FROM inbox_event WHERE is_done = 0")
        self.assertEqual([tuple(one) for one in waiting], [])
        self.assertGreater(len(raised), 2 * ROUNDS, "too few alerts to prove anything")

    def events(self, alert: dict) -> list[str]:
        found = self.daemon.api.must(200, "GET", f"/v1/events?object_id={alert['id']}")["items"]
        return sorted(one["type"] for one in found)

    def intents(self) -> dict[str, list[str]]:
        """The statuses of all refund intents, by transaction."""
        found: dict[str, list[str]] = {}
        organisation = self.daemon.customer.world.organisation_id
        path, offset = f"/v1/refund-intents?organisation_id={organisation}&limit=100", 0
        while True:
            page = self.daemon.api.must(200, "GET", f"{path}&offset={offset}")
            for one in page["items"]:
                found.setdefault(one["transaction_reference_id"], []).append(one["status"])
            offset += len(page["items"])
            if offset >= page["count"]:
                return found


class KilledServeOnPostgresTest(OnPostgres, KilledServeTest):
    pass
