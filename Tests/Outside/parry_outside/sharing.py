"""One server for all classes of a module."""

import unittest
from pathlib import Path

from .certificates import Certificates, make_certificates
from .receiver import Receiver
from .server import Server, temporary_folder


class SharedByModule:
    """Put before a case, classes of one module on the same engine share what `start` makes, and their
    tests must not disturb each other."""

    _shared: dict = {}  # noqa: RUF012

    @classmethod
    def setUpClass(cls):
        key = (cls.__module__, cls.make_database.__func__)
        if key not in cls._shared:
            cls._shared[key] = cls.start()
            unittest.addModuleCleanup(cls._shared.pop, key)
        for name, value in cls._shared[key].items():
            setattr(cls, name, value)

    @classmethod
    def start(cls) -> dict:
        """A server with a partner, and a receiver that it trusts."""
        certificates = make_certificates(Path(unittest.enterModuleContext(temporary_folder())))
        return {
            **cls.start_server(certificates),
            "receiver": unittest.enterModuleContext(Receiver(certificates)),
        }

    @classmethod
    def start_server(cls, certificates: Certificates, *options: str) -> dict:
        folder = unittest.enterModuleContext(temporary_folder())
        database = cls.make_database(unittest.addModuleCleanup)
        usual = (
            "--rate-limit", "0", "--allow-private-webhook-targets",
            "--webhook-ca-file", str(certificates.ca),
        )  # fmt: skip
        server = Server(folder, *usual, *options, database=database)
        unittest.enterModuleContext(server).start()
        return {"folder": folder, "server": server, "partner": server.create_partner()}
