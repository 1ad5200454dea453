"""A database that is filled fast by SQL, put out of memory and read into it again; both engines."""

import contextlib
import os
from pathlib import Path

from parry_outside.postgres import Database, Session

from . import postgres, sample

BLOCK = 1 << 20
UNLOGGED = {"wal_level": "minimal", "max_wal_senders": "0"}
"""What is written into a table that the same transaction emptied need not go to the log as well."""


class SqliteStore:
    """The database as a file."""

    dates = "strftime('%Y-%m-%dT%H:%M:%SZ', {} / 1000, 'unixepoch')"
    """How a time is written, given milliseconds."""
    indexes = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        " AND tbl_name = 'order_transaction'"
    )

    def __init__(self, path: Path):
        self._path = path

    def rows(self, statement: str) -> list[list]:
        with sample.open_database(self._path) as database:
            return [list(row) for row in database.execute(statement)]

    def row(self, statement: str) -> dict:
        with sample.open_database(self._path) as database:
            cursor = database.execute(statement)
            return dict(zip([column[0] for column in cursor.description], cursor.fetchone()))

    @contextlib.contextmanager
    def building(self):
        """A function that runs statements fast, and not durably until the end."""
        with sample.open_database(self._path) as database:
            for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1048576",
                            "locking_mode = EXCLUSIVE", "threads = 2"):  # fmt: skip
                database.execute(f"PRAGMA {setting}").fetchall()
            for table in ("order_transaction", '"order"'):
                database.execute(f"DELETE FROM {table}")
            yield lambda statement: database.execute(statement).fetchall()
            database.execute("PRAGMA locking_mode = NORMAL").fetchall()
            database.execute("PRAGMA journal_mode = WAL").fetchall()

    def close(self):
        """Before the files are put out of memory."""

    @property
    def process(self) -> int | None:
        """The first one of the database's own."""
        return None

    @property
    def files(self) -> list[Path]:
        return [self._path]


class PostgresStore:
    """The database in a cluster of its own."""

    dates = (
        "to_char(to_timestamp({} / 1000) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
    )
    indexes = (
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'order_transaction'"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
    )

    def __init__(self, database: Database, cluster: postgres.Cluster):
        self._database = database
        self._cluster = cluster

    def rows(self, statement: str) -> list[list]:
        return self._database.sql(statement)

    def row(self, statement: str) -> dict:
        return postgres.one_row(self._database, f"({statement}) AS sample")

    @contextlib.contextmanager
    def building(self):
        """The same, in one transaction; then everything is as the server's own work leaves it."""
        with Session(self._database.url) as session:
            session.sql("SET maintenance_work_mem = '1GB'")
            session.sql("BEGIN; SET LOCAL session_replication_role = replica")
            session.sql('TRUNCATE order_transaction, "order"')
            yield session.sql
            session.sql("COMMIT")
            session.sql("VACUUM ANALYZE")
        self._cluster.settle()

    def close(self):
        self._cluster.restart()

    @property
    def process(self) -> int | None:
        return self._cluster.process

    @property
    def files(self) -> list[Path]:
        return [path for path in self._cluster.data.rglob("*") if path.is_file()]


def gigabytes(store: SqliteStore | PostgresStore) -> float:
    """Without PostgreSQL's log."""
    sizes = 0
    for path in store.files:
        # PostgreSQL removes files of its own at any time.
        with contextlib.suppress(FileNotFoundError):
            sizes += 0 if "pg_wal" in path.parts else path.stat().st_size
    return round(sizes / 1e9, 1)


def forget(store: SqliteStore | PostgresStore):
    """Puts the database out of memory, as after a start of the machine."""
    store.close()
    os.sync()
    for path in store.files:
        with contextlib.suppress(FileNotFoundError), open(path, "rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def read_through(store: SqliteStore | PostgresStore):
    """Has the database in memory, as far as that goes."""
    for path in store.files:
        with contextlib.suppress(FileNotFoundError), open(path, "rb", buffering=0) as file:
            while file.read(BLOCK):
                pass
