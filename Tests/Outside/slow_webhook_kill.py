"""SIGKILL in mid-send: every event arrives, and only what was in flight arrives twice.

What a killed process was sending comes again when its lease ends: too slow for `make test`.
"""

import http.client
import itertools
import threading
import time
from collections import defaultdict
from dataclasses import dataclass

from parry_outside.api import Api
from parry_outside.cases import FolderCase, OnPostgres, wait_until
from parry_outside.scripted import EMPTY_ANSWER, Gate, Request, ScriptedReceiver, answer
from parry_outside.sending import DELIVERIES, LOOKUP, Sender
from parry_outside.server import Server
from parry_outside.world import make_customer

LEASE_SECONDS = 45
TAKE_OVER_SECONDS_MAX = LEASE_SECONDS + 15
RESULT_SECONDS = 2
"""An answer may come so long before its result is written."""
CUT_SECONDS = 0.3
"""By then the other side has seen the end of all connections of a process that was killed."""
KILLS = 3
BETWEEN_KILLS_SECONDS = 2.5
PER_SECOND = 25
SLOW_SECONDS = 0.5
PATHS = ("/quick", "/slow", "/held")


@dataclass
class Kill:
    """When the process died, and which connections of the receiver it had."""

    began_at: float
    ended_at: float
    connections: set[int]


class Load(threading.Thread):
    """Raises events at one server, and writes down what it acknowledged and what is in doubt."""

    def __init__(self, server: Server, key: str, organisation_id: str):
        super().__init__(daemon=True)
        self._server, self._key, self._organisation_id = server, key, organisation_id
        self._stopping = threading.Event()
        self.acknowledged: set[str] = set()
        self.in_doubt = 0

    def run(self):
        while not self._stopping.is_set():
            with Api(self._server.base, self._key) as api:
                self._raise_until_it_breaks(Sender(api, self._organisation_id))

    def _raise_until_it_breaks(self, sender: Sender):
        while not self._stopping.wait(1 / PER_SECOND):
            try:
                self.acknowledged.add(sender.raise_lookup())
            except ConnectionRefusedError:
                return
            except (OSError, http.client.HTTPException):
                self.in_doubt += 1
                return

    def stop(self):
        self._stopping.set()
        self.join()


