"""Receivers that hang or fail slow down nobody else, and lose nothing of their own."""

import itertools
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from parry_outside.cases import FolderCase, OnPostgres, wait_until
from parry_outside.measure import Ledger, percentile
from parry_outside.scripted import EMPTY_ANSWER, Gate, ScriptedReceiver, answer, response
from parry_outside.sending import ENDPOINTS_MAX, SENT_SECONDS_MAX, Sender
from parry_outside.world import make_customer

GOOD_EVENTS = 100
GOOD_PER_SECOND = 20
BAD_SHARE = 9
"""Events of the partner whose endpoints hang, for each of the other's."""
BAD_ENDPOINTS = 10
BAD_SHARE_MIN = 0.9
HEAD_START = 200
NOISE_SECONDS = 0.02
SENDS_PER_TENANT_MAX = 32
SENDS_TO_NEW_ENDPOINT_MAX = 4
FIRST_SENDS_PER_TENANT_MAX = 16
"""To new endpoints, beyond what a tenant may have to those."""
RECOVERY_SECONDS_MAX = 15

LOOKED_AT_ONCE = 256
"""Endpoints that one claim looks at: `Limits.endpointsLookedAtMax`."""
NEW_ORGANISATIONS = 6
NEW_SECONDS_MAX = 2
IDLE_SECONDS = 3

BREAKER_EVENTS = 60
BREAKER_FAILURES = 20


def add_endpoints(sender: Sender, url: Callable[[int], str]) -> list[dict]:
    """As many as an organisation may have."""
    return [sender.add_endpoint(url(number)) for number in range(ENDPOINTS_MAX)]


def p99(latencies: list[float]) -> float:
    return percentile(latencies, 0.99)


class FairnessCase(FolderCase):
    def setUp(self):
        super().setUp()
        self.server = self.new_server("--rate-limit", "0", *self.private_target_options).start()

    def new_receiver(self) -> ScriptedReceiver:
        return self.enterContext(ScriptedReceiver(self.certificates))

    def new_key(self) -> str:
        return self.server.create_partner().api_key

    def new_sender(self, key: str) -> Sender:
        """A customer of the partner with this key, and a connection of its own."""
        api = self.new_api(self.server, key)
        return Sender(api, make_customer(api).organisation_id)


