"""Delivering webhooks from one PostgreSQL by several processes: how fast, and with how many
statements.

The deliveries are made by SQL in the shape that parry gave to a real one, spread over the slots of
many customers, and become due all at once, when every process is ready.
"""

import contextlib
import random
import re
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import chain, cycle

from parry_outside.api import Api
from parry_outside.certificates import Certificates, make_certificates
from parry_outside.postgres import Database
from parry_outside.server import Server, wait_until

from .bench import Bench
from .figures import BenchError, Figure, Target, median
from .ids import SLOT_MAX, id_like
from .machine import cpu_use
from .postgres import DURABLE, Platform, one_row, open_platform
from .receiver import Arrivals, Receiver
from .webhooks import EVENT, IN_FLIGHT, delivery_like, event_like

PROCESSES = (1, 2, 3)
SLOTS = 64
"""Customers whose deliveries wait."""
LEAD_SECONDS = 6
"""Within these the backlog is made and the processes start."""
RECORD_SECONDS_MAX = 20
STATEMENTS_PROCESSES = 2
STATEMENTS_MAX = 6
TRICKLE_EVENTS = 100
TRICKLE_PAUSE_SECONDS = 0.05
WAKE = "NOTIFY parry_wake"
STATES = """
/* bench */ SELECT state, count(*), (SELECT count(*) FROM delivery_attempt),
    (SELECT count(*) FROM delivery) FROM delivery_ended GROUP BY state
"""
LOGGING = {
    "log_statement": "all",
    "log_parameter_max_length": "0",
    "log_line_prefix": "bench %d %c %v ",
}
"""A log instead of pg_stat_statements, whose version 15 counts a prepared BEGIN or COMMIT once."""
STATEMENT = re.compile(r"^bench (\w+) (\S+ \S+) LOG:  (?:statement|execute [^:]*): (.*)$")
"""Database, session and transaction, and a statement's first line; the others begin with a tab."""
MAKES_EVENTS = "INSERT INTO event"
DELIVERS = re.compile(r"\b(delivery|delivery_ended|delivery_attempt|pg_notify)\b")
PLACES = re.compile(r"\$\d+(?:, \$\d+)*")
QUERY_CHARACTERS = 100


@dataclass(frozen=True)
class Sample:
    """The rows of one real event and its delivery."""

    event: dict
    ended: dict

    def rows(self, due: int, slot: int) -> tuple[dict, dict]:
        """Another event of a slot with a delivery that waits."""
        moment = time.time_ns() // 1_000_000
        of_slot = self.event | {"slot": slot}
        event = event_like(of_slot, id_like(self.event["id"], moment, slot), moment)
        delivery = delivery_like(self.ended, id_like(self.ended["id"], moment, slot), event, due)
        return event, delivery


