"""Which times follow an organisation's test clock, and whose do not."""

import itertools
import time
from collections import Counter

from parry_outside.api import Api
from parry_outside.cases import OnPostgres, wait_until
from parry_outside.clocks import DAY, HOUR, WINDOW, Clock, ClockCase
from parry_outside.networks import SECONDS_MAX, Customer, Sale, text_of
from parry_outside.sending import Sender, seconds
from parry_outside.simulated import Simulations
from parry_outside.world import enable_enrolment

RESERVED_SECONDS = 900
TIMES = ("created_at", "updated_at", "alert_received_at", "fraud_reported_at")
"""When the platform got and changed something."""
SLACK = 60


class VisibleTimeCase(ClockCase):
    """Makes one of each thing that an organisation can have."""

    def setUp(self):
        super().setUp()
        self.numbers = itertools.count()

    def make(self, path: str, **members) -> dict:
        return self.api.must(201, "POST", path, {"organisation_id": self.organisation_id} | members)

    def change(self, path: str, change: dict) -> dict:
        return self.api.must(200, "PATCH", path, change)

    def read(self, name: str, thing: dict) -> dict:
        return self.api.must(200, "GET", f"/v1/{name}/{thing['id']}")

    def order(self) -> dict:
        return self.order_of(self.customer.sell()[0])

    def reserve(self, sale: Sale) -> dict:
        return self.api.must(200, "POST", "/v1/refund-intents", {
            "organisation_id": self.organisation_id,
            "integration_id": self.customer.world.integration_id,
            "transaction_reference_id": sale.transaction_id, "amount_in_cents": 4900,
            "currency": "USD",
        })  # fmt: skip

    def enrolment(self) -> dict:
        body = self.customer.world.enrolment(f"NAME {next(self.numbers)}")
        return self.api.must(201, "POST", "/v2/enrolments", body)

    def one_of_each(self) -> dict[str, dict]:
        merchant = self.make("/v1/merchants", name="Second", type="GENERIC")
        return {
            "merchants": merchant,
            "integrations": self.make(
                "/v1/integrations", name="Orders", type="CUSTOM_ORDERS", status="ENABLED",
                merchant_ids=[merchant["id"]],
            ),
            "memberships": self.make(
                "/v1/memberships", first_name="Kim", last_name="Lee", role="STANDARD",
                email=f"kim{next(self.numbers)}@example.com",
            ),
            "enrolments": self.enrolment(),
            "rulesets": self.make(
                "/v1/rulesets", enrolment_ids=[self.enrolment()["id"]], join_operator="AND",
                outcome="ACCEPT_DISPUTE", rules=[],
            ),
            "orders": self.order(),
            "alerts": self.simulations.raised(),
            "matched alerts": self.simulations.about(self.customer.sell()[0]),
            "lookups": self.make("/v1/simulate/lookups"),
            "scheme-notices": self.make("/v1/simulate/scheme-notices"),
            "refund-intents": self.reserve(self.customer.sell()[0])["refund_intent"],
        }  # fmt: skip