class KilledSendersTest(FolderCase):
    """One server; on the other engine two, of which one is killed at a time."""

    servers_count = 1

    def setUp(self):
        super().setUp()
        self.receiver = self.enterContext(ScriptedReceiver(self.certificates))
        self.servers = [
            self.new_server("--rate-limit", "0", *self.private_target_options, name=f"server{n}")
            for n in range(self.servers_count)
        ]
        for server in self.servers:
            server.start()
        self.key = self.servers[0].create_partner().api_key
        with Api(self.servers[0].base, self.key) as api:
            self.organisation_id = make_customer(api).organisation_id
            sender = Sender(api, self.organisation_id)
            self.endpoints = [sender.add_endpoint(self.receiver.url(path)) for path in PATHS]
        self.gate = Gate()
        self.receiver.play("/held", self.gate)
        self.receiver.play("/slow", self.answer_slowly)
        self.kills: list[Kill] = []

    def answer_slowly(self, connection, request: Request):
        self.receiver.pause(SLOW_SECONDS)
        return answer(EMPTY_ANSWER)(connection, request)

    def test_every_event_arrives_and_only_what_was_in_flight_arrives_twice(self):
        loads = [Load(server, self.key, self.organisation_id) for server in self.servers]
        for load in loads:
            load.start()
        for server in itertools.islice(itertools.cycle(self.servers), KILLS):
            time.sleep(BETWEEN_KILLS_SECONDS)
            self.kill(server)
            server.start()
        time.sleep(BETWEEN_KILLS_SECONDS)
        for load in loads:
            load.stop()
        acknowledged = set().union(*(load.acknowledged for load in loads))
        in_doubt = sum(load.in_doubt for load in loads)
        with Api(self.servers[-1].base, self.key) as api:
            sender = Sender(api, self.organisation_id)
            self.assert_counts(sender, acknowledged, in_doubt)
            self.gate.open(answer(EMPTY_ANSWER))
            settled = wait_until(lambda: self.is_settled(sender), TAKE_OVER_SECONDS_MAX)
            self.assertTrue(settled, "all leases have ended, and not all is delivered")
            self.assert_counts(sender, acknowledged, in_doubt)
        self.assert_all_arrived(acknowledged)
        self.assert_only_what_was_in_flight_came_again(self.tries())

    def kill(self, server: Server):
        """In mid-send: the receiver holds requests of the server without an answer."""
        waiting = self.receiver.requests_to("/held")
        self.assertTrue(waiting, "nothing was in flight")
        began_at = time.monotonic()
        server.kill()
        ended_at = time.monotonic()
        time.sleep(CUT_SECONDS)
        self.kills.append(Kill(began_at, ended_at, self.receiver.cut_since(began_at)))

    def is_settled(self, sender: Sender) -> bool:
        return not any(sender.count(one, "PENDING") for one in self.endpoints)

    def assert_counts(self, sender: Sender, acknowledged: set[str], in_doubt: int):
        """What was accepted is delivered, given up or waits: by the API's own counts."""
        path = f"/v1/events?organisation_id={self.organisation_id}&type={LOOKUP}&limit=1"
        accepted = sender.api.must(200, "GET", path)["count"]
        self.assertGreaterEqual(accepted, len(acknowledged))
        self.assertLessEqual(accepted, len(acknowledged) + in_doubt)
        for endpoint, name in zip(self.endpoints, PATHS):
            with self.subTest(name):
                whole = f"{DELIVERIES}?webhook_endpoint_id={endpoint['id']}&limit=1"
                self.assertEqual(sender.api.must(200, "GET", whole)["count"], accepted)
                # Asked first: what is delivered between this question and the next is no fault.
                waited = sender.count(endpoint, "PENDING")
                states = {
                    state: sender.count(endpoint, state)
                    for state in ("DELIVERED", "FAILED", "PENDING")
                }
                self.assertEqual(states["FAILED"], 0)
                # What ends between the questions is missed by both, and never counted twice.
                self.assertLessEqual(sum(states.values()), accepted, states)
                if not waited:
                    self.assertEqual(states["DELIVERED"], accepted)

    def assert_all_arrived(self, acknowledged: set[str]):
        for path in PATHS:
            arrived = {one.object_id for one in self.receiver.requests_to(path)}
            self.assertEqual(acknowledged - arrived, set(), f"never arrived at {path}")

    def tries(self) -> dict[str, list[Request]]:
        """The requests of each delivery, in order; repeats differ in nothing but the signature."""
        found = defaultdict(list)
        for one in self.receiver.requests_to():
            found[one.idempotency_key].append(one)
        for same in found.values():
            self.assertEqual(len({(one.path, one.body) for one in same}), 1, "repeats differ")
        return found

    def assert_only_what_was_in_flight_came_again(self, tries: dict[str, list[Request]]):
        repeats = 0
        for same in tries.values():
            for first, second in itertools.pairwise(same):
                repeats += 1
                kill = self.kill_that_cut(first)
                self.assertIsNotNone(kill, self.unexplained(first, second))
                late = second.began_at - first.began_at
                self.assertLess(late, TAKE_OVER_SECONDS_MAX, "it came late")
                self.assertGreater(second.began_at, kill.began_at)
        self.assertGreater(repeats, KILLS, "hardly anything was in flight: nothing was proved")
        print(f"{len(tries)} deliveries, {repeats} repeats after {KILLS} kills")

    def unexplained(self, first: Request, second: Request) -> str:
        """A repeat that no kill accounts for; times are seconds from the first kill."""
        start = self.kills[0].began_at
        answered = first.answer_began_at and f"{first.answer_began_at - start:.2f}"
        kills = {
            f"{kill.began_at - start:.2f}": first.connection in kill.connections
            for kill in self.kills
        }
        return (
            f"{first.idempotency_key} to {first.path} came at {first.began_at - start:.2f}, was "
            f"answered at {answered} and came again at {second.began_at - start:.2f}, though no "
            f"kill cut it off; its connection was cut by {kills}"
        )

    def kill_that_cut(self, request: Request) -> Kill | None:
        """The kill at which this was on its way, or its answer not written yet."""
        for kill in self.kills:
            answered_at = request.answer_began_at or float("inf")
            is_open = (
                request.began_at <= kill.ended_at and kill.began_at < answered_at + RESULT_SECONDS
            )
            if is_open and request.connection in kill.connections:
                return kill
        return None


class KilledSendersOnPostgresTest(OnPostgres, KilledSendersTest):
    servers_count = 2
