"""Verifi as a test plays it: it keeps all that it is sent, and answers each enrolment's rules as it is
told. A merchant's enrolments there are named by their CAIDs.
"""

import contextlib
import http.server
import itertools
import json
import threading
import unittest
from collections.abc import Callable
from dataclasses import dataclass

from .api import Api
from .cases import OnPostgres
from .networks import SECONDS_MAX, TEST_TOKEN, Customer, make_requests_due, rows
from .server import Partner, Server, temporary_folder, wait_until

TAKEN = 202
BIN = "424242"
RESULTS = "/networks/verifi/enrolments"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Publication:
    """One `PUT /rulesets/{enrolmentId}`, or a DELETE of an enrolment, which has no document."""

    method: str
    caid: str
    document: dict | None
    key: str | None

    @property
    def version(self) -> int:
        return self.document["version"]


class _PlayedServer(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request, client_address):
        """A platform that is killed hangs up, which is no stack trace."""


class PlayedVerifi:
    """It takes rules unless a script of the enrolment says otherwise: a function of the publication
    that returns a status, and may wait before it does. It tells nothing of enrolments by itself."""

    def __init__(self):
        self._publications: list[Publication] = []
        self._requests: dict[str, str] = {}
        self._scripts: dict[str, Callable[[Publication], int]] = {}
        self._greetings: dict[str, Callable[[], None]] = {}
        self._changed = threading.Condition(threading.RLock())
        self._http = _PlayedServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._http.shutdown()
        self._http.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def play(self, caid: str, script: Callable[[Publication], int]):
        self._scripts[caid] = script

    def behave(self, caid: str):
        self._scripts.pop(caid, None)

    def greet(self, caid: str, greeting: Callable[[], None]):
        """What happens before the request to enrol is answered."""
        self._greetings[caid] = greeting

    def told(self, caid: str) -> list[Publication]:
        with self._changed:
            return [one for one in self._publications if one.caid == caid and one.document]

    def versions(self, caid: str) -> list[int]:
        return [one.version for one in self.told(caid)]

    def wait_for(self, caid: str, version: int, count: int = 1) -> list[Publication]:
        """All that came, once this version has so often, or after the time whatever came."""

        def came() -> bool:
            return len([one for one in self.versions(caid) if one >= version]) >= count

        with self._changed:
            self._changed.wait_for(came, SECONDS_MAX)
            return self.told(caid)

    def request_of(self, caid: str) -> str:
        """The platform's own id of its last request to enrol."""
        with self._changed:
            self._changed.wait_for(lambda: caid in self._requests, SECONDS_MAX)
            return self._requests[caid]

    def result(self, base: str, caid: str, status: str = "ENABLED", token: str = TEST_TOKEN):
        """Tells the platform what became of an enrolment."""
        body = {
            "requestId": self.request_of(caid), "enrolmentId": caid, "status": status,
            "reason": None,
        }  # fmt: skip
        with Api(base) as network:
            answer = network.call("POST", RESULTS, body, Authorization=f"Bearer {token}")
        assert answer.status == 200, answer.body[:300]

    def _enrolled(self, document: dict) -> str:
        caid = document["caid"]
        with self._changed:
            self._requests[caid] = document["requestId"]
            self._changed.notify_all()
        self._greetings.pop(caid, lambda: None)()
        return caid

    def _published(self, publication: Publication) -> int:
        with self._changed:
            self._publications.append(publication)
            self._changed.notify_all()
        return self._scripts.get(publication.caid, lambda _: TAKEN)(publication)

    def _handler(network):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1

            def do_POST(self):
                self._answer(TAKEN, {"enrolmentId": network._enrolled(self._document())})

            def do_PUT(self):
                self._answer(self._take(self._document()), {})

            def do_DELETE(self):
                self._answer(self._take(None), {})

            def _take(self, document: dict | None) -> int:
                caid, key = self.path.split("/")[-1], self.headers["Authorization"]
                return network._published(Publication(self.command, caid, document, key))

            def _document(self) -> dict:
                return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

            def _answer(self, status: int, document: dict):
                body = json.dumps(document).encode()
                with contextlib.suppress(OSError):
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler


class Held:
    """A script that holds each answer until it is let go, and then answers with the status."""

    def __init__(self, status: int = TAKEN):
        self.status = status
        self._gate = threading.Event()

    def __call__(self, _: Publication) -> int:
        self._gate.wait()
        return self.status

    def let_go(self, status: int | None = None):
        self.status = status or self.status
        self._gate.set()