class HangingReceiversTest(FairnessCase):
    def setUp(self):
        super().setUp()
        self.good, self.bad = self.new_receiver(), self.new_receiver()
        self.sender = self.new_sender(self.new_key())
        self.sender.add_endpoint(self.good.url("/good"))
        self.set_up_bad_endpoints()

    def set_up_bad_endpoints(self):
        """Each in an organisation of its own: an event is one delivery, as the other's are."""
        key = self.new_key()
        self.bad_senders = [self.new_sender(key) for _ in range(BAD_ENDPOINTS)]
        self.gates = [Gate() for _ in range(BAD_ENDPOINTS)]
        self.bad_endpoints = []
        for number, (sender, gate) in enumerate(zip(self.bad_senders, self.gates)):
            self.bad.play(f"/bad/{number}", gate)
            self.bad_endpoints.append(sender.add_endpoint(self.bad.url(f"/bad/{number}")))

    def raise_bad(self, ledgers: list[Ledger], enough: threading.Event):
        """In turn for each endpoint, until it is enough."""
        start = time.monotonic()
        for number, ledger in enumerate(itertools.cycle(ledgers)):
            beat = start + number / (BAD_SHARE * GOOD_PER_SECOND)
            if enough.wait(max(0.0, beat - time.monotonic())):
                return
            ledger.raise_lookup()

    def connect(self):
        """The first event pays for the look-up and the handshake."""
        self.sender.raise_lookup()
        self.good.wait_for(1, SENT_SECONDS_MAX)

    def good_run(self) -> list[float]:
        """The latencies of a run of good events, of which each must have come once."""
        ledger = Ledger(self.sender)
        ledger.raise_steadily(GOOD_EVENTS, GOOD_PER_SECOND)
        wait_until(lambda: not ledger.missing(self.good), SENT_SECONDS_MAX)
        self.assertEqual(ledger.missing(self.good), set(), "these never came")
        return ledger.latencies(self.good)

    def test_a_partner_whose_endpoints_hang_slows_down_no_other_and_loses_nothing(self):
        self.connect()
        undisturbed = self.good_run()
        ledgers = [Ledger(sender) for sender in self.bad_senders]
        for ledger in itertools.islice(itertools.cycle(ledgers), HEAD_START):
            ledger.raise_lookup()
        held = self.bad.wait_for(SENDS_PER_TENANT_MAX, SENT_SECONDS_MAX)
        self.assertGreaterEqual(len(held), SENDS_PER_TENANT_MAX, "they do not hang enough")
        first_held_at = min(one.began_at for one in held)
        enough = threading.Event()
        traffic = threading.Thread(target=self.raise_bad, args=(ledgers, enough))
        traffic.start()
        disturbed = self.good_run()
        enough.set()
        traffic.join()
        held = self.bad.requests_to()
        self.assertLess(time.monotonic() - first_held_at, 20, "they were given up meanwhile")
        self.assert_caps(held)
        bad = sum(len(ledger.committed) for ledger in ledgers)
        self.assertGreater(bad / (bad + GOOD_EVENTS), BAD_SHARE_MIN, "they had too little traffic")
        self.recover()
        for number, ledger in enumerate(ledgers):
            with self.subTest(f"endpoint {number} of those that hung"):
                wait_until(lambda: not ledger.missing(self.bad), RECOVERY_SECONDS_MAX)  # noqa: B023
                self.assertEqual(ledger.missing(self.bad), set(), "these never came")
        self.assert_delivered(ledgers)
        # What else the machine does is seen by a run before and one behind.
        self.assert_not_slower(max(undisturbed, self.good_run(), key=p99), disturbed)
        self.assert_good_events_came_once(1 + 3 * GOOD_EVENTS)

    def assert_caps(self, held: list):
        """Nothing was answered: what came is what is in flight."""
        self.assertEqual(len(held), SENDS_PER_TENANT_MAX)
        for path, count in Counter(one.path for one in held).items():
            self.assertLessEqual(count, SENDS_TO_NEW_ENDPOINT_MAX, path)

    def assert_good_events_came_once(self, count: int):
        requests = self.good.requests_to("/good")
        self.assertEqual(len(requests), count)
        self.assertEqual(len({one.object_id for one in requests}), count)
        self.assertEqual(len({one.idempotency_key for one in requests}), count)

    def assert_not_slower(self, undisturbed: list[float], disturbed: list[float]):
        before, after = p99(undisturbed), p99(disturbed)
        print(
            f"from commit to first byte: undisturbed p50 {percentile(undisturbed, 0.5):.4f} s, "
            f"p99 {before:.4f} s; disturbed p50 {percentile(disturbed, 0.5):.4f} s, "
            f"p99 {after:.4f} s"
        )
        self.assertLessEqual(after, 2 * before + NOISE_SECONDS)

    def recover(self):
        """Half of them answer what they hold, the others hang up on it and answer what follows."""
        for number, gate in enumerate(self.gates):
            if number % 2:
                self.bad.play(f"/bad/{number}", answer(EMPTY_ANSWER))
                gate.open(lambda *_: False)
            else:
                gate.open(answer(EMPTY_ANSWER))
        self.wait_until_failures_are_written()
        for sender, endpoint in zip(self.bad_senders, self.bad_endpoints):
            sender.bring_retries_forward(endpoint)

    def wait_until_failures_are_written(self):
        hung_up = [
            one.idempotency_key
            for one in self.bad.requests_to()
            if int(one.path.split("/")[-1]) % 2
        ]
        self.assertTrue(hung_up)
        for one in set(hung_up):
            self.bad_senders[0].attempts_of(one)

    def assert_delivered(self, ledgers: list[Ledger]):
        """By the API's own counts."""
        for sender, endpoint, ledger in zip(self.bad_senders, self.bad_endpoints, ledgers):
            wait_until(
                lambda: not sender.count(endpoint, "PENDING"), RECOVERY_SECONDS_MAX  # noqa: B023
            )
            self.assertEqual(sender.count(endpoint, "DELIVERED"), len(ledger.committed))


class NewEndpointsTest(FairnessCase):
    """A partner whose hundreds of endpoints nobody has sent to yet, and which all hang."""

    def setUp(self):
        super().setUp()
        self.good, self.bad = self.new_receiver(), self.new_receiver()
        key = self.new_key()
        self.bad_senders = [self.new_sender(key) for _ in range(NEW_ORGANISATIONS)]
        self.gate = Gate()
        for number, sender in enumerate(self.bad_senders):
            add_endpoints(sender, partial(self.bad_url, number))

    def bad_url(self, organisation: int, number: int) -> str:
        path = f"/new/{organisation}/{number}"
        self.bad.play(path, self.gate)
        return self.bad.url(path)

    def seconds_of_first(self) -> float:
        """From the commit of an event to its arrival at an endpoint that nobody has sent to yet."""
        sender = self.new_sender(self.new_key())
        path = f"/first/{sender.organisation_id}"
        sender.add_endpoint(self.good.url(path))
        start = time.monotonic()
        sender.raise_lookup()
        (first,) = self.good.wait_for(1, SENT_SECONDS_MAX, path)
        return first.began_at - start

    def test_hundreds_of_new_endpoints_that_hang_hold_up_no_other_partner(self):
        self.seconds_of_first()
        for sender in self.bad_senders:
            sender.raise_lookup()
        places = SENDS_PER_TENANT_MAX + FIRST_SENDS_PER_TENANT_MAX
        held = self.bad.wait_for(places, SENT_SECONDS_MAX)
        firsts = [self.seconds_of_first() for _ in range(10)]
        self.assertEqual(len(self.bad.requests_to()), len(held), "they have more than their places")
        self.assertEqual(len(held), places)
        self.assertLess(max(firsts), NEW_SECONDS_MAX)
        # The first were given up, and the next ones hang.
        later = self.bad.wait_for(places + 1, 2 * SENT_SECONDS_MAX)
        self.assertGreater(len(later), places)
        firsts += [self.seconds_of_first() for _ in range(10)]
        self.assertLess(max(firsts), NEW_SECONDS_MAX)
        print(f"first sends to new endpoints of others: at most {max(firsts):.4f} s")
        self.gate.open(answer(EMPTY_ANSWER))