@dataclass
class Field:
    """What all runs of a measurement share."""

    bench: Bench
    platform: Platform
    certificates: Certificates
    receiver: Receiver
    sample: Sample | None = None
    slots: list[int] = field(
        default_factory=lambda: random.sample(range(SLOT_MAX + 1), SLOTS)
    )

    def server(self, database: Database, name: str) -> Server:
        return self.platform.server(
            database, "--allow-private-webhook-targets",
            "--webhook-ca-file", str(self.certificates.ca), name=name,
        )  # fmt: skip

    @contextlib.contextmanager
    def servers(self, database: Database, count: int):
        with contextlib.ExitStack() as stack:
            servers = [
                stack.enter_context(self.server(database, f"server-{number}"))
                for number in range(count)
            ]
            for server in servers:
                server.spawn()
            for server in servers:
                server.wait_until_ready()
            yield servers
            for server in servers:
                server.stop()

    def make_backlog(self, database: Database, count: int) -> float:
        """Events and deliveries; returns the moment when they are due."""
        due = time.time() + LEAD_SECONDS
        # Due one after another, but all within a moment.
        rows = [
            self.sample.rows(int(due * 1000) - count // 1000 + index // 1000, slot)
            for index, slot in enumerate(random.choices(self.slots, k=count))
        ]
        events, deliveries = zip(*rows)
        database.sql(copy_text("event", events) + copy_text("delivery", deliveries) + "ANALYZE")
        self.platform.cluster.settle()
        return due


def copy_text(table: str, rows) -> str:
    """COPY and its lines, as psql reads them."""
    lines = [f"COPY {table} ({', '.join(rows[0])}) FROM STDIN;"]
    lines += ["\t".join(map(copy_value, row.values())) for row in rows]
    return "\n".join([*lines, "\\.", ""])


def copy_value(value) -> str:
    if value is None:
        return "\\N"
    text = str(value).replace("\\", "\\\\")
    return text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


@contextlib.contextmanager
def open_field(bench: Bench, name: str, **settings: str):
    with open_platform(bench, name, **settings) as platform:
        folder = platform.folder
        certificates = make_certificates(folder / "certificates")
        with Receiver(folder / "receiver", certificates) as receiver:
            made = Field(bench, platform, certificates, receiver)
            made.server(platform.empty, "command").create_webhook(
                platform.partner.id, receiver.url, [EVENT]
            )
            with platform.cluster.copy_of(platform.empty) as database:
                made.sample = take_sample(made, database)
            yield made


def take_sample(made: Field, database: Database) -> Sample:
    """One real alert, delivered."""
    made.receiver.forget()
    with made.servers(database, 1) as (server,):
        with Api(server.base, made.platform.partner.api_key) as api:
            api.must(201, "POST", "/v1/simulate/alerts", made.platform.world.alert())
        made.receiver.wait(1)
        await_recorded(database, 1)
    ended = one_row(database, "delivery_ended")
    event = one_row(database, f"event WHERE id = '{ended['event_id']}'")
    if event["id"] not in event["body"]:
        raise BenchError("an event's body has not the event's id")
    return Sample(event, ended)


def await_recorded(database: Database, count: int):
    """Waits for the results of the last sends, which are written after they arrived."""
    wanted = [["DELIVERED", str(count), str(count), "0"]]
    if not wait_until(lambda: database.sql(STATES) == wanted, RECORD_SECONDS_MAX):
        raise BenchError(f"{count} webhooks arrived, recorded are {database.sql(STATES)}")


def send_backlog(made: Field, database: Database, due: float) -> Arrivals:
    """From the moment when all is due until all is recorded."""
    left = due - time.time()
    if left < 0:
        raise BenchError(f"the processes were not ready within {LEAD_SECONDS} s")
    made.receiver.forget()
    time.sleep(left + 0.01)
    database.sql(WAKE)
    arrivals = made.receiver.wait(made.bench.effort.postgres_webhooks)
    await_recorded(database, arrivals.count)
    return arrivals


def deliveries(bench: Bench):
    """pg-deliveries"""
    found: dict[int, list[Arrivals]] = {count: [] for count in PROCESSES}
    cpu: dict[int, list[dict]] = {count: [] for count in PROCESSES}
    with open_field(bench, "pg-deliveries") as made:
        for _ in range(bench.turns):
            for count in PROCESSES:
                arrivals, use = run_dispatchers(made, count)
                found[count].append(arrivals)
                cpu[count].append(use)
    one = median(arrivals.per_second for arrivals in found[1])
    for count in PROCESSES:
        yield figure_of(bench, count, found[count], cpu[count], one)


def run_dispatchers(made: Field, count: int) -> tuple[Arrivals, dict]:
    cluster = made.platform.cluster
    with cluster.copy_of(made.platform.empty) as database:
        due = made.make_backlog(database, made.bench.effort.postgres_webhooks)
        with made.servers(database, count) as servers:
            pids = [server.process.pid for server in servers]
            tools = made.receiver.processes
            with cpu_use(*pids, tools=tools, database=cluster.process) as use:
                arrivals = send_backlog(made, database, due)
    return arrivals, use.found


def figure_of(
    bench: Bench, count: int, found: list[Arrivals], cpu: list[dict], one: float
) -> Figure:
    return Figure(
        name=f"PostgreSQL: webhooks, {count} {'process' if count == 1 else 'processes'}",
        what=(
            f"{bench.effort.postgres_webhooks:,} deliveries of {SLOTS} customers to one endpoint,"
            f" due at once, claimed, signed, sent over TLS to nginx that answers 204, and recorded"
            f" ({DURABLE}) by {count} parry serve, {IN_FLIGHT} in flight in each; from the first"
            f" arrival to the last, each exactly once. PostgreSQL, nginx and all processes share the"
            f" processors"
        ),
        value=median(arrivals.per_second for arrivals in found),
        unit="webhooks/s",
        raw=one if count > 1 else None,
        raw_what="the same with one process" if count > 1 else "",
        details={"runs": [round(arrivals.per_second) for arrivals in found], "cpu": cpu},
    )


class StatementLog:
    """What the server's log says about delivering since this was made: the statements of the
    transactions that concern deliveries and make no events, and hints to other processes."""

    def __init__(self, made: Field, database: Database):
        self._path = made.platform.cluster.log
        self._start = self._path.stat().st_size
        self._database = database.url.rsplit("/", 1)[1]

    def counts(self) -> Counter:
        """How often which statement came."""
        transactions = defaultdict(list)
        with open(self._path, errors="replace") as log:
            log.seek(self._start)
            for match in map(STATEMENT.match, logged(log)):
                if match and match[1] == self._database:
                    transactions[match[2]].append(PLACES.sub("…", match[3]))
        found = chain.from_iterable(filter(delivers, transactions.values()))
        return Counter(text[:QUERY_CHARACTERS].strip() for text in found)


def logged(lines):
    """What the server logged, each entry as one line."""
    entry = ""
    for line in lines:
        if line.startswith("\t"):
            entry += " " + line.strip()
        else:
            yield entry
            entry = line.rstrip("\n")
    yield entry


def delivers(transaction: list[str]) -> bool:
    return any(map(DELIVERS.search, transaction)) and not any(
        MAKES_EVENTS in text or text.startswith("/* bench */") for text in transaction
    )


def statements(bench: Bench):
    """pg-statements"""
    with open_field(bench, "pg-statements", **LOGGING) as made:
        for measure in (count_for_backlog, count_for_trickle):
            with made.platform.cluster.copy_of(made.platform.empty) as database:
                yield measure(made, database)


def statements_figure(name: str, what: str, count: int, said: Counter) -> Figure:
    return Figure(
        name=f"PostgreSQL: statements per webhook, {name}",
        what=(
            f"statements of {STATEMENTS_PROCESSES} parry serve in PostgreSQL's log for each of"
            f" {count:,} webhooks {what}: BEGIN, COMMIT, looks into an empty queue and hints"
            f" included, making the events not"
        ),
        value=said.total() / count,
        unit="statements",
        target=Target.at_most(STATEMENTS_MAX, ""),
        details={"statements": said.total(), "most": said.most_common(15)},
    )


def count_for_backlog(made: Field, database: Database) -> Figure:
    count = made.bench.effort.postgres_webhooks
    due = made.make_backlog(database, count)
    with made.servers(database, STATEMENTS_PROCESSES):
        log = StatementLog(made, database)
        send_backlog(made, database, due)
    said = log.counts()
    what = f"that were due at once, of {SLOTS} customers"
    return statements_figure("all due at once", what, count, said)


def count_for_trickle(made: Field, database: Database) -> Figure:
    """Nothing to amortise: each event comes by itself, to each process in turn."""
    made.receiver.forget()
    with made.servers(database, STATEMENTS_PROCESSES) as servers, contextlib.ExitStack() as stack:
        key = made.platform.partner.api_key
        apis = [stack.enter_context(Api(server.base, key)) for server in servers]
        log = StatementLog(made, database)
        for api, _ in zip(cycle(apis), range(TRICKLE_EVENTS)):
            api.must(201, "POST", "/v1/simulate/alerts", made.platform.world.alert())
            time.sleep(TRICKLE_PAUSE_SECONDS)
        made.receiver.wait(TRICKLE_EVENTS)
        await_recorded(database, TRICKLE_EVENTS)
    said = log.counts()
    what = f"of alerts simulated one by one, at most {1 / TRICKLE_PAUSE_SECONDS:.0f} a second"
    return statements_figure("one by one", what, TRICKLE_EVENTS, said)
