#!/usr/bin/env python3
"""Kills PostgreSQL under load, and asks for everything afterwards.

Each round, three ways:

- promote: a primary with a synchronous standby, which is promoted;
- behind: the same, but the standby has been away for a moment, so that every COMMIT waits for it;
- restart: a primary alone, which is started again.

Two `parry serve` know all hosts; orders, enrolments and alerts come without pause; SIGKILL to the
whole primary. The processes have to carry on by themselves. Then everything acknowledged has to be
there and nothing twice. A request that was answered 503 or not at all may have happened or not;
orders of this kind are sent again, as a partner would, and have to be there once.

All three ways the numbers of transactions that were under way are given out again: who asks
PostgreSQL what became of such a number may be told about somebody else's transaction.

    python3 Tests/Outside/failover.py --rounds 5 --seed 7 --way restart
"""

import argparse
import contextlib
import os
import random
import sys
import time

from parry_outside import flow
from parry_outside.api import Api
from parry_outside.cases import wait_until
from parry_outside.certificates import make_certificates
from parry_outside.load import Records, collect, start_load
from parry_outside.postgres import Cluster, Standby, with_hosts
from parry_outside.receiver import Receiver
from parry_outside.rows import open_rows
from parry_outside.server import Server, temporary_folder
from parry_outside.verify import lost_or_torn
from parry_outside.world import World, make_world

WAYS = ("promote", "behind", "restart")
ROUNDS = 1
LOAD_SECONDS = (1.0, 4.0)
BLIND_SECONDS = (0.0, 2.0)
"""From the kill to the promotion or start: nobody takes writes."""
BEHIND_SECONDS = 1
CARRY_ON_SECONDS_MAX = 15
LOAD_AFTERWARDS_SECONDS = 3
ANSWER_SECONDS_MAX = 20
DELIVERY_SECONDS_MAX = 120
PROBLEMS_SHOWN_MAX = 20


def read_arguments() -> argparse.Namespace:
    effort = float(os.environ.get("EFFORT", "1"))
    parser = argparse.ArgumentParser(description="Failover under load, then count what was kept.")
    parser.add_argument("--way", choices=("all", *WAYS), default="all")
    parser.add_argument("--rounds", type=int, default=max(1, round(ROUNDS * effort)))
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    return parser.parse_args()


class Platform:
    """Two processes on one or several hosts, and a receiver."""

    def __init__(self, folder, hosts: list[Cluster]):
        certificates = make_certificates(folder / "tls")
        self.receiver = Receiver(certificates)
        made = hosts[0].new_database()
        self.database = made.at(with_hosts(made.url, [host.port for host in hosts]))
        self.servers = [
            Server(
                folder,
                "--rate-limit", "0",
                "--allow-private-webhook-targets",
                "--webhook-ca-file", str(certificates.ca),
                database=self.database,
                name=f"server{number}",
            )
            for number in (1, 2)
        ]  # fmt: skip

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in self.servers:
            server.close()
        self.receiver.close()

    def start(self):
        for server in self.servers:
            server.start()
        first = self.servers[0]
        self.partner = first.create_partner()
        endpoint = first.create_webhook(self.partner.id, self.receiver.url(), flow.EVENT_TYPES)
        self.receiver.trust(endpoint["secret"])
        with Api(first.base, self.partner.api_key) as api:
            self.world: World = make_world(api)

    def load(self, label: str, seed: int) -> list:
        return [
            worker
            for number, server in enumerate(self.servers)
            for worker in start_load(
                server.base, self.partner.api_key, self.world, f"{label}{number}", seed, True
            )
        ]

    def takes_writes(self) -> bool:
        """Every process, by itself."""
        for server in self.servers:
            with Api(server.base, self.partner.api_key) as api:
                try:
                    if api.post("/v1/organisations", {"name": "After"}).status != 201:
                        return False
                except OSError:
                    return False
        return True


def fail_over(platform: Platform, primary: Cluster, way, chance, seed) -> list[str]:
    """One kill under load, then the repair; returns what is wrong afterwards."""
    prepare, repair = way
    workers = platform.load("before", seed)
    time.sleep(chance.uniform(*LOAD_SECONDS))
    prepare()
    primary.kill()
    killed = time.monotonic()
    time.sleep(chance.uniform(*BLIND_SECONDS))
    repair()
    repaired = time.monotonic()
    carries_on = wait_until(platform.takes_writes, CARRY_ON_SECONDS_MAX)
    print(
        f"    repaired {repaired - killed:.1f} s after the kill, "
        f"writes again {time.monotonic() - repaired:.1f} s later",
        flush=True,
    )
    time.sleep(LOAD_AFTERWARDS_SECONDS)
    records = collect(workers)
    if not carries_on:
        return [f"no writes {CARRY_ON_SECONDS_MAX} s after the repair"]
    return judge(platform, records)


