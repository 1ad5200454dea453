"""The test clock of an organisation: what was to come in days comes in a second, and once."""

import itertools
import random
import time
from collections import Counter
from functools import partial

from parry_outside.api import Answer, Api
from parry_outside.cases import OnPostgres, at_once, wait_until
from parry_outside.clocks import (
    APPROACHING,
    CLOCK,
    DAY,
    ENDED,
    HOUR,
    MINUTE,
    OPEN,
    RETRIES,
    WINDOW,
    Clock,
    ClockCase,
    longest,
    state_of,
)
from parry_outside.contract import NOBODY
from parry_outside.networks import SECONDS_MAX, text_of
from parry_outside.receiver import Reply
from parry_outside.sending import DELIVERIES, Sender, seconds
from parry_outside.webhooks import delivery_problems
from parry_outside.world import make_customer

AHEAD_MAX = 10 * 366 * DAY
"""How far a clock can be ahead in all."""
SLACK = 60
"""Seconds that a machine with much to do may need for some requests."""
MANY = 220
"""More than one step of the work on deadlines takes."""
WRITERS, ROUNDS = 4, 5
WAITED_SECONDS_MAX = 3


class DeadlineClockTest(ClockCase):
    def test_48_hours_pass_in_a_second(self):
        alert = self.simulations.raised()
        self.assertEqual(self.clock.advance(2 * DAY)["advanced_seconds"], 2 * DAY)
        shown = self.simulations.read(alert)
        self.assertEqual(state_of(shown), ENDED)
        self.assertEqual(self.event_types(alert), ["alert.created", "alert.updated"])
        (told,) = self.hears("alert.updated")
        self.assertEqual(delivery_problems(told), [])
        self.assertEqual(told.event["data"]["object"], shown)
        self.assert_between(
            seconds(alert["action_required_deadline"]), self.clock.now(),
            shown["updated_at"], told.event["created_at"],
        )  # fmt: skip
        for member in ("created_at", "alert_received_at", "action_required_deadline"):
            self.assertEqual(shown[member], alert[member])
        answer = self.api.patch(f"/v1/alerts/{alert['id']}", {"action": "REFUND"})
        self.assertEqual((answer.status, answer.code), (422, "ALERT_NOT_ACTIONABLE"))

    def test_of_several_alerts_each_ends_at_its_own_deadline(self):
        alerts = []
        for _ in range(3):
            alerts.append(self.simulations.raised())
            self.clock.advance(10 * HOUR)
        decided = self.customer.act(self.simulations.raised(), "REFUND")
        invalid = self.simulations.raised(status="INVALID")
        deadlines = [one["action_required_deadline"] for one in alerts]
        for earlier, later in itertools.pairwise(map(seconds, deadlines)):
            self.assertTrue(10 * HOUR <= later - earlier <= 10 * HOUR + SLACK)
        for number, deadline in enumerate(deadlines, start=1):
            self.clock.pass_by(deadline)
            states = [state_of(self.simulations.read(one)) for one in alerts]
            self.assertEqual(states, [ENDED] * number + [OPEN] * (3 - number))
        self.clock.advance(30 * DAY)
        del decided["links"]
        for one in (decided, invalid):
            self.assertEqual(self.simulations.read(one), one)
        count = len(alerts) + 1
        self.assertEqual(len(self.hears("alert.updated", count)), count)

    def test_set_to_the_deadline_that_is_shown_the_alert_has_ended(self):
        alert = self.simulations.raised()
        self.clock.set_to(seconds(alert["action_required_deadline"]))
        self.assertEqual(state_of(self.simulations.read(alert)), ENDED)

    def test_a_moment_before_its_deadline_an_alert_can_be_decided(self):
        alert = self.simulations.raised()
        self.clock.pass_by(alert["action_required_deadline"], before=SLACK)
        self.assertEqual(state_of(self.simulations.read(alert)), OPEN)
        start = self.clock.now()
        acted = self.customer.act(alert, "REFUND")
        self.assert_between(start, self.clock.now(), acted["updated_at"])
        self.clock.advance(DAY)
        self.assertEqual(state_of(self.simulations.read(alert)), ("RESOLVED", "REFUNDED"))
        self.assertEqual(self.event_types(alert).count("alert.updated"), 1)

    def test_reminders_come_when_the_clock_passes_their_time(self):
        alert = self.simulations.raised()
        deadline = alert["action_required_deadline"]
        self.clock.pass_by(deadline, before=24 * HOUR + SLACK)
        self.assertEqual(self.event_types(alert), ["alert.created"])
        for count, hours in enumerate((24, 4), start=1):
            self.clock.pass_by(deadline, before=hours * HOUR)
            expected = ["alert.created"] + [APPROACHING] * count
            self.assertEqual(self.event_types(alert), expected)
            told = self.hears(APPROACHING, count)[-1]
            self.assertEqual(delivery_problems(told), [])
            self.assertEqual(told.event["data"]["object"], self.simulations.read(alert))
            start = seconds(deadline) - hours * HOUR
            self.assert_between(start, self.clock.now(), told.event["created_at"])
        self.clock.pass_by(deadline, before=SLACK)
        self.assertEqual(len(self.event_types(alert)), 3)
        self.clock.pass_by(deadline)
        expected = ["alert.created", *[APPROACHING] * 2, "alert.updated"]
        self.assertEqual(self.event_types(alert), expected)

    def test_of_reminders_that_are_passed_together_there_is_one(self):
        alert = self.simulations.raised()
        self.clock.pass_by(alert["action_required_deadline"], before=HOUR)
        self.clock.advance(MINUTE)
        self.assertEqual(self.event_types(alert), ["alert.created", APPROACHING])
        self.assertEqual(len(self.hears(APPROACHING)), 1)
        self.assertEqual(state_of(self.simulations.read(alert)), OPEN)

    def test_many_alerts_end_before_the_answer_and_each_once(self):
        apis = [self.new_api() for _ in range(WRITERS)]
        raise_some = lambda api: [self.simulations.raised(api)["id"]
                                  for _ in range(MANY // WRITERS)]  # fmt: skip
        ids = list(itertools.chain(*at_once(*[partial(raise_some, one) for one in apis])))
        self.clock.advance(WINDOW + 1)
        mine = f"organisation_id={self.organisation_id}&limit=1"
        path = f"/v1/alerts?status=ACTION_REQUIRED&{mine}"
        self.assertEqual(self.api.must(200, "GET", path)["count"], 0)
        told = self.hears("alert.updated", len(ids))
        self.assertEqual(Counter(one.event["data"]["object"]["id"] for one in told), Counter(ids))
        path = f"/v1/events?type=alert.updated&{mine}"
        self.assertEqual(self.api.must(200, "GET", path)["count"], len(ids))


class DeadlineClockOnPostgresTest(OnPostgres, DeadlineClockTest):
    pass


class RetryClockTest(ClockCase):
    def fail_next(self, count: int = 1):
        self.receiver.reply_next(*[Reply(500)] * count, path=self.path)

    def failed_once(self) -> dict:
        """The endpoint's one delivery, which was tried once and waits."""
        self.fail_next()
        self.sender.raise_lookup()
        return self.sender.ended(self.endpoint)

    def test_a_retry_comes_when_the_clock_passes_its_time(self):
        delivery = self.failed_once()
        self.clock.advance(longest(RETRIES[0]))
        attempts = self.sender.attempts_of(delivery["id"], 2)
        self.assertEqual([one["status_code"] for one in attempts], [500, 200])
        first, second = self.heard()
        self.assertEqual([delivery_problems(one) for one in (first, second)], [[], []])
        self.assertEqual(first.idempotency_key, second.idempotency_key)
        self.assertEqual(first.body, second.body)

    def test_a_retry_whose_time_has_not_come_is_nearer_by_the_step(self):
        delivery = self.failed_once()
        self.clock.advance(RETRIES[0] // 2)
        nearer = self.sender.delivery(delivery["id"])
        due = [seconds(one["next_attempt_at"]) for one in (delivery, nearer)]
        self.assertEqual(due[0] - due[1], RETRIES[0] // 2)
        self.assertEqual((nearer["state"], nearer["attempt_count"]), ("PENDING", 1))

    def redelivered_and_failed(self, told) -> int:
        """The seconds between the try of a redelivery, which fails, and the next one."""
        self.fail_next()
        self.api.must(200, "POST", f"{DELIVERIES}/{told.idempotency_key}/redeliver")
        first, second = self.sender.attempts_of(told.idempotency_key, 2)
        self.assertEqual((first["status_code"], second["status_code"]), (200, 500))
        due = self.sender.delivery(told.idempotency_key)["next_attempt_at"]
        return seconds(due) - seconds(second["started_at"])

    def test_what_is_sent_again_of_an_alert_that_waits_is_tried_before_its_deadline(self):
        alert = self.simulations.raised()
        (created,) = self.hears("alert.created")
        self.clock.pass_by(alert["action_required_deadline"], before=SLACK)
        (reminder,) = self.hears(APPROACHING)
        for told in (created, reminder):
            self.sender.attempts_of(told.idempotency_key)
        self.assertLessEqual(self.redelivered_and_failed(created), SLACK // 2 + 1)
        self.customer.act(alert, "REFUND")
        self.hears("alert.updated")
        self.assertGreaterEqual(self.redelivered_and_failed(reminder), RETRIES[0] - 1)
        # It waits for its next try, and knows the deadline of before.
        self.fail_next()
        self.api.must(200, "POST", f"{DELIVERIES}/{created.idempotency_key}/redeliver")
        last = self.sender.attempts_of(created.idempotency_key, 3)[-1]
        due = self.sender.delivery(created.idempotency_key)["next_attempt_at"]
        self.assertGreaterEqual(seconds(due) - seconds(last["started_at"]), RETRIES[0] - 1)

    def test_a_receiver_that_never_answers_well_is_tried_six_times_in_a_second(self):
        self.clock.advance(400 * DAY)
        delivery = self.failed_once()
        self.fail_next(len(RETRIES))
        for tries, wait in enumerate(RETRIES, start=2):
            self.clock.advance(longest(wait))
            self.assertEqual(len(self.sender.attempts_of(delivery["id"], tries)), tries)
        ended = self.sender.delivery(delivery["id"])
        self.assertEqual([one["status_code"] for one in ended["attempts"]], [500] * 6)
        self.assertEqual(ended["state"], "FAILED")
        self.clock.advance(DAY)
        self.sender.raise_lookup()
        self.receiver.wait_for(lambda _: len(self.heard()) >= 7, SECONDS_MAX)
        heard = self.heard()
        self.assertEqual([delivery_problems(one) for one in heard], [[]] * 7)
        keys = Counter(one.idempotency_key for one in heard)
        self.assertEqual(sorted(keys.values()), [1, 6])

    def test_many_that_wait_all_come(self):
        count = 15
        self.fail_next(count)
        ids = [self.sender.raise_lookup() for _ in range(count)]

        def tries() -> list[int]:
            return [one["attempt_count"] for one in self.sender.deliveries_to(self.endpoint)]

        self.assertTrue(wait_until(lambda: tries() == [1] * count, SECONDS_MAX), tries())
        self.clock.advance(longest(RETRIES[0]))
        wait_until(lambda: tries() == [2] * count, SECONDS_MAX)
        self.assertEqual(self.sender.count(self.endpoint, "DELIVERED"), count)
        heard = Counter(one.event["data"]["object"]["id"] for one in self.heard())
        self.assertEqual(heard, Counter(ids * 2))

    def test_an_endpoint_that_is_paused_gets_nothing_however_long_it_is(self):
        delivery = self.failed_once()
        self.sender.update(self.endpoint, is_paused=True)
        self.clock.advance(30 * DAY)
        paused = self.sender.delivery(delivery["id"])
        self.assertEqual((paused["attempt_count"], paused["next_attempt_at"]), (1, None))
        self.sender.update(self.endpoint, is_paused=False)
        self.assertEqual(len(self.sender.attempts_of(delivery["id"], 2)), 2)
        self.assertEqual(len(self.heard()), 2)

    def test_an_endpoint_of_the_partner_is_tried_again_with_what_is_of_the_organisation_alone(self):
        other = Sender(self.api, make_customer(self.api).organisation_id)
        path = f"/partner-{self.organisation_id}"
        body = {"url": self.receiver.url(path), "event_types": ["lookup.created"]}
        shared = self.api.must(201, "POST", "/v1/webhook-endpoints", body)
        self.addCleanup(self.api.call, "DELETE", f"/v1/webhook-endpoints/{shared['id']}")
        self.receiver.trust(shared["secret"], path)
        self.receiver.reply_next(Reply(500), Reply(500), path=path)
        mine, others = self.sender.raise_lookup(), other.raise_lookup()

        def waiting() -> list[dict]:
            listed = self.api.must(200, "GET", f"{DELIVERIES}?webhook_endpoint_id={shared['id']}")
            return [one for one in listed["items"] if one["attempt_count"] == 1]

        self.assertTrue(wait_until(lambda: len(waiting()) == 2, SECONDS_MAX), waiting())
        before = waiting()
        self.clock.advance(30 * DAY)
        self.assertTrue(wait_until(lambda: len(waiting()) == 1, SECONDS_MAX), waiting())
        self.assertIn(waiting()[0], before)
        told = Counter(one.event["data"]["object"]["id"] for one in self.heard(path))
        self.assertEqual(told, {mine: 2, others: 1})


class RetryClockOnPostgresTest(OnPostgres, RetryClockTest):
    pass


class ClockRequestTest(ClockCase):
    def assert_refused(
        self, answer: Answer, code: str, field: str | None = None, status: int = 422
    ):
        self.assertEqual((answer.status, answer.code), (status, code), answer.body[:300])
        if field is not None:
            self.assertEqual([one["field"] for one in answer.json()["errors"]], [field])

    def test_a_new_organisations_clock_shows_the_time_and_steps_add_up(self):
        for step, ahead in ((0, 0), (1, 1), (0, 1), (HOUR, HOUR + 1), (0, HOUR + 1)):
            for clock in (self.clock.advance(step), self.clock.read()):
                self.assertEqual(clock["advanced_seconds"], ahead)
                self.assertAlmostEqual(seconds(clock["now"]), time.time() + ahead, delta=SLACK)

    def test_it_is_set_to_a_time_in_every_way_to_write_it(self):
        day = self.clock.now() // DAY * DAY + 2 * DAY
        date = text_of(day)[:10]
        for text, expected in (
            (f"{date}T12:00:00Z", 12 * HOUR), (f"{date}T12:01:10.250Z", 12 * HOUR + 70),
            (f"{date}T15:30:00+02:00", 13.5 * HOUR), (f"{date}T12:30:00-05:00", 17.5 * HOUR),
        ):  # fmt: skip
            with self.subTest(text):
                answer = self.clock.ask(set_to=text)
                self.assertEqual(answer.status, 200, answer.body)
                self.assertEqual(seconds(answer.json()["now"]), day + expected)
                shown = self.clock.read()["now"]
                self.assert_between(day + expected, day + expected + SLACK, shown)

    def test_it_never_goes_back(self):
        self.clock.advance(DAY)
        now = self.clock.now()
        alert = self.simulations.raised()
        for back in (text_of(time.time()), text_of(now - 1), "1970-01-01T00:00:00Z"):
            self.assert_refused(self.clock.ask(set_to=back), "CLOCK_NOT_FORWARD")
        self.assertEqual(self.clock.ahead(), DAY)
        self.assertEqual(self.simulations.read(alert), alert)

    def test_ten_years_ahead_is_the_end(self):
        self.clock.advance(AHEAD_MAX - DAY)
        alert = self.simulations.raised()
        for members in (
            {"advance_seconds": DAY + 1}, {"advance_seconds": AHEAD_MAX},
            {"set_to": "9999-12-31T23:59:59Z"}, {"set_to": text_of(time.time() + AHEAD_MAX + 60)},
        ):  # fmt: skip
            with self.subTest(members):
                self.assert_refused(self.clock.ask(**members), "CLOCK_TOO_FAR")
        self.assertEqual(self.simulations.read(alert), alert)
        self.assertEqual(self.clock.advance(DAY)["advanced_seconds"], AHEAD_MAX)
        self.assert_refused(self.clock.ask(advance_seconds=1), "CLOCK_TOO_FAR")
        self.assertEqual(self.clock.advance(0)["advanced_seconds"], AHEAD_MAX)
        late = self.simulations.raised()
        deadline = seconds(late["action_required_deadline"])
        self.assertEqual(deadline - seconds(late["created_at"]), WINDOW)
        self.assertEqual(state_of(self.simulations.read(alert)), OPEN)

    def test_what_is_no_step_and_no_time_is_refused(self):
        for field, values in (
            ("advance_seconds", (-1, AHEAD_MAX + 1, 1.5, "60", True, [], 2**63, 1e30)),
            ("set_to", ("tomorrow", "", 7, "2030-01-01", "2030-02-30T00:00:00Z", False, {})),
        ):
            for value in values:
                with self.subTest(field, value=value):
                    answer = self.clock.ask(**{field: value})
                    self.assert_refused(answer, "VALIDATION_ERROR", field)
        both = {"advance_seconds": 0, "set_to": text_of(self.clock.now() + DAY)}
        for members in (both, {}, dict.fromkeys(both), {"advance_seconds": None},
                        {"set_to": None}):  # fmt: skip
            with self.subTest(members):
                self.assert_refused(self.clock.ask(**members), "VALIDATION_ERROR")
        self.assertEqual(self.clock.ahead(), 0)

    def test_an_organisation_must_be_named_and_be_there(self):
        step = {"advance_seconds": 1}
        for body in (step, [], step | {"organisation_id": 7}, step | {"organisation_id": None}):
            with self.subTest(body):
                self.assert_refused(self.api.post(CLOCK, body), "VALIDATION_ERROR")
        self.assertEqual(self.api.send("POST", CLOCK, b"{").status, 400)
        self.assert_refused(self.api.get(CLOCK), "VALIDATION_ERROR", "organisation_id")
        nobodys, nonsense = Clock(self.api, NOBODY["org"]), Clock(self.api, "nobody")
        for answer in (nobodys.look(), nobodys.ask(**step), nonsense.ask(**step)):
            self.assert_refused(answer, "NOT_FOUND", status=404)

    def test_a_deleted_organisation_has_no_clock(self):
        made = self.api.must(201, "POST", "/v1/organisations", {"name": "Short"})["id"]
        clock = Clock(self.api, made)
        clock.advance(HOUR)
        self.assertEqual(self.api.call("DELETE", f"/v1/organisations/{made}").status, 204)
        for answer in (clock.look(), clock.ask(advance_seconds=1)):
            self.assert_refused(answer, "NOT_FOUND", status=404)

    def test_a_live_organisation_has_no_test_clock(self):
        api = self.new_api(self.server.create_partner("Live", "LIVE").api_key)
        organisation_id = make_customer(api).organisation_id
        clock = Clock(api, organisation_id)
        for answer in (clock.look(), clock.ask(advance_seconds=1), clock.ask(advance_seconds=0),
                       clock.ask(set_to=text_of(time.time() + DAY))):  # fmt: skip
            self.assert_refused(answer, "ORGANISATION_NOT_TEST_MODE")
        for stranger in (Clock(self.api, organisation_id), Clock(api, self.organisation_id)):
            self.assert_refused(stranger.ask(advance_seconds=1), "NOT_FOUND", status=404)

    def test_the_ability_is_asked_for(self):
        words = ["--organisation", self.organisation_id, "--ability", "organisations:read"]
        weak = self.server.command("key", "create", *words)["api_key"]
        for key, status in ((weak, 403), ("nonsense", 401)):
            clock = Clock(self.new_api(key), self.organisation_id)
            for answer in (clock.look(), clock.ask(advance_seconds=1)):
                self.assertEqual(answer.status, status, answer.body)
        self.assertEqual(self.clock.ahead(), 0)

    def test_with_an_idempotency_key_it_advances_once(self):
        body = {"organisation_id": self.organisation_id, "advance_seconds": HOUR}
        call = lambda api: api.call("POST", CLOCK, body, Idempotency_Key="one")
        answers = at_once(*[partial(call, self.new_api()) for _ in range(WRITERS)])
        answers.append(call(self.api))
        self.assertLessEqual({one.status for one in answers}, {200, 409})
        self.assertEqual(len({one.body for one in answers if one.status == 200}), 1)
        self.assertEqual(self.clock.ahead(), HOUR)
        other = body | {"advance_seconds": 1}
        answer = self.api.call("POST", CLOCK, other, Idempotency_Key="one")
        self.assertEqual(answer.code, "IDEMPOTENCY_KEY_REUSED")

    def test_steps_at_once_all_add_up(self):
        chance = random.Random(7)
        steps = [[chance.randrange(1, HOUR) for _ in range(ROUNDS)] for _ in range(2 * WRITERS)]

        def walk(some: list[int]) -> list[int]:
            clock = Clock(self.new_api(), self.organisation_id)
            return [clock.advance(one)["advanced_seconds"] for one in some]

        seen = list(itertools.chain(*at_once(*[partial(walk, some) for some in steps])))
        self.assertEqual(self.clock.ahead(), sum(map(sum, steps)))
        self.assertEqual(len(set(seen)), len(seen), "two saw the same")


class ClockRequestOnPostgresTest(OnPostgres, ClockRequestTest):
    pass


class BusyClockTest(ClockCase):
    """What happens beside a clock that is set all the time."""

    def go(self, *calls: tuple) -> list:
        """Each call, some times over, in a thread of its own; what was refused."""

        def repeat(method: str, path: str, *documents) -> list:
            with Api(self.server.base, self.partner.api_key) as api:
                answers = [api.call(method, path, one) for one in documents * ROUNDS]
            return [one.body[:200] for one in answers if one.status not in (200, 201)]

        return list(itertools.chain(*at_once(*[partial(repeat, *one) for one in calls])))

    def beside_the_clock(self, *calls: tuple):
        step = {"organisation_id": self.organisation_id, "advance_seconds": 1}
        began = time.monotonic()
        self.assertEqual(self.go(*calls, ("POST", CLOCK, step, step), ("POST", CLOCK, step)), [])
        self.assertEqual(self.clock.ahead(), 3 * ROUNDS)
        waited = time.monotonic() - began
        self.assertLess(waited, WAITED_SECONDS_MAX, "each deadlock of the database takes a second")

    def test_alerts_are_changed(self):
        path = f"/v1/alerts/{self.simulations.raised()['id']}"
        self.beside_the_clock(*[("PATCH", path, {"note": one}, {"note": None}) for one in "abc"])

    def test_alerts_are_matched_by_hand(self):
        (sale,) = self.customer.sell()
        path = f"/v1/alerts/{self.simulations.about(sale)['id']}/match"
        member = "integration_transaction_id"
        call = ("PUT", path, {member: None}, {member: sale.transaction_id})
        self.beside_the_clock(call, call, call)

    def test_orders_and_enrolments_are_changed(self):
        (sale,) = self.customer.sell()
        self.simulations.about(sale)
        order = f"/v1/orders/{self.order_of(sale)['id']}"
        enrolment = f"/v1/simulate/enrolments/{self.simulations.enrolment_id}"
        self.beside_the_clock(
            ("PATCH", order, {"order_number": "a"}, {"order_number": "b"}),
            ("PATCH", enrolment, {"status": "ENABLED"}, {"status": "ENABLED"}),
        )

    def test_alerts_lookups_and_orders_are_made(self):
        mine = {"organisation_id": self.organisation_id}
        alert = mine | {"enrolment_id": self.simulations.enrolment_id, "match": True}
        self.beside_the_clock(
            ("POST", "/v1/simulate/alerts", alert), ("POST", "/v1/simulate/lookups", mine),
            ("POST", "/v1/merchants", mine | {"name": "Store", "type": "GENERIC"}),
        )  # fmt: skip


class BusyClockOnPostgresTest(OnPostgres, BusyClockTest):
    pass