class VisibleTimeTest(VisibleTimeCase):
    def test_all_that_is_made_has_the_clocks_time(self):
        self.clock.advance(30 * DAY)
        start = self.clock.now()
        made = self.one_of_each()
        end = self.clock.now()
        for name, thing in made.items():
            with self.subTest(name):
                times = [thing[one] for one in TIMES if one in thing]
                self.assertTrue(times, thing)
                self.assert_between(start, end, *times)
        for alert in (made["alerts"], made["matched alerts"]):
            deadline = seconds(alert["action_required_deadline"])
            self.assertEqual(deadline - seconds(alert["alert_received_at"]), WINDOW)
        intent = made["refund-intents"]
        expires = seconds(intent["expires_at"]) - seconds(intent["created_at"])
        self.assertEqual(expires, RESERVED_SECONDS)

    def test_events_have_the_clocks_time(self):
        self.clock.advance(30 * DAY)
        start = self.clock.now()
        self.one_of_each()
        mine = f"organisation_id={self.organisation_id}"
        path = f"/v1/events?{mine}&created_at_gte={text_of(start)}"
        events = self.api.must(200, "GET", path)["items"]
        self.assertEqual(Counter(one["type"] for one in events), {
            "enrolment.created": 2, "alert.created": 2, "lookup.created": 1,
            "scheme_notice.created": 1,
        })  # fmt: skip
        self.assert_between(start, self.clock.now(), *[one["created_at"] for one in events])

    def test_all_that_is_changed_has_the_clocks_time_and_keeps_when_it_was_made(self):
        made = self.one_of_each()
        self.clock.advance(30 * DAY)
        start = self.clock.now()
        changed = {
            name: self.change(f"/v1/{name}/{made[name]['id']}", change)
            for name, change in {
                "merchants": {"name": "Third"}, "integrations": {"name": "Others"},
                "memberships": {"is_alert_resolved_email_enabled": False},
                "rulesets": {"join_operator": "OR"}, "orders": {"order_number": "changed"},
                "alerts": {"note": "changed"},
            }.items()
        } | {
            "enrolments": enable_enrolment(self.api, made["enrolments"]["id"]),
            "refund-intents": self.api.must(
                200, "POST", f"/v1/refund-intents/{made['refund-intents']['id']}/commit",
                {"refund_reference_id": "late"},
            ),
        }  # fmt: skip
        end = self.clock.now()
        for name, thing in changed.items():
            with self.subTest(name):
                self.assert_between(start, end, thing["updated_at"])
                self.assertEqual(thing["created_at"], made[name]["created_at"])

    def test_lists_are_filtered_and_ordered_by_the_times_that_are_shown(self):
        make = {"alerts": self.simulations.raised, "orders": self.order,
                "lookups": lambda: self.make("/v1/simulate/lookups")}  # fmt: skip
        members = {"alerts": "alert_received_at", "orders": "created_at", "lookups": "created_at"}
        before = {name: one()["id"] for name, one in make.items()}
        self.clock.advance(30 * DAY)
        after = {name: one()["id"] for name, one in make.items()}
        border = text_of(self.clock.now() - DAY)
        for name, member in members.items():
            for rest, expected in (
                (f"&{member}_gte={border}", [after]), (f"&{member}_lte={border}", [before]),
                ("", [after, before]),
            ):  # fmt: skip
                with self.subTest(name + rest):
                    path = f"/v1/{name}?organisation_id={self.organisation_id}{rest}"
                    items = self.api.must(200, "GET", path)["items"]
                    self.assertEqual([one["id"] for one in items], [one[name] for one in expected])

    def test_events_are_filtered_by_the_times_that_are_shown(self):
        before = self.simulations.raised()["id"]
        self.clock.advance(DAY)
        after = self.simulations.raised()["id"]
        border = text_of(self.clock.now() - HOUR)
        for rest, expected in ((f"created_at_gte={border}", after),
                               (f"created_at_lte={border}", before)):  # fmt: skip
            path = f"/v1/events?organisation_id={self.organisation_id}&type=alert.created&{rest}"
            items = self.api.must(200, "GET", path)["items"]
            self.assertEqual([one["data"]["object"]["id"] for one in items], [expected])

    def test_a_reservation_expires_by_the_clock(self):
        (sale,) = self.customer.sell()
        intent = self.reserve(sale)["refund_intent"]
        for step, status, outcome in (
            (0, "RESERVED", "IN_FLIGHT"), (RESERVED_SECONDS - SLACK, "RESERVED", "IN_FLIGHT"),
            (SLACK, "EXPIRED", "SAFE"),
        ):  # fmt: skip
            self.clock.advance(step)
            self.assertEqual(self.read("refund-intents", intent)["status"], status)
            self.assertEqual(self.reserve(sale)["outcome"], outcome)

    def test_an_order_that_comes_late_finds_its_alert_in_the_clocks_time(self):
        self.clock.advance(400 * DAY)
        late = Sale(self.customer.descriptor, sold_at=self.clock.now() - 3 * DAY)
        alert = self.simulations.about(late)
        self.assertIsNone(alert["integration_transaction_id"])
        self.clock.advance(HOUR)
        start = self.clock.now()
        self.api.must(201, "POST", "/v1/orders", [late.order(self.customer.world)])
        member = "integration_transaction_id"
        found = self.simulations.becomes(alert, member, late.transaction_id)
        self.assert_between(start, self.clock.now(), found["updated_at"])

    def test_the_feed_has_the_order_in_which_things_happened(self):
        feed = f"/v1/events?organisation_id={self.organisation_id}&after=latest"
        cursor = self.api.must(200, "GET", feed)["next_cursor"]
        other = Sender(self.api, Customer(self.api).world.organisation_id)

        def read() -> list[str]:
            path = f"/v1/events?type=lookup.created&after={cursor}"
            items = self.api.must(200, "GET", path)["items"]
            return [one["data"]["object"]["id"] for one in items]

        made = []
        for sender in (self.sender, other, self.sender, other):
            self.clock.advance(30 * DAY)
            made.append(sender.raise_lookup())
            # Of what happens in the same millisecond nobody knows the order.
            wait_until(lambda: len(read()) == len(made), SECONDS_MAX)
        self.assertEqual(read(), made)