class BreakerCase(FairnessCase):
    """One endpoint that answers 500."""

    def setUp(self):
        super().setUp()
        self.receiver = self.new_receiver()
        self.receiver.play("/bad", answer(response(500)))
        self.sender = self.new_sender(self.new_key())
        self.endpoint = self.sender.add_endpoint(self.receiver.url("/bad"))

    def raise_waiting(self, count: int):
        self.sender.update(self.endpoint, is_paused=True)
        for _ in range(count):
            self.sender.raise_lookup()
        self.sender.update(self.endpoint, is_paused=False)


class BreakerTest(BreakerCase):
    def test_an_endpoint_that_fails_again_and_again_is_left_alone_and_uses_up_no_tries(self):
        self.raise_waiting(BREAKER_EVENTS)
        self.receiver.wait_for(BREAKER_FAILURES, SENT_SECONDS_MAX)
        time.sleep(1)
        sent = self.receiver.requests_to("/bad")
        self.assertGreaterEqual(len(sent), BREAKER_FAILURES)
        self.assertLessEqual(len(sent), BREAKER_FAILURES + SENDS_TO_NEW_ENDPOINT_MAX)
        time.sleep(2)
        self.assertEqual(len(self.receiver.requests_to("/bad")), len(sent), "sends did not stop")
        tried = {one.idempotency_key for one in sent}
        self.assertEqual(len(tried), len(sent), "one was tried twice")
        deliveries = self.sender.deliveries_to(self.endpoint)
        self.assertEqual(len(deliveries), BREAKER_EVENTS)
        for one in deliveries:
            self.assertEqual(one["state"], "PENDING")
            self.assertEqual(one["attempt_count"], int(one["id"] in tried))
        print(f"{len(sent)} sends before the breaker opened")

    def test_an_open_breaker_holds_up_no_other_endpoint_of_the_same_host(self):
        other = self.sender.add_endpoint(self.receiver.url("/good"))
        self.raise_waiting(BREAKER_EVENTS)
        good = self.receiver.wait_for(BREAKER_EVENTS, SENT_SECONDS_MAX, "/good")
        self.assertEqual(len(good), BREAKER_EVENTS)
        started = time.monotonic()
        self.sender.raise_lookup()
        good = self.receiver.wait_for(BREAKER_EVENTS + 1, SENT_SECONDS_MAX, "/good")
        self.assertEqual(len(good), BREAKER_EVENTS + 1)
        self.assertLess(good[-1].began_at - started, 1)
        self.assertTrue(wait_until(lambda: not self.sender.count(other, "PENDING"), 5))

    def test_failures_with_successes_between_them_open_no_breaker(self):
        def every_third(connection, request):
            status = 200 if request.number % 3 == 0 else 500
            return answer(response(status))(connection, request)

        self.receiver.play("/bad", every_third)
        for _ in range(BREAKER_EVENTS):
            self.sender.raise_lookup()
        sent = self.receiver.wait_for(BREAKER_EVENTS, SENT_SECONDS_MAX, "/bad")
        self.assertEqual(len({one.idempotency_key for one in sent}), BREAKER_EVENTS)


class BreakerOnPostgresTest(OnPostgres, BreakerTest):
    """The same on the other engine, which claims what is due in another way."""


class ManyEndpointsTest(FairnessCase):
    """More endpoints than one claim looks at have something that waits for its next try."""

    def processor_seconds(self) -> float:
        stat = Path(f"/proc/{self.server.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")

    def test_they_cost_next_to_nothing_while_they_wait(self):
        key = self.new_key()
        endpoints = []
        for _ in range(0, LOOKED_AT_ONCE + 1, ENDPOINTS_MAX):
            sender = self.new_sender(key)
            endpoints += add_endpoints(sender, lambda number: f"https://nobody.invalid/{number}")
            sender.raise_lookup()
        for endpoint in endpoints:
            sender.ended(endpoint)
        before = self.processor_seconds()
        time.sleep(IDLE_SECONDS)
        self.assertLess(self.processor_seconds() - before, IDLE_SECONDS / 5)
