"""What the partner's programs are linked with: a package of somebody else's that uses ParryClient
builds, and has no server code in it."""

import os
import subprocess
import unittest
from pathlib import Path

from parry_outside.partner import find_partner_binary
from parry_outside.server import REPOSITORY, find_binary

EXAMPLE = REPOSITORY / "Examples" / "alert-queue"
SCRATCH = REPOSITORY / ".build" / "example"
BUILD_SECONDS_MAX = 480
SERVER_ROOMS = (
    "ParryServer", "ParryAPI", "ParryDelivery", "ParryNetworks", "ParryService", "ParryStore",
    "ParryMatching", "ParrySimulator", "ParryDomain",
)  # fmt: skip
NOT_FOR_CLIENTS = ("ParryPartner", "ParryDatabase", "GRDB", "Hummingbird", "HummingbirdCore")


def symbols(binary: Path) -> str:
    return subprocess.run(["nm", str(binary)], capture_output=True, text=True, check=True).stdout


def linked(binary: Path, modules) -> list[str]:
    """Of the modules those that the program has code of: Swift's names begin with the module's
    length and name."""
    names = symbols(binary)
    return [module for module in modules if f"$s{len(module)}{module}" in names]


class LinkageTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # `make check` has built it before, as a suite of its own: from nothing it takes minutes.
        done = subprocess.run(
            ["swift", "build", "--package-path", str(EXAMPLE), "--scratch-path", str(SCRATCH)],
            capture_output=True, text=True, timeout=BUILD_SECONDS_MAX,
            env={name: value for name, value in os.environ.items() if name != "CI"},
        )  # fmt: skip
        if done.returncode != 0:
            raise AssertionError("the example does not build:\n" + (done.stdout + done.stderr)[-3_000:])
        cls.example = SCRATCH / "debug" / "alert-queue"

    def test_example_has_the_client_and_no_server(self):
        """A program that depends on ParryClient alone has no code of a server or a database."""
        self.assertEqual(linked(self.example, ["ParryClient"]), ["ParryClient"])
        self.assertEqual(linked(self.example, SERVER_ROOMS + NOT_FOR_CLIENTS), [])
        libraries = subprocess.run(
            ["ldd", str(self.example)], capture_output=True, text=True, check=True
        ).stdout
        for library in ("libpq", "libsqlite3"):
            self.assertNotIn(library, libraries)

    def test_example_says_what_it_needs(self):
        """Without its settings the example ends with a line that says which."""
        done = subprocess.run(
            [str(self.example)], capture_output=True, text=True, timeout=30,
            env={"PATH": os.environ["PATH"]},
        )  # fmt: skip
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("PARRY_URL", done.stdout + done.stderr)

    def test_partner_program_has_no_server(self):
        """parry-partner has no code of the server, and the look for it would find it."""
        self.assertEqual(linked(find_partner_binary(), SERVER_ROOMS), [])
        self.assertIn("ParryService", linked(find_binary(), SERVER_ROOMS))


if __name__ == "__main__":
    unittest.main()
