"""A partner's machine before a real platform, and somebody between who notes what is asked."""

import json
import sqlite3
import unittest
from pathlib import Path

from .api import Api
from .certificates import make_certificates
from .middleman import Middleman
from .partner import PartnerProgram
from .server import Partner, Server, temporary_folder

VERDICTS = ("accepted", "changed", "known", "duplicates", "repeated", "invalid", "refused")


class PartnerCase(unittest.TestCase):
    """One server for a class; every test has an account, a machine and a middleman of its own."""

    options: tuple[str, ...] = ("--rate-limit", "0")
    is_onboarded = False

    @classmethod
    def setUpClass(cls):
        cls.server_folder = cls.enterClassContext(temporary_folder())
        cls.certificates = make_certificates(Path(cls.server_folder) / "certificates")
        cls.server = cls.enterClassContext(Server(cls.server_folder, *cls.options))
        cls.server.start()

    def setUp(self):
        self.middle = self.enterContext(Middleman(self.server.base))
        self.account()

    def account(self, mode: str = "TEST"):
        """A new account with a machine whose requests go through the middleman."""
        self.folder = self.enterContext(temporary_folder())
        self.partner = self.server.create_partner(mode=mode)
        self.api = self.enterContext(Api(self.server.base, self.partner.api_key))
        self.program = self.machine(self.partner)
        if self.is_onboarded:
            self.ids = self.program.onboard()
            self.middle.forget()

    def machine(self, partner: Partner, folder: Path | None = None, **members) -> PartnerProgram:
        members = {"url": self.middle.base, "rate-limit": "0"} | members
        return self.enterContext(
            PartnerProgram(
                folder or self.folder, self.server, partner, self.certificates, **members
            )
        )

    @property
    def partner_folder(self) -> Path:
        return self.program.folder

    def write(self, name: str, text: str) -> Path:
        path = self.partner_folder / name
        path.write_text(text)
        return path

    def write_lines(self, name: str, *records) -> Path:
        """A file of JSON lines; a text is a line as it is."""
        lines = [one if isinstance(one, str) else json.dumps(one) for one in records]
        return self.write(name, "".join(line + "\n" for line in lines))

    def rejected(self, name: str) -> list[dict]:
        """The lines of the reject file beside a file."""
        path = self.partner_folder / f"{name}.rejects.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def rows(self, sql: str) -> list[tuple]:
        """What the program has stored."""
        connection = sqlite3.connect(f"file:{self.partner_folder}/partner.sqlite?mode=ro", uri=True)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def items(self, path: str) -> list[dict]:
        """Everything of a list at the platform."""
        found, separator = [], "&" if "?" in path else "?"
        while True:
            page = self.api.must(
                200, "GET", f"{path}{separator}limit=1000&offset={len(found)}"
            )  # fmt: skip
            found += page["items"]
            if not page["items"] or len(found) >= page["count"]:
                return found

    def orders(self) -> dict[str, dict]:
        """What the platform has of the feed, by reference; each is there once."""
        found = self.items(f"/v1/orders?integration_id={self.ids['feed acme/orders']}")
        by_reference = {one["reference_id"]: one for one in found}
        self.assertEqual(len(by_reference), len(found), "an order is there twice")
        return by_reference

    def assert_report(self, report: dict, **counts: int):
        """These verdicts and no others."""
        self.assertEqual({name: report[name] for name in VERDICTS if report[name]}, counts)

    def assert_verdicts(self, report: dict, lines: int):
        """Each line has one, whatever it is."""
        self.assertEqual(sum(report[name] for name in VERDICTS), lines, report)

    def assert_shows(self, expected, found, path: str = ""):
        """All that was meant is there; the platform may show more."""
        if isinstance(expected, dict):
            self.assertIsInstance(found, dict, path)
            for name, value in expected.items():
                self.assertIn(name, found, path)
                self.assert_shows(value, found[name], f"{path}.{name}")
        elif isinstance(expected, list):
            self.assertEqual(len(expected), len(found), path)
            for index, value in enumerate(expected):
                self.assert_shows(value, found[index], f"{path}[{index}]")
        else:
            self.assertEqual(expected, found, path)

    def assert_one_line(self, done, *words: str, code: int = 1):
        """A command that failed said why on one line of standard error, without a secret."""
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertTrue(done.stderr.startswith("parry-partner: "), done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        for secret in self.secrets():
            self.assertNotIn(secret, done.stdout + done.stderr)

    def secrets(self) -> list[str]:
        paths = [self.partner_folder / name for name in ("key", "secret")]
        texts = [path.read_text().strip() for path in paths if path.exists()]
        return [text for text in texts if text]