class RdrMerchant(Customer):
    """A customer whose enrolments are asked for at a played Verifi, each under a CAID of its own."""

    def __init__(self, api: Api, verifi: PlayedVerifi, base: str):
        super().__init__(api)
        self.verifi = verifi
        self.base = base
        self.caids: dict[str, str] = {}

    def ask_for_rdr(self, caid: str = "") -> str:
        """The id of an enrolment that Verifi has not enabled yet."""
        caid = caid or new_caid()
        body = {
            "merchant_ids": [self.world.merchant_id], "type": "VERIFI_RDR",
            "verifi_rdr": {"bin": BIN, "caid": caid},
        }  # fmt: skip
        made = self.api.must(201, "POST", "/v2/enrolments", body)["id"]
        self.caids[made] = caid
        return made

    def enable(self, enrolment: str):
        self.becomes(enrolment, "IN_PROGRESS")
        self.verifi.result(self.base, self.caids[enrolment])

    def enrolled(self) -> str:
        enrolment = self.ask_for_rdr()
        self.enable(enrolment)
        return enrolment

    def decide(self, *enrolments: str, **other) -> dict:
        """A new ruleset, which declines above 30 USD unless told otherwise."""
        body = {
            "organisation_id": self.world.organisation_id, "enrolment_ids": list(enrolments),
            "outcome": "ACCEPT_DISPUTE", "join_operator": "AND", "rules": [above(3_000)],
        }  # fmt: skip
        return self.api.must(201, "POST", "/v1/rulesets", body | other)

    def change(self, ruleset: dict, **members) -> dict:
        return self.api.must(200, "PATCH", f"/v1/rulesets/{ruleset['id']}", members)

    def ruleset(self, ruleset: dict) -> dict:
        return self.api.must(200, "GET", f"/v1/rulesets/{ruleset['id']}")

    def delete(self, ruleset: dict):
        answer = self.api.call("DELETE", f"/v1/rulesets/{ruleset['id']}")
        assert answer.status == 204, answer.body[:300]


def new_caid() -> str:
    return f"CAID{next(_numbers):06}"


def above(cents: int) -> dict:
    parameters = {"operator": "GREATER_THAN", "currency_code": "USD", "amount_in_cents": cents}
    return {"type": "AMOUNT", "parameters": parameters}


def starting_with(*texts: str) -> dict:
    listed = [{"value": one, "match_type": "STARTS_WITH"} for one in texts]
    return {"type": "DESCRIPTOR", "parameters": {"descriptors": listed}}


class VerifiCase(unittest.TestCase):
    """A server whose TEST accounts have a played Verifi, for all classes of a module with the same
    engine; a merchant for each test."""

    _shared: dict = {}
    verifi: PlayedVerifi
    server: Server
    partner: Partner

    @classmethod
    def make_database(cls, add_cleanup):
        return None

    @classmethod
    def setUpClass(cls):
        key = (cls.__module__, cls.make_database.__func__)
        if key not in cls._shared:
            cls._shared[key] = cls._start()
            unittest.addModuleCleanup(cls._shared.pop, key)
        cls.verifi, cls.server, cls.partner = cls._shared[key]

    @classmethod
    def _start(cls) -> tuple[PlayedVerifi, Server, Partner]:
        folder = unittest.enterModuleContext(temporary_folder())
        verifi = unittest.enterModuleContext(PlayedVerifi())
        options = (
            "--rate-limit", "0", "--test-verifi-url", verifi.url,
            "--test-network-token", TEST_TOKEN,
        )  # fmt: skip
        database = cls.make_database(unittest.addModuleCleanup)
        server = unittest.enterModuleContext(Server(folder, *options, database=database))
        server.start()
        return verifi, server, server.create_partner()

    def setUp(self):
        self.api = self.new_api()
        self.merchant = RdrMerchant(self.api, self.verifi, self.server.base)

    def new_api(self) -> Api:
        return self.enterContext(Api(self.server.base, self.partner.api_key))

    def told(self, enrolment: str, version: int = 1, count: int = 1) -> dict:
        """What Verifi was told last of an enrolment, once this version has come so often."""
        caid = self.merchant.caids[enrolment]
        self.verifi.wait_for(caid, version, count)
        self.assertEqual(self.verifi.versions(caid)[-count:], [version] * count)
        return self.verifi.told(caid)[-1].document

    def hold(self, enrolment: str) -> Held:
        """From now on answers about the enrolment's rules wait."""
        held = Held()
        self.addCleanup(held.let_go)
        self.verifi.play(self.merchant.caids[enrolment], held)
        return held

    def holds(self, ruleset: dict, status: str | None, version: int | None) -> dict:
        """The ruleset once it says that it is published so far."""
        wanted = (status, version)
        wait_until(lambda: standing(self.merchant.ruleset(ruleset)) == wanted, SECONDS_MAX)
        shown = self.merchant.ruleset(ruleset)
        self.assertEqual(standing(shown), wanted, self.server.log_tail(3))
        return shown

    def make_due(self):
        make_requests_due(self.server.database)


class WithoutDeadlocks(OnPostgres):
    """PostgreSQL ends a deadlock after a second, by failing one of those in it."""

    def setUp(self):
        super().setUp()
        self._deadlocks_before = self.deadlocks()

    def tearDown(self):
        super().tearDown()
        self.assertEqual(self.deadlocks() - self._deadlocks_before, 0, "deadlocks")

    def deadlocks(self) -> int:
        sql = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        return int(rows(self.server.database, sql)[0][0])


def ended(version: int) -> dict:
    """What ends the rules of an enrolment."""
    return {
        "version": version, "defaultDecision": "ACCEPT", "decision": None, "joinOperator": None,
        "rules": [],
    }  # fmt: skip


def body_of(ruleset: dict | None, version: int) -> dict:
    """What Verifi is to be told of a ruleset as the API shows it."""
    if ruleset is None:
        return ended(version)
    rules = [{name: one[name] for name in ("type", "parameters")} for one in ruleset["rules"]]
    return {
        "version": version, "defaultDecision": "ACCEPT",
        "decision": "DECLINE" if ruleset["outcome"] == "ACCEPT_DISPUTE" else "ACCEPT",
        "joinOperator": ruleset["join_operator"],
        "rules": rules if ruleset["is_enabled"] else [],
    }  # fmt: skip


def standing(ruleset: dict) -> tuple[str | None, int | None]:
    return ruleset["publication_status"], ruleset["published_version"]
