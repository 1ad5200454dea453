"""A server with people who sign in to it, in the roles that there are, and something to see on every page."""

import contextlib
import itertools
import os
from dataclasses import dataclass
from pathlib import Path

from parry_outside.api import Api
from parry_outside.certificates import Certificates, make_certificates
from parry_outside.postgres import Database, drop_database, new_database
from parry_outside.receiver import Receiver
from parry_outside.server import Partner, Server, temporary_folder

from .invitations import Inviter
from .plain import PlainBrowser
from .shop import Goods, Shop

PASSWORD = "correct horse battery staple"

GYM = Goods("Acme Fitness", "ACMEFIT", "424242", "ACMEFITCAID01")
CAFE = Goods("Northwind Coffee", "NORTHWIND", "434343", "NORTHWINDCAID")

ENGINE = "PARRY_BROWSER_ENGINE"

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Person:
    """Somebody with a password, and the account that they work in first."""

    email: str
    name: str
    account: str = ""
    password: str = PASSWORD

    @property
    def home(self) -> str:
        """The account's own path."""
        return f"/dashboard/{self.account}" if self.account else "/dashboard"


class PatientApi(Api):
    """A connection for each call: between two of them a test may do something else for minutes."""

    def send(self, *words, **fields):
        try:
            return super().send(*words, **fields)
        finally:
            self.close()


class Stage(contextlib.ExitStack):
    """`parry serve`, an operator, a TEST and a LIVE partner, and a receiver of webhooks.

    Without a `database` it is a SQLite file, or a fresh database of PostgreSQL where PARRY_BROWSER_ENGINE says
    `postgres`; `is_https` has the server speak TLS itself."""

    def __init__(self, *options: str, is_https: bool = False, database=None):
        super().__init__()
        self.folder = self.enter_context(temporary_folder("parry-browser-"))
        self.certificates: Certificates = make_certificates(Path(self.folder) / "certificates")
        database = database or self._new_database()
        usual = [
            "--rate-limit", "0", "--allow-private-webhook-targets",
            "--webhook-ca-file", str(self.certificates.ca),
        ]  # fmt: skip
        if is_https:
            usual += ["--tls-certificate", str(self.certificates.certificate)]
            usual += ["--tls-key", str(self.certificates.key)]
        self.server = self.enter_context(
            Server(
                self.folder, *usual, *options, database=database,
                ca_file=self.certificates.ca if is_https else None,
            )
        )  # fmt: skip
        self.server.start()
        self.receiver = self.enter_context(Receiver(self.certificates))
        self.test: Partner = self.server.create_partner("Pay GmbH", "TEST")
        self.live: Partner = self.server.create_partner("Pay GmbH", "LIVE")
        self.operator = self.new_operator()

        self.people: dict[str, Person] = {}
        """Who works here, by role, once it is furnished."""

    def _new_database(self) -> Database | None:
        """As the environment names the engine; it is gone after the server."""
        engine = os.environ.get(ENGINE) or "sqlite"
        if engine not in ("sqlite", "postgres"):
            raise SystemExit(f"{ENGINE} is sqlite or postgres, not {engine}")
        if engine == "sqlite":
            return None
        database = new_database()
        self.callback(drop_database, database)
        return database

    @property
    def base(self) -> str:
        return self.server.base

    @property
    def modes(self) -> dict[str, str]:
        """Of each account, by id."""
        test = [self.test.id, *(one.account for one in self.people.values())]
        return dict.fromkeys(test, "TEST") | {self.live.id: "LIVE"}

    def furnish(self):
        """Two customers of the TEST partner, one of the LIVE partner, and a person in each role."""
        self.shop = Shop(self.api(), GYM)
        self.shop.furnish(self.receiver)
        self.neighbour = Shop(self.api(), CAFE)
        self.neighbour.open_alerts(2)
        self.live_shop = Shop(self.api(self.live.api_key), GYM, is_live=True)
        self.invite()

    def invite(self):
        """A person in each role of the TEST partner, and its restricted group, which sees the first shop alone."""
        inviter = Inviter(self.plain_browser(self.operator))
        test, shop = self.test, self.shop.id
        self.group_id = inviter.new_group(test.id, "Operations Europe", [shop])

        self.people = {
            "administrator": self._joined("Petra Partner", test.id, lambda name, email:
                inviter.to_group(test.id, test.group_id, name, email)),
            "member": self._joined("Gustav Member", self.group_id, lambda name, email:
                inviter.to_group(test.id, self.group_id, name, email)),
            "admin": self._joined("Olivia Admin", shop, lambda name, email:
                inviter.to_organisation(shop, name, email, "ADMIN")),
            "standard": self._joined("Stan Standard", shop, lambda name, email:
                inviter.to_organisation(shop, name, email, "STANDARD")),
        }  # fmt: skip

    def _joined(self, name: str, account: str, invite) -> Person:
        person = Person(new_email(name), name, account)
        return self.join(invite(name, person.email), person)

    def api(self, key: str | None = None) -> Api:
        """With every ability in the TEST partner, or with another key."""
        return PatientApi(self.base, key or self.test.api_key, self.server.ca_file)

    def plain_browser(self, person: Person | None = None, host: str = "") -> PlainBrowser:
        """A browser of ours; with a person, who has signed in."""
        browser = PlainBrowser(self.base, self.server.ca_file, host)
        if person:
            page = browser.sign_in(person.email, person.password)
            if page.status != 303:
                raise AssertionError(f"{person.email}: {page.status} {page.words[:300]}")
        return browser

    def new_operator(self, name: str = "Ada Operator") -> Person:
        person = Person(new_email(name), name)
        made = self.server.command("user", "create", "--email", person.email, "--name", name)
        return self.join(made["path"], person)

    def join(self, path: str, person: Person) -> Person:
        """Sets the password of an invitation, or accepts it as who has one."""
        page = self.plain_browser().submit(
            path, path, password=person.password, again=person.password
        )
        if page.status != 303:
            raise AssertionError(f"{path}: {page.status} {page.words[:300]}")
        return person


def new_email(name: str) -> str:
    """An address that nobody has yet."""
    return f"{name.split()[0].lower()}{next(_numbers)}@example.com"
