"""SIGKILL while alerts come in: the network's ledger and the platform's tables agree afterwards.

The network pushes until it is acknowledged, with longer and longer waits: too slow for `make test`.
"""

import json
import random
from collections import Counter

from parry_outside.api import Api
from parry_outside.cases import FolderCase, OnPostgres, wait_until
from parry_outside.networks import (
    OUTCOMES_PER_REQUEST_MAX,
    Customer,
    Sale,
    Simulator,
    make_requests_due,
    rows,
)
from parry_outside.rows import open_rows

MATCHED, UNMATCHED, UNROUTED = 700, 150, 150
"""Alerts about sales, about none, and for no enrolment."""
ALERTS = MATCHED + UNMATCHED + UNROUTED
BATCH = 10
KILL_AT = (150, 350, 550)
"""The platform dies as soon as so many alerts are stored, while many pushes are under way."""
SECONDS_MAX = 45
SENT_SECONDS_MAX = 15

STORED_COUNT = "SELECT count(*) FROM network_message WHERE kind = 'ALERT'"
MESSAGES = "SELECT network_id, fate, subject_id FROM network_message WHERE kind = 'ALERT'"
STORED_ALERTS = "SELECT alert_network_id, id, integration_transaction_id FROM alert"
CASES = "SELECT alert_id FROM alert_case"
OUTCOMES = "SELECT subject_id, state FROM network_request WHERE kind = 'OUTCOME'"
MESSAGE_IDS = "SELECT id, network_id FROM network_message WHERE kind = 'ALERT'"


class KilledIntakeTest(FolderCase):
    def setUp(self):
        super().setUp()
        self.simulator = self.enterContext(Simulator(self.folder))
        self.server = self.new_server("--rate-limit", "0", *self.simulator.platform_options).start()
        self.simulator.start_before(self.server.base)
        key = self.server.create_partner().api_key
        with Api(self.server.base, key) as api:
            self.customer = Customer(api)
            self.customer.enrol()
            sales = self.customer.sell(MATCHED)
        sold = {sale.alert()["alertId"]: sale for sale in sales}
        descriptor = self.customer.descriptor
        self.matched = {alert_id: sale.transaction_id for alert_id, sale in sold.items()}
        unmatched = [Sale(descriptor, last4="0000").alert(authCode=None) for _ in range(UNMATCHED)]
        unrouted = [Sale("SOMEBODY ELSE").alert() for _ in range(UNROUTED)]
        self.unmatched = {one["alertId"] for one in unmatched}
        self.unrouted = {one["alertId"] for one in unrouted}
        alerts = [sale.alert(alertId=alert_id) for alert_id, sale in sold.items()]
        alerts += unmatched + unrouted
        random.Random(7).shuffle(alerts)
        self.kills: list[tuple[int, int]] = []
        """How many alerts were stored at each kill, and how many of them acknowledged."""
        self.feed = self.folder / "alerts.jsonl"
        self.feed.write_text("".join(json.dumps(one) + "\n" for one in alerts))

    def acknowledged(self) -> int:
        return self.simulator.summary()["alerts"]["acknowledged"]

    def stored(self) -> int:
        return int(rows(self.server.database, STORED_COUNT)[0][0])

    def test_the_network_and_the_platform_agree_on_every_alert(self):
        self.simulator.feed(self.feed, rate=0, batch=BATCH)
        for count in KILL_AT:
            reached = wait_until(lambda: self.stored() >= count, SECONDS_MAX)  # noqa: B023
            self.assertTrue(reached, f"{self.stored()} of {count} were stored")
            self.server.kill()
            stored, acknowledged = self.stored(), self.acknowledged()
            self.assertLess(stored, ALERTS, "the kill comes too late to prove anything")
            self.kills.append((stored, acknowledged))
            self.server.start()
        done = wait_until(lambda: self.acknowledged() == ALERTS, SECONDS_MAX)
        self.assertTrue(done, f"{self.acknowledged()} of {ALERTS} were acknowledged")
        # What a killed process was sending would wait for the end of its lease.
        make_requests_due(self.server.database)
        sent = wait_until(lambda: not self.waiting(), SENT_SECONDS_MAX)
        self.assertTrue(sent, f"{self.waiting()} outcomes still wait")
        self.assert_tables_agree()
        self.assert_ledger_agrees()

    def waiting(self) -> int:
        sql = "SELECT count(*) FROM network_request WHERE state = 'WAITING'"
        return int(rows(self.server.database, sql)[0][0])

    def assert_tables_agree(self):
        """Each alert once, in every table that has to know it, and each event once."""
        database = self.server.database
        routed = {**self.matched, **dict.fromkeys(self.unmatched)}
        messages = rows(database, MESSAGES)
        stored = rows(database, STORED_ALERTS)
        ids = {network_id: alert_id for network_id, alert_id, _ in stored}
        self.assertEqual(Counter(one[0] for one in stored), Counter(routed.keys()))
        found = {network_id: reference or None for network_id, _, reference in stored}
        self.assertEqual(found, routed)
        expected = {(one, "APPLIED", ids[one]) for one in routed}
        expected |= {(one, "UNROUTED", None) for one in self.unrouted}
        self.assertEqual(len(messages), ALERTS)
        self.assertEqual({(one[0], one[1], one[2] or None) for one in messages}, expected)
        self.assertEqual(Counter(one for (one,) in rows(database, CASES)), Counter(ids.values()))
        with open_rows(database) as seen:
            events = {one: [kind for _, kind in seen.events[one]] for one in ids.values()}
            self.assertEqual(seen.damage(), [])
            self.assertEqual(sum(len(all) for all in seen.events.values()), len(ids) + 3)
        self.assertEqual(set(map(tuple, events.values())), {("alert.created",)})

    def assert_ledger_agrees(self):
        """The network was told of each alert that is for nobody, and of no other."""
        names = dict(rows(self.server.database, MESSAGE_IDS))
        told = rows(self.server.database, OUTCOMES)
        self.assertEqual({(names.get(one), state) for one, state in told},
                         {(one, "DONE") for one in self.unrouted})  # fmt: skip
        self.assertEqual(len(told), UNROUTED)
        summary = self.simulator.summary()["alerts"]
        self.assertEqual(self.simulator.summary()["faults"], [])
        self.assertEqual((summary["pushed"], summary["neverAcknowledged"]), (ALERTS, 0))
        self.assertEqual(summary["outcomes"], {"NOT_FOUND/NOT_REFUNDED": UNROUTED})
        self.assertEqual((summary["withConflictingOutcomes"], summary["refusals"]), (0, {}))
        # Only what was on its way when the platform died may have come twice.
        most = OUTCOMES_PER_REQUEST_MAX * len(KILL_AT)
        self.assertLessEqual(summary["withRepeatedOutcomes"], most)
        in_doubt = sum(stored - acknowledged for stored, acknowledged in self.kills)
        self.assertGreater(in_doubt, 0, "no push was cut off in the middle: nothing was proved")
        self.assertGreater(self.kills[-1][1], 0, "nothing was acknowledged before a kill")
        print(
            f"{ALERTS} alerts; stored and acknowledged at the kills: {self.kills}; "
            f"{summary['withRepeatedOutcomes']} outcomes sent again"
        )


class KilledIntakeOnPostgresTest(OnPostgres, KilledIntakeTest):
    pass
