"""Open alerts end at their deadline: CONTRACT 9.3 and 11.

Nobody waits for 48 hours: the deadline is moved beside the server.
"""

import time
from collections import Counter

from parry_outside.api import Api
from parry_outside.cases import FolderCase, OnPostgres, at_once, wait_until
from parry_outside.deadlines import DeadlineCase, assert_told_once
from parry_outside.networks import (
    OUTCOMES_PER_REQUEST_MAX,
    SECONDS_MAX,
    Customer,
    Sale,
    Simulator,
    make_requests_due,
    move_deadlines,
    rows,
    text_of,
)
from parry_outside.sending import seconds
from parry_outside.webhooks import delivery_problems

ENDED = ("RESOLVED", "NOT_REFUNDED")
TOLD = ("UNRESOLVED_DISPUTE", "NOT_REFUNDED", "COUNTED", None)
MANY, MANY_SECONDS_MAX = 2_000, 10
TOGETHER, KILLED, ACTED = 500, 500, 40
PUSH = 500


def unknown(descriptor: str, count: int) -> list[dict]:
    """Alerts for an enrolment whose sales nobody knows."""
    return [Sale(descriptor, last4="0000").alert(authCode=None) for _ in range(count)]


class DeadlineTest(DeadlineCase):
    def test_an_open_alert_ends_and_partner_and_network_hear_it_once(self):
        alert = self.raised()
        path = f"/v1/alerts/{alert['id']}"
        self.api.must(200, "PATCH", path, {"note": "Too late"})
        self.assertEqual(self.due_of(alert), seconds(alert["action_required_deadline"]) - 86_400)
        self.move_deadline(alert)
        shown = self.ends(alert)
        self.assertEqual((shown["note"], shown["subscription_cancel_outcome"]), ("Too late", None))
        self.assertEqual(shown["integration_transaction_id"], alert["integration_transaction_id"])
        self.assertGreaterEqual(shown["updated_at"], alert["updated_at"])
        told = self.customer.hears("alert.updated", 2)
        self.assertEqual([delivery_problems(one) for one in told], [[], []])
        (ended,) = [one.event for one in told if one.event["data"]["object"] == shown]
        before = {"status": "ACTION_REQUIRED", "transaction_refund_outcome": None}
        self.assertEqual(ended["data"]["previous_attributes"], before)
        self.assertEqual(self.told(alert["alert_network_id"]), [TOLD])
        fate = self.simulator.fate(alert["alert_network_id"])
        comments = [one["body"]["comments"] for one in fate["entries"]
                    if one["kind"] == "OUTCOME_RECEIVED"]  # fmt: skip
        self.assertEqual(comments, ["Too late"])
        for action in ("REFUND", "ACCEPT_DISPUTE"):
            answer = self.api.patch(path, {"action": action})
            self.assertEqual((answer.status, answer.code), (422, "ALERT_NOT_ACTIONABLE"))
        self.assertIsNone(self.due_of(alert))
        self.api.must(200, "PATCH", path, {"note": "Called the customer"})
        time.sleep(2.5)  # Nothing comes a second time.
        self.assertEqual(self.event_types(alert), ["alert.created"] + ["alert.updated"] * 3)
        self.assertEqual(self.told(alert["alert_network_id"]), [TOLD])

    def test_confirmed_fraud_is_told_in_its_own_words(self):
        alert = self.raised(alertType="CONFIRMEDFRAUD")
        self.move_deadline(alert)
        words = ("MISSED", "NOT_REFUNDED", "COUNTED", None)
        self.assertEqual(self.told(alert["alert_network_id"]), [words])

    def test_what_came_after_its_deadline_ends_at_once(self):
        (sale,) = self.customer.sell()
        late = sale.alert(alertTimestamp=text_of(time.time() - 3 * 86_400))
        self.push(late)
        alert = self.ends(self.customer.alert(late["alertId"]))
        (told,) = self.told(late["alertId"])
        # The network takes no outcome any more, so somebody has to look.
        flagged = ["alert.created", "alert.needs_attention", "alert.updated"]
        wait_until(lambda: self.event_types(alert) == flagged, SECONDS_MAX)
        self.assertEqual(self.event_types(alert), flagged)
        self.assertEqual(told[:2], ("UNRESOLVED_DISPUTE", "NOT_REFUNDED"))

    def test_its_duplicate_is_told_the_same(self):
        (sale,) = self.customer.sell()
        first, second = sale.alert(), sale.alert()
        self.push(first)
        self.push(second)
        original = self.customer.alert(first["alertId"])
        duplicate = self.customer.alert(second["alertId"])
        self.move_deadline(original, duplicate)
        for one in (first, second):
            self.assertEqual(self.told(one["alertId"]), [TOLD])
        duplicate = self.customer.alert(second["alertId"])
        self.assertEqual(duplicate["status"], "INVALID")
        self.assertEqual(self.event_types(duplicate), ["alert.created"])

    def test_a_simulated_alert_ends_too_and_no_network_hears_it(self):
        (sale,) = self.customer.sell()
        alerts = [self.simulations.about(sale), self.simulations.raised()]
        self.move_deadline(*alerts)
        for alert in alerts:
            self.ends(alert)
            self.assertEqual(self.event_types(alert), ["alert.created", "alert.updated"])
            self.assertEqual(self.shown(alert)["network_requests"], [])

    def test_what_has_ended_or_has_no_deadline_stays(self):
        acted, later = self.raised(), self.raised()
        self.customer.act(acted, "REFUND")
        self.assertIsNone(self.due_of(acted))
        resolved = self.simulations.raised(status="RESOLVED")
        invalid = self.simulations.raised(status="INVALID")
        alerts = [acted, resolved, invalid]
        before = [self.simulations.read(one) for one in alerts]
        self.assertEqual([self.due_of(one) for one in alerts], [None] * 3)
        ids = ", ".join(f"'{one['id']}'" for one in alerts)
        rows(self.server.database, f"UPDATE alert SET due_at = 0 WHERE id IN ({ids}) RETURNING id")
        # One that is due too early is looked at, and left open.
        moved = self.move_deadline(later, left=60, due=1)
        gone = wait_until(lambda: not any(map(self.due_of, alerts)), SECONDS_MAX)
        self.assertTrue(gone, [self.due_of(one) for one in alerts])
        wait_until(lambda: self.due_of(later) != 0.001, SECONDS_MAX)
        self.assertEqual(self.due_of(later), moved)
        after = [self.simulations.read(one) for one in alerts]
        for one, other in zip(before, after):
            self.assertEqual(other | {"action_required_deadline": None},
                             one | {"action_required_deadline": None})  # fmt: skip
        self.assertEqual(self.simulations.read(later)["status"], "ACTION_REQUIRED")
        self.assertNotIn("alert.updated", self.event_types(later))

    def test_an_action_at_the_deadline_wins_or_is_refused_and_one_is_told(self):
        alerts = [one.alert() for one in self.customer.sell(ACTED)]
        self.push(*alerts)
        found = self.customer.alerts()
        apis = [self.enterContext(Api(self.server.base, self.partner.api_key)) for _ in range(4)]
        # It passes while the actions come in.
        self.move_deadline(*found, left=0.7)

        def act(number: int) -> Counter:
            answers = Counter()
            for alert in found[number::4]:
                answer = apis[number].patch(f"/v1/alerts/{alert['id']}", {"action": "REFUND"})
                answers[answer.code or answer.status] += 1
                time.sleep(1.6 / (ACTED / 4))
            return answers

        answers = sum(at_once(*[lambda n=n: act(n) for n in range(4)]), Counter())
        self.assertLessEqual(
            answers.keys(), {200, "ALERT_NOT_ACTIONABLE", "ALERT_DEADLINE_PASSED"}
        )
        self.assertGreater(len(answers), 1, "all actions were on one side of the deadline")
        wait_until(
            lambda: all(one["status"] == "RESOLVED" for one in self.customer.alerts()), SECONDS_MAX
        )
        outcomes = Counter()
        for alert in self.customer.alerts():
            self.assertEqual(self.event_types(alert), ["alert.created", "alert.updated"])
            (told,) = self.told(alert["alert_network_id"])
            self.assertEqual(told[1:3], (alert["transaction_refund_outcome"], "COUNTED"))
            outcomes[told[1]] += 1
        self.assertEqual(outcomes["REFUNDED"], answers[200])

    def test_many_that_are_due_at_once_end_within_seconds(self):
        alerts = unknown(self.customer.descriptor, MANY)
        for begin in range(0, MANY, PUSH):
            self.push(*alerts[begin : begin + PUSH])
        began = time.monotonic()
        move_deadlines(self.server.database, self.mine)
        count = f"SELECT count(*) FROM alert WHERE {self.mine} AND status = 'ACTION_REQUIRED'"
        ended = wait_until(
            lambda: int(rows(self.server.database, count)[0][0]) == 0, MANY_SECONDS_MAX
        )
        self.assertTrue(ended, f"still open: {rows(self.server.database, count)}")
        took = time.monotonic() - began
        print(f"{MANY} alerts ended {took:.1f} s after they were due")
        sql = f"SELECT id, status, transaction_refund_outcome FROM alert WHERE {self.mine}"
        found = rows(self.server.database, sql)
        self.assertEqual(Counter(tuple(one[1:]) for one in found), {ENDED: MANY})
        assert_told_once(self, self.server, [one[0] for one in found])