def lose(standby: Standby):
    """Before the kill and after it."""

    def prepare():
        standby.kill()
        time.sleep(BEHIND_SECONDS)

    def repair():
        standby.resume()
        standby.promote()

    return prepare, repair


def judge(platform: Platform, records: Records) -> list[str]:
    print(
        f"    {len(records.orders)} orders, {len(records.refunds)} refunds, "
        f"{len(records.tracked)} enrolments and alerts acknowledged, {records.interruptions} "
        f"requests interrupted, slowest answer {records.seconds_max:.1f} s",
        flush=True,
    )
    problems = list(records.refusals)
    if records.seconds_max > ANSWER_SECONDS_MAX:
        problems.append(f"an answer took {records.seconds_max:.1f} s")
    if not (records.orders and records.refunds and records.tracked):
        problems.append("too little happened: nothing was proved")
    for server in platform.servers:
        problems += lost_or_torn(server, platform.partner.api_key, records)
    problems += settle_orders(platform, records)
    problems += undelivered(platform)
    return problems


def settle_orders(platform: Platform, records: Records) -> list[str]:
    """Sends again what nobody answered: it is new or known, and then there once."""
    problems, known = [], 0
    server = platform.servers[0]
    with Api(server.base, platform.partner.api_key) as api:
        for reference in sorted(records.unsettled):
            answer = api.post("/v1/orders", [platform.world.order(reference)])
            document = answer.json()
            codes = [error["code"] for error in document.get("errors", [])]
            if answer.status >= 300 or codes not in ([], ["DUPLICATE_ORDER"]):
                problems.append(f"order {reference}, sent again: {answer.status} {codes}")
            known += codes == ["DUPLICATE_ORDER"]
            page = api.must(200, "GET", f"/v1/orders?reference_id={reference}")
            if page["count"] != 1:
                problems.append(f"order {reference}, sent again, is there {page['count']} times")
    print(f"    of {len(records.unsettled)} orders without an answer {known} were there")
    return problems


def undelivered(platform: Platform) -> list[str]:
    with open_rows(platform.database) as rows:
        events = rows.event_ids
    deliveries = platform.receiver.wait_for(
        lambda all: len(all) >= len(events) and events <= {one.event_id for one in all},
        DELIVERY_SECONDS_MAX,
    )
    arrived = {one.event_id for one in deliveries}
    print(f"    {len(arrived)} events arrived in {len(deliveries)} deliveries", flush=True)
    problems = [f"event {one} never arrived" for one in sorted(events - arrived)]
    problems += [f"event {one} arrived but is not there" for one in sorted(arrived - events)]
    return problems + [f"webhook: {one.refusal}" for one in deliveries if one.refusal]


def run_round(number: int, seed: int, way: str) -> list[str]:
    print(f"round {number}: {way}", flush=True)
    chance = random.Random(f"{seed} {number} {way}")
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(temporary_folder("parry-failover-"))
        primary = stack.enter_context(Cluster()).start()
        hosts, actions = [primary], (lambda: None, primary.start)
        if way != "restart":
            standby = stack.enter_context(Standby(primary)).start()
            hosts.append(standby)
            actions = (lambda: None, standby.promote) if way == "promote" else lose(standby)
        platform = stack.enter_context(Platform(folder, hosts))
        platform.start()
        problems = fail_over(platform, primary, actions, chance, seed)
        for server in platform.servers:
            server.stop()
        return problems


def main() -> int:
    arguments = read_arguments()
    print(f"{arguments.rounds} rounds, seed {arguments.seed}", flush=True)
    problems: list[str] = []
    ways = WAYS if arguments.way == "all" else (arguments.way,)
    for number in range(1, arguments.rounds + 1):
        for way in ways:
            problems += run_round(number, arguments.seed, way)
    for problem in problems[:PROBLEMS_SHOWN_MAX]:
        print("WRONG:", problem)
    print(f"seed {arguments.seed}: {len(problems)} problems" if problems else "nothing was lost")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
