"""Faults whose repair takes the minute of a lease: too slow for `make test`."""

import time
from collections import defaultdict

from parry_outside.api import Api
from parry_outside.cases import FolderCase, OnPostgres, wait_until
from parry_outside.postgres import Cluster
from parry_outside.receiver import Delivery, Reply
from parry_outside.rows import open_rows
from parry_outside.server import Partner, Server
from parry_outside.webhooks import delivery_problems
from parry_outside.world import World, make_world

LEASE_SECONDS = 60
TAKE_OVER_SECONDS_MAX = LEASE_SECONDS + 15
SLOW_SECONDS = 10
EVENTS = 150
MET_SECONDS_MAX = 15


class TakeOverCase(FolderCase):
    """Deliveries that were in flight when something died arrive all the same."""

    def set_up_sender(self, server: Server):
        self.receiver = self.new_receiver()
        self.first = server.start()
        self.partner: Partner = server.create_partner()
        endpoint = server.create_webhook(self.partner.id, self.receiver.url(), ["alert.created"])
        self.receiver.trust(endpoint["secret"])
        with Api(server.base, self.partner.api_key) as api:
            self.world: World = make_world(api)

    def raise_alerts(self, server: Server, count: int) -> set[str]:
        with Api(server.base, self.partner.api_key) as api:
            return {
                api.must(201, "POST", "/v1/simulate/alerts", self.world.alert())["id"]
                for _ in range(count)
            }

    def wait_for_sends_in_flight(self, count: int) -> int:
        """How many the receiver holds without an answer."""
        held = self.receiver.wait_for(lambda all: len(all) >= count, MET_SECONDS_MAX)
        self.assertGreaterEqual(len(held), count, "nothing was in flight")
        return len(held)

    def is_settled(self) -> bool:
        with open_rows(self.database) as rows:
            return set(rows.delivery_states()) == {"DELIVERED"}

    def assert_all_arrived(self, alerts: set[str]) -> dict[str, list[Delivery]]:
        """Every alert's event, repeats under the same key; the deliveries of each event."""
        found = defaultdict(list)
        for one in self.receiver.deliveries:
            self.assertEqual(delivery_problems(one), [])
            found[one.event["data"]["object"]["id"]].append(one)
        self.assertEqual(set(found), alerts)
        for same in found.values():
            self.assertEqual(len({one.idempotency_key for one in same}), 1)
            self.assertEqual(len({one.body for one in same}), 1)
        return found


class KilledProcessTest(OnPostgres, TakeOverCase):
    def options(self) -> list[str]:
        return ["--rate-limit", "0", *self.private_target_options]

    def test_what_a_killed_process_was_sending_is_taken_over_within_the_lease(self):
        self.set_up_sender(self.new_server(*self.options(), name="first"))
        self.receiver.reply_usually(Reply(delay_seconds=SLOW_SECONDS))
        alerts = self.raise_alerts(self.first, EVENTS)
        in_flight = self.wait_for_sends_in_flight(10)
        self.new_server(*self.options(), name="second").start()
        self.receiver.reply_usually(Reply())
        self.first.kill()
        killed = time.monotonic()
        settled = wait_until(self.is_settled, TAKE_OVER_SECONDS_MAX)
        took = time.monotonic() - killed
        self.assertTrue(settled, f"not all was delivered {took:.0f} s after the kill")
        found = self.assert_all_arrived(alerts)
        repeated = [one for one, same in found.items() if len(same) > 1]
        self.assertTrue(repeated, "nothing was taken over: the test has proved nothing")
        print(f"{in_flight} in flight, {len(repeated)} repeated, all settled after {took:.0f} s")

    def test_three_processes_killed_one_after_the_other_lose_nothing(self):
        servers = [self.new_server(*self.options(), name=f"server{n}") for n in range(3)]
        self.set_up_sender(servers[0])
        for server in servers[1:]:
            server.start()
        self.receiver.reply_usually(Reply(delay_seconds=1))
        alerts = set()
        for server in servers[:2]:
            alerts |= self.raise_alerts(server, EVENTS)
            server.kill()
        self.receiver.reply_usually(Reply())
        alerts |= self.raise_alerts(servers[2], EVENTS)
        self.assertTrue(wait_until(self.is_settled, TAKE_OVER_SECONDS_MAX + 10))
        self.assert_all_arrived(alerts)


class DatabaseLostTest(TakeOverCase):
    def test_what_was_in_flight_when_the_database_died_is_settled_afterwards(self):
        cluster = self.enterContext(Cluster()).start()
        self.database = cluster.new_database()
        options = ["--rate-limit", "0", *self.private_target_options]
        self.set_up_sender(self.new_server(*options))
        self.receiver.reply_usually(Reply(delay_seconds=3))
        alerts = self.raise_alerts(self.first, EVENTS)
        self.wait_for_sends_in_flight(10)
        cluster.kill()
        time.sleep(5)
        cluster.start()
        self.receiver.reply_usually(Reply())
        self.assertTrue(wait_until(self.is_settled, TAKE_OVER_SECONDS_MAX + 10))
        self.assert_all_arrived(alerts)
        self.first.stop()
