#!/usr/bin/env python3
"""Kills the server with SIGKILL under load, again and again, and asks for everything afterwards.

Each round: a load of orders, enrolments and alerts; SIGKILL at a random moment; a start on the same
database; then every acknowledged order, enrolment and alert has to be there with its events and
deliveries, and nothing half-written. After the last round every event must have reached the
receiver: delivery is at least once, kills or not.

    python3 Tests/Outside/kill.py --rounds 200 --seed 7
    python3 Tests/Outside/kill.py --engine postgres
"""

import argparse
import os
import random
import sys
import threading
import time

from parry_outside import flow
from parry_outside.api import Api
from parry_outside.certificates import make_certificates
from parry_outside.load import Records, collect, start_load
from parry_outside.postgres import new_database
from parry_outside.receiver import Receiver
from parry_outside.rows import open_rows
from parry_outside.server import Server, temporary_folder
from parry_outside.verify import lost_or_torn
from parry_outside.world import make_world

ROUNDS = 20
LOAD_SECONDS = (0.1, 2.0)
DELIVERY_SECONDS_MAX = 240
PROBLEMS_SHOWN_MAX = 20


def read_arguments() -> argparse.Namespace:
    effort = float(os.environ.get("EFFORT", "1"))
    parser = argparse.ArgumentParser(description="SIGKILL under load, then count what was kept.")
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=max(1, round(ROUNDS * effort)))
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    return parser.parse_args()


class Killing:
    """The server under attack and everything that it has ever acknowledged."""

    def __init__(self, folder, database, seed: int):
        self.seed = seed
        self.chance = random.Random(seed)
        self.all = Records()
        certificates = make_certificates(folder / "tls")
        self.receiver = Receiver(certificates)
        self.server = Server(
            folder,
            "--rate-limit", "0",
            "--allow-private-webhook-targets",
            "--webhook-ca-file", str(certificates.ca),
            database=database,
        )  # fmt: skip
        self.server.start()
        self.partner = self.server.create_partner()
        endpoint = self.server.create_webhook(
            self.partner.id, self.receiver.url(), flow.EVENT_TYPES
        )
        self.receiver.trust(endpoint["secret"])
        with Api(self.server.base, self.partner.api_key) as api:
            self.world = make_world(api)

    def close(self):
        self.server.close()
        self.receiver.close()

    def round(self, number: int) -> list[str]:
        """One kill; returns what is wrong afterwards."""
        load_seconds = self.chance.uniform(*LOAD_SECONDS)
        workers = start_load(
            self.server.base, self.partner.api_key, self.world, f"r{number}", self.seed
        )
        threading.Event().wait(load_seconds)
        self.server.kill()
        records = collect(workers)
        self.all.add(records)
        started = time.monotonic()
        self.server.start()
        recovery = time.monotonic() - started
        problems = records.refusals + lost_or_torn(self.server, self.partner.api_key, records)
        print(
            f"round {number:3}: killed after {load_seconds:.2f} s, back in {recovery:.2f} s, "
            f"{len(records.orders)} orders, {len(records.refunds)} refunds, "
            f"{len(records.tracked)} enrolments and alerts acknowledged: "
            + (f"{len(problems)} WRONG" if problems else "all there"),
            flush=True,
        )
        return problems

    def finish(self) -> list[str]:
        """Everything of every round once more, and every event at the receiver."""
        problems = lost_or_torn(self.server, self.partner.api_key, self.all)
        if not (self.all.orders and self.all.refunds and self.all.tracked):
            problems.append("too little was acknowledged: nothing was proved")
        with open_rows(self.server.database) as rows:
            events = rows.event_ids
        deliveries = self.receiver.wait_for(
            lambda all: len(all) >= len(events) and events <= {one.event_id for one in all},
            DELIVERY_SECONDS_MAX,
        )
        arrived = {one.event_id for one in deliveries}
        problems += [f"event {one} never arrived" for one in sorted(events - arrived)]
        problems += [f"webhook: {one.refusal}" for one in deliveries if one.refusal]
        print(
            f"{len(self.all.orders)} orders and {len(self.all.tracked)} enrolments and alerts "
            f"still there; {len(arrived)} events arrived in {len(deliveries)} deliveries"
        )
        self.server.stop()
        return problems


def main() -> int:
    arguments = read_arguments()
    print(f"{arguments.engine}: {arguments.rounds} rounds, seed {arguments.seed}", flush=True)
    problems: list[str] = []
    with temporary_folder("parry-kill-") as folder:
        database = new_database() if arguments.engine == "postgres" else None
        killing = Killing(folder, database, arguments.seed)
        try:
            for number in range(1, arguments.rounds + 1):
                problems += killing.round(number)
            problems += killing.finish()
        finally:
            killing.close()
    for problem in problems[:PROBLEMS_SHOWN_MAX]:
        print("WRONG:", problem)
    print(f"seed {arguments.seed}: {len(problems)} problems" if problems else "nothing was lost")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
