"""What the tests of `parry-partner serve` share: a daemon with its platform, its customer and its hook."""

import contextlib
import json
import sqlite3
import sys
import unittest
from pathlib import Path

from .api import Api
from .certificates import Certificates, make_certificates
from .networks import Sale
from .partner import PartnerProgram
from .refunds import Refunder
from .server import Partner, Server, temporary_folder, wait_until

SECONDS_MAX = 15
HOOK = Path(__file__).with_name("planned_hook.py")
REFUND, ACCEPT, LEAVE = (
    {"answer": {"decision": one, "note": f"hook says {one}"}}
    for one in ("refund", "accept", "leave")
)
HOLD = {"hold": True}


class Daemon(PartnerProgram):
    """The program with a customer who sells; `plan` says what its hook does."""

    def __init__(
        self, folder: Path, server: Server, certificates: Certificates,
        partner: Partner | None = None, **members,
    ):  # fmt: skip
        partner = partner or server.create_partner()
        usual = {
            "hook": f"{{command: [{sys.executable}, -S, {HOOK}, .], timeout-seconds: 20}}",
            "rate-limit": "0",
        }
        super().__init__(folder, server, partner, certificates, **usual | members)
        self.api = Api(server.base, partner.api_key, server.ca_file)
        self.customer = Refunder(self.api, self.api)
        self.simulations = self.customer.simulations
        (self.folder / "plans").mkdir()
        (self.folder / "free").mkdir()

    def __exit__(self, *_):
        self.api.close()
        super().__exit__()

    def plan(self, sale: Sale, decide=(), refund=()):
        """What the hook does about an alert with the sale's authorisation code, call by call."""
        planned = {"decide": list(decide), "refund": list(refund)}
        (self.folder / "plans" / f"{sale.code}.json").write_text(json.dumps(planned))

    def dispute(self, sale: Sale, decide=(), refund=(), **members) -> dict:
        """An alert about the sale, with a plan for the hook."""
        self.plan(sale, decide, refund)
        return self.simulations.about(sale, **members)

    def sold_and_disputed(self, decide=(), refund=(), **members) -> tuple[Sale, dict]:
        (sale,) = self.customer.sell()
        return sale, self.dispute(sale, decide, refund, **members)

    def is_held(self, sale: Sale) -> bool:
        return wait_until((self.folder / "held" / sale.code).exists, SECONDS_MAX)

    def let_go(self, sale: Sale):
        (self.folder / "free" / sale.code).touch()

    def calls(self, sale: Sale, step: str) -> list[dict]:
        """What the hook was asked about the sale in this step."""
        path = self.folder / "calls.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        all_calls = [json.loads(line) for line in lines if line.endswith("}")]
        return [one for one in all_calls if (one["code"], one["step"]) == (sale.code, step)]

    def is_asked(self, sale: Sale, step: str, count: int = 1) -> bool:
        return wait_until(lambda: len(self.calls(sale, step)) >= count, SECONDS_MAX)

    def rows(self, sql: str, *values) -> list[sqlite3.Row]:
        """What is in the program's database."""
        path = f"file:{self.folder / 'partner.sqlite'}?mode=ro"
        with contextlib.closing(sqlite3.connect(path, uri=True, timeout=10)) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute(sql, values).fetchall()

    def case(self, alert: dict) -> dict:
        """What the program knows of an alert; empty while it is not there."""
        found = self.rows("SELECT * FROM alert WHERE id = ?", alert["id"])
        return dict(found[0]) if found else {}

    def enrolment(self, enrolment_id: str) -> dict:
        found = self.rows("SELECT * FROM enrolment WHERE id = ?", enrolment_id)
        return dict(found[0]) if found else {}

    def event(self, event_id: str) -> dict:
        found = self.rows("SELECT * FROM inbox_event WHERE id = ?", event_id)
        return dict(found[0]) if found else {}

    def journal(self, thing: dict) -> list[str]:
        found = self.rows("SELECT text FROM journal WHERE subject_id = ? ORDER BY id", thing["id"])
        return [one["text"] for one in found]

    def told(self, alert: dict) -> str:
        """What a failed test shows of an alert."""
        case = self.case(alert)
        shown = {name: case.get(name) for name in ("status", "step", "attempts", "reason")}
        return f"{shown}\n{self.journal(alert)}"

    def reaches(self, alert: dict, step: str, seconds_max: float = SECONDS_MAX) -> dict:
        """The case, once it is at this step and waits for nothing else."""
        wait_until(lambda: self.case(alert).get("step") == step, seconds_max)
        found = self.case(alert)
        assert found.get("step") == step, (
            f"not {step}: {self.told(alert)}\n{self.log_text()[-1_000:]}"
        )
        return found

    def log_lines(self, *words: str) -> list[str]:
        """The lines of the log that have all these words."""
        lines = self.log_text().splitlines()
        return [line for line in lines if all(word in line for word in words)]

    def hears(self, *words: str, seconds_max: float = SECONDS_MAX) -> list[str]:
        """These lines, once there is one."""
        wait_until(lambda: self.log_lines(*words), seconds_max)
        return self.log_lines(*words)

    def has_worked_off(self) -> bool:
        """Whether no event waits."""
        return self.rows("SELECT count(*) FROM inbox_event WHERE is_done = 0")[0][0] == 0


