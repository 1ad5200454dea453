"""PostgreSQL from outside: clusters, a standby, PgBouncer, and databases that each test has alone.

The clusters are made by scripts/postgres. `PARRY_TEST_POSTGRES` names the one in which tests get
their databases; without it the first test that wants one starts a cluster, which is stopped when
Python ends.
"""

import atexit
import base64
import contextlib
import functools
import itertools
import os
import re
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from .server import REPOSITORY, ParryError, free_port, wait_until

SCRIPT = REPOSITORY / "scripts" / "postgres"
DEBIAN_PROGRAMS = Path("/usr/lib/postgresql/15/bin")
DAEMON_USER = "postgres"
DEADLOCKS_MAX = 10
ANSWER_SECONDS_MAX = 60
READY_SECONDS_MAX = 30
URL = re.compile(
    r"^postgres://(?P<user>\w+):(?P<password>\w+)@127\.0\.0\.1:(?P<port>\d+)/(?P<name>\w+)$"
)

_numbers = itertools.count(1)


def new_master_key() -> str:
    """As `openssl rand -base64 32` prints it."""
    return base64.b64encode(os.urandom(32)).decode()


@dataclass(frozen=True)
class Database:
    """One database and the master key of the platform in it; every server on it needs both."""

    url: str
    master_key: str | None = field(default_factory=new_master_key)

    @property
    def environment(self) -> dict[str, str]:
        """What `parry` needs besides the URL: on PostgreSQL it makes no key file."""
        return {"PARRY_MASTER_KEY": self.master_key} if self.master_key else {}

    def at(self, url: str) -> "Database":
        """The same platform on another way: other hosts, or through PgBouncer."""
        return replace(self, url=url)

    def sql(self, text: str) -> list[list[str]]:
        return sql(self.url, text)


def program(name: str) -> str:
    """Debian's own file, since the one on PATH may be a wrapper with ideas of its own."""
    path = DEBIAN_PROGRAMS / name
    found = str(path) if path.exists() else shutil.which(name)
    if not found:
        raise ParryError(f"there is no {name}: run scripts/setup postgres")
    return found


def sql(url: str, text: str) -> list[list[str]]:
    """Runs the text in one psql, each statement by itself; the rows of all answers, as texts."""
    done = subprocess.run(
        [program("psql"), "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", url],
        input=text,
        capture_output=True,
        text=True,
        timeout=ANSWER_SECONDS_MAX,
        env=_environment_without_postgres(),
    )
    if done.returncode:
        raise ParryError(f"psql: {done.stderr.strip()}")
    return [line.split("\t") for line in done.stdout.splitlines()]


def sql_beside(url: str, text: str) -> list[list[str]]:
    """The rows of a statement, or of one transaction, beside running servers: what loses a deadlock
    has changed nothing and is run once more, as the servers do it."""
    for _ in range(DEADLOCKS_MAX):
        try:
            with Session(url) as session:
                return session.sql(text)
        except ParryError as error:
            if "deadlock detected" not in str(error):
                raise
    raise ParryError(f"{DEADLOCKS_MAX} deadlocks in a row: {text}")


