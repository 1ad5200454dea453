"""PostgreSQL for one measurement: a server of its own, and databases that start from the same state.

The server is durable and the same for parry and for the raw program. Its settings are the defaults
but for memory and the size of its log, so that checkpoints do not decide the outcome.
"""

import base64
import contextlib
import itertools
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from parry_outside.api import Api
from parry_outside.postgres import SCRIPT, Database, sql, with_name
from parry_outside.server import ParryError, Partner, Server
from parry_outside.world import World, make_world

from .bench import Bench
from .figures import BenchError
from .sample import MARKS, OPTIONS, check_marks_in, fill, order_text

SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "min_wal_size": "1GB",
}
LOG_SEGMENTS = 64
"""Files of 16 MiB, `min_wal_size` together: whoever came first would have to make them."""
DURABLE = "fsync on, synchronous_commit on"
ORDERS = 'SELECT (SELECT count(*) FROM "order"), (SELECT count(*) FROM order_transaction)'
SHAPE = """
WITH o AS (SELECT * FROM "order" WHERE reference_id >= '{reference}' ORDER BY reference_id LIMIT 1)
SELECT place, name, json_typeof(value), length(value #>> '{{}}') FROM (
    SELECT 1, name, value FROM o, json_each(row_to_json(o)) AS j (name, value)
    UNION ALL
    SELECT 2, name, value FROM o JOIN order_transaction t ON t.order_id = o.id AND t.slot = o.slot,
        json_each(row_to_json(t)) AS j (name, value)
) AS found (place, name, value)
"""


class Cluster:
    """A PostgreSQL in a folder of the measurement, gone with it."""

    def __init__(self, folder: Path, **settings: str):
        self._folder = folder
        self._settings = SETTINGS | settings
        self._numbers = itertools.count(1)
        self.url = ""

    def __enter__(self):
        # Its programs run as another user, who has to reach the folder.
        for place in (self._folder.parent, self._folder.parent.parent):
            place.chmod(place.stat().st_mode | 0o011)
        words = [("--set", f"{name}={value}") for name, value in self._settings.items()]
        try:
            self.url = self._script("start", *itertools.chain(*words))
            self._make_log()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if (self._folder / "data").exists():
            self._script("stop")

    @property
    def process(self) -> int:
        """The postmaster, whose children are all that the server does."""
        return int((self._folder / "data" / "postmaster.pid").read_text().split()[0])

    @property
    def log(self) -> Path:
        return self._folder / "log"

    @property
    def data(self) -> Path:
        return self._folder / "data"

    def restart(self):
        """Nobody may be connected; the settings stay."""
        self._script("stop")
        self._script("start")

    @contextlib.contextmanager
    def copy_of(self, database: Database):
        """A database like this one, which nobody may have open."""
        copy = database.at(with_name(self.url, f"copy_{next(self._numbers)}"))
        names = (copy.url.rsplit("/", 1)[1], database.url.rsplit("/", 1)[1])
        sql(self._maintenance, "CREATE DATABASE {} TEMPLATE {}".format(*names))
        try:
            yield copy
        finally:
            sql(self._maintenance, f"DROP DATABASE {names[0]} WITH (FORCE)")

    def settle(self):
        """What was written before is on the disk, so that no checkpoint has to write it later."""
        sql(self._maintenance, "CHECKPOINT")
        os.sync()

    def _make_log(self):
        """Files for the write-ahead log, which checkpoints then use again and again."""
        segment = "SELECT pg_logical_emit_message(false, 'bench', ''); SELECT pg_switch_wal();"
        sql(self._maintenance, segment * LOG_SEGMENTS + "CHECKPOINT")

    @property
    def _maintenance(self) -> str:
        return with_name(self.url, "postgres")

    def _script(self, command: str, *words: str) -> str:
        done = subprocess.run(
            [SCRIPT, command, self._folder, *words], capture_output=True, text=True
        )
        if done.returncode:
            raise BenchError(done.stderr.strip())
        return done.stdout.strip()


@dataclass(frozen=True)
class Platform:
    """What stands before anything is measured: one TEST partner with one customer, no orders."""

    cluster: Cluster
    folder: Path
    empty: Database
    """Migrated by parry, with the customer and without orders."""
    template: Database
    """The same with one order, stored by parry."""
    partner: Partner
    world: World

    @property
    def order_file(self) -> Path:
        return self.folder / "order.json"

    def server(self, database: Database, *options: str, name: str = "server") -> Server:
        return Server(self.folder, *OPTIONS, *options, database=database, name=name)


@contextlib.contextmanager
def open_platform(bench: Bench, name: str, **settings: str):
    """A server with a platform on it, and a folder; all gone at the end."""
    try:
        with bench.scratch(name) as folder, Cluster(folder / "postgres", **settings) as cluster:
            yield make_platform(cluster, folder)
    except ParryError as error:
        raise BenchError(str(error)) from error


def make_platform(cluster: Cluster, folder: Path) -> Platform:
    key = base64.b64encode(os.urandom(32)).decode()
    empty = Database(cluster.url, key)
    template = Database(with_name(cluster.url, "template"), key)
    with Server(folder, *OPTIONS, database=empty) as server:
        server.command("database", "migrate")
        server.start()
        partner = server.create_partner("Bench")
        with Api(server.base, partner.api_key) as api:
            world = make_world(api)
        server.stop()
    sql(empty.url, "CREATE DATABASE template TEMPLATE parry")
    platform = Platform(cluster, folder, empty, template, partner, world)
    text = order_text(world)
    platform.order_file.write_text(text)
    with platform.server(template).start() as server:
        with Api(server.base, partner.api_key) as api:
            answer = api.send("POST", "/v1/orders", f"[{fill(text, MARKS)}]".encode())
        if answer.status != 201 or answer.json()["created"] != 1:
            raise BenchError(f"the sample order is refused: {answer.status} {answer.body!r}")
        server.stop()
    rows = [one_row(template, table) for table in ('"order"', "order_transaction")]
    texts = itertools.chain(*(row.values() for row in rows))
    check_marks_in("\n".join(value for value in texts if isinstance(value, str)))
    return platform


def one_row(database: Database, table: str) -> dict:
    """The only row of a table."""
    rows = database.sql(f"SELECT row_to_json(found) FROM (SELECT * FROM {table}) AS found")
    if len(rows) != 1:
        raise BenchError(f"{table} has {len(rows)} rows, not one")
    return json.loads(rows[0][0])


def count_orders(database: Database) -> int:
    """How many orders there are; each must have its one transaction."""
    orders, transactions = map(int, database.sql(ORDERS)[0])
    if orders != transactions:
        raise BenchError(f"{orders} orders have {transactions} transactions")
    return orders


def order_shape(database: Database, first: int) -> list[list[str]]:
    """Type and length of everything that is stored for an order, one numbered `first` or more."""
    reference = f"order-{first:0{len(MARKS['number'])}}"
    shape = database.sql(SHAPE.format(reference=reference))
    if {row[0] for row in shape} != {"1", "2"}:
        raise BenchError(f"{database.url} has no {reference} with one transaction")
    return shape