class DeadlineOnPostgresTest(OnPostgres, DeadlineTest):
    pass


class SeveralCase(FolderCase):
    """Servers of a test's own, and many alerts that are due at once."""

    def prepare(self, count: int, servers: int = 1):
        self.simulator = self.enterContext(Simulator(self.folder))
        options = ("--rate-limit", "0", *self.simulator.platform_options)
        self.servers = self.new_servers(servers, *options)
        self.server = self.servers[0]
        self.simulator.start_before(self.server.base)
        key = self.server.create_partner().api_key
        self.customer = Customer(self.new_api(self.server, key))
        self.customer.enrol()
        alerts = unknown(self.customer.descriptor, count)
        pushed = self.simulator.push(*alerts)
        self.assertEqual(pushed["status"], 200, pushed)
        self.mine = f"organisation_id = '{self.customer.world.organisation_id}'"
        self.ids = [one[0] for one in rows(self.server.database,
                                           f"SELECT id FROM alert WHERE {self.mine}")]  # fmt: skip
        self.assertEqual(len(self.ids), count)

    def open_count(self) -> int:
        sql = f"SELECT count(*) FROM alert WHERE {self.mine} AND status = 'ACTION_REQUIRED'"
        return int(rows(self.server.database, sql)[0][0])

    def assert_network_agrees(self, repeated_max: int = 0):
        summary = self.simulator.summary()
        self.assertEqual(summary["faults"], [])
        alerts = summary["alerts"]
        self.assertEqual(alerts["outcomes"], {"UNRESOLVED_DISPUTE/NOT_REFUNDED": len(self.ids)})
        self.assertEqual(alerts["withConflictingOutcomes"], 0)
        self.assertLessEqual(alerts["withRepeatedOutcomes"], repeated_max)