class Session:
    """One connection that stays open between statements, so that transactions can be held."""

    END = "--end-of-answer--"

    def __init__(self, url: str):
        self._process = subprocess.Popen(
            [program("psql"), "-X", "-q", "-A", "-t", "-F", "\t", "-d", url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=_environment_without_postgres(),
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def sql(self, text: str) -> list[list[str]]:
        try:
            self._process.stdin.write(f"{text};\n\\echo {self.END}\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise ParryError(f"psql is gone: {self._process.stdout.read().strip()}") from None
        rows = []
        for line in self._process.stdout:
            line = line.rstrip("\n")
            if line == self.END:
                return rows
            if re.match(r"(psql: |ERROR:|FATAL:)", line):
                raise ParryError(line)
            rows.append(line.split("\t"))
        raise ParryError("psql ended in mid-answer: " + str(rows[-3:]))

    def close(self):
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


def _environment_without_postgres() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def new_database(cluster_url: str | None = None) -> Database:
    """A new, empty database in that cluster, or else in the one that the tests share."""
    cluster_url = cluster_url or shared_cluster_url()
    name = f"parry_{os.getpid()}_{next(_numbers)}"
    sql(cluster_url, f"CREATE DATABASE {name}")
    return Database(with_name(cluster_url, name))


def drop_database(database: Database):
    """Removes it with whatever is still connected to it; for tests that make many."""
    cluster_url = shared_cluster_url()
    name = URL.match(database.url)["name"]
    sql(cluster_url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def with_name(url: str, name: str) -> str:
    """The same URL for another database of the cluster."""
    return url.rsplit("/", 1)[0] + "/" + name


def with_hosts(url: str, ports: list[int]) -> str:
    """The same database on any of these hosts, whichever takes writes."""
    hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
    name = url.rsplit("/", 1)[1]
    return f"postgres://parry:parry@{hosts}/{name}?target_session_attrs=read-write"


def port_of(url: str) -> int:
    return int(URL.match(url)["port"])


@functools.cache
def shared_cluster_url() -> str:
    """`PARRY_TEST_POSTGRES`, or a cluster of this process."""
    given = os.environ.get("PARRY_TEST_POSTGRES")
    if given:
        return given
    cluster = Cluster().start()
    atexit.register(cluster.close)
    return cluster.url


class Cluster:
    """A PostgreSQL of its own in a temporary folder; port and data outlive `stop` and `kill`."""

    def __init__(self, **settings: str):
        """`settings` are PostgreSQL's own: `max_connections="20"`."""
        self.folder = Path(tempfile.mkdtemp(prefix="parry-postgres-"))
        self.settings = settings
        self.url = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def port(self) -> int:
        return port_of(self.url)

    @property
    def log_text(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def start(self) -> "Cluster":
        words = [("--set", f"{name}={value}") for name, value in self.settings.items()]
        self.url = self._script("start", *itertools.chain(*words))
        self.settings = {}
        return self

    def stop(self):
        self._script("stop")

    def kill(self):
        """SIGKILL to all its processes at once."""
        self._script("kill")

    def restart(self) -> "Cluster":
        self.stop()
        return self.start()

    def sql(self, text: str) -> list[list[str]]:
        return sql(self.url, text)

    def new_database(self) -> Database:
        return new_database(self.url)

    def close(self):
        """Leaves no process and no file, whatever state a failed test left behind."""
        if (self.folder / "data").exists():
            self._script("kill")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _script(self, command: str, *words: str) -> str:
        done = subprocess.run(
            [SCRIPT, command, self.folder, *words], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise ParryError(done.stderr.strip())
        return done.stdout.strip()


class Standby(Cluster):
    """A copy of a running primary that follows it; synchronously, so that nothing is lost."""

    NAME = "standby"

    def __init__(self, primary: Cluster):
        super().__init__()
        self.primary = primary

    def start(self) -> "Standby":
        self.url = self._script("start", "--standby-of", self.primary.url)
        self._make_synchronous()
        return self

    def resume(self):
        """Starts it again as it is, with or without its primary."""
        super().start()

    def _make_synchronous(self):
        """From here on the primary acknowledges a commit only when it is on both disks."""
        self.primary.sql(
            f"ALTER SYSTEM SET synchronous_standby_names = '{self.NAME}'; SELECT pg_reload_conf()"
        )
        if not wait_until(self.is_synchronous, READY_SECONDS_MAX):
            raise ParryError("the standby does not follow its primary: " + self.log_text[-500:])

    def is_synchronous(self) -> bool:
        rows = self.primary.sql("SELECT sync_state FROM pg_stat_replication")
        return rows == [["sync"]]

    def promote(self):
        """From here on it takes writes; returns when it does."""
        self._script("promote")


class PgBouncer:
    """Transaction pooling in front of a cluster; any of its databases can be named."""

    def __init__(self, cluster_url: str, pool_size: int = 20, **settings: str):
        """`settings` are PgBouncer's own: `query_wait_timeout="5"`."""
        self.cluster_url = cluster_url
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="parry-pgbouncer-"))
        self.settings = {"default_pool_size": str(pool_size), **settings}
        self._process: subprocess.Popen | None = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.close()

    def url_of(self, database: Database) -> str:
        """The way to this database through the pooler."""
        return database.url.replace(f":{port_of(database.url)}/", f":{self.port}/")

    def start(self) -> "PgBouncer":
        self._write_files()
        command = [shutil.which("pgbouncer", path=os.environ["PATH"] + ":/usr/sbin")]
        if not command[0]:
            raise ParryError("there is no pgbouncer: run scripts/setup postgres")
        if os.getuid() == 0:
            command += ["-u", DAEMON_USER]
        with open(self.folder / "log", "wb") as log:
            self._process = subprocess.Popen(
                [*command, self.folder / "pgbouncer.ini"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        if not wait_until(self._is_listening, READY_SECONDS_MAX):
            raise ParryError("pgbouncer: " + (self.folder / "log").read_text()[-500:])
        return self

    def _write_files(self):
        server = URL.match(self.cluster_url)
        users = self.folder / "users.txt"
        users.write_text(f'"{server["user"]}" "{server["password"]}"\n')
        lines = [
            "[databases]",
            f"* = host=127.0.0.1 port={server['port']}",
            "[pgbouncer]",
            "listen_addr = 127.0.0.1",
            f"listen_port = {self.port}",
            "unix_socket_dir =",
            "auth_type = scram-sha-256",
            f"auth_file = {users}",
            "pool_mode = transaction",
            "max_client_conn = 500",
            *(f"{name} = {value}" for name, value in self.settings.items()),
        ]
        (self.folder / "pgbouncer.ini").write_text("\n".join(lines) + "\n")
        self.folder.chmod(0o711)

    def _is_listening(self) -> bool:
        if self._process.poll() is not None:
            return False
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        return False

    def close(self):
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None
        shutil.rmtree(self.folder, ignore_errors=True)
