"""Test clocks beyond one process: kills, two processes on a database, and the networks."""

import http.client
import threading
import time
from collections import Counter
from functools import partial

from parry_outside.api import Api
from parry_outside.cases import OneServerCase, OnPostgres, SendingCase, at_once, wait_until
from parry_outside.clocks import (
    DAY,
    ENDED,
    HOUR,
    MARGIN,
    MINUTE,
    OPEN,
    RETRIES,
    WINDOW,
    Clock,
    longest,
    state_of,
)
from parry_outside.networks import (
    SECONDS_MAX,
    TEST_TOKEN,
    Customer,
    NetworkCase,
    push_to,
    text_of,
)
from parry_outside.receiver import Reply
from parry_outside.sending import Sender, seconds
from parry_outside.server import Server
from parry_outside.simulated import Simulations
from parry_outside.webhooks import delivery_problems
from parry_outside.world import enable_enrolment

TOLD = ("UNRESOLVED_DISPUTE", "NOT_REFUNDED", "COUNTED", None)
TIMES = ("created_at", "updated_at", "alert_received_at")
WRITERS, ROUNDS = 6, 5
SLACK = 60
BROKEN_OFF = (OSError, http.client.HTTPException)
"""What a client sees of a server that is killed."""


class KilledClockTest(OneServerCase):
    options = ("--rate-limit", "0")

    def setUp(self):
        super().setUp()
        self.customer = Customer(self.api)
        self.simulations = Simulations(self.customer)
        self.clock = Clock(self.api, self.customer.world.organisation_id)

    def kill_and_start(self, *writers: threading.Thread):
        self.server.kill()
        for one in writers:
            one.join()
        self.server.start()
        self.api.close()

    def ends_of(self, alert: dict) -> int:
        path = f"/v1/events?object_id={alert['id']}&type=alert.updated"
        return self.api.must(200, "GET", path)["count"]

    def test_a_killed_server_keeps_the_clock_and_the_deadlines_that_follow_it(self):
        alert = self.simulations.raised()
        self.clock.advance(DAY)
        self.kill_and_start()
        self.assertEqual(self.clock.ahead(), DAY)
        later = self.simulations.raised()
        self.assertGreaterEqual(seconds(later["created_at"]), seconds(alert["created_at"]) + DAY)
        self.clock.pass_by(alert["action_required_deadline"])
        states = [state_of(self.simulations.read(one)) for one in (alert, later)]
        self.assertEqual(states, [ENDED, OPEN])
        self.assertEqual([self.ends_of(one) for one in (alert, later)], [1, 0])

    def advance_until_killed(self, acknowledged: list):
        with Api(self.server.base, self.partner.api_key) as api:
            clock = Clock(api, self.clock.organisation_id)
            while True:
                try:
                    clock.advance(1)
                except BROKEN_OFF:
                    return
                acknowledged.append(1)

    def test_what_was_answered_before_a_kill_stays_and_of_each_writer_one_may_be_more(self):
        acknowledged: list[int] = []
        walk = partial(self.advance_until_killed, acknowledged)
        writers = [threading.Thread(target=walk) for _ in range(WRITERS)]
        for one in writers:
            one.start()
        wait_until(lambda: len(acknowledged) > 30, SECONDS_MAX)
        self.kill_and_start(*writers)
        ahead = self.clock.ahead()
        self.assertTrue(len(acknowledged) <= ahead <= len(acknowledged) + WRITERS, ahead)

    def test_a_kill_while_alerts_end_ends_none_twice_and_leaves_none(self):
        alerts = [self.simulations.raised() for _ in range(100)]

        def advance():
            with Api(self.server.base, self.partner.api_key) as api:
                try:
                    Clock(api, self.clock.organisation_id).advance(WINDOW)
                except BROKEN_OFF:
                    return

        writer = threading.Thread(target=advance)
        writer.start()
        wait_until(lambda: self.clock.ahead() > 0, SECONDS_MAX)
        self.kill_and_start(writer)
        self.assertEqual(self.clock.ahead(), WINDOW)
        for one in alerts:
            self.simulations.becomes(one, "status", "RESOLVED")
        self.assertEqual(Counter(map(self.ends_of, alerts)), {1: len(alerts)})


class KilledClockOnPostgresTest(OnPostgres, KilledClockTest):
    pass


