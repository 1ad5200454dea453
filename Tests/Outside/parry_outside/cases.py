"""Test cases with a folder, a server and a receiver that are surely gone afterwards."""

import time
import unittest
from pathlib import Path

from .api import Api
from .certificates import Certificates, make_certificates
from .receiver import Receiver
from .server import POLL_SECONDS, Server, temporary_folder


class FolderCase(unittest.TestCase):
    """Every test has a folder of its own; one set of certificates serves the whole class."""

    certificates: Certificates

    @classmethod
    def setUpClass(cls):
        shared = cls.enterClassContext(temporary_folder())
        cls.certificates = make_certificates(Path(shared))

    def setUp(self):
        self.folder = self.enterContext(temporary_folder())

    def new_server(self, *options: str, **settings) -> Server:
        """A server that is not started yet and is killed at the end of the test at the latest."""
        return self.enterContext(Server(self.folder, *options, **settings))

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
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(temporary_folder())
        cls.server = cls.enterClassContext(Server(cls.folder, *cls.options))
        cls.server.start()
        cls.partner = cls.server.create_partner()

    def setUp(self):
        self.api = self.enterContext(Api(self.server.base, self.partner.api_key))


def wait_until(is_so, seconds_max: float) -> bool:
    """Polls until it is so or the time is over; returns whether it became so."""
    deadline = time.monotonic() + seconds_max
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