class DaemonCase(unittest.TestCase):
    """The classes of a module share a server; every daemon has a partner of its own on it."""

    _shared: dict = {}  # noqa: RUF012
    server: Server
    certificates: Certificates

    @classmethod
    def setUpClass(cls):
        if cls.__module__ not in cls._shared:
            cls._shared[cls.__module__] = cls._start()
            unittest.addModuleCleanup(cls._shared.pop, cls.__module__)
        cls.server, cls.certificates = cls._shared[cls.__module__]

    @classmethod
    def _start(cls) -> tuple[Server, Certificates]:
        folder = unittest.enterModuleContext(temporary_folder())
        certificates = make_certificates(folder / "tls")
        server = unittest.enterModuleContext(Server(
            folder, "--rate-limit", "0", "--allow-private-webhook-targets",
            "--webhook-ca-file", str(certificates.ca),
        ))  # fmt: skip
        return server.start(), certificates

    def new_daemon(self, is_registered: bool = True, **more) -> Daemon:
        """One that is not started yet, and surely ended after the test."""
        folder = self.enterContext(temporary_folder())
        daemon = self.enterContext(Daemon(folder, self.server, self.certificates, **more))
        if is_registered:
            daemon.register()
        else:
            daemon.secret("secret", "whsec_of_an_endpoint_that_is_silent")
        return daemon

    def assert_ended(self, daemon: Daemon, alert: dict, outcome: str):
        """The alert ended so, there and here, by one change of the platform's."""
        self.assertEqual(daemon.reaches(alert, "ENDED")["status"], "RESOLVED")
        shown = daemon.simulations.read(alert)
        told = (shown["status"], shown["transaction_refund_outcome"])
        self.assertEqual(told, ("RESOLVED", outcome), daemon.told(alert))
        events = daemon.api.must(200, "GET", f"/v1/events?object_id={alert['id']}")["items"]
        types = sorted(one["type"] for one in events)
        self.assertEqual(types, ["alert.created", "alert.updated"])

    def assert_intents(self, daemon: Daemon, sale: Sale, *statuses: str):
        found = [one["status"] for one in daemon.customer.intents(sale)]
        self.assertCountEqual(found, statuses)

    def assert_refunded_once(self, daemon: Daemon, sale: Sale, alert: dict):
        """The hook paid with one key, the guard knows, and the alert says so."""
        self.assert_ended(daemon, alert, "REFUNDED")
        keys = {
            one["question"]["refund"]["idempotency_key"] for one in daemon.calls(sale, "refund")
        }
        (intent,) = [
            one for one in daemon.customer.intents(sale) if one["status"] == "COMMITTED"
        ]
        self.assertEqual(keys, {intent["id"]})
        self.assertEqual(intent["refund_reference_id"], f"paid-{intent['id']}")

    def assert_not_refunded(self, daemon: Daemon, sale: Sale):
        self.assertFalse(daemon.calls(sale, "refund"), "the hook was asked to refund")
        committed = [one["status"] for one in daemon.customer.intents(sale)]
        self.assertNotIn("COMMITTED", committed)


class OneDaemonCase(DaemonCase):
    """One daemon for the tests of a class, which do not disturb each other."""

    members: dict = {}  # noqa: RUF012
    daemon: Daemon

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = cls.enterClassContext(temporary_folder())
        cls.daemon = cls.enterClassContext(
            Daemon(folder, cls.server, cls.certificates, **cls.members)
        )
        cls.daemon.register()
        cls.daemon.serve()

    def setUp(self):
        self.customer = self.daemon.customer
        self.simulations = self.daemon.simulations
        self.api = self.daemon.api
