"""Reminders tell of a deadline before it comes, and alerts of the release before have theirs.

CONTRACT 9.3. Nobody waits for hours: deadlines are moved beside the server.
"""

from collections import Counter
from pathlib import Path

from parry_outside.ageing import change
from parry_outside.cases import FolderCase, OnPostgres, wait_until
from parry_outside.deadlines import HOUR_SECONDS, DeadlineCase
from parry_outside.networks import SECONDS_MAX, Customer, move_deadlines, rows, text_of
from parry_outside.postgres import Database
from parry_outside.rows import open_rows
from parry_outside.sending import seconds
from parry_outside.simulated import Simulations
from parry_outside.webhooks import delivery_problems

APPROACHING = "alert.deadline_approaching"
REMINDED = 300
SCHEMA = 12
ADDED = (("alert", "due_at"), ("alert", "reminded_at"), ("alert_case", "decision"),
         ("network_message", "answer"), ("organisation", "clock_lead"), ("enrolment", "changed_at"),
         ("alert", "attention"), ("alert", "attention_at"), ("alert", "decided_at"),
         ("alert", "match_level"), ("alert", "received_day"), ("alert", "tally"),
         ("alert", "shares_refund"), ("enrolment", "enabled_at"), ("partner", "sign_on_key"),
         ("api_key", "name"), ("api_key", "last_used_at"), ("ruleset_version", "actor"),
         ("order_transaction", "authorisation_status"),
         ("order_transaction", "payment_method_type"))  # fmt: skip
ADDED_INDEXES = (
    "alert_due", "alert_attention", "alert_tally", "alert_issuer", "alert_shared_refund",
    "alert_search", "delivery_ended_failed", "event_object", "api_key_partner",
    "partner_group_partner", "membership_user", "member_user_email", "order_transaction_last_4",
    "webhook_endpoint_owner",
)  # fmt: skip
ADDED_TABLES = (
    "refund_intent", "ruleset_publication", "order_feed_day", "person_organisation", "mail_cursor",
    "group_member", "sign_in_pace", "person_link", "person_session", "person", "audit",
)  # fmt: skip
AUDIT_BEFORE = """
    CREATE TABLE audit (
        id TEXT NOT NULL, slot BIGINT NOT NULL, organisation_id TEXT NOT NULL, action TEXT NOT NULL,
        detail TEXT NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (id, slot))
"""
LEFT_SECONDS = 2
SOON_SECONDS = 0.5
"""A reminder is of the time since the one before, and never of a time before the alert came."""