class VisibleTimeOnPostgresTest(OnPostgres, VisibleTimeTest):
    pass


class OtherOrganisationTest(ClockCase):
    def setUp(self):
        super().setUp()
        self.other = Customer(self.api)
        self.other_clock = Clock(self.api, self.other.world.organisation_id)
        self.other_simulations = Simulations(self.other)

    def organisation_api(self, organisation_id: str) -> Api:
        words = ["--organisation", organisation_id, "--all-abilities"]
        return self.new_api(self.server.command("key", "create", *words)["api_key"])

    def assert_real(self, *texts: str):
        for text in texts:
            self.assertAlmostEqual(seconds(text), time.time(), delta=SLACK)

    def test_what_belongs_to_another_organisation_is_untouched(self):
        alert = self.other_simulations.raised()
        for step in (30 * DAY, WINDOW):
            self.clock.advance(step)
        clock = self.other_clock.read()
        self.assertEqual(clock["advanced_seconds"], 0)
        self.assertEqual(self.other_simulations.read(alert), alert)
        self.assertEqual(self.event_types(alert), ["alert.created"])
        later = self.other_simulations.raised()
        self.assert_real(clock["now"], later["created_at"], later["alert_received_at"])

    def test_one_batch_of_orders_of_two_organisations_has_the_times_of_both(self):
        self.clock.advance(30 * DAY)
        start = self.clock.now()
        worlds = (self.customer.world, self.other.world)
        orders = [Sale("ACME").order(world) for world in worlds]
        made = self.api.must(201, "POST", "/v1/orders", orders)["results"]
        mine, others = [self.api.must(200, "GET", f"/v1/orders/{one['id']}") for one in made]
        self.assert_between(start, self.clock.now(), mine["created_at"], mine["updated_at"])
        self.assert_real(others["created_at"], others["updated_at"])

    def test_a_key_of_the_organisation_sets_its_clock_and_no_other(self):
        own = self.organisation_api(self.organisation_id)
        self.assertEqual(Clock(own, self.organisation_id).advance(HOUR)["advanced_seconds"], HOUR)
        self.assertEqual(self.clock.ahead(), HOUR)
        stranger = self.new_api(self.server.create_partner("Stranger").api_key)
        for api in (own, stranger):
            clock = Clock(api, self.other_clock.organisation_id)
            for answer in (clock.look(), *[clock.ask(advance_seconds=one) for one in (0, 1)]):
                self.assertEqual((answer.status, answer.code), (404, "NOT_FOUND"))
        self.assertEqual(self.other_clock.ahead(), 0)

    def test_keys_and_idempotency_know_the_real_time(self):
        own = self.organisation_api(self.organisation_id)
        body = {"organisation_id": self.organisation_id}
        path = "/v1/simulate/lookups"
        first = own.call("POST", path, body, Idempotency_Key="k")
        self.clock.advance(400 * DAY)
        again = own.call("POST", path, body, Idempotency_Key="k")
        self.assertEqual((again.status, again.body), (201, first.body))


class OtherOrganisationOnPostgresTest(OnPostgres, OtherOrganisationTest):
    pass