class TwoProcessesTest(OnPostgres, SendingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        database = cls.server.database
        other = Server(cls.folder, *cls.options, database=database, name="other")
        cls.servers = [cls.server, cls.enterClassContext(other).start()]

    def setUp(self):
        super().setUp()
        key = self.partner.api_key
        self.apis = [self.enterContext(Api(one.base, key)) for one in self.servers]
        self.customer = Customer(self.apis[0])
        self.organisation_id = self.customer.world.organisation_id
        self.simulations = Simulations(self.customer)
        self.clocks = [Clock(one, self.organisation_id) for one in self.apis]

    def test_both_have_the_same_clock_and_steps_at_both_add_up(self):
        here, there = self.clocks
        here.advance(DAY)
        start = there.now()
        alert = self.simulations.raised(self.apis[1])
        self.assertTrue(start <= seconds(alert["created_at"]) <= here.now())
        refused = here.ask(set_to=text_of(start - 1))
        self.assertEqual((refused.status, refused.code), (422, "CLOCK_NOT_FORWARD"))

        def walk(server: Server):
            with Api(server.base, self.partner.api_key) as api:
                for _ in range(ROUNDS):
                    Clock(api, self.organisation_id).advance(7)

        at_once(*[partial(walk, self.servers[one % 2]) for one in range(WRITERS)])
        ahead = DAY + 7 * ROUNDS * WRITERS
        self.assertEqual([one.ahead() for one in self.clocks], [ahead] * 2)

    def test_alerts_have_ended_when_either_answers_and_each_once(self):
        mine = f"organisation_id={self.organisation_id}&limit=1"
        count = 0
        for api, clock in list(zip(self.apis, self.clocks)) * 2:
            count += 40
            for _ in range(40):
                self.simulations.raised()
            clock.advance(WINDOW + 1)
            path = f"/v1/alerts?status=ACTION_REQUIRED&{mine}"
            self.assertEqual(api.must(200, "GET", path)["count"], 0)
            path = f"/v1/events?type=alert.updated&{mine}"
            self.assertEqual(api.must(200, "GET", path)["count"], count)

    def test_a_retry_is_due_whichever_process_advanced(self):
        for number, (api, clock) in enumerate(zip(self.apis, self.clocks)):
            sender, path = Sender(api, clock.organisation_id), f"/hook{number}"
            endpoint = sender.add_endpoint(self.receiver.url(path))
            self.receiver.trust(endpoint["secret"], path)
            self.receiver.reply_next(Reply(500), path=path)
            sender.raise_lookup()
            sender.ended(endpoint)
            clock.advance(longest(RETRIES[0]))
            self.assertEqual(len(sender.ended(endpoint, 2)["attempts"]), 2)
            sender.update(endpoint, is_paused=True)
        self.assertEqual([one.refusal for one in self.receiver.deliveries], [None] * 4)


class NetworkClockTest(NetworkCase):
    def setUp(self):
        super().setUp()
        self.clock = Clock(self.api, self.customer.world.organisation_id)

    def assert_since(self, start: int, *texts: str):
        """These times are the clock's, from then on."""
        end = self.clock.now()
        for text in texts:
            self.assertTrue(start <= seconds(text) <= end, f"{start} <= {text} <= {end}")

    def raised(self, *customers: Customer, **changes) -> list[dict]:
        """An alert of each, all in one push."""
        alerts = [one.sell()[0].alert(**changes) for one in customers]
        self.push(*alerts)
        return [one.alert(alert["alertId"]) for one, alert in zip(customers, alerts)]

    def state(self, customer: Customer, alert: dict) -> tuple:
        return state_of(customer.alert(alert["alert_network_id"]))

    def test_an_alert_of_the_network_has_its_deadline_in_the_clocks_time(self):
        other = Customer(self.api)
        for one in (self.customer, other):
            one.enrol()
        self.clock.advance(30 * DAY)
        start, told_at = self.clock.now(), int(time.time()) - HOUR
        alert, others = self.raised(self.customer, other, alertTimestamp=text_of(told_at))
        self.assertEqual(state_of(alert), OPEN)
        (heard,) = self.customer.hears("alert.created")
        self.assertEqual(delivery_problems(heard), [])
        self.assert_since(start, heard.event["created_at"], *[alert[one] for one in TIMES])
        deadlines = [seconds(one["action_required_deadline"]) for one in (alert, others)]
        expected = told_at + WINDOW - MARGIN
        self.assertEqual(deadlines, [expected + 30 * DAY, expected])
        self.assertAlmostEqual(seconds(others["created_at"]), time.time(), delta=SLACK)
        self.clock.pass_by(alert["action_required_deadline"], before=SLACK)
        self.assertEqual(self.state(self.customer, alert), OPEN)
        self.clock.pass_by(alert["action_required_deadline"])
        self.assertEqual(self.state(self.customer, alert), ENDED)
        self.assertEqual(self.told(alert["alert_network_id"]), [TOLD])
        self.assertEqual(self.state(other, others), OPEN)

    def test_an_action_in_the_clocks_time_reaches_the_network_at_once(self):
        self.customer.enrol()
        self.clock.advance(30 * DAY)
        (alert,) = self.raised(self.customer)
        self.clock.advance(DAY)
        start = self.clock.now()
        self.assert_since(start, self.customer.act(alert, "REFUND")["updated_at"])
        words = ("RESOLVED", "REFUNDED", "COUNTED", None)
        self.assertEqual(self.told(alert["alert_network_id"]), [words])

    def test_a_duplicate_is_told_what_its_original_was_when_the_clock_passes_the_deadline(self):
        self.customer.enrol()
        self.clock.advance(30 * DAY)
        (sale,) = self.customer.sell()
        alerts = sale.alert(), sale.alert()
        for one in alerts:
            self.push(one)
        self.assertEqual(self.customer.alert(alerts[1]["alertId"])["status"], "INVALID")
        self.clock.advance(WINDOW)
        for one in alerts:
            self.assertEqual(self.told(one["alertId"]), [TOLD])

    def test_the_steps_of_an_enrolment_have_the_clocks_time(self):
        self.clock.advance(30 * DAY)
        start = self.clock.now()
        enrolment = self.customer.becomes(self.customer.ask_to_enrol(), "ENABLED")
        told = self.customer.hears("enrolment.updated", 2)
        self.assertEqual([delivery_problems(one) for one in told], [[], []])
        self.assert_since(start, enrolment["created_at"], enrolment["updated_at"],
                          *[one.event["created_at"] for one in told])  # fmt: skip

    def test_a_case_of_rdr_has_the_clocks_time(self):
        caid = f"C{self.customer.descriptor}"
        body = self.customer.world.enrolment("") | {
            "type": "VERIFI_RDR", "verifi_rdr": {"bin": "424242", "caid": caid},
        }  # fmt: skip
        del body["ethoca_alert"]
        enable_enrolment(self.api, self.api.must(201, "POST", "/v2/enrolments", body)["id"])
        self.clock.advance(30 * DAY)
        start = self.clock.now()
        money = {"amount": "20.00", "currency": "USD"}
        case = {
            "decisionId": caid, "caseId": caid, "caseType": "DISPUTE", "status": "ACCEPTED",
            "caseDate": text_of(time.time()), "acquirerBin": "424242", "cardAcceptorId": caid,
            "transactionAmount": money, "caseAmount": money,
        }  # fmt: skip
        path = "/networks/verifi/rdr/notifications"
        shown = {"Authorization": f"Bearer {TEST_TOKEN}"}
        with Api(self.server.base) as network:
            for status in ("ACCEPTED", "DELETED"):
                answer = network.call("POST", path, case | {"status": status}, **shown)
                self.assertEqual(answer.status, 200, answer.body)
                alert = self.customer.alert(caid)
                self.assert_since(start, *[alert[one] for one in TIMES])
        self.assertEqual(alert["status"], "INVALID")

    def test_a_retry_is_brought_before_a_deadline_in_the_clocks_time(self):
        self.customer.enrol()
        organisation_id = self.customer.world.organisation_id
        words = ("organisation", "settings", organisation_id, "--set", "alert_window=1")
        self.server.command(*words)
        self.clock.advance(30 * DAY)
        sender, path = Sender(self.api, organisation_id), f"/before-{organisation_id}"
        endpoint = sender.add_endpoint(self.receiver.url(path), event_types=["alert.created"])
        self.receiver.trust(endpoint["secret"], path)
        self.receiver.reply_next(*[Reply(500)] * 3, path=path)
        (alert,) = self.raised(self.customer)
        for tries, wait in enumerate(RETRIES[:2], start=1):
            sender.ended(endpoint, tries)
            self.clock.advance(longest(wait))
        sender.ended(endpoint, 3)
        # The fourth try would come half an hour after the third, which is too late.
        self.clock.pass_by(alert["action_required_deadline"], before=MARGIN)
        attempts = sender.ended(endpoint, 4)["attempts"]
        self.assertEqual([one["status_code"] for one in attempts], [500] * 3 + [200])

    def test_alerts_that_come_while_the_clock_is_set_have_the_window_of_their_moment(self):
        self.customer.enrol()
        alerts = [one.alert() for one in self.customer.sell(60)]
        start = self.clock.now()

        def push():
            with Api(self.server.base) as network:
                for begin in range(0, len(alerts), 3):
                    self.assertEqual(push_to(network, *alerts[begin : begin + 3]).status, 200)

        def advance():
            with Api(self.server.base, self.partner.api_key) as api:
                for _ in range(20):
                    Clock(api, self.clock.organisation_id).advance(HOUR)

        at_once(push, advance)
        found = self.customer.alerts()
        self.assertEqual(Counter(map(state_of, found)), {OPEN: len(alerts)})
        self.assert_since(start, *[one["created_at"] for one in found])
        for one in found:
            window = seconds(one["action_required_deadline"]) - seconds(one["created_at"])
            self.assertTrue(WINDOW - MARGIN - MINUTE <= window <= WINDOW - MARGIN, window)
        self.clock.advance(WINDOW)
        self.assertEqual({state_of(one) for one in self.customer.alerts()}, {ENDED})


class NetworkClockOnPostgresTest(OnPostgres, NetworkClockTest):
    pass