class TogetherOnPostgresTest(OnPostgres, SeveralCase):
    def test_of_two_servers_one_ends_each_alert(self):
        self.prepare(TOGETHER, servers=2)
        move_deadlines(self.server.database, self.mine)
        wait_until(lambda: self.open_count() == 0, MANY_SECONDS_MAX)
        self.assertEqual(self.open_count(), 0)
        assert_told_once(self, self.server, self.ids)
        self.assert_network_agrees()
        for server in self.servers:
            self.assertNotIn('"level":"error"', server.log_text())


class KilledTest(SeveralCase):
    def test_a_kill_while_alerts_end_loses_and_doubles_nothing(self):
        self.prepare(KILLED)
        move_deadlines(self.server.database, self.mine)
        seen = []
        while self.open_count() and len(seen) < 20:
            before = self.open_count()
            wait_until(lambda: self.open_count() < before, SECONDS_MAX)  # noqa: B023
            self.server.kill()
            seen.append(self.open_count())
            self.server.start()
        self.assertGreater(len([one for one in seen if 0 < one < KILLED]), 0,
                           f"no kill came in the middle: {seen}")  # fmt: skip
        wait_until(lambda: self.open_count() == 0, SECONDS_MAX)
        # What a killed process was sending would wait for the end of its lease.
        make_requests_due(self.server.database)
        assert_told_once(self, self.server, self.ids)
        self.assert_network_agrees(OUTCOMES_PER_REQUEST_MAX * len(seen))
        print(f"open at each kill, of {KILLED}: {seen}")


class KilledOnPostgresTest(OnPostgres, KilledTest):
    pass