class ReminderTest(DeadlineCase):
    def setUp(self):
        super().setUp()
        self.quiet = self.customer
        self.path = f"/reminded-{self.quiet.world.organisation_id}"
        endpoint = self.api.must(201, "POST", "/v1/webhook-endpoints", {
            "organisation_id": self.quiet.world.organisation_id,
            "url": self.receiver.url(self.path), "event_types": [APPROACHING],
        })  # fmt: skip
        self.assertEqual(endpoint["event_types"], [APPROACHING])
        self.receiver.trust(endpoint["secret"], self.path)

    def reminders(self, count: int = 1) -> list:
        """The webhooks at the endpoint that wants reminders."""

        def those(all) -> list:
            mine = [one for one in all if one.path == self.path]
            return list({one.event_id: one for one in mine}.values())

        return those(self.receiver.wait_for(lambda all: len(those(all)) >= count, SECONDS_MAX))

    def settings(self, *sets: str) -> dict:
        words = [word for one in sets for word in ("--set", one)]
        organisation_id = self.customer.world.organisation_id
        return self.server.command("organisation", "settings", organisation_id, *words)

    def set_reminders(self, text: str) -> list[int]:
        return list(map(int, self.settings(f"deadline_reminders={text}")["deadline_reminders"]))

    def attended(self, alert: dict, due: float):
        """Once the chore has looked at it, it is due then."""
        wait_until(lambda: self.due_of(alert) == due, SECONDS_MAX)
        self.assertEqual(self.due_of(alert), due)

    def test_a_reminder_reaches_who_asked_for_it_and_nobody_else(self):
        alert = self.raised()
        deadline = self.move_deadline(alert, left=24 * HOUR_SECONDS + SOON_SECONDS, before=24)
        (told,) = self.reminders()
        self.assertEqual((told.type, delivery_problems(told)), (APPROACHING, []))
        shown = self.simulations.read(alert)
        self.assertEqual(told.event["data"], {"object": shown})
        self.assertEqual(shown["status"], "ACTION_REQUIRED")
        self.assertEqual(shown["action_required_deadline"], text_of(deadline))
        self.assertEqual(told.event["api_version"], "v1")
        self.attended(alert, deadline - 4 * HOUR_SECONDS)
        deadline = self.move_deadline(alert, left=4 * HOUR_SECONDS + SOON_SECONDS, before=4)
        self.assertEqual(len(self.reminders(2)), 2)
        self.attended(alert, deadline)
        self.move_deadline(alert)
        self.ends(alert)
        expected = ["alert.created", APPROACHING, APPROACHING, "alert.updated"]
        self.assertEqual(self.event_types(alert), sorted(expected))
        self.quiet.hears("alert.updated")
        heard = Counter(one.type for one in self.receiver.deliveries if one.path == self.quiet.path)
        self.assertNotIn(APPROACHING, heard)
        self.assertEqual(heard["alert.updated"], 1)
        self.assertEqual({one.type for one in self.reminders(2)}, {APPROACHING})
        path = f"/v1/events?type={APPROACHING}&organisation_id="
        shown = self.api.must(200, "GET", path + self.quiet.world.organisation_id)
        self.assertEqual(shown["count"], 2)

    def test_after_an_action_there_is_no_reminder(self):
        alert = self.raised()
        self.customer.act(alert, "REFUND")
        self.move_deadline(alert, left=24 * HOUR_SECONDS, before=24)
        wait_until(lambda: self.due_of(alert) is None, SECONDS_MAX)
        self.assertIsNone(self.due_of(alert))
        self.assertEqual(self.event_types(alert), ["alert.created", "alert.updated"])

    def test_what_was_missed_is_given_once_and_late(self):
        alert = self.simulations.raised()
        deadline = self.move_deadline(alert, left=2 * HOUR_SECONDS, before=24)
        self.attended(alert, deadline)
        (told,) = self.reminders()
        self.assertEqual(told.event["data"]["object"]["id"], alert["id"])
        self.assertEqual(self.event_types(alert), ["alert.created", APPROACHING])

    def test_the_setting_says_when(self):
        self.assertEqual(self.set_reminders("1,30,12"), [30, 12, 1])
        alert = self.simulations.raised()
        end = seconds(alert["action_required_deadline"])
        self.assertEqual(int(self.due_of(alert)), int(end) - 30 * HOUR_SECONDS)
        # What was planned by the former setting is no reminder by the new one.
        self.assertEqual(self.set_reminders("6"), [6])
        deadline = self.move_deadline(alert, left=29 * HOUR_SECONDS, before=30)
        self.attended(alert, deadline - 6 * HOUR_SECONDS)
        self.assertEqual(self.set_reminders(""), [])
        deadline = self.move_deadline(alert, left=5 * HOUR_SECONDS, before=6)
        self.attended(alert, deadline)
        self.assertEqual(self.event_types(alert), ["alert.created"])
        plain = self.simulations.raised()
        self.assertEqual(int(self.due_of(plain)),
                         int(seconds(plain["action_required_deadline"])))  # fmt: skip
        self.settings("alert_window=2", "deadline_reminders=24,1")
        short = self.raised()
        end = seconds(short["action_required_deadline"])
        self.assertEqual(int(self.due_of(short)), int(end) - HOUR_SECONDS)

    def test_settings_that_cannot_be_are_refused_and_set_nothing(self):
        self.assertEqual(self.set_reminders("24,4"), [24, 4])
        for text in ("0", "73", "4,4", "a", "4, 2", "-1", "1,2,3,4,5,6", "4;2", "1.5", "9" * 20):
            with self.subTest(text):
                done = self.server.run("organisation", "settings",
                                       self.customer.world.organisation_id, "--set",
                                       f"deadline_reminders={text}")  # fmt: skip
                self.assertEqual((done.returncode, done.stdout), (1, ""))
                self.assertIn("hours from 1 to 72", done.stderr)
                self.assertEqual(done.stderr.count("\n"), 1)
        self.assertEqual(list(map(int, self.settings()["deadline_reminders"])), [24, 4])
        self.assertEqual(self.set_reminders("72,1,2,3,4"), [72, 4, 3, 2, 1])

    def test_of_many_reminders_each_comes_once(self):
        alerts = [self.simulations.raised() for _ in range(REMINDED)]
        left = 4 * HOUR_SECONDS + SOON_SECONDS
        deadline = self.move_deadline(*alerts, left=left, before=4)
        told = self.reminders(len(alerts))
        self.assertEqual(Counter(one.event["data"]["object"]["id"] for one in told),
                         Counter(one["id"] for one in alerts))  # fmt: skip
        self.attended(alerts[-1], deadline)


