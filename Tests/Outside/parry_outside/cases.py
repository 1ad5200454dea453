"""Test cases with a folder, servers and a receiver that are surely gone afterwards."""

import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import postgres
from .api import Api
from .certificates import Certificates, make_certificates
from .receiver import Receiver
from .server import Server, temporary_folder, wait_until

__all__ = [
    "FolderCase", "OnPostgres", "OneServerCase", "SendingCase", "ThroughPgBouncer", "at_once",
    "wait_until",
]  # fmt: skip


class OnPostgres:
    """Put before another case, it gives its servers a new PostgreSQL database to share."""

    @classmethod
    def make_database(cls, add_cleanup):
        database = postgres.new_database()
        add_cleanup(postgres.drop_database, database)
        return database


class ThroughPgBouncer(OnPostgres):
    """The same, with PgBouncer in transaction mode before it."""

    @classmethod
    def make_database(cls, add_cleanup):
        database = super().make_database(add_cleanup)
        bouncer = postgres.PgBouncer(postgres.shared_cluster_url())
        add_cleanup(bouncer.close)
        return database.at(bouncer.start().url_of(database))


class FolderCase(unittest.TestCase):
    """Every test has a folder of its own; one set of certificates serves the whole class."""

    certificates: Certificates

    @classmethod
    def make_database(cls, add_cleanup):
        """What the servers of a test share; None is a SQLite file in the folder."""
        return None

    @classmethod
    def setUpClass(cls):
        shared = cls.enterClassContext(temporary_folder())
        cls.certificates = make_certificates(Path(shared))

    def setUp(self):
        self.folder = self.enterContext(temporary_folder())
        self.database = self.make_database(self.addCleanup)

    def new_server(self, *options: str, **settings) -> Server:
        """A server that is not started yet and is killed at the end of the test at the latest."""
        settings = {"database": self.database} | settings
        return self.enterContext(Server(self.folder, *options, **settings))

    def new_servers(self, count: int, *options: str, **settings) -> list[Server]:
        """So many on one database; they are started at once and are all ready."""
        servers = [
            self.new_server(*options, name=f"server{number}", **settings)
            for number in range(1, count + 1)
        ]
        for server in servers:
            server.spawn()
        for server in servers:
            server.wait_until_ready()
        return servers

    def new_receiver(self) -> Receiver:
        return self.enterContext(Receiver(self.certificates))

    def new_api(self, server: Server, key: str | None = None) -> Api:
        return self.enterContext(Api(server.base, key, server.ca_file))

    @property
    def private_target_options(self) -> list[str]:
        """What a server needs before it may send to a receiver on this machine."""
        return ["--allow-private-webhook-targets", "--webhook-ca-file", str(self.certificates.ca)]


class OneServerCase(unittest.TestCase):
    """One server with one partner for a whole class of tests that do not disturb each other."""

    options: tuple[str, ...] = ()

    @classmethod
    def make_database(cls, add_cleanup):
        return None

    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(temporary_folder())
        database = cls.make_database(cls.addClassCleanup)
        cls.server = cls.enterClassContext(Server(cls.folder, *cls.options, database=database))
        cls.server.start()
        cls.partner = cls.server.create_partner()

    def setUp(self):
        self.api = self.enterContext(Api(self.server.base, self.partner.api_key))


class SendingCase(OneServerCase):
    """The same with a receiver that the server trusts and may send to."""

    make_receiver = Receiver

    @classmethod
    def setUpClass(cls):
        cls.certificates = make_certificates(Path(cls.enterClassContext(temporary_folder())))
        cls.sending = (
            "--allow-private-webhook-targets", "--webhook-ca-file", str(cls.certificates.ca),
        )  # fmt: skip
        cls.options = ("--rate-limit", "0", *cls.sending)
        super().setUpClass()
        cls.receiver = cls.enterClassContext(cls.make_receiver(cls.certificates))


def at_once(*calls) -> list:
    """Runs the calls in threads that begin in the same moment; their results in order."""
    start = threading.Barrier(len(calls))

    def run(call):
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))