class ReminderOnPostgresTest(OnPostgres, ReminderTest):
    pass


def columns_of(database: Path | Database, table: str) -> set[str]:
    sql = f"SELECT name FROM pragma_table_info('{table}')"
    if isinstance(database, Database):
        sql = f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}'"
    return {one[0] for one in rows(database, sql)}


class UpgradedTest(FolderCase):
    """A database that a release before has left, with open alerts."""

    def make_schema_7(self):
        """Takes away what the schemas after it have added."""
        database = self.server.database
        change(
            database,
            *(f"DROP INDEX {index}" for index in ADDED_INDEXES),
            *(f"DROP TABLE {table}" for table in ADDED_TABLES),
            AUDIT_BEFORE,
            "CREATE INDEX audit_organisation ON audit (organisation_id, created_at, id)",
            *(f"ALTER TABLE {table} DROP COLUMN {column}" for table, column in ADDED
              if column in columns_of(database, table)),
            "CREATE INDEX order_transaction_last_4 ON order_transaction (organisation_id,"
            " card_last_4, authorised_at, amount, currency, card_bin) WHERE card_last_4 IS NOT NULL",
            "CREATE INDEX webhook_endpoint_partner ON webhook_endpoint (partner_id)",
            "DELETE FROM setting WHERE key = 'decision_board'",
            "DELETE FROM schema_migration WHERE version > 7",
        )  # fmt: skip

    def test_alerts_that_are_open_before_an_upgrade_end_too(self):
        self.server = self.new_server("--rate-limit", "0").start()
        customer = Customer(self.new_api(self.server, self.server.create_partner().api_key))
        simulations = Simulations(customer)
        passed, soon, later, ended = (simulations.raised(match=True) for _ in range(4))
        customer.act(ended, "REFUND")
        for alert, left in ((passed, -3 * 86_400), (soon, 4 * HOUR_SECONDS + LEFT_SECONDS)):
            move_deadlines(self.server.database, f"id = '{alert['id']}'", left=left, due=2**52)
        before = simulations.read(ended)
        customer.api.close()
        self.server.stop()
        self.make_schema_7()
        self.server.start()
        with open_rows(self.server.database) as seen:
            self.assertEqual(seen.schema_version(), SCHEMA)
        shown = simulations.becomes(passed, "status", "RESOLVED")
        self.assertEqual(shown["transaction_refund_outcome"], "NOT_REFUNDED")
        # The reminder of the second comes 2 seconds after the times were set.
        wait_until(lambda: len(self.event_types(customer, soon)) > 1, SECONDS_MAX)
        self.assertEqual(self.event_types(customer, soon), ["alert.created", APPROACHING])
        self.assertEqual(simulations.read(ended), before)
        for alert in (soon, later):
            self.assertEqual(simulations.read(alert)["status"], "ACTION_REQUIRED")
        self.assertEqual(self.event_types(customer, later), ["alert.created"])
        self.assertEqual(self.event_types(customer, passed), ["alert.created", "alert.updated"])
        self.assertNotIn("decision", simulations.match_of(later))
        due = rows(self.server.database, f"SELECT due_at FROM alert WHERE id = '{later['id']}'")
        end = seconds(later["action_required_deadline"]) - 24 * HOUR_SECONDS
        self.assertEqual(int(due[0][0]) // 1_000, int(end))

    def event_types(self, customer: Customer, alert: dict) -> list[str]:
        path = f"/v1/events?object_id={alert['id']}"
        return sorted(one["type"] for one in customer.api.must(200, "GET", path)["items"])


class UpgradedOnPostgresTest(OnPostgres, UpgradedTest):
    pass
